"""Base of all pages: clocks from the URL, file formats, links that keep the query string, the menu."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.views.generic import TemplateView, View

from tracker.accounts.roles import READERS, refusal
from tracker.clocks import PARSERS, PRESENT, BadQuery, Clocks, instant_iso, parse_known
from tracker.files.export.profiles import CsvProfile
from tracker.files.export.report_columns import ReportColumn
from tracker.models import Process, Record
from tracker.models.past import read_within, reading
from tracker.pages.downloads import WAYS, file_response, profile_called, table_response
from tracker.pages.refusals import deleted, moved, not_yet, refused, refused_plainly
from tracker.queries.earlier_words import are_lost
from tracker.queries.last_readable import last_readable
from tracker.queries.omitted_since import hidden
from tracker.register import RECORD_TYPES
from tracker.register.display import day_text, instant_text
from tracker.register.types import RecordType
from tracker.text.folding import nearest_hint

CONFLICT, UNPROCESSABLE = 409, 422

KNOWN = ("known", "from_known", "to_known", "since_known")
"""The parameters that are an instant of knowledge."""

MENU = [(capfirst(record_type.label_plural), f"{record_type.url_name}:list") for record_type in RECORD_TYPES]
MENU.insert(1, ("Timeline", "timeline"))
MENU.append(("Codebook", "codebook"))


def navigation(request) -> dict:
    """Context processor: the menu, its current entry marked, `role_label` and `keeps_drafts`; empty before sign-in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    urls = {label: reverse(name) for label, name in MENU}
    menu = [{"label": key, "url": url, "current": request.path.startswith(url)} for key, url in urls.items()]
    return {"menu": menu, "role_label": user.get_role_display(), "keeps_drafts": settings.KEEP_DRAFTS}


def clocks_in(query: Mapping[str, str], **names: str) -> Clocks:
    """The clocks in the parameters of `query`; with `names`, only those that it names, by the parameters it gives.

    Raises BadQuery for invalid values.
    """
    messages, fields = [], {}
    for clock, parse in PARSERS.items():
        name = names.get(clock, "") if names else clock
        if text := query.get(name, "").strip():
            try:
                fields |= parse(text)
            except ValueError as error:
                messages.append(f"{name}: {error}")
    if messages:
        raise BadQuery(messages)
    clocks = Clocks(**fields)
    # An explicit "today" is the same as the present, unless another clock is set.
    return PRESENT if clocks in (PRESENT, Clocks(on=timezone.localdate())) else clocks


def at_clocks(request: HttpRequest, clocks: Clocks, dropped: Collection[str] = ()) -> str:
    """The URL of `request` at `clocks`, without the parameters `dropped`."""
    kept = [pair for pair in request.GET.lists() if pair[0] not in (*PARSERS, *dropped)]
    return "?".join(filter(None, [request.path, urlencode([*kept, *clocks.query.items()], doseq=True)]))


def settled(request: HttpRequest, on: bool = True) -> str | None:
    """The URL to redirect to if a requested instant is later than the last one that the user may read; else None.

    Everything recorded from now on gets a later instant, so a URL up to the last committed one always gives the same
    rows, while records may still be added with an instant after it. `on`: whether the URL may name a day too. One query
    if an instant is requested, else none.
    """
    query, last = request.GET.copy(), None
    for name in filter(query.get, KNOWN):
        try:
            instant = parse_known(query[name])["known"]
        except ValueError:
            continue  # refused when it is parsed
        last = last or last_readable(request.user)
        if instant > last:
            query[name] = instant_iso(last)
            day = min(timezone.localdate(instant), timezone.localdate())
            names_day = query.get("on") or query.get("public")
            if on and name == "known" and not names_day and day != timezone.localdate(last):
                query["on"] = str(day)  # also fixes what is overdue
    request.last_instant = last
    return f"{request.path}?{query.urlencode()}" if query != request.GET else None


class InParts(View):
    """A page of which htmx can ask for the part that changes."""

    @cached_property
    def wants_fragment(self) -> bool:
        """Whether htmx requests only that part."""
        htmx = self.request.htmx
        return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


class PageView(InParts, TemplateView):
    """A page at the clocks in its URL, or, with `file_format`, a file with exactly the same content."""

    record_type: RecordType | None = None
    """The type of the page's record or records."""
    clocks: Clocks = PRESENT
    process: Process | None = None
    """The page's process, if any; the banner says what is omitted from it."""
    shown: Record | None = None
    """The record that the page is about, if any; the banner says if its earlier words were not kept."""
    parameters: tuple[str, ...] = ()
    """The parameters of the query string besides the clocks."""
    turns: Collection[str] = ("after", "before")
    """The pagination parameters: they are dropped from links that change anything else."""
    formats: tuple[str, ...] = ()
    """The file formats of the page, by extension."""
    file_format = ""
    """The extension of the requested file; empty for the page."""

    def dispatch(self, request, *args, **kwargs):
        """Set the clocks and respond; 400 with the reasons for an invalid query string.

        An instant to which records may still be added is redirected to the last one that is complete.
        """
        try:
            if address := settled(request):
                return HttpResponseRedirect(address)
            self.clocks = clocks_in(request.GET)
            response = self.read(request, *args, **kwargs)
        except BadQuery as error:
            return self.refuse(error.messages)
        except Http404:
            response = deleted(self) or (not self.clocks.is_present and not_yet(self)) or moved(self)
            if response is None:
                raise
            return response
        patch_vary_headers(response, ["HX-Request"])
        return response

    def read(self, request, *args, **kwargs):
        """The response with the record as it was on record at the clocks, to the last byte of it."""
        moment = self.clocks.known, self.clocks.public
        if not any(moment):
            return super().dispatch(request, *args, **kwargs)
        with reading(*moment):
            response = super().dispatch(request, *args, **kwargs)
            if not response.streaming and hasattr(response, "render"):
                response.render()
        if response.streaming:
            response.streaming_content = read_within(response.streaming_content, *moment, is_whole=False)
        return response

    def refuse(self, messages: list[str]) -> HttpResponse:
        """Respond 400 with `messages`, as a page, or as plain text if a file was requested."""
        return refused_plainly(messages) if self.file_format else refused(self, messages)

    def require_known(self) -> None:
        """Raise BadQuery, with the nearest name, for an unknown parameter."""
        names = [*self.parameters, *PARSERS, *(["profile"] if self.file_format == "csv" else [])]
        for name in self.request.GET:
            if name not in names:
                hint = nearest_hint(name, names, f"It knows {', '.join(names)}.")
                raise BadQuery([f"This page knows no parameter “{name}”.{hint}"])

    @property
    def profile(self) -> CsvProfile:
        """The requested CSV profile; raises BadQuery for an unknown one."""
        return profile_called(self.request.GET.get("profile", ""))

    def sent(self, name: str, content: Iterable[bytes]) -> StreamingHttpResponse:
        """A response with the file `name` in the requested format."""
        return file_response(name, content, self.file_format, self.request.GET.get("profile", ""))

    def sent_table(self, name: str, columns: Sequence[ReportColumn], rows: Iterable[Sequence]):
        """A response with a file of `rows` in the requested format."""
        return table_response(name, columns, rows, self.file_format, self.request.GET.get("profile", ""))

    def url(self, path: str = "", **changes) -> str:
        """The URL of `path` (default: this page) with this page's query string, updated with `changes`."""
        dropped = {*self.turns, *changes}
        query = [(name, value) for name, value in self.pairs() if value and name not in dropped]
        query += [(name, value) for name, value in changes.items() if value]
        path = path or self.request.path
        return f"{path}?{urlencode(query)}" if query else path

    def pairs(self) -> list[tuple[str, str]]:
        """The query string as pairs of name and value."""
        return [(name, value) for name, values in self.request.GET.lists() for value in values]

    def at_clocks(self, clocks: Clocks) -> str:
        """The URL of this page at `clocks`, without pagination."""
        return at_clocks(self.request, clocks, self.turns)

    def ways(self) -> list[dict]:
        """The download links of this page, with its current query string."""
        path = self.request.path.rstrip("/")
        return [
            {"label": label, "about": about, "url": self.url(f"{path}.{ending}", profile=profile)}
            for label, ending, profile, about in WAYS
            if ending in self.formats
        ]

    @property
    def clock_form(self) -> dict:
        """The context of `_clock.html`, and `clocks`."""
        kept = [pair for pair in self.pairs() if pair[0] not in (*PARSERS, *self.turns)]
        typed = {name: self.request.GET.get(name, "") for name in PARSERS}
        return {"clocks": self.clocks, "kept": kept} | typed

    def get_context_data(self, **context):
        """Django's context, plus that of `_clock.html`, `_banner.html` and `_downloads.html`.

        This includes `clocks`, `clock_query` (for links) and `may_record`.
        """
        past = not self.clocks.is_present
        context |= self.clock_form | {
            "clock_query": urlencode(self.clocks.query),
            "on_text": day_text(self.clocks) if past else "",
            "public_text": day_text(Clocks(self.clocks.public)),
            "known_text": instant_text(self.clocks.known) if self.clocks.known else "",
            "known_is_last": self.clocks.known is not None and self.clocks.known == self.request.last_instant,
            "present_url": self.at_clocks(PRESENT),
            "may_record": self.request.user.records and not past,
        }
        if self.process is not None and past:
            begun = self.clocks.on or self.clocks.public
            since = {"from": begun, "from_known": self.clocks.query.get("known")}
            query = urlencode({name: value for name, value in since.items() if value})
            context["hidden"] = hidden(self.process, self.clocks)
            context["compare_url"] = f"{reverse('process:compare', args=[self.process.ref])}?{query}"
        if self.shown is not None and self.clocks.known:
            context["words_are_lost"] = are_lost(self.shown, self.clocks.known)
        if self.formats:
            save = urlencode({"address": self.url()})
            context |= {"downloads": self.ways(), "save_url": f"{reverse('views:save')}?{save}"}
        return super().get_context_data(**context)

    def may(self, action: str, record: Record | None = None) -> bool:
        """Whether the user has the permission `action`, such as change_party; never while viewing the past."""
        return self.clocks.is_present and self.request.user.has_perm(f"tracker.{action}", record)


class WriteMixin(View):
    """Mixin for views that write: requires the permission, and the present."""

    record_type: RecordType = None
    action = "add"
    """The action in the name of the required Django permission."""

    def dispatch(self, request, *args, **kwargs):
        """Respond, unless the role or the clocks forbid it; 400 for invalid clocks."""
        try:
            clocks = clocks_in(request.GET)
        except BadQuery as error:
            return render(request, "400.html", {"reason": str(error)}, status=400)
        if not clocks.is_present:
            return render(
                request, "records/past.html", {"present_url": at_clocks(request, PRESENT)}, status=403
            )
        if not request.user.records:
            raise PermissionDenied(READERS)
        return super().dispatch(request, *args, **kwargs)

    def record(self, ref):
        """The record `ref`; raises Http404 if the user may not see it, PermissionDenied if not write it."""
        rows = self.record_type.model.objects.visible_to(self.request.user)
        return self.permitted(get_object_or_404(rows, ref=ref))

    def permitted(self, record):
        """`record`; raises PermissionDenied, with the reason, if the user lacks the permission for this page."""
        if why := refusal(self.request.user, self.action, record):
            raise PermissionDenied(why)
        return record

    @property
    def next_url(self) -> str:
        """The URL in `next`, if it is local; else empty."""
        target = self.request.POST.get("next") or self.request.GET.get("next") or ""
        local = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
        return target if local else ""

    def done(self, message: str, url: str):
        """Show `message` on the next page, and redirect."""
        messages.success(self.request, message)
        return HttpResponseRedirect(self.next_url or url)
