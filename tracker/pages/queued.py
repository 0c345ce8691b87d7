"""The page of something that waits in a queue, with its progress: what all of these share."""

from abc import abstractmethod
from typing import Any

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render

from tracker.jobs.queue import Queue, cancel, is_at_work, is_unwanted
from tracker.models.queued import Queued
from tracker.pages.base import InParts
from tracker.write_lock import rows_done


class QueuedPage(InParts):
    """How far one piece of work is, and what became of it; it can be cancelled."""

    model: type[Queued]
    queue: Queue
    """Where it waits."""
    templates: str
    """The folder with the templates that say what it is."""
    listed = {"label": "Background jobs", "url": "/jobs/"}
    """The breadcrumb of the page that lists it."""
    parts = ("title", "status", "facts")
    """What these templates are called; `actions` may be among them."""

    def get(self, request, ref):
        """The page, or, for htmx, the part that changes."""
        return self.show(self.work(ref))

    def post(self, request, ref):
        """Cancel it."""
        work = self.work(ref)
        if work.is_waiting:
            cancel(work)
        else:
            messages.warning(request, "It cannot be cancelled any more.")
        return HttpResponseRedirect(work.get_absolute_url())

    def work(self, ref) -> Queued:
        """The work `ref`, if the user may see it."""
        rows = self.model._default_manager.visible_to(self.request.user)
        return get_object_or_404(rows.select_related("by"), ref=ref)

    def show(self, work: Queued, status: int = 200):
        """The page of `work`."""
        at_work = is_at_work(work)
        context = {
            "work": work,
            "is_own": work.by == self.request.user,
            "is_at_work": at_work,
            "is_unwanted": is_unwanted(work),
            "done": rows_done(work.ref) if at_work else 0,
            "before": self.queue.number_before(work) if work.is_waiting and not at_work else 0,
            "problems": work.problems_for(self.request.user),
            **{name: f"{self.templates}/_{name}.html" for name in self.parts},
            **self.about(work),
        }
        context["breadcrumbs"] = [self.listed, {"label": context["label"]}]
        template = "jobs/_job.html" if self.wants_fragment else "jobs/job.html"
        response = render(self.request, template, context, status=status)
        response["Vary"] = "HX-Request"
        return response

    @abstractmethod
    def about(self, work: Any) -> dict:
        """What the page says of this `work` besides: `label`, and what the templates of its folder take."""
