"""A dataset row in our terms, before anything is recorded."""

from dataclasses import dataclass, field

from tracker.models import Development, Principle, Talk
from tracker.models.dates import Span
from tracker.models.vocabularies import Basis, SetAside
from tracker.text.names import key

TITLE = Talk._meta.get_field("title").max_length
HEADLINE = Development._meta.get_field("headline").max_length
assert Principle._meta.get_field("title").max_length == TITLE


class Unusable(Exception):
    """A row that no record can follow; `detail` says what of this row it is, `code` is a SetAside."""

    def __init__(self, reason: str, detail: str = "", code: str = SetAside.INCOMPLETE):
        super().__init__(reason)
        self.reason, self.detail, self.code = reason, detail, code

    @classmethod
    def because(cls, code: SetAside, detail: str = "") -> "Unusable":
        """A row that is set aside for one of the reasons of the vocabulary."""
        return cls(code.reason, detail, code)

    @property
    def in_full(self) -> str:
        """What there is to add to the label of the code."""
        reason = self.reason if self.code == SetAside.INCOMPLETE else ""
        return ": ".join(filter(None, [reason, self.detail]))


@dataclass(frozen=True)
class EventParty:
    """A party as the row names it."""

    name: str
    kind: str
    iso_code: str = ""
    aliases: tuple[str, ...] = field(default=(), compare=False)
    """What else the dataset calls it."""

    @property
    def key(self) -> str:
        """What tells it apart from other parties of a row: the state that it is, or its name."""
        return self.iso_code or fold(self.name)


@dataclass(frozen=True)
class EventSeat:
    """A party at the table, in a TableRole, with its people by name; `quote` is what of the row says so."""

    party: EventParty
    role: str
    people: tuple[str, ...] = ()
    quote: str = ""


@dataclass(frozen=True)
class EventTalk:
    """The talk that a row tells of."""

    title: str
    place: str
    form: str
    note: str
    status: str
    outcome: str


@dataclass(frozen=True)
class EventPoint:
    """The point that a row says was agreed: its text, how far it has come, its issues as (name, description)."""

    title: str
    wording: str
    status: str
    note: str
    issues: tuple[tuple[str, str], ...]
    parties: tuple[EventParty, ...]
    """Those whom it binds."""
    affirmed_by: tuple[EventParty, ...] = ()
    """Those who say yes to it in the document itself."""


@dataclass(frozen=True)
class Event:
    """One row: the process that it belongs to, what happened, the talk and the point that it raises."""

    process_key: str
    process_title: str
    process_aim: str
    occurred: Span
    kind: str
    headline: str
    detail: str
    talk: EventTalk | None
    point: EventPoint | None = None
    issuer: EventParty | None = None
    seats: tuple[EventSeat, ...] = ()
    urls: tuple[str, ...] = ()
    place: str = ""
    basis: str = Basis.REPORTERS_SUMMARY
    also_in: tuple[str, ...] = ()
    """The keys of other processes that the event could belong to as well."""
    notes: tuple[tuple[str, str], ...] = ()
    """What is noticed of the row: (reason, detail)."""

    @property
    def development(self) -> tuple:
        """All that the development says, with its effects and citations."""
        talk = self.talk and (self.talk.status, self.talk.outcome)
        point = self.point and (self.point.status, self.point.wording, self.point.affirmed_by)
        values = (
            self.occurred,
            self.kind,
            self.headline,
            self.detail,
            self.issuer,
            self.urls,
            self.place,
            self.basis,
        )
        return (*values, talk, point)


def fold(name: str) -> str:
    """`name` as it is compared, which is the same everywhere that records are named."""
    return key(name)


def short(text: str, longest: int) -> str:
    """`text` on one line, cut after a word, with an ellipsis, where it is longer than `longest` characters."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    return line[: longest - 2].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def some(names: list[str], most: int = 4) -> str:
    """The `names` as people say them; of many, the first ones and how many others."""
    if len(names) > most:
        names = [*names[:most], f"{len(names) - most} others"]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1] if names else ""
