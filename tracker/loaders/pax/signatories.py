"""The parties named as signatories in the free text of `Part`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.loaders.countries import iso_code
from tracker.loaders.events import EventParty, fold
from tracker.loaders.pax.names import BODY, PERSON, SIDE, THIRDS, party_called

_UNSIGNED = re.compile(
    r"\W*(?:(?:the )?(?:agreement|document|copy|text)?(?: is| was| does)? ?"
    r"(?:not (?:have )?sign|unsigned|no (?:names or )?signatures?)"
    r"|(?:copy|text) of (?:the )?\w+ (?:is )?(?:unsigned|not signed)"
    r"|signatures? (?:are )?(?:not|missing)|uploaded document has no signatures)",
    re.I,
)
_NOT_THEIRS = re.compile(r"\b(unsigned|not signed|no signature|signature missing|absent)\b", re.I)
_OF_THIRDS = re.compile(
    r"\b(witness\w*|testigos?|mediat\w+|facilitat\w+|guarant\w+|observ\w+|in the presence of|third part\w+|convenor)\b",
    re.I,
)
_SPEAKS_FOR = re.compile(
    r"(?:^\W*(?:\(?signed\)? ?)?(?:for and on behalf of|for|from|pour|por|representing|representatives? (?:of|from)"
    r"|delegation (?:of|from))|\b(?:on|in) behalf of|\bsigned for(?! by)|, for(?=:? the)|\bin the name of):?\s+"
    r"(?P<the>the |la |le |les |el |l['’])?(?P<name>.+)",
    re.I,
)
_OFFICE = re.compile(
    r"\b(?:president|prime minister|king|minister|leader|chair(?:man|person)?|head|commander|ambassador"
    r"|secretary[- ]general|pr[ée]sident|secr[ée]taire g[ée]n[ée]ral)"
    r"(?: for [a-z ]+| of (?:the )?(?:foreign|internal|home)? ?(?:affairs|defen[cs]e|delegation|interior))?"
    r",? (?:of|for|du) (?:the )?(?P<name>(?:[A-Z]|d')(?:(?! and the )[^,;:\n])*)",
    re.I,
)
_PANEL = re.compile(
    r"\b(?P<name>[A-Z]{3,6}) (?:[\w-]+ ){0,7}?(?:Panel|Delegation|Team|Chair(?:man|person)?|Member)\b"
)
_REMARK = re.compile(r"[ \u2028]*[\[(](?:signed(?! by)|sgd|signature|illegible)[^\])]*[\])]", re.I)
_SIGNED_BY = re.compile(rf",? (?:signed|represented|headed|led)(?: for)?(?: by)? |{_REMARK.pattern}", re.I)
_SIGNS_FOR = re.compile(r"(?:.*, )?(?P<who>(?:[^\s,;:]+ ){1,7})for (?:the )?(?P<name>[A-Z][^,;:]{1,80})")
_PURPOSE = re.compile(r"\b(council|committee|commission|office|forum)\b", re.I)
_LETTER = re.compile(r"(?:party|side|group) (?:[A-Z]|one|two|1|2)\b(?:\s*[\[(](?P<name>[^\])]+)[\])])?", re.I)


@dataclass(frozen=True)
class Signed:
    """A party that signed, and the line that names it."""

    party: EventParty
    quote: str


def signatories(part: str, entities: Sequence[EventParty], thirds: str = "") -> tuple[Signed, ...]:
    """The distinct parties that signed according to `part`.

    `entities` are those of the conflict, `thirds` is the dataset's text about third parties, whose names are not
    sides. Names that cannot be identified as a state or a body are left out, so the list may be incomplete; it is empty
    if the text says that nobody signed.
    """
    if _UNSIGNED.match(part):
        return ()
    by_key: dict[str, Signed] = {}
    for line in _lines(part):
        for party in _parties(line, entities):
            if not _is_third(party, entities, thirds):
                by_key.setdefault(party.key, Signed(party, line))
    return tuple(by_key.values())


def issuer(part: str, entities: Sequence[EventParty]) -> EventParty | None:
    """The party that issued a unilateral document, if exactly one is named; it may be a third party."""
    if _UNSIGNED.match(part):
        return None
    named = [signatory.party for signatory in signatories(part, entities)]
    if not named:
        parties = (party for line in _lines(part) for party in _parties(line, entities))
        named = [*{party.key: party for party in parties}.values()]
    return named[0] if len(named) == 1 else None


def _lines(part: str) -> Iterator[str]:
    """The lines and items of the text, except those about third parties and non-signatories."""
    of_thirds = False
    for text in re.split(r"[\n;\u2028]+", part):
        text = re.sub(r"\t| {3,}", ", ", text.strip())
        line = re.sub(r"^(\W*\d+\s*[.)]|[\s\-–•·*\"“)\]]+)+", "", " ".join(text.split())).strip(' ,."”')
        if not line:
            continue
        heading = len(line) < 60 and not re.search(r"[A-Z]\w+ [A-Z]\w+ [A-Z]", line)
        if _OF_THIRDS.search(line):
            of_thirds = of_thirds or heading
            continue
        if _SPEAKS_FOR.match(line) or re.match(r"(signed|signator|parties)", line, re.I):
            of_thirds = False
        if not of_thirds and not _NOT_THEIRS.search(line):
            yield line


def _parties(line: str, entities: Sequence[EventParty]) -> Iterator[EventParty]:
    """The parties in a line: represented by somebody, named in an office, or beside a person."""
    if speaks := _SPEAKS_FOR.search(line):
        name = _cut(_letter_named(speaks["name"]))
        # “For the River Shield: A. Ode” is a body without a word that shows it.
        introduced = bool(speaks["the"]) and speaks.start() == 0 and " - " not in line
        yield from _listed(name, entities, introduced) or _listed(name.split(",")[0], entities, introduced)
        return
    # “Secretary for the Interior” is an office; “Secretary for the Government of Peru” also names a party.
    signs = _SIGNS_FOR.fullmatch(_REMARK.sub("", line))
    is_name = signs and (
        BODY.search(signs["who"]) or _PURPOSE.search(signs["who"])
    )  # “Council for the Defence”
    party = party_called(signs["name"], entities) if signs and not is_name else None
    if party and (party.iso_code or not PERSON.search(signs["who"])):
        yield party
        return
    if listed := _listed(_SIGNED_BY.split(line)[0].partition(":")[0].strip("[] "), entities):
        yield from listed
        return
    line = _REMARK.sub(", ", line).strip(", ")
    offices = [_cut(match["name"]) for pattern in (_OFFICE, _PANEL) for match in pattern.finditer(line)]
    if parties := [party for name in offices if (party := party_called(name, entities))]:
        yield from parties
        return
    # “Government of Peru, A. Minister”, “B. Elder, Front of the Reeds”, “B. Elder for the Front of the Reeds”
    parts = [part.strip(" ()") for part in re.split(r",| - | – |(?= \([^)]*\)$)", line)]
    named = (party_called(part, entities) for part in dict.fromkeys((parts[0], parts[-1])))
    if party := next(filter(None, named), None):
        yield party
        return
    # “Chairman, Front of the Reeds, B. Elder”
    if len(parts) == 3 and len(parts[1].split()) > 2:
        yield from [party for party in [party_called(parts[1], entities)] if party and not party.iso_code]


def _letter_named(name: str) -> str:
    """The name in the brackets of “Party A [Government of Peru]”; any other `name` unchanged."""
    lettered = _LETTER.match(name)
    return re.sub("^the ", "", lettered["name"] or "", flags=re.I) if lettered else name


def _listed(text: str, entities: Sequence[EventParty], introduced: bool = False) -> list[EventParty]:
    """The parties in a plain list of parties, or the only one; empty for a sentence."""
    if not iso_code(text):
        bare = re.sub(r"\s*\([A-Z][\w/&\-–. ]{0,20}\)", "", text)
        parts = filter(None, re.split(r",(?: and)? | and ", bare))
        items = [
            party_called(re.sub(r"^(?:the )?governments of ", "", part, flags=re.I), entities)
            for part in parts
        ]
        if len(items) > 1 and all(items):
            return items
        if "," in text:
            return []
    party = party_called(text, entities, introduced)
    return [party] if party else []


def _cut(name: str) -> str:
    """`name` up to where a person, an office or a remark begins."""
    remark = r"[:;\[]| [-–—] |\s[A-Z]?\.\s|\bsigned\b|\brepresented\b|\bheaded\b| by "
    name = re.split(remark, name, maxsplit=1)[0].strip()
    if capitals := re.match(r"((?:[A-Z&'’/-]{2,} ?)+)(?= [A-Z][a-z]+ [A-Z])", name):
        name = capitals[1].strip()
    side = SIDE.match(name)
    return side[0] if side else name


def _is_third(party: EventParty, entities: Sequence[EventParty], thirds: str) -> bool:
    """Whether the party is not a side: an organisation of states, or a third party outside the conflict."""
    if party in entities:
        return False
    name = rf"\b{re.escape(fold(party.name))}\b"
    return bool(THIRDS.match(party.name) or re.search(name, fold(thirds)))
