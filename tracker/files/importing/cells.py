"""Normalises the cells of a row to the format of an export.

Guards are removed, conversions by spreadsheets and pandas are reverted (TRUE to true, 270.0 to 270), and labels are
replaced with codes. Free-text columns are not changed.
"""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache, cached_property

from django.core.exceptions import ValidationError
from django.db import models

from tracker.files.export.reports import STARTS
from tracker.files.importing.columns import Columns, Target, Way, codes_of, folded, labels_of
from tracker.files.importing.row_result import RowResult
from tracker.files.importing.spellings import ABSENT, NO, YES, months_meant
from tracker.files.importing.width import fitting, wrong_width
from tracker.files.spreadsheet.opening import is_workbook
from tracker.files.spreadsheet.rows import SpreadsheetRow
from tracker.models import ImportRun
from tracker.models.dates import Span
from tracker.models.fields import BETWEEN_CODES, CodeListField
from tracker.models.order import validate_zone
from tracker.models.vocabularies import DatePrecision
from tracker.text.month_names import MONTHS
from tracker.text.times import read_time, zone_named

Speller = Callable[[str], str]

LONGEST_NUMBER = 9
"""The maximum number of digits of a whole number."""
_DAY_ZERO = dt.date(1899, 12, 30)
_NUMBER = re.compile(r"\+?\d+(?:\.\d*)?(?:[eE][+-]?\d{1,2})?")
_SERIAL = re.compile(r"([0-9]{2})[, \u00a0\u202f]?([0-9]{3})(?:[.,][0-9]+)?")
"""A serial day number, optionally with a fraction for the time of day; from 1927-05-18."""
_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:\.0+)?)?(?:Z|\+00:?00)?")
_NUMBER_AND_MONTH = re.compile(r"(\d{1,2})\.?[-\s./]([^\W\d_]{3,9})\.?")


class CellReader:
    """Reads the rows of one file; `header` is its first row, `spellers` normalise its columns."""

    def __init__(self, columns: Columns, header: list[str], run: ImportRun):
        self.header = columns.canonical(header)
        self.targets = targets = columns.targets
        coded = {label: code_speller(targets[name].coded) for label, name in columns.labels.items()}
        self.spellers = {name: spell for name, target in targets.items() if (spell := speller(target))}
        self.spellers |= coded | {"id": present, columns.version: number}
        self.read_columns = [
            (place, name, self.spellers.get(name))
            for place, name in enumerate(self.header)
            if name and not columns.is_passed_over(name)
        ]
        names = {name for _, name, _ in self.read_columns}
        self.labels = {label: name for label, name in columns.labels.items() if label in names}
        self.codes = {name: {*codes_of(targets[name].coded)} for name in self.labels.values()}
        self.nameless = [place for place, name in enumerate(self.header) if not name]
        self.numbered = {place for place in self.nameless if place == 0 or header[place]}
        """The columns without a name that may hold row numbers: pandas writes such a one first, or names it."""
        self.dates = [
            (date.header, precision.header)
            for date in targets.values()
            for precision in targets.values()
            if date.way is Way.DATE
            and precision.way is Way.PRECISION
            and (precision.field, precision.prefix) == (date.field, date.prefix)
            and precision.header in names
        ]
        """The columns of dates whose precision is in the file, each with that of the precision."""
        self.is_unguarded = run.profile == ImportRun.Profile.TOOLS
        # Rows of a workbook end at their last cell, as do those of Excel's CSV files.
        self.is_trimmed = is_workbook(run.file_name)

    @cached_property
    def fits(self) -> list[Callable[[str], bool] | None]:
        """For each column of the file what says whether a text fits it, which only rows of a wrong width need."""
        return [fitting(name, self.targets.get(name), self.spellers.get(name)) for name in self.header]

    def read(self, row: SpreadsheetRow) -> RowResult:
        """The non-empty cells of `row`, with errors in individual cells."""
        if self._is_shifted(row.cells):
            result = RowResult(row, {}, is_shifted=True)
            result.refuse("", wrong_width(row.cells, self.header, self.fits))
            return result
        cells = {}
        for place, name, spell in self.read_columns:
            if place < len(row.cells) and (text := row.cells[place]):
                if not self.is_unguarded and text[0] == "'":
                    text = unguarded(text)
                if text := spell(text) if spell else text:
                    cells[name] = text
        result = RowResult(row, cells)
        if self.nameless:
            self._require_names(result)
        if self.labels:
            self._apply_labels(result)
        if self.dates:
            self._shorten_dates(cells)
        for place, rule in row.wrong:
            # None lies beyond the header, or the row would be of another width.
            if (name := self.header[place]) in cells:
                result.refuse(name, rule, value=row.cells[place])
        return result

    def _is_shifted(self, cells: list[str]) -> bool:
        width = len(self.header)
        # An unquoted line break within a cell results in a row of one cell.
        return any(map(str.strip, cells[width:])) or (len(cells) == 1 < width and not self.is_trimmed)

    def _require_names(self, result: RowResult) -> None:
        cells = result.row.cells
        for place in self.nameless:
            text = present(cells[place]) if place < len(cells) else ""
            if text and not (place in self.numbered and number(text).isdecimal()):
                rule = f"Column {place + 1} has no name and holds “{text[:100]}”: name it, or empty the cell."
                result.refuse("", rule)

    def _apply_labels(self, result: RowResult) -> None:
        """Replace a missing code by that of its label; keep the label if it contradicts the code."""
        for label, name in self.labels.items():
            text = result.cells.pop(label, "")
            if text and not result.cells.get(name):
                result.cells[name] = text
            # An unknown label may have been valid at the time of the export.
            elif (
                text and text != result.cells[name] and self.codes[name].issuperset(text.split(BETWEEN_CODES))
            ):
                result.labels[name] = text

    def _shorten_dates(self, cells: dict[str, str]) -> None:
        """Shorten a first day to a month or year according to its precision column."""
        for name, precision_name in self.dates:
            text, precision = cells.get(name, ""), cells.get(precision_name)
            if precision in (DatePrecision.MONTH, DatePrecision.YEAR) and len(text) == 10:
                try:
                    shorter = Span.parse(text[: 7 if precision == DatePrecision.MONTH else 4])
                except ValueError:
                    continue
                if shorter.day.isoformat() == text:
                    cells[name] = shorter.iso


def unguarded(text: str) -> str:
    """`text` without the apostrophe of an export, if it has one."""
    return text[1:] if text[:1] == "'" and text[1:2] in STARTS else text


def speller(target: Target) -> Speller | None:
    """The function that normalises the cells of a column; None for free text."""
    field = target.field
    if target.way is Way.DATE:
        return partial_date
    if target.way is Way.PLAIN and isinstance(field, models.DateField):
        return date
    if target.way is Way.PLAIN and isinstance(field, models.TimeField):
        return time
    if target.way is Way.PLAIN and validate_zone in field.validators:
        return zone
    if target.way in (Way.ID, Way.IDS):
        return present
    if target.way is Way.PRECISION or (target.way is Way.PLAIN and codes_of(target.coded)):
        return code_speller(target.coded)
    if target.way is Way.PLAIN and isinstance(field, models.BooleanField):
        return flag
    if target.way is Way.PLAIN and isinstance(field, models.IntegerField):
        return number
    return None


def present(text: str) -> str:
    """`text`, stripped; empty if it is a placeholder such as NaN."""
    text = text.strip()
    return "" if text.casefold() in ABSENT else text


def flag(text: str) -> str:
    """`true` or `false`, from a spreadsheet's words in several languages; anything else unchanged."""
    text = present(text)
    word = (_whole(text) or text).casefold()
    return "true" if word in YES else "false" if word in NO else text


def number(text: str) -> str:
    """A whole number, also from 270.0 or 2.7E+02; anything else unchanged."""
    text = present(text)
    return _whole(text) or text


def date(text: str) -> str:
    """A date without an added midnight, a year without decimals; anything else unchanged."""
    text = present(text)
    if midnight := _MIDNIGHT.fullmatch(text):
        return midnight[1]
    year = _whole(text)
    return year if year and len(year) == 4 else text


def partial_date(text: str) -> str:
    """A date in its canonical form; anything else unchanged."""
    text = date(text)
    try:
        return Span.parse(text).edtf
    except ValueError:
        return text


def time(text: str) -> str:
    """A time of day as 14:30; anything else unchanged."""
    text = present(text)
    try:
        return f"{read_time(text):%H:%M}"
    except ValueError:
        return text


def zone(text: str) -> str:
    """The IANA name of a time zone; anything else unchanged."""
    text = present(text)
    try:
        return zone_named(text)
    except ValueError:
        return text


@cache
def code_speller(field: models.Field) -> Speller:
    """A function that returns the code for a code or label of `field`, in any case; anything else unchanged.

    Where the field holds several, they are separated by semicolons.
    """
    codes = frozenset(codes_of(field))
    codes_by_word: dict[str, set[str]] = {}
    for code, label in labels_of(field):
        for word in (code, label):
            codes_by_word.setdefault(folded(word), set()).add(code)
    unambiguous = {word: meant.pop() for word, meant in codes_by_word.items() if len(meant) == 1}

    def spell(text: str) -> str:
        if text in codes:
            return text
        text = text.strip()
        return unambiguous.get(folded(text)) or unambiguous.get(_whole(text) or "") or present(text)

    if isinstance(field, CodeListField):
        return lambda text: field.joined(spell(part) for part in text.split(";"))
    return spell


def _whole(text: str) -> str | None:
    """The digits of a whole number in any notation; None if it is not one, or too large."""
    if not (text.isascii() and _NUMBER.fullmatch(text)):
        return None
    value = Decimal(text)
    if value.adjusted() > LONGEST_NUMBER or value != value.to_integral_value():
        return None
    return str(int(value))


def _serial(text: str) -> int | None:
    """The serial day number (since 30 December 1899) in `text`, or None."""
    if match := _SERIAL.fullmatch(text):
        return int("".join(match.groups()))
    whole = _whole(text)
    return int(whole) if whole and len(whole) == 5 else None


def require_one_date(text: str) -> None:
    """Raise ValidationError, with the possible dates, if a date in a spreadsheet's format is ambiguous."""
    text = text.strip()
    if months := months_meant(text):
        name, day_or_year = re.split(r"[\W\d_]+", text)[0], int(text[-2:])
        other = f", or {day_or_year} {name} of a year that is not shown" if 1 <= day_or_year <= 31 else ""
        raise ValidationError(
            f"“{text[:100]}” can mean {Span.parse(months[0])}, as a spreadsheet shows a month{other}. "
            f"Write {months[0]}, or the whole day."
        )
    if serial := _serial(text):
        day = _DAY_ZERO + dt.timedelta(days=serial)
        raise ValidationError(
            f"“{text}” looks like the number by which a spreadsheet counts the day {Span(day)}. "
            f"If that is meant, write {day}."
        )
    match = _NUMBER_AND_MONTH.fullmatch(text)
    if match and match[2].casefold() in MONTHS:
        raise ValidationError(
            f"“{text[:100]}” shows no year. Write the day as 2025-02-18, or the month as 2025-02."
        )
