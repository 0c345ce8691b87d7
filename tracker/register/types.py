"""The declaration of a record type for lists, pages and exports: its columns, filters and relations."""

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, IntegerField, OuterRef, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.utils.functional import cached_property

from tracker.clocks import PRESENT, Clocks
from tracker.models import Record, User
from tracker.models.base import RecordQuerySet
from tracker.models.vocabularies import Vocabulary
from tracker.queries.sql import JsonListOf

NO_VALUE = Value(None, output_field=IntegerField())
"""The expression for a column that is empty in every row."""


class Kind(enum.Enum):
    """What a column holds, which decides how a cell is shown and how it is written to a file."""

    TEXT = "text"
    CODE = "code"
    DATE = "date"
    INSTANT = "instant"
    NUMBER = "number"
    FLAG = "flag"
    MANY = "many"
    NAMES = "names"
    LINK = "link"
    URL = "url"


@dataclass(frozen=True)
class Column:
    """One column: its machine name (header in CSV), its label, and the lookup that its values come from."""

    name: str
    label: str
    path: str = ""
    kind: Kind = Kind.TEXT
    listed: bool = False
    """Whether the list page shows it; a file always has it."""
    order: tuple[str, ...] = ()
    """The lookups that sort by it; none where it cannot be sorted by."""
    precision: str = ""
    """Of a DATE: the lookup of how precisely it is known."""
    vocabulary: type[Vocabulary] | None = None
    """Of a CODE: the vocabulary that gives it a label."""
    badge: str = ""
    """Of a CODE: the family of shapes it is shown in; plain words where empty."""
    ref: str = ""
    """Of a LINK: the lookup of the reference that it leads to, whose prefix tells whose page that is."""
    of_now: bool = False
    """Whether only its present value is kept: it is empty in what is read as it was known earlier."""

    is_undated: bool = False
    """Whether it has no date of its own, and so may tell of days after the one that is read."""

    @cached_property
    def lookup(self) -> str:
        """The lookup that its values come from."""
        return self.path or self.name

    def is_lost(self, clocks: Clocks) -> bool:
        """Whether nobody can know what it held as it was known at `clocks`."""
        return self.of_now and clocks.known is not None

    def related(self, model: type[Record], clocks: Clocks = PRESENT) -> QuerySet:
        """Of a MANY: one text for each record that a row of `model`, the outer query, named by `clocks`; by name."""
        relation, _, shown = self.lookup.partition("__")
        field: Any = model._meta.get_field(relation)  # a relation of either direction
        back = field.remote_field.name if field.one_to_many else field.related_query_name()
        rows = field.related_model._base_manager.filter(**{back: OuterRef("pk")})
        if clocks.known is not None and issubclass(field.related_model, Record):
            rows = rows.filter(recorded_at__lte=clocks.known)
        return rows.order_by(*field.related_model._meta.ordering, "pk").values(shown)

    def selected(self, model: type[Record], clocks: Clocks) -> list[Combinable]:
        """The expressions that a page selects for it from rows of `model`: its value, and what belongs to that.

        A LINK has the reference that it leads to as a second one, a partial DATE its precision.
        """
        if self.kind is Kind.MANY:
            return [JsonListOf(self.related(model, clocks))]
        value = NO_VALUE if self.is_lost(clocks) else recorded(self.lookup, clocks)
        beside = [recorded(self.ref, clocks)] if self.ref else [F(self.precision)] if self.precision else []
        return [value, *beside]


def recorded(lookup: str, clocks: Clocks = PRESENT) -> Combinable:
    """The expression for a `lookup`; empty where it leads to a record that came later than `clocks` know."""
    path, _, _ = lookup.rpartition("__")
    if not path or clocks.known is None:
        return F(lookup)
    return Case(When(**{f"{path}__recorded_at__lte": clocks.known}, then=F(lookup)))


@dataclass(frozen=True)
class Section:
    """Records of another type that a record's page shows because they refer to it."""

    url_name: str
    """The type of the records shown."""
    filter: str
    """The filter of that type that takes the reference of the record whose page it is."""
    title: str


@dataclass(frozen=True)
class SearchFields:
    """How results of a search are filtered and shown; all names are fields or lookups of the model."""

    parties: tuple[str, ...] = ()
    day: str = ""
    """The date, or its key, by which a search is narrowed; none where it has none."""
    shown: tuple[str, str] | None = None
    """The date that a result shows, and its precision."""
    about: str = ""
    """The relation to the record whose page a result leads to; itself where empty."""
    along: tuple[str, ...] = ()
    """The relations that its name is made of, read with the result."""


def as_recorded(rows: RecordQuerySet, clocks: Clocks) -> QuerySet:
    """The rows of the queryset that were on record at `clocks`."""
    return rows.at(clocks)


@dataclass(frozen=True)
class RecordType:
    """One record type, declared once for pages, filters, files, search, import, roles and admin."""

    model: Any
    url_name: str
    path: str
    """The plural noun of its address: `follow-ups` for /follow-ups/ and /follow-ups.csv."""
    columns: tuple[Column, ...]
    filterset: Any
    sort: str
    """The column that sorts its list unless asked otherwise, with a leading hyphen for descending."""
    empty: str
    """What to do next where there is nothing to list."""
    reading: Callable = as_recorded
    """(queryset, clocks) -> the rows as they stood at the clocks, annotated with what its columns and filters name."""
    sections: tuple[Section, ...] = ()
    told_by: str = ""
    """The field by which a new development refers to a record of the type, where its page offers to record one."""
    has_pages: bool = True
    """Whether a record has pages of its own, or is entered on the page of what it is part of."""
    form: Any = None
    """The form that has its input rules, for pages, admin and imports."""
    identity: tuple[str, ...] = ()
    """Fields that tell records apart: a row without an id that agrees in them means the record on file."""
    told_apart_by: tuple[str, ...] = ()
    """Further fields that tell records of one identity apart, where both have them."""
    sought_by: tuple[str, ...] = ()
    """The fields by which the database finds a record of one identity fastest, if not those of `identity`."""
    search: SearchFields | None = None
    """How its search results are filtered and shown; the model says what is searched. None where nothing is."""
    admin_group: str = ""
    """The heading under which the index of the admin lists it; none where it is reached from what it is part of."""
    analysts_change: bool = False
    """Whether an analyst may change any of them, or (as with shared records) only their own."""

    @cached_property
    def label(self) -> str:
        """The singular, for people."""
        return self.model._meta.verbose_name

    @cached_property
    def label_plural(self) -> str:
        """The plural, for people."""
        return self.model._meta.verbose_name_plural

    @cached_property
    def listed(self) -> tuple[Column, ...]:
        """The columns that the list page shows."""
        return tuple(column for column in self.columns if column.listed)

    def column(self, name: str) -> Column | None:
        """The column called `name`, or None."""
        return next((column for column in self.columns if column.name == name), None)

    def rows(self, user: User, clocks: Clocks) -> QuerySet:
        """The records that `user` may see, as they stood at `clocks`."""
        return self.reading(self.model.objects.visible_to(user), clocks)

    def selected(self, columns: Sequence[Column], clocks: Clocks) -> list[Combinable]:
        """The expressions that a page selects for `columns`, one after the other."""
        return [expression for column in columns for expression in column.selected(self.model, clocks)]
