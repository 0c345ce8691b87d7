"""A dataset row in the terms of our model, before recording."""

from dataclasses import dataclass, field

from django.utils.text import get_text_list

from tracker.models import Development, Principle, Talk
from tracker.models.dates import Span
from tracker.models.vocabularies import Basis, SetAside
from tracker.text.folding import key

TITLE = Talk._meta.get_field("title").max_length
HEADLINE = Development._meta.get_field("headline").max_length
assert Principle._meta.get_field("title").max_length == TITLE


class Unusable(Exception):
    """Raised for a row that no record can follow; `code` is a SetAside, `detail` is specific to the row."""

    def __init__(self, reason: str, detail: str = "", code: str = SetAside.INCOMPLETE):
        super().__init__(reason)
        self.reason, self.detail, self.code = reason, detail, code

    @classmethod
    def because(cls, code: SetAside, detail: str = "") -> "Unusable":
        """An exception with a reason from the vocabulary."""
        return cls(code.reason, detail, code)

    @property
    def in_full(self) -> str:
        """The text after the label of the code."""
        reason = self.reason if self.code == SetAside.INCOMPLETE else ""
        return ": ".join(filter(None, [reason, self.detail]))


@dataclass(frozen=True)
class EventParty:
    """A party named in the row."""

    name: str
    kind: str
    iso_code: str = ""
    aliases: tuple[str, ...] = field(default=(), compare=False)
    """Its other names in the dataset."""

    @property
    def key(self) -> str:
        """Its state code, or else its name, to distinguish the parties of a row."""
        return self.iso_code or fold(self.name)


@dataclass(frozen=True)
class EventSeat:
    """A party's delegation: its TableRole, its people by name, and the `quote` from the row."""

    party: EventParty
    role: str
    people: tuple[str, ...] = ()
    quote: str = ""


@dataclass(frozen=True)
class EventTalk:
    """The talk of a row."""

    title: str
    place: str
    form: str
    note: str
    status: str
    outcome: str


@dataclass(frozen=True)
class EventPoint:
    """The principle of a row: its text, its status, its issues as (name, description)."""

    title: str
    wording: str
    status: str
    note: str
    issues: tuple[tuple[str, str], ...]
    parties: tuple[EventParty, ...]
    """The parties bound."""
    affirmed_by: tuple[EventParty, ...] = ()
    """The parties that affirm it in the document itself."""


@dataclass(frozen=True)
class Event:
    """One row: its process, its development, and the talk and principle that it raises."""

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
    """The keys of other possible processes."""
    notes: tuple[tuple[str, str], ...] = ()
    """Notices about the row: (reason, detail)."""

    @property
    def development(self) -> tuple:
        """The content of the development with its effects and citations, for comparison."""
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
    """`name`, folded for comparison, as for all names of records."""
    return key(name)


def short(text: str, longest: int) -> str:
    """`text` on one line, cut after a word with an ellipsis if it is longer than `longest` characters."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    return line[: longest - 2].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def some(names: list[str], most: int = 4) -> str:
    """`names` as an enumeration; if there are many, the first ones and the number of others."""
    if len(names) > most:
        names = [*names[:most], f"{len(names) - most} others"]
    return get_text_list(names, "and")
