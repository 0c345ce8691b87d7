"""What every reading page does first: set the two clocks from the query string, and say so when they are not now."""

import datetime as dt
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.cache import patch_vary_headers

from tracker.clocks import PRESENT, Clocks, parse_known, parse_on


class BadQuery(Exception):
    """A query string that cannot be read; `messages` tells people why, parameter by parameter."""

    def __init__(self, messages: list[str]):
        super().__init__(" ".join(messages))
        self.messages = messages


def clocks_of(request: HttpRequest) -> Clocks:
    """The clocks in the query string (`on`, `known`); raises BadQuery for what cannot be read."""
    messages, read = [], {}
    for name, parse in (("on", parse_on), ("known", parse_known)):
        text = request.GET.get(name, "").strip()
        if text:
            try:
                read[name] = parse(text)
            except ValueError as error:
                messages.append(f"{name}: {error}")
    if messages:
        raise BadQuery(messages)
    clocks = Clocks(**read)
    # Today, as known now, is the present however it was spelt, unless an instant pins it.
    return PRESENT if clocks == Clocks(on=timezone.localdate()) else clocks


class Reading:
    """A view mixin: `self.clocks` from the URL, a clear refusal of what cannot be read, and what the banner needs."""

    clocks: Clocks = PRESENT

    def dispatch(self, request, *args, **kwargs):
        """Set the clocks and answer; a query string that cannot be read is answered with 400 and the reasons."""
        try:
            self.clocks = clocks_of(request)
            response = super().dispatch(request, *args, **kwargs)
        except BadQuery as error:
            return self.refuse(request, error.messages)
        if isinstance(response, HttpResponse):
            patch_vary_headers(response, ["HX-Request"])
        return response

    def refuse(self, request, messages: list[str]) -> HttpResponse:
        """Answer 400 with `messages`, as a page."""
        response = render(request, "400.html", {"reason": " ".join(messages)}, status=400)
        if request.htmx:
            # A whole page has no place among the results of another: the browser is to go there.
            response["HX-Redirect"] = request.get_full_path()
        return response

    @property
    def wants_fragment(self) -> bool:
        """Whether htmx asks for the part of the page that changes, and not for a whole page."""
        htmx = self.request.htmx
        return bool(htmx) and not htmx.boosted and not htmx.history_restore_request

    def get_context_data(self, **context):
        """The clocks: `clocks`, `clock_query` (for links), and what the parts `_clock.html` and `_banner.html` take."""
        kept = [
            (name, value)
            for name, values in self.request.GET.lists()
            for value in values
            if name not in _CLOCKS
        ]
        without = self.request.GET.copy()
        for name in _CLOCKS:
            without.pop(name, None)
        query = without.urlencode()
        context |= {
            "clocks": self.clocks,
            "clock_query": urlencode(self.clocks.query),
            "on": self.request.GET.get("on", ""),
            "known": self.request.GET.get("known", ""),
            "kept": kept,
            "on_text": formats.date_format(self.clocks.on, "j M Y") if self.clocks.on else "",
            "known_text": instant_text(self.clocks.known) if self.clocks.known else "",
            "present_url": f"{self.request.path}?{query}" if query else self.request.path,
            "may_record": self.request.user.records and self.clocks.is_present,
            "may_edit": self.request.user.edits and self.clocks.is_present,
        }
        return super().get_context_data(**context)


_CLOCKS = ("on", "known", "after", "before", "from")


def instant_text(instant: dt.datetime) -> str:
    """An instant for people, to the minute, in the installation's time zone, which is named."""
    local = timezone.localtime(instant)
    return f"{formats.date_format(local, 'j M Y, H:i')} {local.tzname()}"
