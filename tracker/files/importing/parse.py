"""From the cells of one row to the values of its fields, with everything that is wrong with them."""

import contextlib

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models

from tracker.files.importing.columns import RELATIONS, Target, Way, precision_of
from tracker.files.importing.resolve import Names, within
from tracker.files.importing.spelling import require_one_date
from tracker.files.importing.values import CLEARED, empty, nearest, partial_day, plain, several
from tracker.models import Delegate, Item, Process, Record
from tracker.models.dates import PartialDate, partial
from tracker.models.names import keys_of
from tracker.models.vocabularies import DatePrecision
from tracker.text.names import key


class Misread(ValidationError):
    """Why one cell, that of the column `header`, has no value."""

    def __init__(self, header: str, why):
        super().__init__(why)
        self.header = header


class Parsing:
    """What `cells` (by header) say of the fields that `targets` name; `values` by field, `wrong` by header.

    `at_hand` has the cells of the same record that are not in question, for dates, of which two cells tell. `record` is
    what they are about, as far as it is known: its process, person and kind of item narrow what a cell can mean.
    """

    def __init__(self, names: Names, targets: dict[str, Target], cells: dict, at_hand: dict, record=None):
        self.names, self.targets, self.cells, self.at_hand = names, targets, cells, at_hand
        self.process, self.person = process_of(record), getattr(record, "person", None)
        self.kind = item_kind(record) or item_kind(getattr(record, "item", None))
        self.values: dict = {}
        self.headers: dict[str, list[str]] = {}
        self.wrong: list[tuple[str, str, str]] = []
        """Triples of header, what stands there, and why that cannot be."""
        by_field: dict[str, list[Target]] = {}
        for header in cells:
            target = targets.get(header)
            if target is not None:
                by_field.setdefault(target.name, []).append(target)
        # What a name can mean depends on the process, an office on its holder, a status on its item.
        for name in sorted(by_field, key=lambda name: name not in ("process", "person", "item")):
            self._read(name, by_field[name])

    def _read(self, name: str, targets: list[Target]) -> None:
        self.headers[name] = [target.header for target in targets]
        try:
            self.values[name] = value = self._value(targets)
        except ValidationError as error:
            header = getattr(error, "header", targets[0].header)
            self.wrong.append((header, self.cells.get(header, ""), " ".join(error.messages)))
            return
        if name == "process":
            self.process = value
        elif name == "person":
            self.person = value
        elif name == "item":
            self.kind = item_kind(value) or self.kind

    def _value(self, targets: list[Target]):
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
        return plain(field, texts[0], self.kind)

    def _date(self, field, targets) -> PartialDate | None:
        headers = {target.way: target.header for target in self.targets.values() if target.field is field}
        given = {target.way: self.cells[target.header] for target in targets}
        text = given.get(Way.DATE, self.at_hand.get(headers[Way.DATE], ""))
        precision = given.get(Way.PRECISION, "")
        if text == CLEARED:
            return empty(field)
        if precision and precision != CLEARED and precision not in DatePrecision.values:
            hint = nearest(precision, DatePrecision.values)
            raise Misread(headers[Way.PRECISION], f"“{precision[:100]}” is not a precision. {hint}")
        if not text and precision and precision != CLEARED:
            raise Misread(
                headers[Way.PRECISION], "It says how precisely a date is known, and there is no date."
            )
        if not text:
            return empty(field)
        try:
            require_one_date(text)
            if not precision and self.at_hand.get(headers.get(Way.PRECISION)) == DatePrecision.BEFORE:
                # That it was before the day is not said by the day itself.
                with contextlib.suppress(ValidationError):
                    return partial_day(text, DatePrecision.BEFORE)
            return partial_day(text, "" if precision == CLEARED else precision)
        except ValidationError as error:
            raise Misread(headers[Way.DATE if Way.DATE in given else Way.PRECISION], error) from None

    def _relation(self, targets, texts):
        found = []
        # The id first: it tells apart those who share the name beside it.
        for target, text in sorted(zip(targets, texts, strict=True), key=lambda pair: not _is_id(pair[0])):
            try:
                found.append(self._meant(target.field, target.many, text))
            except ValidationError as error:
                if not (found and _called(found[0], several(text) if target.many else [text.strip()])):
                    raise Misread(target.header, error) from None
        if any(set(one) != set(found[0]) for one in found):
            headers = " and ".join(f"“{target.header}”" for target in targets)
            raise ValidationError(f"{headers} mean different records: leave one of them empty.")
        return found[0] if targets[0].many else found[0][0]

    def _meant(self, field, many: bool, text: str) -> list:
        model = field.related_model
        narrowed = within(model, self.process, self.person)
        if not many:
            return [self.names.meant(model, text, **narrowed)]
        meant = {self.names.meant(model, one, **narrowed): None for one in several(text)}
        if not meant:
            raise ValidationError("It names nobody.")
        return list(meant)


def _is_id(target: Target) -> bool:
    return target.header.endswith(("_id", "_ids"))


def _called(records: list, texts: list[str]) -> bool:
    """Whether `texts` are names of `records`, each of another."""
    names = [
        keys_of(record) if isinstance(record, Record) else {key(record.username): 0} for record in records
    ]
    return len(names) == len(texts) and all(any(key(text) in some for some in names) for text in texts)


def wanted(targets: dict[str, Target], cells: dict) -> list[tuple]:
    """Pairs of a model and a text that means one of its records, for all relations in `cells`."""
    found = []
    for header, text in cells.items():
        target = targets.get(header)
        if target is not None and target.way in RELATIONS and text != CLEARED:
            texts = several(text) if target.many else [text.strip()]
            found += [(target.field.related_model, one) for one in texts]
    return found


def current(record, field):
    """What `record` says in `field`, as Parsing gives it; several records as a list."""
    if field.many_to_many:
        return list(getattr(record, field.name).all())
    value = getattr(record, field.name)
    precision = precision_of(type(record), field.name)
    return partial(value, getattr(record, precision)) if precision else value


def put(record, field, value) -> None:
    """Set what Parsing gave for `field` on `record`; several records are set as it is saved."""
    if isinstance(value, PartialDate) or (value is None and precision_of(type(record), field.name)):
        setattr(record, field.name, value.first if value else None)
        setattr(record, precision_of(type(record), field.name), str(value.precision) if value else "")
    elif not field.many_to_many:
        setattr(record, field.name, value)


def seat(names: Names, said: dict) -> object:
    """The delegation of a talk and a party, for a person who sits in it; raises ValidationError."""
    delegations = Delegate.delegation.field.related_model.objects.visible_to(names.user)
    found = delegations.filter(talk=said["talk"], party=said["party"]).first()
    if found is None:
        raise ValidationError(f"{said['party']} has no delegation at “{said['talk']}”: record that first.")
    return found


def item_kind(record) -> str | None:
    """The kind of an item, also of one that is not saved yet; None for anything else."""
    if not isinstance(record, Item):
        return None
    return record.item_kind or getattr(record, "kind_code", None)


def process_of(record) -> Process | None:
    """The process that `record` belongs to, as far as it is filled in."""
    try:
        return record.of_process
    except (AttributeError, ObjectDoesNotExist):
        return None
