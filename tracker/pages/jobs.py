"""Background jobs: the list of what waits and was done, and the page of each change, with its progress."""

from collections import defaultdict
from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.generic import View

from tracker.accounts.roles import require_recorder
from tracker.jobs.changes import ask
from tracker.jobs.queue import CHANGES, is_at_work
from tracker.models import ImportRun, Job, PreparedFile, Process, Record, User
from tracker.models.vocabularies import UserRole
from tracker.pages.queued import QueuedPage
from tracker.register import BY_URL_NAME
from tracker.write_lock import is_held

SHOWN = 50
"""How many of each kind the list shows, the newest first."""


class Jobs(View):
    """The user's files and changes, for administrators everybody's, with the imports that are at work."""

    def get(self, request):
        """The page; to viewers, who change nothing, only the files."""
        files = PreparedFile.objects.visible_to(request.user).select_related("by")[:SHOWN]
        context = {
            "files": [(file, file.by == request.user, is_at_work(file)) for file in files],
            "is_everybodys": request.user.role == UserRole.ADMINISTRATOR,
            **(self.changes(request.user) if request.user.records else {}),
        }
        return render(request, "jobs/list.html", context)

    @staticmethod
    def changes(user: User) -> dict:
        """What is changed in the background: jobs, and imports at work."""
        seen = _seen(Job.objects.visible_to(user).select_related("by")[:SHOWN], user)
        imports = ImportRun.objects.visible_to(user).filter(state__in=ImportRun.WORKING)
        return {
            "jobs": [
                (job, *pair, is_at_work(job))
                for job, pair in seen.items()
                if None not in pair or job.by == user
            ],
            "imports": [(run, is_held(run.ref)) for run in imports.select_related("by")[:SHOWN]],
        }


class JobPage(QueuedPage):
    """One change in the background: how far it is, and what became of it."""

    model, queue, templates = Job, CHANGES, "jobs/change"

    def dispatch(self, request, *args, **kwargs):
        """Respond, unless the role is read-only."""
        require_recorder(request.user)
        return super().dispatch(request, *args, **kwargs)

    def work(self, ref) -> Job:
        """The job; 404 for that of another user of whose two records the user may not see both."""
        job = super().work(ref)
        if None in self.pair(job) and job.by != self.request.user:
            raise Http404
        return job

    def pair(self, job: Job) -> tuple:
        """Its two records, None for one that the user may not see."""
        return _seen([job], self.request.user)[job]

    def about(self, work) -> dict:
        """The records that it is about."""
        record, other = self.pair(work)
        return {
            "label": work.get_work_display().capitalize(),
            "record": record,
            "other": other,
            "result_url": (record.whole or record).get_absolute_url() if record else "",
        }


def in_background(request, work: Job.Work, record: Record, other: Record, record_type, **asked):
    """A redirect to the job that does `work`; `asked`: seen, note, choices and total of the Job."""
    job = ask(request.user, work, record, other, record_type=record_type.url_name, **asked)
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
