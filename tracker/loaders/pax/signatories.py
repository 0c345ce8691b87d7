"""Which parties the free text of `Part` names as signatories; persons, third parties and documents are none."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from os.path import commonprefix

from tracker.loaders.countries import NAMES, iso_code
from tracker.loaders.events import PartySaid, fold
from tracker.models.vocabularies import PartyKind

LONGEST = 100
"""Characters of a name that can be read as a party's; what is longer is a sentence."""

_UNSIGNED = re.compile(
    r"\W*(the )?(agreement|document|copy|text)?( is| was| does)? ?"
    r"(not (have )?sign|unsigned|no (names or )?signatures?)",
    re.I,
)
_NOT_THEIRS = re.compile(r"\b(unsigned|not signed|no signature|signature missing|absent)\b", re.I)
_OF_THIRDS = re.compile(
    r"\b(witness\w*|testigos?|mediat\w+|facilitat\w+|guarant\w+|observ\w+|in the presence of|third part\w+|convenor)\b",
    re.I,
)
_THIRDS = re.compile(
    r"(UN|UN(PROFOR|HCR|DP|SC|SG|MI[KLS]|AMI[DS]?|AMA|SMIL|TAC|TAET|ITAF|OSOM|AVEM|IFIL|MHA)|ONU\w*|MINU\w+|BINU\w+"
    r"|MONU\w+|OSCE|CSCE|ECMM|ECOWAS|CEEAC|ECCAS|IGAD\w*|SADC|OAU|AU|EU|ICRC|NATO|KFOR|IFOR|SFOR|AMIS\w*|GTZ)\b"
    r"|.*\b(United Nations|European (Union|Community|Commission)|African Union|Organi[sz]ation of African Unity"
    r"|Arab League|League of Arab States|Union Africaine|International Community|Red Cross"
    r"|Intergovernmental Authority)\b",
    re.I,
)
_DOCUMENT = re.compile(
    r"\b(declaration|statement|agreement|accord|communiqu\w*|resolution|protocol|proclamation|speech|letter|document|copy"
    r"|text|plan|signator\w+|signatures?|signed|page|annex|preamble|illegible|listed|parties|members?|delegates|leaders"
    r"|participants|persons?|various|undersigned|see pdf|representatives|commanders"
    r"|(first|second|third|other) (party|side)|criteria|territory|approval|representation)\b",
    re.I,
)
_BODY = re.compile(
    r"\b(government|govt|front|frente|movement|movimiento|mouvement|army|ej[ée]rcito|party|parti|partido"
    r"|union|council of"
    r"|congress|league|alliance|alianza|coalition|forces|fuerzas|militia|organi[sz]ation|federation|confederation|tribes?"
    r"|clans?|community|communities|faction|brigades?|liberation|resistance|tigers|legion)\b",
    re.I,
)
_SMALL = {
    *"of the for and in to de la las los el del y para et du des le les d a al as e da do on".split(),
    *"government govt movement community communities tribe tribes party group army forces coalition clan".split(),
}
"""Words of a name that need no capital letter."""
_ACRONYM = re.compile(r"(?=[A-Za-z]*[A-Z][a-z]*[A-Z])[A-Z][A-Za-z]{1,5}(?:[-–/][A-Za-z]{1,5})*(?:-\d+)?")
_PERSON = re.compile(
    r"\b(mr|mrs|ms|dr|prof|gen|col|maj|lt|ltg|cdr|capt|sheikh|shaykh|hon|sec|secy|usec|amb|sr|king|president|chairman"
    r"|chair|chairperson|minister|ministro|viceministro|consejer[oa]|commander|commissioners?|secretary|chief|leader|head"
    r"|representative|spokes\w+|mayor|envoy|ambassador|director|governor|coordinator|deputy|excellency|general|colonels?"
    r"|bishop|officer|advis[eo]r|counsel|ombudsman|majesty|premier|plenipotentiary"
    r"|pr[ée]sident|secr[ée]taire|expert|delegate)\b",
    re.I,
)
_TITLES = {
    *("MHA", "MHR", "MLA", "MBE", "OBE", "CBE", "KBE", "CMG", "KCMG", "GCMG", "USEC", "ASEC", "MGEN", "BGEN"),
    *("TWG", "DND", "CSOS", "JMC", "JEMC", "IMC", "IEMC", "PA-X"),
}
"""Abbreviations that stand by the names of persons, and are no party's."""
_SPEAKS_FOR = re.compile(
    r"(?:^\W*(?:\(?signed\)? ?)?(?:for and on behalf of|for|from|pour|por|representing|representatives? (?:of|from)"
    r"|delegation (?:of|from))|\b(?:on|in) behalf of|\bsigned for(?! by)|, for(?=:? the)|\bin the name of):?\s+"
    r"(?:the |la |le |les |el )?(?P<name>.+)",
    re.I,
)
_OFFICE = re.compile(
    r"\b(?:president|prime minister|king|minister|leader|chair(?:man|person)?|head|commander|ambassador"
    r"|secretary[- ]general|pr[ée]sident|secr[ée]taire g[ée]n[ée]ral)"
    r"(?: for [a-z ]+| of (?:the )?(?:foreign|internal|home)? ?(?:affairs|defen[cs]e|delegation|interior))?"
    r",? (?:of|for|du) (?:the )?(?P<name>(?:[A-Z]|d')(?:(?! and the )[^,;:\n])*)",
    re.I,
)
_PANEL = re.compile(r"\b(?P<name>[A-Z]{3,6}) (?:[\w-]+ ){0,7}?(?:Panel|Delegation|Team|Chair(?:man|person)?|Member)\b")
_SIGNED_BY = re.compile(r",? (?:signed|represented|headed|led)(?: for)?(?: by)? ", re.I)
_SUFFIX = re.compile(
    r"\s+(?:peace |implementing |negotiating |negotiation |talks? )*(?:panel|team|delegation|representatives?"
    r"|commission|(?:in|at) the peace dialogues? table)$",
    re.I,
)
_SIDE = re.compile(r"(?P<name>[\w'’-]+) (?:side|delegation|party|representatives?)s?", re.I)
_DEMONYM = re.compile(r"(?P<name>[\w'’ -]+?) (?:national )?(?:government|govt)\.?", re.I)
_THE_GOVERNMENT = re.compile(
    r"(?:(?:national|nacional|central|transitional|federal|delegation) )*(?:government|govt\.?|gobierno|gouvernement)"
    r"(?: nacional| of the republic)?",
    re.I,
)
_GOVERNMENT_ACRONYM = re.compile(r"G[oO][A-Z]{1,3}|GRP|GPH|SAG|FGS|TFG")
"""How governments are abbreviated in the conflicts of their own states."""


@dataclass(frozen=True)
class Signed:
    """A party that signed, and the line that names it."""

    party: PartySaid
    quote: str


def signatories(part: str, entities: Sequence[PartySaid], thirds: str = "") -> tuple[Signed, ...]:
    """The parties that `part` names as having signed, each once.

    `entities` are those of the conflict, `thirds` is what the dataset says of third parties, whose names are no
    sides. What cannot be read as the name of a state or a body is left out, so that the list may be shorter than that
    of those who signed; it is empty where the text says that nobody did.
    """
    if _UNSIGNED.match(part):
        return ()
    found: dict[str, Signed] = {}
    for line in _lines(part):
        for name in _names(line, entities):
            party = _party(name, entities)
            if party and not _is_third(party, entities, thirds):
                found.setdefault(party.key, Signed(party, line))
    return tuple(found.values())


def issuer(part: str, entities: Sequence[PartySaid]) -> PartySaid | None:
    """The one party that issued a unilateral document, where one is named; third parties issue documents, too."""
    if _UNSIGNED.match(part):
        return None
    named = [one.party for one in signatories(part, entities)]
    if not named:
        parties = (_party(name, entities) for line in _lines(part) for name in _names(line, entities))
        named = [*{party.key: party for party in parties if party}.values()]
    return named[0] if len(named) == 1 else None


def _lines(part: str) -> Iterator[str]:
    """The lines and items of the text, but for those about third parties and about who did not sign."""
    of_thirds = False
    for text in re.split(r"[\n;\u2028]+", part):
        line = re.sub(r"^(\W*\d+\s*[.)]|[\s\-–•·*\"“)\]]+)+", "", " ".join(text.split())).strip(" ,.\"”")
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


def _names(line: str, entities: Sequence[PartySaid]) -> Iterator[str]:
    """What in a line is the name of a party: whom it speaks for, whose office it names, or what stands by a person."""
    if speaks := _SPEAKS_FOR.search(line):
        name = _cut(speaks["name"])
        yield from _listed(name, entities) or _listed(name.split(",")[0], entities)
        return
    if listed := _listed(_SIGNED_BY.split(line)[0].partition(":")[0].strip("[] "), entities):
        yield from listed
        return
    offices = [_cut(found["name"]) for pattern in (_OFFICE, _PANEL) for found in pattern.finditer(line)]
    offices = [name for name in offices if _party(name, entities)]
    if offices:
        yield from offices
        return
    # “Government of Peru, A. Minister”, “B. Elder, Front of the Reeds”, “B. Elder (Front of the Reeds)”
    parts = [part.strip(" ()") for part in re.split(r",| - | – |(?= \([^)]*\)$)", line)]
    first, last = parts[0], parts[-1]
    yield from [name for name in (first, last) if _party(name, entities)][:1]


def _listed(text: str, entities: Sequence[PartySaid]) -> list[str]:
    """The names in a list of nothing but parties; the text itself where it is one; none where it is a sentence."""
    if iso_code(text):
        return [text]
    bare = re.sub(r"\s*\([A-Z][\w/&\-–. ]{0,20}\)", "", text)
    parts = filter(None, re.split(r",(?: and)? | and ", bare))
    items = [re.sub(r"^(?:the )?governments of ", "", part, flags=re.I) for part in parts]
    if len(items) > 1 and all(_party(item, entities) for item in items):
        return items
    return [text] if "," not in text and _party(text, entities) else []


def _cut(name: str) -> str:
    """`name` up to where a person, an office or a remark begins."""
    remark = r"[:;\[]| [-–—] |\s[A-Z]?\.\s|\bsigned\b|\brepresented\b|\bheaded\b| by "
    name = re.split(remark, name, maxsplit=1)[0].strip()
    if capitals := re.match(r"((?:[A-Z&'’/-]{2,} ?)+)(?= [A-Z][a-z]+ [A-Z])", name):
        name = capitals[1].strip()
    side = _SIDE.match(name)
    return side[0] if side else name


def _party(name: str, entities: Sequence[PartySaid]) -> PartySaid | None:
    """The party called `name`: one of the conflict, a state, or a body by its name; None where it is none of these."""
    bracketed = re.fullmatch(r"(.+?)\s*\(([A-Z][\w/&\-–. ]{1,20})\)?", name.strip())
    name, acronym = bracketed.groups() if bracketed and _ACRONYM.fullmatch(bracketed[2]) else (name.strip(), "")
    name = _SUFFIX.sub("", re.sub(r"^(?:the|la|le|el|delegation of)\s+", "", name, flags=re.I)).strip(" .\"“”'")
    states = [one for one in entities if one.iso_code]
    if _THE_GOVERNMENT.fullmatch(name) or _GOVERNMENT_ACRONYM.fullmatch(name):
        return states[0] if len(states) == 1 else None
    if not name or len(name) > LONGEST or not name[0].isupper():
        return None
    if code := _state(name):
        return next((one for one in entities if one.iso_code == code), PartySaid(NAMES[code], PartyKind.STATE, code))
    if entity := _entity(name, entities):
        return entity
    if (of_state := _DEMONYM.fullmatch(name)) and (code := iso_code(of_state["name"])):
        return PartySaid(NAMES[code], PartyKind.STATE, code)
    if _THIRDS.match(name) and len(name.split()) <= 6 and not (_PERSON.search(name) or _DOCUMENT.search(name)):
        return PartySaid(name, PartyKind.ORGANISATION, "", (acronym,) if acronym else ())
    return PartySaid(name, PartyKind.OTHER, "", (acronym,) if acronym else ()) if _is_body(name) else None


def _state(name: str) -> str:
    """The code of the state that `name` is, or begins with in its full form: “Government of Niger I. Oubandawaki”."""
    if code := iso_code(name):
        return code
    words = name.split()
    in_full = re.match(r"(government|republic|state|kingdom) of |\w+ (federation|republic) ", name, re.I)
    heads = (" ".join(words[:end]) for end in range(len(words) - 1, 1, -1))
    return next(filter(None, map(iso_code, heads)), "") if in_full else ""


def _is_body(name: str) -> bool:
    """Whether `name` is that of a body, and not of a person, an office, a document, or a sentence."""
    if any(pattern.search(name) for pattern in (_DOCUMENT, _PERSON)):
        return False
    if _ACRONYM.fullmatch(name):
        return len(name) > 2 and name.upper() not in _TITLES
    words = re.findall(r"[^\W\d_][\w'’]*", name)
    shouted = [word for word in words if len(word) > 3 and word.isupper()]
    return (
        1 < len(words) <= 12
        and all(word[0].isupper() or word.casefold() in _SMALL for word in words)
        and not (len(shouted) > 1 and any(word.istitle() for word in words))
        and words[0].casefold() not in {"by", "on", "to", "in", "with"}
        and words[-1].casefold() not in {"of", "the", "for", "and", "in"}
        and bool(_BODY.search(re.split(r" [-–—] ", name)[0]))
        and not re.search(r"[\d\[\](),:@]", name)
        and not (_DEMONYM.fullmatch(name) and len(words) == 2)
    )


def _entity(name: str, entities: Iterable[PartySaid]) -> PartySaid | None:
    """The entity of the conflict with the name, in full or as an adjective: “Republic of Abkhazia”, “Abkhaz side”."""
    of_people, of_state = _SIDE.fullmatch(name), _DEMONYM.fullmatch(name)
    bare = re.sub(r"^(?:(?:the|federal|republic|government|autonomous|authorities|state) |of )+", "", fold(name))
    alike = {}
    for entity in entities:
        known = fold(entity.name.removesuffix(" (former)"))
        if known == bare:
            return entity
        adjective = of_people or (of_state if entity.iso_code else None)
        if adjective and (shared := _stem(fold(adjective["name"]), known)):
            alike[shared] = entity
    return alike[max(alike)] if alike else None


def _stem(word: str, country: str) -> int:
    """How many letters `word` has from `country`, as in “Sudan side” or “Sri Lankan side”; 0 for too few."""
    shared = len(commonprefix([word, country]))
    return shared if shared >= min(5, len(country)) and (" " not in word or shared == len(country)) else 0


def _is_third(party: PartySaid, entities: Sequence[PartySaid], thirds: str) -> bool:
    """Whether the party is no side: an organisation of states, or named among third parties and not in conflict."""
    if party in entities:
        return False
    name = rf"\b{re.escape(fold(party.name))}\b"
    return bool(_THIRDS.match(party.name) or re.search(name, fold(thirds)))
