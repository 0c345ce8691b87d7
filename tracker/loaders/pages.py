"""The pages on which administrators load published datasets: the list with its form, and the page of each load."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.generic import View

from tracker.files.export.profiles import MARK
from tracker.files.importing.uploads import receive, upload
from tracker.forms.imports import DatasetForm
from tracker.jobs.queue import CHANGES, is_at_work
from tracker.loaders.background import report_of
from tracker.loaders.report import COUNTED
from tracker.models import DatasetLoad
from tracker.models.vocabularies import UserRole
from tracker.pages.base import UNPROCESSABLE
from tracker.pages.downloads import CONTENT_TYPES
from tracker.pages.queued import QueuedPage

SHOWN = 50
State = DatasetLoad.State


class ForAdministrators(View):
    """Base of these pages."""

    def dispatch(self, request, *args, **kwargs):
        """Respond, unless the user is no administrator: what a load says may be of any process."""
        if request.user.role != UserRole.ADMINISTRATOR:
            raise PermissionDenied("Only administrators load datasets.")
        return super().dispatch(request, *args, **kwargs)


class DatasetLoads(ForAdministrators):
    """The list of loads, and the form for another one."""

    def get(self, request):
        """The page."""
        return self.show(DatasetForm())

    def post(self, request):
        """Keep the file, put its trial in the queue, and redirect to its page."""
        form = DatasetForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form, UNPROCESSABLE)
        cleaned = form.cleaned_data
        file = cleaned["file"]
        work = DatasetLoad(
            by=request.user,
            dataset=cleaned["dataset"],
            release=cleaned["release"],
            file_name=file.name[-200:],
        )
        receive(work, file.chunks())
        CHANGES.begin()
        return HttpResponseRedirect(work.get_absolute_url())

    def show(self, form: DatasetForm, status: int = 200):
        """The page with `form`."""
        loads = DatasetLoad.objects.select_related("by").defer("report")[:SHOWN]
        context = {"form": form, "loads": [(work, is_at_work(work)) for work in loads], **_locks()}
        return render(self.request, "datasets/list.html", context, status=status)


class DatasetLoadPage(ForAdministrators, QueuedPage):
    """One load: what it would do, and, once somebody has said so, what it did."""

    model, queue, templates = DatasetLoad, CHANGES, "datasets"
    listed = {"label": "Datasets", "url": "/datasets/"}
    parts = (*QueuedPage.parts, "actions")

    def post(self, request, ref):
        """Load what was tried, discard it, or cancel what is under way."""
        work = self.work(ref)
        do = request.POST.get("do")
        tried = DatasetLoad.objects.filter(pk=work.pk, state=State.DONE, is_trial=True)
        if do == "load":
            # Its turn comes after what was asked for meanwhile.
            values = {"begun_at": timezone.now(), "ended_at": None, "attempts": 0, "report": []}
            if tried.update(state=State.WAITING, is_trial=False, **values):
                CHANGES.begin()
                return HttpResponseRedirect(work.get_absolute_url())
        elif do == "discard" and tried.update(state=State.CANCELLED):
            upload(work).unlink(missing_ok=True)
            return HttpResponseRedirect(work.get_absolute_url())
        if do:
            messages.warning(request, "That cannot be done with this load any more.")
            return HttpResponseRedirect(work.get_absolute_url())
        return super().post(request, ref)

    def about(self, work) -> dict:
        """What it is of, and its report."""
        report = report_of(work)
        counts = [(outcome, report.count(outcome)) for outcome in COUNTED] if work.report else []
        return {"label": str(work), "counts": counts, "reasons": report.reasons(), **_locks()}


class DatasetReport(DatasetLoadPage):
    """What became of each row, as CSV."""

    http_method_names = ("get", "head", "options")

    def get(self, request, ref):
        """The file."""
        work = self.work(ref)
        response = HttpResponse(MARK, content_type=CONTENT_TYPES["csv"])
        response["Content-Disposition"] = f'attachment; filename="{work.ref}.csv"'
        report_of(work).write_to(response)
        return response


def _locks() -> dict:
    """Whether a load keeps all others from saving."""
    return {"locks_all": connection.vendor == "sqlite"}
