"""The declaration of a record type for lists, pages and exports: its columns, filters and relations."""

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable
from django.utils.functional import cached_property

from tracker.clocks import Clocks
from tracker.models import Record, User
from tracker.models.base import RecordQuerySet
from tracker.models.dates import last_of
from tracker.models.fields import starting_with
from tracker.models.vocabularies import Vocabulary
from tracker.queries.sql import JsonListOf


class Kind(enum.Enum):
    """The type of a column's values, which decides how they are displayed and exported."""

    TEXT = "text"
    CODE = "code"
    CODES = "codes"
    DATE = "date"
    INSTANT = "instant"
    TIME = "time"
    NUMBER = "number"
    FLAG = "flag"
    MANY = "many"
    NAMES = "names"
    TEXTS = "texts"
    """Texts of one wording, each with the code of its language."""
    LINK = "link"
    URL = "url"


@dataclass(frozen=True)
class Column:
    """One column: its machine name (the CSV header), its label, and the lookup of its values."""

    name: str
    label: str
    path: str = ""
    kind: Kind = Kind.TEXT
    listed: bool = False
    """Whether the list page shows it; files always include it."""
    order: tuple[str, ...] = ()
    """The lookups to sort by; empty if the list cannot be sorted by it."""
    indexed: tuple[tuple[str, Any], ...] = ()
    """Conditions that all rows meet, as lookups and values, with which an index gives a whole list in this order."""
    precision: str = ""
    """For a DATE: the lookup of its precision."""
    vocabulary: type[Vocabulary] | None = None
    """For a CODE, or CODES: its vocabulary."""
    badge: str = ""
    """For a CODE: its family of badges; the plain label if empty. CODES always have one."""
    ref: str = ""
    """For a LINK: the lookup of the reference of the record that it links to."""
    words: Callable[[str], str] | None = None
    """For a TEXT: how pages show it, where files have a code."""
    is_undated: bool = False
    """Whether its text has no date of its own, and may therefore mention days after the one shown."""

    @cached_property
    def lookup(self) -> str:
        """The lookup of its values."""
        return self.path or self.name

    def begins_with(self, code: str) -> Q:
        """The condition that `code` is its value, or the first of several."""
        return starting_with(self.lookup, code) if self.kind is Kind.CODES else Q(**{self.lookup: code})

    def related(self, model: type[Record]) -> QuerySet:
        """For a MANY: one text per related record of the outer query's row of `model`, by name."""
        relation, _, shown = self.lookup.partition("__")
        field: Any = model._meta.get_field(relation)  # forward or reverse relation
        back = field.remote_field.name if field.one_to_many else field.related_query_name()
        rows = field.related_model._base_manager.filter(**{back: OuterRef("pk")})
        return rows.order_by(*field.related_model._meta.ordering, "pk").values(shown)

    def selected(self, model: type[Record]) -> list[Combinable]:
        """The expressions to select for it from rows of `model`.

        A LINK has the reference that it leads to beside it, a partial DATE its precision and its last day.
        """
        if self.kind is Kind.MANY:
            return [JsonListOf(self.related(model))]
        value = F(self.lookup)
        if self.ref:
            return [value, F(self.ref)]
        return [value, F(self.precision), F(last_of(self.precision))] if self.precision else [value]


@dataclass(frozen=True)
class Section:
    """A list, on a record's page, of records of another type that refer to it."""

    url_name: str
    """The type of the records shown."""
    filter: str
    """The filter of that type that takes the reference of the page's record."""
    title: str


@dataclass(frozen=True)
class SearchFields:
    """How results of a search are filtered and shown; all names are fields or lookups of the model."""

    parties: tuple[str, ...] = ()
    day: str = ""
    """The date, or its key, that a search filters by; empty if it has none."""
    ends: str = ""
    """The last possible day of what has happened; empty for a date that may lie in the future."""
    shown: tuple[str, str] | None = None
    """The date shown in a result, and its precision."""
    about: str = ""
    """The relation to the record that a result links to; the record itself if empty."""
    along: tuple[str, ...] = ()
    """The relations that its name is made of, fetched with the result."""


def as_recorded(rows: RecordQuerySet, clocks: Clocks) -> QuerySet:
    """The rows recorded by `clocks`."""
    return rows.at(clocks)


@dataclass(frozen=True)
class RecordType:
    """One record type, declared once for pages, filters, files, search, import, roles and admin."""

    model: Any
    url_name: str
    path: str
    """The plural noun in its URLs: `follow-ups` for /follow-ups/ and /follow-ups.csv."""
    columns: tuple[Column, ...]
    filterset: Any
    sort: str
    """The column that its list is sorted by unless requested otherwise; a leading hyphen means descending."""
    empty: str
    """What to do next, shown when the list is empty."""
    reading: Callable = as_recorded
    """(queryset, clocks) -> the rows as they stood at the clocks, annotated with what columns and filters need."""
    sections: tuple[Section, ...] = ()
    development_field: str = ""
    """The field of a development that refers to a record of this type, if its page offers to record one."""
    has_pages: bool = True
    """Whether it has pages of its own, or is entered on the page of its parent."""
    form: Any = None
    """The form class with its validation, used by pages, admin and imports."""
    identity: tuple[str, ...] = ()
    """Fields that identify a record: an imported row without an id that agrees in them means the existing one."""
    distinguished_by: tuple[str, ...] = ()
    """Fields that tell records with the same identity apart, if both have a value."""
    lookup_fields: tuple[str, ...] = ()
    """The fields by which the database finds a record by identity fastest, if not those of `identity`."""
    search: SearchFields | None = None
    """How its search results are filtered and shown; the model says what is searched. None where nothing is."""
    admin_group: str = ""
    """The heading that lists it in the admin index; empty if it is reached from its parent."""
    analysts_change: bool = False
    """Whether an analyst may change all of them, or (as with shared records) only their own."""

    @cached_property
    def label(self) -> str:
        """The singular noun."""
        return self.model._meta.verbose_name

    @cached_property
    def label_plural(self) -> str:
        """The plural noun."""
        return self.model._meta.verbose_name_plural

    @cached_property
    def listed(self) -> tuple[Column, ...]:
        """The columns that the list page shows."""
        return tuple(column for column in self.columns if column.listed)

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)

    def rows(self, user: User, clocks: Clocks) -> QuerySet:
        """The records that `user` may see, at `clocks`."""
        return self.reading(self.model.objects.visible_to(user), clocks)

    def selected(self, columns: Sequence[Column]) -> list[Combinable]:
        """The expressions to select for `columns`, in order."""
        return [expression for column in columns for expression in column.selected(self.model)]
