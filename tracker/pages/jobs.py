"""Background jobs: the list of what waits and was done, and the page of each, with its progress."""

from collections import defaultdict
from collections.abc import Iterable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.generic import View

from tracker.accounts.roles import READERS
from tracker.jobs import queue
from tracker.models import ImportRun, Job, Process, Record, User
from tracker.models.vocabularies import UserRole
from tracker.pages.base import InParts
from tracker.register import BY_URL_NAME
from tracker.write_lock import is_held, rows_done

SHOWN = 50
"""How many jobs the list shows, the newest first."""
BREADCRUMB = {"label": "Background jobs", "url": "/jobs/"}


class JobView(View):
    """Base of the pages of jobs, for users who may record."""

    def dispatch(self, request, *args, **kwargs):
        """Respond, unless the role is read-only."""
        if not request.user.records:
            raise PermissionDenied(READERS)
        return super().dispatch(request, *args, **kwargs)


class Jobs(JobView):
    """The user's jobs, for administrators everybody's, with the imports that are at work."""

    def get(self, request):
        """The page."""
        jobs = Job.objects.visible_to(request.user).select_related("by")[:SHOWN]
        seen = _seen(jobs, request.user)
        imports = ImportRun.objects.visible_to(request.user).filter(state__in=ImportRun.WORKING)
        context = {
            "jobs": [
                (job, *pair, queue.is_at_work(job))
                for job, pair in seen.items()
                if None not in pair or job.by == request.user
            ],
            "imports": [(run, is_held(run.ref)) for run in imports.select_related("by")[:SHOWN]],
            "is_everybodys": request.user.role == UserRole.ADMINISTRATOR,
        }
        return render(request, "jobs/list.html", context)


class JobPage(InParts, JobView):
    """One job: how far it is, and what became of it."""

    def get(self, request, ref):
        """The page, or, for htmx, the part that changes."""
        job, record, other = self.job(ref)
        is_at_work = queue.is_at_work(job)
        before = Job.objects.filter(state=Job.State.WAITING, pk__lt=job.pk).count() if job.is_waiting else 0
        context = {
            "job": job,
            "record": record,
            "other": other,
            "is_at_work": is_at_work,
            "is_unwanted": queue.is_unwanted(job),
            "done": min(rows_done(job.ref), job.total) if is_at_work else 0,
            "before": before,
            "problems": job.problems_for(request.user),
            "result_url": (record.whole or record).get_absolute_url() if record else "",
            "breadcrumbs": [BREADCRUMB, {"label": job.get_work_display().capitalize()}],
        }
        response = render(request, "jobs/_job.html" if self.wants_fragment else "jobs/job.html", context)
        response["Vary"] = "HX-Request"
        return response

    def post(self, request, ref):
        """Cancel it."""
        job, _, _ = self.job(ref)
        if job.is_waiting:
            queue.cancel(job)
        else:
            messages.warning(request, "It cannot be cancelled any more.")
        return HttpResponseRedirect(job.get_absolute_url())

    def job(self, ref) -> tuple:
        """The job, with what the user may see of its two records; 404 for that of another user, where it is not all."""
        user = self.request.user
        job = get_object_or_404(Job.objects.visible_to(user).select_related("by"), ref=ref)
        pair = _seen([job], user)[job]
        if None in pair and job.by != user:
            raise Http404
        return (job, *pair)


def in_background(request, work: Job.Work, record: Record, other: Record, record_type, **asked):
    """A redirect to the job that does `work`; `asked`: seen, note, choices and total of the Job."""
    job = queue.ask(request.user, work, record, other, record_type=record_type.url_name, **asked)
    if (job.by, job.work, job.other_ref) != (request.user, work, other.ref):
        messages.warning(request, f"Another job changes “{record}” already. Wait until it has ended.")
        return HttpResponseRedirect(reverse("jobs:list"))
    return HttpResponseRedirect(job.get_absolute_url())


def _seen(jobs: Iterable[Job], user: User) -> dict[Job, tuple[Record | None, ...]]:
    """{job: (its record, the other one)}, as far as `user` may see them, and as they are called now."""
    wanted: dict[type[Record], set[str]] = defaultdict(set)
    for job in jobs:
        for model, ref in _named(job):
            wanted[model].add(ref)
    found = {
        (model, record.ref): record
        for model, refs in wanted.items()
        for record in getattr(model, "everything", model._base_manager).visible_to(user).filter(ref__in=refs)
    }
    return {job: tuple(map(found.get, _named(job))) for job in jobs}


def _named(job: Job) -> list[tuple[type[Record], str]]:
    """The models and references of its two records."""
    model = BY_URL_NAME[job.record_type].model
    other = Process if job.work == Job.Work.MOVE else model
    return [(model, job.record_ref), (other, job.other_ref)]
