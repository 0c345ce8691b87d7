"""What every reading page does first: set the two clocks from the query string, and say so when they are not now."""

import difflib
from collections.abc import Collection
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template import loader
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django_filters import FilterSet

from tracker.clocks import PRESENT, BadQuery, Clocks, end_of, instant_iso, parse_known, parse_on
from tracker.models import Process, Record
from tracker.queries.beginnings import beginning
from tracker.queries.omitted_since import hidden
from tracker.recording.timestamps import last_instant
from tracker.register.display import day_text, instant_text


def require_valid(filters: FilterSet) -> None:
    """Raise BadQuery, with the reason for each, for `filters` that cannot be read."""
    if not filters.is_valid():
        raise BadQuery([f"{name}: {' '.join(errors)}" for name, errors in filters.errors.items()])


def clocks_of(request: HttpRequest, on: str = "on", known: str = "known") -> Clocks:
    """The clocks in the query string, in the parameters that `on` and `known` name.

    Raises BadQuery for what cannot be read.
    """
    messages, read = [], {}
    for name, parse in ((on, parse_on), (known, parse_known)):
        text = request.GET.get(name, "").strip()
        if text:
            try:
                read |= parse(text)
            except ValueError as error:
                messages.append(f"{name}: {error}")
    if messages:
        raise BadQuery(messages)
    clocks = Clocks(**read)
    # Today, as known now, is the present however it was spelt, unless an instant pins it.
    return PRESENT if clocks == Clocks(on=timezone.localdate()) else clocks


KNOWN = ("known", "from_known", "to_known", "since_known")
"""The parameters that name an instant of knowledge."""


def settled(request: HttpRequest) -> str | None:
    """The address to read instead, where an instant that is asked for is later than the last committed one; else None.

    What is recorded from now on is later than the last committed instant, so that an address with no later one gives
    the same rows for ever; an instant after it could still gain what is being written. One query where an instant is
    asked for, none where none is. Raises BadQuery for one in the future.
    """
    query, messages, last = request.GET.copy(), [], None
    for name in KNOWN:
        try:
            instant = parse_known(request.GET.get(name, ""))["known"]
        except ValueError:
            continue  # left empty, or refused by whoever reads it
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


class ClockMixin:
    """A view mixin: `self.clocks` from the URL, a clear refusal of what cannot be read, and what the banner needs."""

    clocks: Clocks = PRESENT
    process: Process | None = None
    """The process that the page is about, where it is about one: the banner tells what of it is hidden."""
    turns: Collection[str] = ("after", "before", "from")
    """The parameters that turn pages; what is read at another moment begins at the first page again."""

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
            return self.refuse(request, error.messages)
        except Http404:
            response = None if self.clocks.is_present else self.not_yet(request)
            if response is None:
                raise
            return response
        if isinstance(response, HttpResponse):
            patch_vary_headers(response, ["HX-Request"])
        return response

    def refuse(self, request, messages: list[str]) -> HttpResponse:
        """Answer 400 with `messages`, as a page with the clocks as they were typed."""
        context = self.clock_form | {"reason": " ".join(messages)}
        response = render(request, "400.html", context, status=400)
        if request.htmx:
            # A whole page has no place among the results of another: the browser is to go there.
            response["HX-Redirect"] = request.get_full_path()
        return response

    def not_yet(self, request) -> HttpResponse | None:
        """Answer 404 with when the record of this page was first there, and the way to it; None where that is no help.

        Who may not see the record in the present gets the answer of an address that there is not.
        """
        record_type, ref = getattr(self, "record_type", None), self.kwargs.get("ref")
        found = record_type and ref and beginning(record_type.model, ref, request.user, self.clocks)
        if not found:
            return None
        moved = self.at_clocks(found.clocks)
        context = {
            "beginning": found,
            "recorded": instant_text(found.recorded_at) if found.recorded_at else "",
            "asked": moment_text(self.clocks),
            "first_url": "" if found.clocks.is_present else moved,
            "present_url": self.at_clocks(PRESENT),
        } | self.clock_form
        if getattr(self, "file_format", ""):
            words = loader.render_to_string("not_yet.txt", context).strip()
            return HttpResponse(f"{words}\n", content_type="text/plain; charset=utf-8", status=404)
        response = render(request, "not_yet.html", context, status=404)
        if request.htmx:
            response["HX-Redirect"] = request.get_full_path()
        return response

    def at_clocks(self, clocks: Clocks) -> str:
        """The address of this page read at `clocks`, from its first page on."""
        query = self.request.GET.copy()
        for name in ("on", "known", *self.turns):
            query.pop(name, None)
        query.update(clocks.query)
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path

    @property
    def wants_fragment(self) -> bool:
        """Whether htmx asks for the part of the page that changes, and not for a whole page."""
        htmx = self.request.htmx
        return bool(htmx) and not htmx.boosted and not htmx.history_restore_request

    @property
    def clock_form(self) -> dict:
        """What the part `_clock.html` takes, and `clocks`, without which no page shows it."""
        kept = [
            (name, value)
            for name, values in self.request.GET.lists()
            for value in values
            if name not in ("on", "known", *self.turns)
        ]
        typed = {name: self.request.GET.get(name, "") for name in ("on", "known")}
        return {"clocks": self.clocks, "kept": kept} | typed

    def get_context_data(self, **context):
        """The clocks: `clocks`, `clock_query` (for links), and what the parts `_clock.html` and `_banner.html` take."""
        context |= self.clock_form | {
            "clock_query": urlencode(self.clocks.query),
            "on_text": day_text(self.clocks),
            "known_text": instant_text(self.clocks.known) if self.clocks.known else "",
            "known_is_last": self.clocks.known is not None and self.clocks.known == self.request.last_instant,
            "present_url": self.at_clocks(PRESENT),
            "may_record": self.request.user.records and self.clocks.is_present,
        }
        if self.process is not None and not self.clocks.is_present:
            context |= {"hidden": hidden(self.process, self.clocks), "compare_url": self.compare_url}
        return super().get_context_data(**context)

    def may(self, action: str, record: Record | None = None) -> bool:
        """Whether the reader may do `action`, such as change_party, to `record`; nobody may while reading the past."""
        return self.clocks.is_present and self.request.user.has_perm(f"tracker.{action}", record)

    @property
    def compare_url(self) -> str:
        """The address of what has changed in the process since the clocks."""
        since = {_SINCE[name]: value for name, value in self.clocks.query.items()}
        return f"{reverse('process:compare', args=[self.process.ref])}?{urlencode(since)}"

    def require_known(self, names: Collection[str]) -> None:
        """Raise BadQuery for a parameter that is none of `names`, with the nearest of them."""
        for name in self.request.GET:
            if name not in names:
                near = difflib.get_close_matches(name, names, n=1)
                hint = f" Nearest: {near[0]}." if near else f" It knows {', '.join(names)}."
                raise BadQuery([f"This page knows no parameter “{name}”.{hint}"])


def refused_plainly(messages: list[str]) -> HttpResponse:
    """An answer of 400 with `messages` as plain text, for whoever asked for a file."""
    return HttpResponse("\n".join(messages) + "\n", content_type="text/plain; charset=utf-8", status=400)


_SINCE = {"on": "from", "known": "from_known"}
"""How a comparison calls the clocks that it begins with."""


def moment_text(clocks: Clocks) -> str:
    """The moment of `clocks`, as the end of a sentence."""
    day = f"{'' if clocks.before else 'on '}{day_text(clocks)}" if clocks.on else ""
    known = f"as known at {instant_text(clocks.known)}" if clocks.known else ""
    return ", ".join(filter(None, [day, known]))
