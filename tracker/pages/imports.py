"""Imports: the upload form, and the page of each import from preview to undo."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.html import escape
from django.views.generic import View

from tracker.accounts.roles import require_recorder
from tracker.clocks import PRESENT
from tracker.files.importing.ahead import seconds_locked
from tracker.files.importing.columns import MESSAGES, Columns
from tracker.files.importing.guide import guide, missing
from tracker.files.importing.launch import start
from tracker.files.importing.parts import parts_offered
from tracker.files.importing.row_result import NOT_TAKEN, NOT_WRITTEN
from tracker.files.importing.runs import begin
from tracker.files.importing.stopping import ask_anew, leave_rest
from tracker.files.importing.undo import may_undo
from tracker.files.importing.uploads import upload
from tracker.files.spreadsheet.profiles import profile_of
from tracker.forms.fields import whole_number
from tracker.forms.imports import ImportForm
from tracker.jobs.background import ATTEMPTS
from tracker.models import Development, ImportRow, ImportRun
from tracker.pages.base import UNPROCESSABLE, InParts
from tracker.queries.fitting import fitting
from tracker.register import BY_URL_NAME
from tracker.register.display import page_of
from tracker.write_lock import is_held, rows_done

PAGE_SIZE = 50
MOST_BYTES = 180_000
"""About how many bytes of HTML the rows on a page have."""
TOO_LARGE = 413
State, Outcome = ImportRun.State, ImportRow.Outcome
BREADCRUMB = {"label": "Imports", "url": "/imports/"}


class ImportView(View):
    """Base of the import pages, for users who may record."""

    def dispatch(self, request, *args, **kwargs):
        """Respond, unless the role is read-only."""
        require_recorder(request.user)
        return super().dispatch(request, *args, **kwargs)

    def may(self, action: str, record_type) -> bool:
        """Whether the user has the permission `action` on a record type."""
        return self.request.user.has_perm(f"tracker.{action}_{record_type.model._meta.model_name}")


class Imports(ImportView):
    """The list of imports, and the upload form."""

    def get(self, request):
        """The page, with the record type of the query string preselected."""
        type_name = request.GET.get("type", "")
        return self.show(ImportForm(kinds=self.kinds, initial={"type": type_name}), type_name)

    def post(self, request):
        """Start an import, and redirect to its page."""
        form = ImportForm(request.POST, request.FILES, kinds=self.kinds)
        length = whole_number(request.META.get("CONTENT_LENGTH") or "") or 0
        if not form.is_valid():
            too_large = length > settings.IMPORT_LIMIT_MB * 1024**2
            return self.show(form, request.POST.get("type", ""), TOO_LARGE if too_large else UNPROCESSABLE)
        cleaned = form.cleaned_data
        file = cleaned["file"]
        record_type = BY_URL_NAME[cleaned["type"]]
        name = file.name if file else "Pasted rows"
        run = begin(
            request.user,
            record_type,
            name,
            file.chunks() if file else [cleaned["text"].encode()],
            profile=cleaned["profile"] or profile_of(name),
            reason=cleaned["reason"],
            note=cleaned["note"],
        )
        start(run, record_type)
        return HttpResponseRedirect(run.get_absolute_url())

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """(name, label) of the record types that the user may record."""
        return [
            (name, record_type.label_plural.capitalize())
            for name, record_type in BY_URL_NAME.items()
            if self.may("add", record_type)
        ]

    def show(self, form, type_name: str, status: int = 200):
        """The page with `form`, and with the columns of the record type `type_name` if given."""
        record_type = BY_URL_NAME.get(type_name)
        runs = ImportRun.objects.visible_to(self.request.user).select_related("by")[:PAGE_SIZE]
        context = {
            "form": form,
            "record_type": record_type,
            "guide": guide(Columns(record_type)) if record_type else None,
            "runs": [(run, BY_URL_NAME[run.record_type]) for run in runs],
        }
        return render(self.request, "import/list.html", context, status=status)


class ImportPage(InParts, ImportView):
    """One import: its progress, its rows and results, and the available actions."""

    def get(self, request, ref):
        """The page, or, for htmx, the part that changes."""
        return self.show(self.run(ref))

    def post(self, request, ref):
        """Import, continue, discard or undo, if the state and the user's role allow it."""
        run = self.run(ref)
        do, record_type = request.POST.get("do", ""), BY_URL_NAME[run.record_type]
        changes = {}
        if do == "drop" and run.state == State.READY and run.parts_written:
            return HttpResponseRedirect(run.get_absolute_url()) if leave_rest(run) else self.too_late(run)
        if do in ("all", "valid") and run.questions and "dates_are_right" not in request.POST:
            messages.warning(request, "Nothing was imported: say first whether these dates are right.")
            return HttpResponseRedirect(run.get_absolute_url())
        if do == "drop":
            changes = {"state": _without(run)}
        elif do == "undo":
            changes = {"state": State.UNDOING, "undone_by": request.user}
        elif do in ("all", "valid"):
            in_parts = run.parts_written or (request.POST.get("in_parts") and parts_offered(run))
            parts = (run.parts or [])[: run.parts_written] if in_parts else None
            changes = {"state": State.WRITING, "only_valid": do == "valid", "parts": parts}
        # If two users press at the same time, the second finds it done.
        as_seen = ImportRun.objects.filter(pk=run.pk, state=run.state, parts_written=run.parts_written)
        if do not in self.choices(run, record_type) or not as_seen.update(
            **changes, problems=[], attempts=0, attempted_at=timezone.now()
        ):
            return self.too_late(run)
        run.refresh_from_db()
        if run.is_working:
            start(run, record_type)
        elif run.state == State.DROPPED:
            upload(run).unlink(missing_ok=True)
        elif do == "drop" and run.is_begun:
            ask_anew(run)
        return HttpResponseRedirect(run.get_absolute_url())

    def too_late(self, run: ImportRun):
        """Redirect to the page of `run`, with a message that what was asked for cannot be done."""
        messages.warning(self.request, "That cannot be done with this import any more.")
        return HttpResponseRedirect(run.get_absolute_url())

    def run(self, ref) -> ImportRun:
        """The import, if the user may see it."""
        return get_object_or_404(
            ImportRun.objects.visible_to(self.request.user).select_related("by"), ref=ref
        )

    def choices(self, run: ImportRun, record_type) -> set[str]:
        """The available actions: all, valid, drop, go-on, undo."""
        if run.is_working:
            return {"drop"} if is_held(run.ref) else {"go-on", "drop"}
        if run.state == State.READY:
            wrong = run.count(*NOT_TAKEN)
            if not _to_write(run):
                return {"drop"}
            return {"valid" if wrong else "all", "drop"}
        if run.state == State.DONE and run.count(Outcome.CREATED, Outcome.CHANGED):
            return {"undo"} if may_undo(run, record_type.model, self.request.user) else set()
        return set()

    def show(self, run: ImportRun):
        """The page of `run`, with the rows selected by the query string, or, for htmx, the part that changes."""
        is_running = run.is_working and is_held(run.ref)
        if self.wants_fragment and is_running:
            context = {"run": run, "done": rows_done(run.ref), "is_held": True}
            response = render(self.request, "import/_progress.html", context)
            response["Vary"] = "HX-Request"
            return response
        record_type, parameters = BY_URL_NAME[run.record_type], self.request.GET
        shown = parameters.get("show", "")
        is_readable = run.may_be_read_by(self.request.user)
        rows = run.rows.all() if run.state != State.READING and is_readable else run.rows.none()
        if not is_readable:
            run.problems, run.causes = [], []
        rows = rows.filter(outcome=shown) if shown in Outcome.values else rows
        after = whole_number(parameters.get("after", "")) or 0
        following = list(rows.filter(number__gt=after).order_by("number")[: PAGE_SIZE + 1])
        costs = {row: cost(run, row) for row in following[:PAGE_SIZE]}
        page = fitting(costs, MOST_BYTES)
        more = len(page) < len(following)
        known = Columns(record_type)
        columns = known.canonical(run.header)
        nameless = [(place, run.header[place - 1]) for place, name in enumerate(columns, start=1) if not name]
        wrong = run.count(*NOT_TAKEN)
        there = self.there(page, record_type)
        counts = [
            (outcome, run.count(outcome))
            for outcome in Outcome
            if run.counts and (outcome != Outcome.LEFT or run.count(outcome))
        ]
        context = {
            "run": run,
            "record_type": record_type,
            "choices": self.choices(run, record_type),
            "is_readable": is_readable,
            "counts": counts,
            "shown": shown,
            "rows": [(row, self.page_of(row, run, there), _cells(run, row)) for row in page],
            "guide": guide(known) if wrong else None,
            "missing": missing(known, run.header) if wrong and "id" not in columns else [],
            "more_url": "?" + urlencode({"show": shown, "after": page[-1].number}) if more else "",
            "first_url": f"?show={shown}" if after else "",
            "to_write": _to_write(run),
            "wrong": wrong,
            "given_back": run.count(*NOT_WRITTEN),
            "seconds": seconds_locked(run),
            "parts_offered": parts_offered(run),
            "passed_over": [name for name in columns if name in known.known and known.is_passed_over(name)],
            "nameless": [name or f"column {place}" for place, name in nameless],
            "done": rows_done(run.ref) if is_running else 0,
            "is_held": is_running,
            "goes_on": run.attempts < ATTEMPTS,
            "breadcrumbs": [BREADCRUMB, {"label": run.file_name}],
        }
        if self.wants_fragment:
            response = render(self.request, "import/_finished.html", context)
            response["HX-Retarget"] = "#run"
        else:
            response = render(self.request, "import/run.html", context)
        response["Vary"] = "HX-Request"
        return response

    def there(self, rows: list[ImportRow], record_type) -> set[str]:
        """The references of `rows` and of their parents for which a record exists."""
        user = self.request.user
        refs = {row.ref if record_type.has_pages else row.whole for row in rows} - {""}
        if not refs:
            return set()
        # A withdrawn development still has pages, as has every version.
        of_developments = not record_type.has_pages or record_type.model is Development
        rows = Development.objects.visible_to(user) if of_developments else record_type.rows(user, PRESENT)
        return set(rows.filter(ref__in=refs).values_list("ref", flat=True))

    def page_of(self, row: ImportRow, run: ImportRun, there: set[str]) -> str:
        """The URL of a row's record or of its parent; empty if it does not exist (any more)."""
        ref = row.ref if BY_URL_NAME[run.record_type].has_pages else row.whole
        return page_of(ref, "") if ref in there else ""


def _without(run: ImportRun) -> str:
    """The state of `run` if its step is given up."""
    before = {State.WRITING: State.READY, State.UNDOING: State.DONE}
    return before.get(State(run.state), State.DROPPED)


def _to_write(run: ImportRun) -> int:
    """The number of previewed rows that are still to be written."""
    return run.count(Outcome.CREATED, Outcome.CHANGED) - run.rows_written


def cost(run: ImportRun, row: ImportRow) -> int:
    """About how many bytes `row` takes up on a page, with its texts cut as import/_run.html cuts them."""
    texts = [f"{message['column']}{message['value'][:100]}{message['rule']}" for message in row.messages]
    texts += [f"{change['column']}{change['old'][:200]}{change['new'][:200]}" for change in row.changes]
    texts += [f"{name}{cell[:200]}" for name, cell in _cells(run, row)]
    return 500 + sum(150 + len(escape(text).encode()) for text in texts)


def _cells(run: ImportRun, row: ImportRow) -> list[tuple[str, str]]:
    """(column, text) for a row that creates a record, or that cannot be imported."""
    if row.outcome in (Outcome.CHANGED, Outcome.UNCHANGED):
        return []
    return [
        (name, cell) for name, cell in zip(run.header, row.cells, strict=False) if cell and name != MESSAGES
    ]
