"""Parses a PA-X row: the agreement, its date and parties, and its issues."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence

from django.utils import timezone

from tracker.loaders.countries import iso_code
from tracker.loaders.events import (
    HEADLINE,
    TITLE,
    Event,
    EventParty,
    EventPoint,
    EventSeat,
    EventTalk,
    Unusable,
    short,
)
from tracker.loaders.pax.provisions import PROVISIONS
from tracker.loaders.pax.signatories import Signed, issuer, signatories
from tracker.loaders.rows import DatasetRow
from tracker.models import Party, Process
from tracker.models.dates import Span
from tracker.models.vocabularies import (
    Basis,
    DevelopmentKind,
    PartyKind,
    PrincipleStatus,
    TableRole,
    TalkOutcome,
    TalkStatus,
)

REQUIRED = (
    "Con", "Contp", "PP", "PPName", "AgtId", "Agt", "Dat", "Status", "Agtp", "Stage", "Part", "ThrdPart", "OthAgr",
)  # fmt: skip
TEXTS = {
    "Agt": "",
    "Part": "Signatories, as PA-X gives them",
    "ThrdPart": "Third parties, as PA-X gives them",
    "OthAgr": "Other agreements referred to, as PA-X gives them",
}
"""The cells that are kept to the letter in the development, and the line above each."""

OUTCOMES = {
    "Cea": TalkOutcome.CEASEFIRE,
    "SubComp": TalkOutcome.FULL_AGREEMENT,
    "SubPar": TalkOutcome.PARTIAL_AGREEMENT,
    "Imp": TalkOutcome.PARTIAL_AGREEMENT,
    "Ren": TalkOutcome.PARTIAL_AGREEMENT,
    "Pre": TalkOutcome.UNDERSTANDING,
}
"""What a talk ended with, by the stage that PA-X gives its agreement; of others it is left empty."""

SIGNED = "Multiparty signed/agreed"
UNILATERAL = "Unilateral document"
STATUSES = {SIGNED, UNILATERAL, "Agreement with subsequent status", "Status unclear"}
"""Of the last two, nothing says which parties had agreed on the day of the document."""
LOCAL = ("IntraLocal",)
FACTS = {
    "Reg": "Region", "Contp": "Conflict", "Status": "Status", "Agtp": "Type", "Stage": "Stage", "StageSub": "Sub-stage",
    "Interim": "Interim arrangement",
}  # fmt: skip
LONGEST_NAME = Party._meta.get_field("name").max_length

NO_DATE = "no date: Dat is not a day in ISO form"
LATER = "it lies after today"
NO_NAME = "the agreement has no name"
NO_PROCESS = "no peace process: PP or PPName is empty"
BROKEN_CELL = "a cell holds an error of a spreadsheet; it was left empty"
BAD_CODE = "a provision is coded otherwise than 0 to 3; it was left out"
NAME_CUT = "a name is longer than a title can be; the title is cut, the name is whole in the wording"
NO_ISSUER = (
    "the issuer of a unilateral document is not named as a party; it is a talk without seats and outcome"
)
UNNAMED = "A document of one side, which PA-X does not name as a party: nobody else was to agree to it."
NO_SIGNATORY = (
    "no signatory is named as a party, or the text says that nobody signed; nobody's stance was recorded"
)
NEW_STATUS = (
    "a status that PA-X did not have before; it was taken as a claim, and nobody's stance was recorded"
)

_BROKEN = re.compile(r"#(NAME\?|REF!|VALUE!|N/A|DIV/0!|NULL!|NUM!)")


def reader(rows: Sequence[DatasetRow]) -> Callable[[Mapping[str, str]], Event]:
    """A function that parses a row; rows do not depend on one another."""
    return _event


def entities(con: str) -> list[str]:
    """The countries and entities in a cell of Con, split at slashes outside brackets, which are removed."""
    names, depth, name = [], 0, ""
    for letter in con + "/":
        depth += (letter == "(") - (letter == ")")
        if letter == "/" and depth <= 0:
            names.append(name.strip())
            name = ""
        else:
            name += letter
    if depth > 0:
        names.append(name.rstrip("/").strip())
    bare = (re.fullmatch(r"\((.*)\)", text, re.S) for text in names)
    return [match[1].strip() if match else text for text, match in zip(names, bare, strict=True) if text]


def _event(cells: Mapping[str, str]) -> Event:
    """The Event in `cells`; raises Unusable if something required is missing."""
    notes = []
    texts = {name: _whole(cells, name, notes) for name in TEXTS}
    key, process = cells.get("PP", "").strip(), " ".join(cells.get("PPName", "").split())
    if not key or not process:
        raise Unusable(NO_PROCESS)
    name = texts["Agt"]
    if not name.strip():
        raise Unusable(NO_NAME)
    occurred = _date(cells.get("Dat", "").strip())
    title = short(name, TITLE)
    if title.endswith(" …"):
        notes.append((NAME_CUT, f"{len(name)} characters"))
    parties = [_party(entity) for entity in entities(cells.get("Con", ""))]
    status = cells.get("Status", "").strip()
    if status not in STATUSES:
        notes.append((NEW_STATUS, status[:100]))
    by = issuer(texts["Part"], parties) if status == UNILATERAL else None
    signed = signatories(texts["Part"], parties, texts["ThrdPart"]) if status == SIGNED else ()
    affirmed_by = [by] if by else [signed_by.party for signed_by in signed]
    if status == UNILATERAL and by is None:
        notes.append((NO_ISSUER, ""))
    if status == SIGNED and not signed:
        notes.append((NO_SIGNATORY, ""))
    outcome = "" if status == UNILATERAL else OUTCOMES.get(cells.get("Stage", "").strip(), "")
    talk = None if by else _talk(title, outcome)
    bound = _sides(status, cells, parties, affirmed_by)
    return Event(
        process_key=f"PP {key}",
        process_title=short(process, Process._meta.get_field("title").max_length),
        process_aim=f"The peace process that PA-X calls “{process}”, agreement by agreement.",
        occurred=occurred,
        kind=DevelopmentKind.DOCUMENT,
        headline=short(f"{'Document' if status == UNILATERAL else 'Agreement'}: {name}", HEADLINE),
        detail=_detail(texts, name, title),
        talk=talk,
        point=_point(cells, name, title, bound, affirmed_by, notes),
        issuer=by,
        seats=_seats(signed, parties, texts["Part"]) if status != UNILATERAL else (),
        basis=Basis.OFFICIAL_TEXT,
        place=f"AgtId {cells.get('AgtId', '').strip()}",
        notes=tuple(notes),
    )


def _whole(cells: Mapping[str, str], name: str, notes: list) -> str:
    """The exact text of a cell, unless a spreadsheet has damaged it."""
    text = cells.get(name, "")
    if _BROKEN.fullmatch(text.strip()):
        notes.append((BROKEN_CELL, f"{name} is {text.strip()}"))
        return ""
    return text


def _date(text: str) -> Span:
    try:
        occurred = Span(dt.date.fromisoformat(text))
    except ValueError:
        raise Unusable(NO_DATE, f"Dat is “{text}”") from None
    if occurred.day > timezone.localdate():
        raise Unusable(LATER, text)
    return occurred


def _detail(texts: Mapping[str, str], name: str, title: str) -> str:
    parts = [name] if name != title else []
    parts += [f"{head}:\n{texts[column]}" for column, head in TEXTS.items() if head and texts[column]]
    return "\n\n".join(parts)


def _talk(title: str, outcome: str) -> EventTalk:
    return EventTalk(title=title, place="", form="", note="", status=TalkStatus.HELD, outcome=outcome)


def _party(name: str) -> EventParty:
    if len(name) > LONGEST_NAME:
        raise Unusable(f"a name in Con is longer than {LONGEST_NAME} characters", name)
    code = iso_code(name)
    state = code or name.endswith("(former)")
    return EventParty(name, PartyKind.STATE if state else PartyKind.OTHER, code)


def _seats(signed: Sequence[Signed], parties: Sequence[EventParty], part: str) -> tuple[EventSeat, ...]:
    """A delegation for each signatory, or else for each country or entity in `part`, with the line as quote."""
    if signed:
        return tuple(
            EventSeat(signatory.party, TableRole.PRINCIPAL, (), signatory.quote) for signatory in signed
        )
    seats = {}
    for party in parties:
        line = re.search(rf"^.*\b{re.escape(party.name.removesuffix(' (former)'))}\b.*$", part, re.I | re.M)
        if line:
            seats.setdefault(party.key, EventSeat(party, TableRole.PRINCIPAL, (), line[0]))
    return tuple(seats.values())


def _sides(
    status: str, cells: Mapping[str, str], parties: Sequence[EventParty], affirmed_by: Sequence[EventParty]
):
    """Those whom the agreement binds: its signatories, or else the countries and entities, but of local agreements.

    A unilateral document that touches nobody but its issuer binds nobody, so that it stays the word of one side; so
    does one whose issuer is not named as a party, as no word of a side is missing there.
    """
    if status == UNILATERAL and not affirmed_by:
        return ()
    local = cells.get("Agtp", "").strip() in LOCAL or cells.get("Contp", "").strip() == "Inter-group"
    if status == SIGNED and affirmed_by:
        return tuple(affirmed_by)
    bound = {party.key: party for party in (() if local else parties)}
    if status == UNILATERAL:
        bound = {} if bound.keys() <= {affirmed_by[0].key} else bound | {affirmed_by[0].key: affirmed_by[0]}
    return tuple(bound.values())


def _point(
    cells: Mapping[str, str],
    name: str,
    title: str,
    bound: Sequence[EventParty],
    affirmed_by: Sequence[EventParty],
    notes: list,
) -> EventPoint:
    """The agreement as a point: its issues are the provisions that it is coded to speak of, with their degrees."""
    issues, degrees = [], []
    for column, issue in PROVISIONS.items():
        degree = cells.get(column, "").strip()
        if degree in {"1", "2", "3"}:
            issues.append((issue, f"As PA-X codes it in {column}."))
            degrees.append(f"{issue} {degree}")
        elif degree not in {"", "0"}:
            notes.append((BAD_CODE, f"{column} is “{degree[:50]}”"))
    facts = []
    if cells.get("Status", "").strip() == UNILATERAL and not affirmed_by:
        facts.append(UNNAMED)
    facts += [
        f"{head}: {cells[column].strip()}" for column, head in FACTS.items() if cells.get(column, "").strip()
    ]
    if degrees:
        facts.append("Provisions, coded 1 to 3: " + "; ".join(degrees))
    agreed = cells.get("Status", "").strip() == SIGNED
    return EventPoint(
        title=title,
        wording=name,
        status=PrincipleStatus.AGREED if agreed else PrincipleStatus.CLAIMED,
        note="\n".join(facts),
        issues=tuple(issues),
        parties=tuple(bound),
        affirmed_by=tuple(affirmed_by),
    )
