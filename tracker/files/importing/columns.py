"""What the headers of a file mean: which field of a record each sets, and in which way."""

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.db import models

from tracker.files.spreadsheet.rows import UnreadableSpreadsheet
from tracker.models import Citation, Delegate, Development, Effect, Item
from tracker.register.types import RecordType
from tracker.text.folding import nearest_code

MESSAGES = "messages"
"""The column that a file of wrong rows has besides; nobody reads it."""
LABEL = "_label"
"""How a column ends that has the label of a code beside it, or instead of it."""
STANDING = (
    "status", "firmness", "outcome", "due_on", "due_precision", "due_phrase", "review_on", "wording",
)  # fmt: skip
"""What of an item only developments move; of a new one, its first effect."""
RAISED_WITH = ("effect_stance", "effect_party_id", "effect_party")


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


_NAMELESS = re.compile(r"(unnamed: \d+(_level_\d+)?)?", re.I)
"""A header that is empty, or that pandas has made of an empty one."""

_UNSEEN = " \t\r\n\xa0\ufeff\u200b\u200e\u200f"

RELATIONS = {Way.ID, Way.NAME, Way.IDS, Way.CALLED}


@dataclass(frozen=True)
class Target:
    """One header: which `field` of which model it sets."""

    header: str
    field: models.Field
    way: Way

    @property
    def name(self) -> str:
        """The name of the field, or of a date for its precision."""
        return self.field.name

    @property
    def coded(self) -> models.Field:
        """The field whose codes it takes, if it takes codes: of a date's precision, another than the date's own."""
        if self.way is Way.PRECISION:
            return self.field.model._meta.get_field(precision_of(self.field.model, self.name))
        return self.field

    @property
    def plain_header(self) -> str:
        """The column that people fill in: the one of names where there are ids beside it."""
        ending = {Way.ID: "_id", Way.IDS: "_ids"}.get(self.way, "")
        return self.header.removesuffix(ending)

    @property
    def many(self) -> bool:
        """Whether it takes several records."""
        return self.field.many_to_many


def folded(word: str) -> str:
    """A header, code or label without its case and the signs that cannot be seen, with one sign between words."""
    return re.sub(r"[\s_\-]+", "_", word.strip(_UNSEEN).casefold()).replace("'", "’")


@cache
def precision_of(model, name: str) -> str | None:
    """The field that says how precisely the date `name` of `model` is known, if it can be partial."""
    precision = f"{name.removesuffix('_on')}_precision"
    names = {field.name for field in model._meta.concrete_fields}
    return next((one for one in (precision, f"{name}_precision") if one in names), None)


def targets_of(model, names: Iterable[str] | None = None, prefix: str = "") -> dict[str, Target]:
    """The headers of the fields of `model` that people set, each after `prefix`; of those in `names`, if given."""
    found = {}
    precisions = {precision_of(model, field.name) for field in model._meta.concrete_fields}

    def add(ending, field, way):
        header = f"{prefix}{ending}"
        found[header] = Target(header, field, way)

    for field in [*model._meta.concrete_fields, *model._meta.many_to_many]:
        name = field.name
        if (
            field.primary_key
            or not field.editable
            or name in precisions
            or (names is not None and name not in names)
        ):
            continue
        if field.many_to_many:
            add(f"{name}_ids", field, Way.IDS)
            add(name, field, Way.CALLED)
        elif field.is_relation:
            add(f"{name}_id", field, Way.ID)
            add(name, field, Way.NAME)
        elif isinstance(field, models.JSONField):
            add(name, field, Way.NAMES)
        elif precision := precision_of(model, name):
            add(name, field, Way.DATE)
            add(precision, field, Way.PRECISION)
        else:
            add(name, field, Way.PLAIN)
    return found


def part_targets(model) -> dict[str, dict[str, Target]]:
    """What a row may bring along besides its own record, by what it is part of it."""
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
        return {"seat": targets_of(Delegate.delegation.field.related_model, ("talk", "party"))}
    return {}


class Columns:
    """The columns that a file of one record type may have."""

    def __init__(self, record_type: RecordType):
        self.record_type = record_type
        self.model = record_type.model
        self.exported = {column.name: column for column in record_type.columns}
        own = targets_of(self.model)
        self.own = {name: target for name, target in own.items() if name in self.exported}
        self.parts = part_targets(self.model)
        self.moved = set(STANDING) & self.exported.keys() if issubclass(self.model, Item) else set()
        self.extra = {name for part in self.parts.values() for name in part} - self.exported.keys()
        if self.is_versioned:
            self.extra |= {"correction_reason", "correction_note"}

    @property
    def is_versioned(self) -> bool:
        """Whether a change is the correction of a development."""
        return self.model in (Development, Effect, Citation)

    @property
    def version(self) -> str:
        """The column of the version that somebody had in view."""
        return "development_version" if self.model in (Effect, Citation) else "version"

    @property
    def known(self) -> list[str]:
        """Every header that is read or passed over."""
        return [*self.exported, *sorted(self.extra)]

    @property
    def targets(self) -> dict[str, Target]:
        """What each column sets that is read, of the record itself and of what its row brings along."""
        return {name: target for part in self.parts.values() for name, target in part.items()} | self.own

    @property
    def labels(self) -> dict[str, str]:
        """The columns of labels that are read, and the column of codes that each stands beside."""
        read = self.targets
        coded = (name for name, column in self.exported.items() if column.vocabulary and name in read)
        return {f"{name}{LABEL}": name for name in coded}

    def is_passed_over(self, header: str) -> bool:
        """Whether nobody reads the column: what the record works out itself, and what is there for people."""
        if header in (MESSAGES, "id", self.version) or header in self.own or header in self.extra:
            return header == MESSAGES
        return header not in self.moved and header not in self.labels and header not in self.targets

    def canonical(self, header: list[str]) -> list[str]:
        """The columns that `header` means, in whichever case; empty for one without a name, as it is if unknown."""
        known = {folded(name): name for name in (*self.known, MESSAGES, *self._all_labels)}
        return ["" if _NAMELESS.fullmatch(name) else known.get(folded(name), name) for name in header]

    def require(self, header: list[str]) -> None:
        """Raise UnreadableSpreadsheet, naming each column that is unknown, with the nearest, or is there twice."""
        wrong = []
        known = self.known
        columns = self.canonical(header)
        for place, name in enumerate(columns, start=1):
            at = f"Row 1, column {place}"
            if name and name in columns[: place - 1]:
                wrong.append(f"{at}: “{name}” stands there twice.")
            elif name and name not in known and name != MESSAGES and name not in self._all_labels:
                near = nearest_code(folded(name), known)
                hint = f" Nearest: {near}." if near else f" It takes {', '.join(known)}."
                what = self.record_type.label_plural
                wrong.append(f"{at}: a file of {what} has no column “{name[:100]}”.{hint}")
        if not wrong and not any(name in self.own or name == "id" for name in columns):
            wrong.append(f"No column says anything of {self.record_type.label_plural}.")
        if wrong:
            raise UnreadableSpreadsheet("\n".join(wrong))

    @property
    def _all_labels(self) -> set[str]:
        return {f"{name}{LABEL}" for name, column in self.exported.items() if column.vocabulary}
