"""Maps the headers of a file to the fields that they set, and how."""

import enum
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from django.db import models

from tracker.files.spreadsheet.rows import SpreadsheetRow, UnreadableSpreadsheet
from tracker.models import Citation, Delegate, Delegation, Development, Effect, Item, Record
from tracker.models.dates import last_of, precision_of
from tracker.models.fields import CodeListField, concrete_field
from tracker.models.vocabularies import LADDERS
from tracker.register.filters import MAY_BE_OUTSIDE
from tracker.register.types import RecordType
from tracker.text.folding import nearest_hint

MESSAGES = "messages"
"""The extra column in a file of wrong rows; an import ignores it."""
LABEL = "_label"
"""The suffix of a column with the label of a code, in addition to it or instead of it."""
STANDING = (
    "status", "firmness", "outcome", "due_on", "due_precision", "due_last", "due_phrase", "review_on", "wording",
    "wording_language", "other_wordings",
)  # fmt: skip
"""The fields of an item that only developments change; those of a new item are its first effect."""


class Way(enum.Enum):
    """How the text of a column becomes the value of a field."""

    PLAIN = "plain"
    NAMES = "names"
    DATE = "date"
    PRECISION = "precision"
    ID = "id"
    NAME = "name"
    IDS = "ids"
    CALLED = "called"


RELATIONS = {Way.ID, Way.NAME, Way.IDS, Way.CALLED}

_NAMELESS = re.compile(r"(unnamed: \d+(_level_\d+)?)?", re.I)
"""A header that is empty, or that pandas has made of an empty one."""
_LADDERS = {str(item_kind): ladder for item_kind, ladder in LADDERS.items()}
_UNSEEN = " \t\r\n\xa0\ufeff\u200b\u200e\u200f"


@dataclass(frozen=True)
class Target:
    """One header: the `field` that it sets, and how."""

    header: str
    field: models.Field
    way: Way

    @cached_property
    def name(self) -> str:
        """The name of the field; for a precision, that of the date."""
        return self.field.name

    @cached_property
    def coded(self) -> models.Field:
        """The field that defines the codes of the column; for a precision, not the date field."""
        precision = precision_of(self.field.model, self.name) if self.way is Way.PRECISION else None
        return concrete_field(self.field.model, precision) if precision else self.field

    @cached_property
    def plain_header(self) -> str:
        """The header that people fill in: that of names, if there is also one of ids."""
        ending = {Way.ID: "_id", Way.IDS: "_ids"}.get(self.way, "")
        return self.header.removesuffix(ending)

    @cached_property
    def prefix(self) -> str:
        """The part of the header before the name of the field, such as `effect_`."""
        return self.header.removesuffix(self.coded.name)

    @cached_property
    def is_many(self) -> bool:
        """Whether it accepts several records."""
        return bool(self.field.many_to_many)

    @cached_property
    def is_needed(self) -> bool:
        """Whether a new record needs a value."""
        return not (self.field.blank or self.field.has_default())


def folded(word: str) -> str:
    """A header, code or label without case and invisible characters, with one underscore between words."""
    return re.sub(r"[\s_\-]+", "_", word.strip(_UNSEEN).casefold()).replace("'", "’")


@cache
def labels_of(field: models.Field, item_kind: str | None = None) -> tuple[tuple[str, str], ...]:
    """(code, label) of the codes of `field`; empty for free text.

    `item_kind`: of the item whose status it is, if known.
    """
    if field.name == "status" and field.model is Effect:
        ladders = [_LADDERS[item_kind]] if item_kind else list(_LADDERS.values())
        return tuple(dict.fromkeys((code.value, str(code.label)) for ladder in ladders for code in ladder))
    choices = field.vocabulary.choices if isinstance(field, CodeListField) else field.flatchoices
    return tuple((str(code), str(label)) for code, label in choices if code)


@cache
def codes_of(field: models.Field, item_kind: str | None = None) -> tuple[str, ...]:
    """The codes of `field`, as in `labels_of`."""
    return tuple(code for code, _ in labels_of(field, item_kind))


def _ways(field: models.Field) -> Iterator[tuple[str, Way]]:
    """(header without prefix, way) of the columns that set `field`."""
    name = field.name
    if field.many_to_many:
        yield f"{name}_ids", Way.IDS
        yield name, Way.CALLED
    elif field.is_relation:
        yield f"{name}_id", Way.ID
        yield name, Way.NAME
    elif isinstance(field, models.JSONField):
        yield name, Way.NAMES
    elif precision := precision_of(field.model, name):
        yield name, Way.DATE
        yield precision, Way.PRECISION
    else:
        yield name, Way.PLAIN


def targets_of(
    model: type[models.Model], names: Iterable[str] | None = None, prefix: str = ""
) -> dict[str, Target]:
    """{header: Target} for the editable fields of `model`, or those in `names`, with `prefix` before each."""
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    precisions = set(filter(None, (precision_of(model, field.name) for field in model._meta.concrete_fields)))
    beside = precisions | set(map(last_of, precisions))
    settable = [
        field for field in fields if field.editable and not field.primary_key and field.name not in beside
    ]
    return {
        f"{prefix}{ending}": Target(f"{prefix}{ending}", field, way)
        for field in settable
        if names is None or field.name in names
        for ending, way in _ways(field)
    }


def part_targets(model: type[Record]) -> dict[str, dict[str, Target]]:
    """{part: {header: Target}} for related records that a row may create as well."""
    citation = targets_of(Citation, Citation.CONTENT, "citation_")
    if model is Development:
        return {"effect": targets_of(Effect, Effect.CONTENT, "effect_"), "citation": citation}
    if issubclass(model, Item):
        effect = {name: target for name, target in targets_of(Effect, STANDING).items() if name in STANDING}
        voiced = targets_of(Effect, ("stance", "party"), "effect_")
        raising = [name for name in Development.CONTENT if name not in ("process", "talk")]
        return {
            "effect": effect | voiced,
            "development": targets_of(Development, raising, "development_"),
            "citation": citation,
        }
    if model is Delegate:
        return {"seat": targets_of(Delegation, ("talk", "party"))}
    return {}


class Columns:
    """The columns that a file of one record type may have."""

    def __init__(self, record_type: RecordType):
        self.record_type = record_type
        self.label, self.label_plural = record_type.label, record_type.label_plural
        self.model: type[Record] = record_type.model
        self.exported = {column.name: column for column in record_type.columns}
        self.own = {name: target for name, target in targets_of(self.model).items() if name in self.exported}
        self.parts = part_targets(self.model)
        self.targets = {name: target for part in self.parts.values() for name, target in part.items()}
        self.targets |= self.own
        """What each column sets that is read, of the record itself and of what its row brings along."""
        self.single = [target.name for target in self.own.values() if target.way is Way.ID]
        self.many = list(dict.fromkeys(target.name for target in self.own.values() if target.is_many))
        """The fields of the record itself that name one other record, and those that name several."""
        self.lists = {target.name for target in self.own.values() if isinstance(target.field, CodeListField)}
        """The fields of the record itself that hold several codes, in which rows of one record are joined."""
        self.text_language = "effect_wording_language" if self.model is Development else ""
        """The column by which rows are joined that differ only in the language of a wording; empty for other types."""
        self.has_relations = any(target.way in RELATIONS for target in self.targets.values())
        self.has_dates = any(isinstance(target.field, models.DateField) for target in self.targets.values())
        self.needed = {target.name for target in self.own.values() if target.is_needed}
        """The fields of the record itself that a new one must have."""
        self.fixed = (*record_type.form.fixed, *filter(None, [self.model.part_of]))
        """The fields that stay as they were recorded."""
        self.moved = set(STANDING) & self.exported.keys() if issubclass(self.model, Item) else set()
        self.is_part = self.model in (Effect, Citation)
        """Whether many rows make one correction of a development."""
        self.is_versioned = self.is_part or self.model is Development
        """Whether a change is the correction of a development."""
        self.version = "development_version" if self.is_part else "version"
        """The column of the version that the file was made from."""
        self.extra = {name for part in self.parts.values() for name in part} - self.exported.keys()
        if self.is_versioned:
            self.extra |= {"correction_reason", "correction_note"}
        self.known = [*self.exported, *sorted(self.extra), MAY_BE_OUTSIDE.name]
        """Every header that is read or ignored."""
        coded = [name for name, column in self.exported.items() if column.vocabulary]
        self._all_labels = {f"{name}{LABEL}" for name in coded}
        self.labels = {f"{name}{LABEL}": name for name in coded if name in self.targets}
        """The columns of labels that are read, and the column of codes that each stands beside."""

    def is_passed_over(self, header: str) -> bool:
        """Whether the column is ignored, because it is computed or only informative."""
        if header in (MESSAGES, "id", self.version) or header in self.own or header in self.extra:
            return header == MESSAGES
        return header not in self.moved and header not in self.labels and header not in self.targets

    def canonical(self, header: list[str]) -> list[str]:
        """`header` in canonical spelling; empty for a column without a name, unchanged for an unknown one."""
        known = {folded(name): name for name in (*self.known, MESSAGES, *self._all_labels)}
        return ["" if _NAMELESS.fullmatch(name) else known.get(folded(name), name) for name in header]

    def other_cells(self, header: list[str]) -> Callable[[SpreadsheetRow], str] | None:
        """A function that returns the cells in which rows that may be joined agree, in one text without case.

        None if no rows of a file with this `header` are joined.
        """
        names = [name.removesuffix(LABEL) for name in self.canonical(header)]
        joined = self.lists | (self.extra if self.text_language and self.text_language in names else set())
        places = [place for place, name in enumerate(names) if name not in joined]
        if not joined:
            return None
        return lambda row: "\0".join(row.cells[at].strip().casefold() for at in places if at < len(row.cells))

    def _hint(self, name: str) -> str:
        return nearest_hint(name, self.known, f"It takes {', '.join(self.known)}.")

    def require(self, header: list[str]) -> None:
        """Raise UnreadableSpreadsheet for unknown columns, with the nearest known one, and duplicate ones."""
        wrong = []
        columns = self.canonical(header)
        for place, name in enumerate(columns, start=1):
            at = f"Row 1, column {place}"
            if name and name in columns[: place - 1]:
                wrong.append(f"{at}: “{name}” is there twice.")
            elif name and name not in self.known and name != MESSAGES and name not in self._all_labels:
                of_part = next((known for known in self.known if known.endswith(f"_{folded(name)}")), "")
                hint = f" Nearest: {of_part}." if of_part else self._hint(folded(name))
                wrong.append(f"{at}: a file of {self.label_plural} has no column “{name[:100]}”.{hint}")
        if not wrong and not any(name in self.own or name == "id" for name in columns):
            wrong.append(f"No column says anything of {self.label_plural}.")
        if wrong:
            raise UnreadableSpreadsheet("\n".join(wrong))
