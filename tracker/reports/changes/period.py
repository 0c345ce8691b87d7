"""The two moments of a comparison, parsed from the query string as days or talks."""

import datetime as dt
from dataclasses import dataclass, replace

from django.http import HttpRequest

from tracker.clocks import BadQuery, Clocks, parse_known, parse_on
from tracker.domain.deadlines import today
from tracker.queries.delegations import HeldTalk
from tracker.queries.record_lookup import ref_in
from tracker.register.display import day_text, instant_text
from tracker.text.folding import key, nearest_code

CALM = dt.timedelta(days=30)
"""The default length of a comparison, if no talk has taken place."""


@dataclass(frozen=True)
class Moment:
    """One side of a comparison: its clocks, and the talk it was chosen by, if any."""

    clocks: Clocks
    talk_held: HeldTalk | None = None

    @property
    def day(self) -> dt.date:
        """The last day whose happenings count."""
        return today(self.clocks)

    @property
    def when(self) -> str:
        """The moment for people."""
        day = "today" if self.clocks.is_present else day_text(Clocks(self.day))
        if self.talk_held:
            day = self.talk_held.span
        known = f", with what we knew on {instant_text(self.clocks.known)}" if self.clocks.known else ""
        return f"{day}{known}"


def moments_of(request: HttpRequest, now: Clocks, talks: list[HeldTalk]) -> tuple[Moment, Moment]:
    """The moments `from` and `to`, with `from_known` and `to_known`, of a page at the clocks `now`.

    `talks` were held by then, in order of time. `to` defaults to `now`; without any parameter the last two talks are
    compared. Raises BadQuery for invalid values, and if the first moment is after the second.
    """
    parameters = {
        name: request.GET.get(name, "").strip() for name in ("from", "to", "from_known", "to_known")
    }
    messages = []
    end_known = _known(parameters["to_known"], "to_known", now.known, messages)
    start_known = _known(parameters["from_known"], "from_known", end_known, messages)
    end = _chosen(parameters["to"], "to", talks, messages)
    start = _chosen(parameters["from"], "from", talks, messages)
    if messages:
        raise BadQuery(messages)
    if end is None:
        end = Moment(replace(now, known=end_known))
        if start is None and not (parameters["from_known"] or parameters["to_known"]) and len(talks) > 1:
            end = _of(talks[-1])
    if start is None:
        start = end if parameters["from_known"] else _before(end, talks)
    first, second = (
        replace(moment, clocks=replace(moment.clocks, known=known, public=now.public))
        for moment, known in ((start, start_known), (end, end_known))
    )
    if start_known != end_known and (start_known is None or (end_known and start_known > end_known)):
        raise BadQuery(["from_known: it lies after to_known; a comparison begins with the earlier."])
    if first.day > second.day:
        raise BadQuery(
            [f"from: {first.when} lies after {second.when}; a comparison begins with the earlier."]
        )
    return first, second


def _known(text: str, name: str, otherwise: dt.datetime | None, messages: list[str]) -> dt.datetime | None:
    try:
        return parse_known(text)["known"] if text else otherwise
    except ValueError as error:
        messages.append(f"{name}: {error}")


def _chosen(text: str, name: str, talks: list[HeldTalk], messages: list[str]) -> Moment | None:
    """The moment given by `text`: a talk by id or title, or a day; None if empty or invalid (see `messages`)."""
    if not text:
        return None
    for row in talks:
        if ref_in(text) == row.talk.ref or key(text) == key(row.talk.title):
            return _of(row)
    try:
        return Moment(Clocks(**parse_on(text)))
    except ValueError as error:
        names = [name for row in talks for name in (row.talk.ref, row.talk.title)]
        near = nearest_code(text, names)
        hint = f"no talk held in this process is called “{text}”. Nearest: {near}." if near else error
        messages.append(f"{name}: {hint}")


def _of(row: HeldTalk) -> Moment:
    return Moment(row.clocks, row)


def _before(end: Moment, talks: list[HeldTalk]) -> Moment:
    """The default start of a comparison that ends with `end`: the previous talk, or else CALM before it."""
    earlier = [
        row
        for row in talks
        if row.span.counts_from < end.day and (end.talk_held is None or row is not end.talk_held)
    ]
    if earlier:
        return _of(earlier[-1])
    if end.day - dt.date.min < CALM:
        rule = f"to: no day of the calendar lies {CALM.days} days before {end.when}. Choose the start with “from” too."
        raise BadQuery([rule])
    return Moment(Clocks(on=end.day - CALM))
