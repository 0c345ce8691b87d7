"""Cells as spreadsheets and pandas write them, put back into the form of the export: TRUE as true, 270.0 as 270.

Only columns that cannot hold free text are respelled; a text is always taken as it stands.
"""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache

from django.core.exceptions import ValidationError
from django.db import models

from tracker.files.importing.columns import Target, Way, folded
from tracker.files.importing.values import NO_SPELLINGS, YES_SPELLINGS, codes_of, labels_of
from tracker.models.dates import PartialDate

YES = frozenset(YES_SPELLINGS) | frozenset(
    "wahr ja vrai oui verdadero sí si vero waar verdadeiro sim prawda tak pravda igaz adevărat sant sand sann tosi "
    "doğru истина да істина так αληθησ αληθής αληθές".split()
)
NO = frozenset(NO_SPELLINGS) | frozenset(
    "falsch nein faux non falso onwaar nee não fałsz nie nepravda hamis fals falskt falsk usann epätosi yanlış yanliş "
    "ложь нет хибність хиба ні ψευδησ ψευδής ψευδές".split()
)
"""Besides English, the words of Excel and LibreOffice in other languages."""
ABSENT = frozenset({"nan", "none", "<na>", "nat", "na", "n/a", "null"})
"""How pandas, R and SQL write that there is nothing, folded."""
LONGEST_NUMBER = 9
"""Digits of the largest whole number that a column takes."""
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januar january janv janvier ene enero gen gennaio янв января январь",
            "feb februar february févr février febrero febbraio fev fevereiro фев февр февраль февраля",
            "mar mär märz march mars marzo mrz mrt março мар март марта",
            "apr april avr avril abr abril aprile апр апрель апреля",
            "may mai mayo mag maggio mei maio май мая",
            "jun juni june juin junio giu giugno junho июн июнь июня",
            "jul juli july juil juillet julio lug luglio julho июл июль июля",
            "aug august août ago agosto авг август августа",
            "sep sept september septembre septiembre set settembre setembro сен сент сентябрь сентября",
            "oct okt oktober october octobre octubre ott ottobre out outubro окт октябрь октября",
            "nov november novembre noviembre novembro ноя нояб ноябрь ноября",
            "dec dez dezember december déc décembre dic diciembre dicembre dezembro дек декабрь декабря",
        ),
        start=1,
    )
    for name in names.split()
}
_DAY_ZERO = dt.date(1899, 12, 30)
_NUMBER = re.compile(r"\+?\d+(?:\.\d*)?(?:[eE][+-]?\d{1,2})?")
_SERIAL = re.compile(r"([0-9]{2})[, \u00a0\u202f]?([0-9]{3})(?:[.,][0-9]+)?")
"""A whole day, with the time of day behind it, if any, as a fraction; 1927-05-18 and later."""
_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:\.0+)?)?(?:Z|\+00:?00)?")
_MONTH_AND_NUMBER = re.compile(r"([^\W\d_]{3,9})\.?[-\s./](\d{2})")
_NUMBER_AND_MONTH = re.compile(r"(\d{1,2})\.?[-\s./]([^\W\d_]{3,9})\.?")


def speller(target: Target) -> Callable[[str], str] | None:
    """What respells the cells of a column; None where it holds free text, which is never respelled."""
    field = target.field
    if target.way is Way.DATE or (target.way is Way.PLAIN and isinstance(field, models.DateField)):
        return date
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
    """`text` without blanks around it; empty where it only says that there is nothing."""
    text = text.strip()
    return "" if text.casefold() in ABSENT else text


def flag(text: str) -> str:
    """`true` or `false`, in whichever language a spreadsheet has it; anything else as it is."""
    text = present(text)
    folded = (_whole(text) or text).casefold()
    return "true" if folded in YES else "false" if folded in NO else text


def number(text: str) -> str:
    """A whole number in digits, also where it is written 270.0 or 2.7E+02; anything else as it is."""
    text = present(text)
    return _whole(text) or text


def date(text: str) -> str:
    """A day without the midnight that programs add, a year without decimals; anything else as it is."""
    text = present(text)
    if midnight := _MIDNIGHT.fullmatch(text):
        return midnight[1]
    year = _whole(text)
    return year if year and len(year) == 4 else text


@cache
def code_speller(field: models.Field) -> Callable[[str], str]:
    """What gives the code of `field` for a code or label in any case; anything else as it is."""
    codes, meant = set(codes_of(field)), {}
    for code, label in labels_of(field):
        for word in (code, label):
            meant.setdefault(folded(word), set()).add(code)
    only = {word: next(iter(some)) for word, some in meant.items() if len(some) == 1}

    def code(text: str) -> str:
        if text in codes:
            return text
        text = text.strip()
        found = only.get(folded(text)) or only.get(_whole(text) or "")
        return found or present(text)

    return code


def _whole(text: str) -> str | None:
    """The digits of a number, however written, that is whole and not too large; else None."""
    if not (text.isascii() and _NUMBER.fullmatch(text)):
        return None
    value = Decimal(text)
    if value.adjusted() > LONGEST_NUMBER or value != value.to_integral_value():
        return None
    return str(int(value))


def _serial(text: str) -> int | None:
    """The days since 30 December 1899 that a spreadsheet, or a program that read one, has in place of a date."""
    if found := _SERIAL.fullmatch(text):
        return int("".join(found.groups()))
    whole = _whole(text)
    return int(whole) if whole and len(whole) == 5 else None


def months_meant(text: str) -> list[str]:
    """The months that a spreadsheet may have shown as `text`: 2025-02 and 1925-02 as Feb-25."""
    shown = _MONTH_AND_NUMBER.fullmatch(text.strip())
    month = shown and MONTHS.get(shown[1].casefold())
    if not month:
        return []
    # A spreadsheet takes 00 to 29 for this century.
    centuries = ("20", "19") if int(shown[2]) < 30 else ("19", "20")
    return [f"{century}{shown[2]}-{month:02}" for century in centuries]


def require_one_date(text: str) -> None:
    """Raise ValidationError, with the readings, where a spreadsheet made of a date what can mean several."""
    text = text.strip()
    if months := months_meant(text):
        name, number = re.split(r"[\W\d_]+", text)[0], int(text[-2:])
        other = f", or {number} {name} of a year that is not shown" if 1 <= number <= 31 else ""
        raise ValidationError(
            f"“{text[:100]}” can mean {PartialDate.parse(months[0])}, as a spreadsheet shows a month{other}. "
            f"Write {months[0]}, or the whole day."
        )
    if serial := _serial(text):
        day = (_DAY_ZERO + dt.timedelta(days=serial)).isoformat()
        raise ValidationError(
            f"“{text}” looks like the number by which a spreadsheet counts the day {day}. "
            f"If that is meant, write {day}."
        )
    shown = _NUMBER_AND_MONTH.fullmatch(text)
    if shown and shown[2].casefold() in MONTHS:
        raise ValidationError(
            f"“{text[:100]}” shows no year. Write the day as 2025-02-18, or the month as 2025-02."
        )
