"""Parses a MEND row: the talk, attendance, date, place, and errors."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence

from django.core.exceptions import ValidationError
from django.utils import timezone

from tracker.loaders.countries import iso_code, usual_name
from tracker.loaders.events import (
    HEADLINE,
    TITLE,
    Event,
    EventSeat,
    EventTalk,
    Unusable,
    fold,
    short,
    some,
)
from tracker.loaders.mend.parties import LONGEST_NAME, Parties, names_in
from tracker.loaders.mend.places import place_in
from tracker.loaders.rows import DatasetRow
from tracker.models import Source
from tracker.models.dates import Span
from tracker.models.vocabularies import (
    DatePrecision,
    DevelopmentKind,
    TableRole,
    TalkFormat,
    TalkOutcome,
    TalkStatus,
)

REQUIRED = (
    "med_event_ID", "conflict_country", "med_location - MULTISELECT", "Day", "Month", "Year", "third_party",
    "individual_med_named", "local_parties", "agmt", "Summary", "source_urls", "shuttle", "med_type",
)  # fmt: skip
TYPES = {"M": "Mediation by", "MR": "Talks around mediation by"}
YES_NO = {"0": "no", "1": "yes"}

NO_COUNTRY = "no conflict country"
SEVERAL_COUNTRIES = (
    "several conflict countries; recorded under the first, the others stand in the talk's note"
)
NO_DATE = "no date: Year is not a year"
NO_PARTY = "neither a third party nor a local one is named"
LATER = "it lies after today"
SWAPPED = "names and ids of people stand in each other's columns; they were put back"
BAD_DAY = "there is no such day or month; the date was taken as far as it is one"
NOT_A_URL = "a source is no address, or has words beside it; they stand in the claim alone"
MANY_THIRD = "people are named for several third parties; who sat for which is not said"

_ID = re.compile(r"indnam\d+|NL|NM", re.I)


def people_in(cells: Mapping[str, str]) -> tuple[list[str], bool]:
    """The names of the mediators, and whether they were found in the column of their ids instead."""
    named, ids = names_in(cells.get("individual_med_named", "")), names_in(cells.get("ind_named_id", ""))
    swapped = any(_ID.fullmatch(name) and name[:1] == "i" for name in named) and bool(ids)
    if swapped:
        named = ids
    return [name for name in named if not _ID.fullmatch(name)], swapped


def countries_in(cell: str) -> list[str]:
    """The distinct conflict countries in a cell, by their usual names, with or without semicolons."""
    names = names_in(cell)
    if len(names) == 1 and not iso_code(names[0]):
        parts = [part.strip() for part in re.split(r",|/|&| and ", names[0])]
        names = parts if len(parts) > 1 and all(map(iso_code, parts)) else names
    return list(dict.fromkeys(map(usual_name, names)))


def reader(rows: Sequence[DatasetRow]) -> Callable[[Mapping[str, str]], Event]:
    """A function that parses a row; rows with a single third party tell which people speak for which one."""
    parties, heard = Parties(rows), {}
    for row in rows:
        names = names_in(row.cells.get("third_party", ""))
        for person in people_in(row.cells)[0] if len(names) == 1 and len(names[0]) <= LONGEST_NAME else ():
            heard.setdefault(fold(person), set()).add(parties.party(names[0]).key)
    speaks_for = {person: keys.pop() for person, keys in heard.items() if len(keys) == 1}
    return lambda cells: _event(cells, parties, speaks_for)


def _event(cells: Mapping[str, str], parties: Parties, speaks_for: Mapping[str, str]) -> Event:
    """The Event in `cells`; raises Unusable if something required is missing."""
    countries, notes = countries_in(cells.get("conflict_country", "")), []
    if not countries:
        raise Unusable(NO_COUNTRY)
    country, *others = countries
    if others:
        notes.append((SEVERAL_COUNTRIES, "; ".join(countries)))
    occurred = _date(cells, notes)
    thirds, locals_ = parties.of(cells, notes)
    if not thirds and not locals_:
        raise Unusable(NO_PARTY)
    people, swapped = people_in(cells)
    if swapped:
        notes.append((SWAPPED, "; ".join(people)))
    place = place_in(
        cells.get("med_location - MULTISELECT", ""), cells.get("med_loc_cty", ""), countries, notes
    )
    at_table = some([party.name for party in thirds]), some([party.name for party in locals_])
    title = " with ".join(filter(None, at_table)) + (f", {place}" if place else "")
    event_type = cells.get("med_type", "").strip()
    return Event(
        process_key=country,
        also_in=tuple(others),
        process_title=f"{country}: mediation events",
        process_aim=f"Mediation of the conflict in {country}, event by event, as the dataset MEND has coded it.",
        occurred=occurred,
        kind=DevelopmentKind.TALKS,
        headline=short(f"{TYPES.get(event_type, 'Mediation event with')} {title}", HEADLINE),
        detail=cells.get("Summary", ""),
        talk=EventTalk(
            title=short(title, TITLE),
            place=place,
            form=TalkFormat.SHUTTLE if cells.get("shuttle", "").strip() == "1" else "",
            note=_note(cells, people, others),
            status=TalkStatus.HELD,
            outcome=TalkOutcome.UNDERSTANDING if cells.get("agmt", "").strip() == "1" else "",
        ),
        seats=_seats(thirds, locals_, people, speaks_for, notes),
        urls=_urls(cells.get("source_urls", ""), notes),
        notes=tuple(notes),
    )


def _date(cells: Mapping[str, str], notes: list) -> Span:
    texts = [cells.get(name, "").strip() for name in ("Year", "Month", "Day")]
    written = "-".join(filter(None, texts))
    if not re.fullmatch(r"\d{4}", texts[0]):
        raise Unusable(NO_DATE, f"Year is “{texts[0]}”")
    numbers = [int(text) if text.isascii() and text.isdigit() else 0 for text in texts]
    known = Span(dt.date(numbers[0], 1, 1), DatePrecision.YEAR)
    if 1 <= numbers[1] <= 12:
        known = Span(known.day.replace(month=numbers[1]), DatePrecision.MONTH)
    elif texts[1]:
        notes.append((BAD_DAY, written))
    if known.precision == DatePrecision.MONTH and texts[2]:
        try:
            known = Span(known.day.replace(day=numbers[2]))
        except ValueError:
            notes.append((BAD_DAY, written))
    if known.day > timezone.localdate():
        raise Unusable(LATER, written)
    return known


def _note(cells: Mapping[str, str], people: list[str], other_countries: list[str]) -> str:
    """Information about the talk for which we have no field, one line each."""
    agreement = " ".join(cells.get("agmt_name", "").split())
    lines = {
        "Other conflict countries": "; ".join(other_countries),
        "Process or mechanism": " ".join(cells.get("groupings_mechanisms", "").split()),
        "Mediators named": "; ".join(people),
        "People of local parties named": "; ".join(names_in(cells.get("local_indiv_group", ""))),
        "Agreement": ", ".join(filter(None, [YES_NO.get(cells.get("agmt", "").strip(), ""), agreement])),
        "Shuttle": YES_NO.get(cells.get("shuttle", "").strip(), ""),
    }
    return "\n".join(f"{name}: {text}" for name, text in lines.items() if text)


def _seats(
    thirds, locals_, people: list[str], speaks_for: Mapping[str, str], notes: list
) -> tuple[EventSeat, ...]:
    """A delegation for each party, with the people that the row, or the file elsewhere, assigns to it alone."""
    seated = {party.key: [] for party in thirds}
    for person in people:
        if len(person) > LONGEST_NAME:
            continue
        party = thirds[0].key if len(thirds) == 1 else speaks_for.get(fold(person))
        if party in seated:
            seated[party].append(person)
        elif len(thirds) > 1:
            notes.append((MANY_THIRD, person))
    return (
        *(EventSeat(party, TableRole.PRINCIPAL) for party in locals_),
        *(EventSeat(party, TableRole.MEDIATOR, tuple(seated[party.key])) for party in thirds),
    )


def _urls(cell: str, notes: list) -> tuple[str, ...]:
    """The distinct URLs in a cell, separated by semicolons or line breaks, possibly with other words."""
    all_urls = {}
    for part in re.split(r"[;\n]+", cell):
        urls = [url for url in re.findall(r"https?://\S+", part) if _is_address(url)]
        all_urls |= dict.fromkeys(urls)
        if re.sub(r"%20|\s|" + "|".join(map(re.escape, urls)), "", part):
            notes.append((NOT_A_URL, part.strip()[:200]))
    return tuple(all_urls)


def _is_address(url: str) -> bool:
    """Whether `url` is valid for a source."""
    try:
        Source._meta.get_field("url").run_validators(url)
    except ValidationError:
        return False
    return True
