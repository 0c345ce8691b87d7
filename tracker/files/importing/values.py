"""Converts the cells of one row to field values, and collects all errors."""

import contextlib
import datetime as dt
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models

from tracker.files.importing.cells import require_one_date
from tracker.files.importing.columns import RELATIONS, Target, Way, codes_of
from tracker.files.importing.resolve import Names, within
from tracker.files.importing.spellings import CLEARED, NO_SPELLINGS, YES_SPELLINGS, several
from tracker.models import Development, Effect, Item, Process, Record
from tracker.models.dates import Span, last_of, precision_of
from tracker.models.effects import GIVEN_UP
from tracker.models.fields import BETWEEN_CODES
from tracker.models.names import keys_of
from tracker.models.vocabularies import DatePrecision, Stance
from tracker.text.folding import key, nearest_hint, visible
from tracker.text.times import read_time

FLAGS = f"Write {', '.join(YES_SPELLINGS)} for yes; {', '.join(NO_SPELLINGS)} for no."
TAKEN_BACK = {
    "stance": ("stance", Stance.RETRACTED.value),
    "due_on": ("due_phrase", GIVEN_UP),
    "due_phrase": ("due_phrase", GIVEN_UP),
}
"""{field of a new effect: what emptying it sets}"""
PREDECESSOR = Development._meta.get_field("follows")
READ_FIRST = ("process", "person", "item", "occurred_on")
"""The fields that limit what the other cells can refer to."""


class MisreadCell(ValidationError):
    """The error of the cell in the column `header`."""

    def __init__(self, header: str, reason: str | ValidationError):
        super().__init__(reason)
        self.header = header


class OtherPrecision(ValidationError):
    """The error of a precision that is not the one of the date beside it."""


class ParsedCells:
    """The parsed `cells` (by header) of the fields in `targets`: `values` by field, and errors in `wrong`.

    `other_cells` has the unchanged cells of the same record, needed for dates, which take two cells. `record`, if
    known, limits what a cell can refer to by its process, person and item kind. `part_of_new` says that the cells are
    of an effect that is recorded with something new.
    """

    def __init__(
        self,
        names: Names,
        targets: dict[str, Target],
        cells: dict[str, str],
        other_cells: dict[str, str],
        record: Record | None = None,
        part_of_new: bool = False,
    ):
        self.names, self.targets, self.cells, self.other_cells = names, targets, cells, other_cells
        self.record = record
        self.process, self.person = process_of(record), getattr(record, "person", None)
        self.item_kind = item_kind(record) or item_kind(getattr(record, "item", None))
        self.takes_back = part_of_new or record is None
        self.values: dict[str, Any] = {}
        self.headers: dict[str, list[str]] = {}
        """The columns of each field."""
        self.wrong: list[tuple[str, str, str]] = []
        """Triples of header, the text of the cell, and why that cannot be."""
        by_field: dict[str, list[Target]] = {}
        for header in cells:
            if target := targets.get(header):
                by_field.setdefault(target.name, []).append(target)
        # Names depend on the process, an office on its holder, a status on the item kind.
        for name in sorted(by_field, key=lambda name: name not in READ_FIRST):
            self._read(name, by_field[name])

    def _read(self, name: str, targets: list[Target]) -> None:
        self.headers[name] = [target.header for target in targets]
        try:
            self.values[name] = value = self._value(targets)
        except ValidationError as error:
            header = getattr(error, "header", targets[0].header)
            self.wrong.append((header, self.cells.get(header, ""), " ".join(error.messages)))
            return
        if self.takes_back and not value:
            self._take_back(targets)
        if name == "process":
            self.process = value
        elif name == "person":
            self.person = value
        elif name == "item":
            self.item_kind = item_kind(value) or self.item_kind

    def _take_back(self, targets: list[Target]) -> None:
        """Read an emptied cell of a new effect: it does not leave what stands unchanged, it takes it back."""
        name, value = TAKEN_BACK.get(targets[0].name, ("", ""))
        if value and targets[0].field.model is Effect and self.cells[targets[0].header] == CLEARED:
            self.values[name] = self.values.get(name) or value

    def _value(self, targets: list[Target]) -> Any:
        field, way = targets[0].field, targets[0].way
        texts = [self.cells[target.header] for target in targets]
        if way in (Way.DATE, Way.PRECISION):
            return self._date(field, targets)
        if CLEARED in texts:
            if any(text != CLEARED for text in texts):
                raise ValidationError(f"One cell of {field.name} says {CLEARED}, the other does not.")
            return empty(field)
        if way in RELATIONS:
            return self._relation(targets, texts)
        if way is Way.NAMES:
            return several(texts[0])
        if isinstance(field, models.DateField):
            require_one_date(texts[0])
        if field is PREDECESSOR:
            return self._predecessor(texts[0])
        return plain(field, texts[0], self.item_kind)

    def _predecessor(self, text: str) -> str:
        """The id of the development that `text` names; empty for a new record if it may be in another row."""
        day = self.values.get("occurred_on")
        if day is None and isinstance(self.record, Development):
            day = self.record.occurred
        ref = self.names.predecessors.named(text, self.process, day)
        if not ref and self.record is not None:
            raise self.names.predecessors.unknown(text, self.process, day)
        return ref

    def _date(self, field: models.Field, targets: list[Target]) -> Span | None:
        headers = {target.way: target.header for target in self.targets.values() if target.field is field}
        given = {target.way: self.cells[target.header] for target in targets}
        text = given.get(Way.DATE, self.other_cells.get(headers[Way.DATE], ""))
        precision = given.get(Way.PRECISION, "")
        is_precise = bool(precision) and precision != CLEARED
        if text == CLEARED:
            return empty(field)
        if is_precise and precision not in DatePrecision.values:
            codes = DatePrecision.values
            hint = nearest_hint(precision, codes, f"Choose from {', '.join(codes)}.")
            raise MisreadCell(headers[Way.PRECISION], f"“{precision[:100]}” is not a precision.{hint}")
        if is_precise and not text:
            rule = "It says how precisely a date is known, and there is no date."
            raise MisreadCell(headers[Way.PRECISION], rule)
        if not text:
            return empty(field)
        try:
            require_one_date(text)
            if not precision and self._is_before(headers):
                # The date column alone does not show the precision "before".
                with contextlib.suppress(ValidationError):
                    return partial_day(text, DatePrecision.BEFORE)
            return partial_day(text, precision if is_precise else "")
        except OtherPrecision as error:
            raise MisreadCell(headers[Way.PRECISION], error) from None
        except ValidationError as error:
            raise MisreadCell(headers[Way.DATE if Way.DATE in given else Way.PRECISION], error) from None

    def _is_before(self, headers: dict[Way, str]) -> bool:
        """Whether the precision cell says "before"."""
        return self.other_cells.get(headers.get(Way.PRECISION, "")) == DatePrecision.BEFORE

    def _relation(self, targets: list[Target], texts: list[str]) -> Any:
        meanings: list[list] = []
        # The id first, since it distinguishes records with the same name.
        for target, text in sorted(zip(targets, texts, strict=True), key=lambda pair: not _is_id(pair[0])):
            try:
                meanings.append(self._meant(target.field, target.is_many, text))
            except ValidationError as error:
                if not (
                    meanings and _are_called(meanings[0], several(text) if target.is_many else [text.strip()])
                ):
                    raise MisreadCell(target.header, error) from None
        if any(set(records) != set(meanings[0]) for records in meanings):
            headers = " and ".join(f"“{target.header}”" for target in targets)
            raise ValidationError(f"{headers} mean different records: leave one of them empty.")
        return meanings[0] if targets[0].is_many else meanings[0][0]

    def _meant(self, field: models.Field, is_many: bool, text: str) -> list[models.Model]:
        model = field.related_model
        narrowed = within(model, self.process, self.person)
        if not is_many:
            return [self.names.meant(model, text, **narrowed)]
        meant = {self.names.meant(model, name, **narrowed): None for name in several(text)}
        if not meant:
            raise ValidationError("It names nobody.")
        return list(meant)


def _is_id(target: Target) -> bool:
    return target.header.endswith(("_id", "_ids"))


def _are_called(records: list, texts: list[str]) -> bool:
    """Whether `texts` are names of `records`, one each."""
    names = [
        keys_of(record) if isinstance(record, Record) else {key(record.username): 0} for record in records
    ]
    return len(names) == len(texts) and all(any(key(text) in keys for keys in names) for text in texts)


def put(record: Record, name: str, value: Any) -> None:
    """Set the field `name` of `record` to a value of ParsedCells; many-valued relations are set on saving."""
    precision = precision_of(type(record), name)
    if precision and (value is None or isinstance(value, Span)):
        setattr(record, name, value.day if value else None)
        setattr(record, precision, str(value.precision) if value else "")
        setattr(record, last_of(precision), value.end if value else None)
    elif not isinstance(value, list) or not record._meta.get_field(name).many_to_many:
        setattr(record, name, value)


def item_kind(record: object) -> str | None:
    """The kind of an item, also of an unsaved one; None for other records."""
    if not isinstance(record, Item):
        return None
    return record.item_kind or getattr(record, "kind_code", None)


def process_of(record: Record | None) -> Process | None:
    """The process of `record`, or None if not set yet."""
    try:
        return record.of_process if record is not None else None
    except (AttributeError, ObjectDoesNotExist):
        return None


def plain(field: models.Field, text: str, item_kind: str | None = None) -> Any:
    """The value of `text` in a field that is neither a partial date nor a relation; raises ValidationError.

    `item_kind`: of the item whose status it is, if known.
    """
    if codes := codes_of(field, item_kind):
        for code in text.split(BETWEEN_CODES):
            if code not in codes:
                hint = nearest_hint(code, codes, f"Choose from {', '.join(codes)}.")
                raise ValidationError(f"“{code[:100]}” is not a code of this column.{hint}")
        return text
    if isinstance(field, models.BooleanField):
        if text not in ("true", "false"):
            raise ValidationError(f"“{text[:100]}” is neither yes nor no. {FLAGS}")
        return text == "true"
    if isinstance(field, models.DateField):
        return _day(text)
    if isinstance(field, models.TimeField):
        return _time(text)
    if isinstance(field, models.IntegerField):
        if not (text.isascii() and text.isdecimal() and len(text) <= 9):
            raise ValidationError(f"“{text[:100]}” is not a whole number.")
        return field.clean(int(text), None)
    if isinstance(field, models.CharField):
        text = text.strip()
    if not (text if text.isascii() else visible(text)).strip() and not field.blank:
        raise ValidationError("It must not be empty.")
    return field.clean(text, None)


def _day(text: str) -> dt.date:
    try:
        return Span.parse_day(text)
    except ValueError as error:
        raise ValidationError(str(error)) from None


def _time(text: str) -> dt.time:
    try:
        return read_time(text)
    except ValueError as error:
        raise ValidationError(str(error)) from None


def partial_day(text: str, precision: str) -> Span:
    """The date that a cell and the cell of its precision, which may be empty, say together; raises ValidationError."""
    try:
        date = Span.parse(text)
    except ValueError as error:
        raise ValidationError(str(error)) from None
    if not precision or precision == date.precision:
        return date
    if precision == DatePrecision.BEFORE and date.precision == DatePrecision.DAY:
        return Span(date.day, DatePrecision.BEFORE)
    raise OtherPrecision(
        f"The precision of the date, {date}, is not “{precision}”. Nearest: {date.precision}."
    )


def empty(field: models.Field) -> Any:
    """The value of `field` when it is emptied; raises ValidationError if it must not be."""
    if field.many_to_many or isinstance(field, models.JSONField):
        if not field.blank:
            raise ValidationError("It must not be empty.")
        return []
    if not (field.blank or field.null):
        raise ValidationError("It must not be empty.")
    return None if field.null else ""
