"""Base of all pages: the clocks of the address, file formats, links that keep the query string, the menu."""

from collections.abc import Collection, Iterable, Sequence
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.views.generic import TemplateView, View

from tracker.accounts.roles import READERS, refusal
from tracker.clocks import PRESENT, BadQuery, Clocks, end_of, instant_iso, parse_known, parse_on
from tracker.files.export.profiles import Profile
from tracker.files.export.report_columns import ReportColumn
from tracker.models import Process, Record
from tracker.pages.downloads import WAYS, file_response, profile_called, table_response
from tracker.pages.refusals import not_yet, refused, refused_plainly
from tracker.queries.omitted_since import hidden
from tracker.recording.timestamps import last_instant
from tracker.register import RECORD_TYPES
from tracker.register.display import day_text, instant_text
from tracker.register.types import RecordType
from tracker.text.folding import nearest_hint

CONFLICT, UNPROCESSABLE = 409, 422

KNOWN = ("known", "from_known", "to_known", "since_known")
"""The parameters that name an instant of knowledge."""

MENU = [(capfirst(record_type.label_plural), f"{record_type.url_name}:list") for record_type in RECORD_TYPES]
MENU.insert(1, ("Timeline", "timeline"))
MENU.append(("Codebook", "codebook"))

_SINCE = {"on": "from", "known": "from_known"}
"""How a comparison calls the clocks that it begins with."""


def navigation(request) -> dict:
    """Context processor: the menu, with the page's own entry marked, and `role_label`; nothing before sign-in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    entries = [{"label": label, "url": reverse(name)} for label, name in MENU]
    for entry in entries:
        entry["current"] = request.path.startswith(entry["url"])
    return {"menu": entries, "role_label": user.get_role_display()}


def clocks_of(request: HttpRequest, on: str = "on", known: str = "known") -> Clocks:
    """The clocks in the query string, in the parameters that `on` and `known` name.

    Raises BadQuery for values that cannot be read.
    """
    messages, fields = [], {}
    for name, parse in ((on, parse_on), (known, parse_known)):
        text = request.GET.get(name, "").strip()
        if text:
            try:
                fields |= parse(text)
            except ValueError as error:
                messages.append(f"{name}: {error}")
    if messages:
        raise BadQuery(messages)
    clocks = Clocks(**fields)
    # Today, as known now, is the present however it was spelt, unless an instant pins it.
    return PRESENT if clocks in (PRESENT, Clocks(on=timezone.localdate())) else clocks


def settled(request: HttpRequest) -> str | None:
    """The address to read instead, where an instant that is asked for is later than the last committed one; else None.

    What is recorded from now on is later than the last committed instant, so that an address with no later one gives
    the same rows for ever; an instant after it could still gain what is being written. One query where an instant is
    asked for, none where none is. Raises BadQuery for one in the future.
    """
    query, messages, last = request.GET.copy(), [], None
    for name in filter(query.get, KNOWN):
        try:
            instant = parse_known(query[name])["known"]
        except ValueError:
            continue  # refused by the code that reads it
        last = last or last_instant()
        if instant > max(last, timezone.now()) and instant != end_of(timezone.localdate()):
            messages.append(f"{name}: {query[name]} lies in the future; nothing can be known as of then.")
        elif instant > last:
            query[name] = instant_iso(last)
            day = timezone.localdate(instant)
            if name == "known" and not query.get("on") and day != timezone.localdate(last):
                query["on"] = str(day)  # what is overdue by then is asked for too
    if messages:
        raise BadQuery(messages)
    request.last_instant = last
    return f"{request.path}?{query.urlencode()}" if query != request.GET else None


class PageView(TemplateView):
    """A page read at the clocks in its address, or with `file_format` a file of exactly what the page shows."""

    record_type: RecordType | None = None
    """The type of the record, or of the records, that the page is about."""
    clocks: Clocks = PRESENT
    process: Process | None = None
    """The process that the page is about, if any: the banner says what of it is not shown."""
    parameters: tuple[str, ...] = ()
    """The parameters of the query string besides the clocks."""
    turns: Collection[str] = ("after", "before")
    """The parameters that turn pages: a link that changes anything else leads to the first page again."""
    formats: tuple[str, ...] = ()
    """The file formats of the page, by extension."""
    file_format = ""
    """The extension of the requested file; empty for the page."""

    def dispatch(self, request, *args, **kwargs):
        """Set the clocks and answer; a query string that cannot be read is answered with 400 and the reasons.

        An instant that may still gain records is not answered: the answer leads to the last one that cannot.
        """
        try:
            if address := settled(request):
                return HttpResponseRedirect(address)
            self.clocks = clocks_of(request)
            response = super().dispatch(request, *args, **kwargs)
        except BadQuery as error:
            return self.refuse(error.messages)
        except Http404:
            response = None if self.clocks.is_present else not_yet(self)
            if response is None:
                raise
            return response
        patch_vary_headers(response, ["HX-Request"])
        return response

    def refuse(self, messages: list[str]) -> HttpResponse:
        """Answer 400 with `messages`: as a page, or as plain text where a file was asked for."""
        return refused_plainly(messages) if self.file_format else refused(self, messages)

    def require_known(self) -> None:
        """Raise BadQuery, with the nearest name, for a parameter that is unknown."""
        names = [*self.parameters, "on", "known", *(["profile"] if self.file_format == "csv" else [])]
        for name in self.request.GET:
            if name not in names:
                hint = nearest_hint(name, names, f"It knows {', '.join(names)}.")
                raise BadQuery([f"This page knows no parameter “{name}”.{hint}"])

    @property
    def profile(self) -> Profile:
        """The profile of CSV that is asked for; raises BadQuery for an unknown one."""
        return profile_called(self.request.GET.get("profile", ""))

    def sent(self, name: str, content: Iterable[bytes]) -> StreamingHttpResponse:
        """The answer that is a file called `name`, in the format that is asked for."""
        return file_response(name, content, self.file_format, self.request.GET.get("profile", ""))

    def sent_table(self, name: str, columns: Sequence[ReportColumn], rows: Iterable[Sequence]):
        """The answer that is a file of `rows`, in the format that is asked for."""
        return table_response(name, columns, rows, self.file_format, self.request.GET.get("profile", ""))

    def url(self, path: str = "", **changes) -> str:
        """The address of `path` (this page where empty) with this page's query string, changed by `changes`."""
        dropped = {*self.turns, *changes}
        query = [(name, value) for name, value in self.pairs() if value and name not in dropped]
        query += [(name, value) for name, value in changes.items() if value]
        path = path or self.request.path
        return f"{path}?{urlencode(query)}" if query else path

    def pairs(self) -> list[tuple[str, str]]:
        """The query string as pairs of name and value."""
        return [(name, value) for name, values in self.request.GET.lists() for value in values]

    def at_clocks(self, clocks: Clocks) -> str:
        """The address of this page read at `clocks`, from its first page on."""
        query = self.request.GET.copy()
        for name in ("on", "known", *self.turns):
            query.pop(name, None)
        query.update(clocks.query)
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path

    def ways(self) -> list[dict]:
        """The files of what the page shows, on all its pages, by the query string as it is."""
        path = self.request.path.rstrip("/")
        return [
            {"label": label, "about": about, "url": self.url(f"{path}.{ending}", profile=profile)}
            for label, ending, profile, about in WAYS
            if ending in self.formats
        ]

    @property
    def wants_fragment(self) -> bool:
        """Whether htmx asks for the part of the page that changes, and not for a whole page."""
        htmx = self.request.htmx
        return bool(htmx) and not htmx.boosted and not htmx.history_restore_request

    @property
    def clock_form(self) -> dict:
        """What the part `_clock.html` takes, and `clocks`, without which no page shows it."""
        kept = [pair for pair in self.pairs() if pair[0] not in ("on", "known", *self.turns)]
        typed = {name: self.request.GET.get(name, "") for name in ("on", "known")}
        return {"clocks": self.clocks, "kept": kept} | typed

    def get_context_data(self, **context):
        """Django's, and what the parts `_clock.html`, `_banner.html` and `_take.html` take.

        Among these: `clocks`, `clock_query` (for links), `may_record`.
        """
        past = not self.clocks.is_present
        context |= self.clock_form | {
            "clock_query": urlencode(self.clocks.query),
            "on_text": day_text(self.clocks) if past else "",
            "known_text": instant_text(self.clocks.known) if self.clocks.known else "",
            "known_is_last": self.clocks.known is not None and self.clocks.known == self.request.last_instant,
            "present_url": self.at_clocks(PRESENT),
            "may_record": self.request.user.records and not past,
        }
        if self.process is not None and past:
            since = urlencode({_SINCE[name]: value for name, value in self.clocks.query.items()})
            context["hidden"] = hidden(self.process, self.clocks)
            context["compare_url"] = f"{reverse('process:compare', args=[self.process.ref])}?{since}"
        if self.formats:
            save = urlencode({"address": self.url()})
            context |= {"ways_out": self.ways(), "save_url": f"{reverse('views:save')}?{save}"}
        return super().get_context_data(**context)

    def may(self, action: str, record: Record | None = None) -> bool:
        """Whether the reader may do `action`, such as change_party, to `record`; nobody may while reading the past."""
        return self.clocks.is_present and self.request.user.has_perm(f"tracker.{action}", record)


class WriteMixin(View):
    """A view that writes: for those whose role permits it, and in the present only."""

    record_type: RecordType = None
    action = "add"
    """What is done to a record, as Django's permissions call it."""

    def dispatch(self, request, *args, **kwargs):
        """Answer, unless the role or the clocks forbid it; clocks that cannot be read are answered with 400."""
        try:
            clocks = clocks_of(request)
        except BadQuery as error:
            return render(request, "400.html", {"reason": str(error)}, status=400)
        if not clocks.is_present:
            return self.refuse_past(request)
        if not request.user.records:
            raise PermissionDenied(READERS)
        return super().dispatch(request, *args, **kwargs)

    def refuse_past(self, request):
        """Answer that nothing is written while the past is read, with the way back."""
        query = request.GET.copy()
        query.pop("on", None)
        query.pop("known", None)
        present = f"{request.path}?{query.urlencode()}" if query else request.path
        return render(request, "records/past.html", {"present_url": present}, status=403)

    def record(self, ref):
        """The record called `ref`, if the user may see it; raises PermissionDenied unless it may be written."""
        rows = self.record_type.model.objects.visible_to(self.request.user)
        return self.permitted(get_object_or_404(rows, ref=ref))

    def permitted(self, record):
        """`record` itself; raises PermissionDenied, saying why, where the user may not do to it what the page does."""
        if why := refusal(self.request.user, self.action, record):
            raise PermissionDenied(why)
        return record

    @property
    def next_url(self) -> str:
        """Where to go after, if a local address was asked for."""
        target = self.request.POST.get("next") or self.request.GET.get("next") or ""
        local = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
        return target if local else ""

    def done(self, message: str, url: str):
        """Say what was done and go on."""
        messages.success(self.request, message)
        return HttpResponseRedirect(self.next_url or url)
