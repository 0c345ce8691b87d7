"""Recognises names of parties to a conflict: states, entities and bodies."""

import re
from collections.abc import Iterable, Sequence
from os.path import commonprefix

from tracker.loaders.countries import NAMES, iso_code
from tracker.loaders.events import EventParty, fold
from tracker.models.vocabularies import PartyKind

LONGEST = 100
"""Characters of a name that can be read as a party's; what is longer is a sentence."""

THIRDS = re.compile(
    r"(UN|UN(PROFOR|HCR|DP|SC|SG|MI[KLS]|AMI[DS]?|AMA|SMIL|TAC|TAET|ITAF|OSOM|AVEM|IFIL|MHA)|ONU\w*|MINU\w+|BINU\w+"
    r"|MONU\w+|OSCE|CSCE|ECMM|ECOWAS|CEEAC|ECCAS|IGAD\w*|SADC|OAU|AU|EU|ICRC|NATO|KFOR|IFOR|SFOR|AMIS\w*|GTZ)\b"
    r"|.*\b(United Nations|European (Union|Community|Commission)|African Union|Organi[sz]ation of African Unity"
    r"|Arab League|League of Arab States|Union Africaine|International Community|Red Cross"
    r"|Sant['’]?Egidio|Intergovernmental Authority)\b",
    re.I,
)
_DOCUMENT = re.compile(
    r"\b(declaration|statement|agreement|accord|communiqu\w*|resolution|protocol|proclamation|speech|letter|document|copy"
    r"|text|plan|signator\w+|signatures?|signed|page|annex|preamble|illegible|listed|parties|members?|delegates|leaders"
    r"|participants|persons?|various|undersigned|see pdf|representatives|commanders"
    r"|(first|second|third|other) (party|side)|(party|side|group) ([A-Z]|one|two|1|2)"
    r"|criteria|territory|approval|representation)\b",
    re.I,
)
BODY = re.compile(
    r"\b(government|govt|front|frente|movement|movimiento|mouvement|army|ej[ée]rcito|party|parti|partido"
    r"|union|council of"
    r"|congress|league|alliance|alianza|coalition|forces|fuerzas|militia|organi[sz]ation|federation|confederation|tribes?"
    r"|clans?|community|communities|faction|brigades?|liberation|resistance|tigers|legion|rassemblement|rally|junta"
    r"|units|hara?i?kat|jabhat|ja[iy]sh|liwa['’]?|faylaq|kata['’]?ib|ansar|ahrar|jund|hay[aʼ'’]*t)\b",
    re.I,
)
_SMALL = {
    *"of the for and in to de la las los el del y para et du des le les d a al as e da do on".split(),
    *"government govt movement community communities tribe tribes party group army forces coalition clan".split(),
}
"""Words of a name that need no capital letter."""
_VAGUE = re.compile(
    r"\b(authority|platform|executive|opposition|mouvance|commission|committee|mechanism|council|presiden\w+|central|side"
    r"|delegation|delegaci[oó]n|offices?|officers|area|people|groupe?s?|partis|parties|movements|pueblo|consejer[ií]a"
    r"|gov\w*|gouv\w*|gob\w*|[ée]tat|state|r[ée]publi\w+|minist\w+|parliament|assembly|court|conference|dialogue|bureau"
    r"|instancia|monitoring|com\w*unaut\w+|reverend|pasteur|and|et|y)\b",
    re.I,
)
"""Words that tell an office, a part of a state or several parties, where nothing but “For the” shows a party."""
_ACRONYM = re.compile(r"(?=[A-Za-z]*[A-Z][a-z]*[A-Z])[A-Z][A-Za-z]{1,5}(?:[-–/][A-Za-z]{1,5})*(?:-\d+)?")
PERSON = re.compile(
    r"\b(mr|mrs|ms|dr|prof|gen|col|maj|lt|ltg|cdr|capt|sheikh|shaykh|hon|sec|secy|usec|amb|sr|king|president|chairman"
    r"|chair|chairperson|minister|ministro|viceministro|consejer[oa]|commander|commissioners?|secretary|chief|leader|head"
    r"|representative|spokes\w+|speaker|mayor|envoy|ambassador|director|governor|coordinator|deputy|excellency|general|colonels?"
    r"|bishop|officer|advis[eo]r|counsel|ombudsman|majesty|premier|plenipotentiary"
    r"|pr[ée]sident|secr[ée]taire|expert|delegate)\b",
    re.I,
)
_TITLES = {
    *("MHA", "MHR", "MLA", "MBE", "OBE", "CBE", "KBE", "CMG", "KCMG", "GCMG", "USEC", "ASEC", "MGEN", "BGEN"),
    *("TWG", "DND", "CSOS", "JMC", "JEMC", "IMC", "IEMC", "PA-X"),
}
"""Abbreviations that stand by the names of persons, and are no party's."""
_SUFFIX = re.compile(
    r"\s+(?:peace |implementing |negotiating |negotiation |talks? )*(?:panel|team|delegation|representatives?"
    r"|commission|(?:in|at) the peace dialogues? table)$",
    re.I,
)
SIDE = re.compile(r"(?P<name>[\w'’-]+) (?:side|delegation|party|representatives?)s?", re.I)
_DEMONYM = re.compile(r"(?P<name>[\w'’ -]+?) (?:national )?(?:government|govt)\.?", re.I)
_THE_GOVERNMENT = re.compile(
    r"(?:(?:national|nacional|central|transitional|federal|delegation) )*(?:government|govt\.?|gobierno|gouvernement)"
    r"(?: nacional| of the republic)?"
    r"|(?:president(?:ial office)?|pr[ée]sident[ae]?|presidencia) (?:of the|de la) r[ée]p[úu]bli(?:c|que|ca)",
    re.I,
)
_GOVERNMENT_ACRONYM = re.compile(r"G[oO][A-Z]{1,3}|GRP|GPH|SAG|FGS|TFG")
"""How governments are abbreviated in the conflicts of their own states."""


def party_called(name: str, entities: Sequence[EventParty], introduced: bool = False) -> EventParty | None:
    """The party called `name`: an entity of the conflict, a state, or a body; None if it is none of these.

    `introduced`: the text says that somebody signs for it, so that it need not sound like a body.
    """
    bracketed = re.fullmatch(r"(.+?)\s*\(([A-Z][\w/&\-–. ]{1,20})\)?", name.strip())
    name, acronym = (
        bracketed.groups() if bracketed and _ACRONYM.fullmatch(bracketed[2]) else (name.strip(), "")
    )
    name = re.sub(r"^(?:the|la|le|el|delegation of)\s+", "", name, flags=re.I)
    introduced = introduced and not _VAGUE.search(name)
    name = _SUFFIX.sub("", name).strip(" .\"“”'-–")
    states = [entity for entity in entities if entity.iso_code]
    if _THE_GOVERNMENT.fullmatch(name) or _GOVERNMENT_ACRONYM.fullmatch(name):
        return states[0] if len(states) == 1 else None
    if not name or len(name) > LONGEST or not name[0].isupper():
        return None
    if code := _state(name):
        return next(
            (entity for entity in entities if entity.iso_code == code),
            EventParty(NAMES[code], PartyKind.STATE, code),
        )
    if entity := _entity(name, entities):
        return entity
    if (of_state := _DEMONYM.fullmatch(name)) and (code := iso_code(of_state["name"])):
        return EventParty(NAMES[code], PartyKind.STATE, code)
    if THIRDS.match(name) and len(name.split()) <= 6 and not (PERSON.search(name) or _DOCUMENT.search(name)):
        return EventParty(name, PartyKind.ORGANISATION, "", (acronym,) if acronym else ())
    return (
        EventParty(name, PartyKind.OTHER, "", (acronym,) if acronym else ())
        if _is_body(name, introduced)
        else None
    )


def _state(name: str) -> str:
    """The code of the state called `name`, or at its beginning, as in “Government of Niger I. Oubandawaki”."""
    if re.fullmatch("[A-Z][a-z]{1,2}", name):
        return ""  # “Sen” is a senator, “SEN” would be Senegal
    if code := iso_code(name):
        return code
    words = name.split()
    in_full = re.match(r"(government|republic|state|kingdom) of |\w+ (federation|republic) ", name, re.I)
    beginnings = (" ".join(words[:end]) for end in range(len(words) - 1, 1, -1))
    return next(filter(None, map(iso_code, beginnings)), "") if in_full else ""


def _is_body(name: str, introduced: bool = False) -> bool:
    """Whether `name` is, or if `introduced` may be, that of a body, rather than a person, an office or a sentence."""
    if any(pattern.search(name) for pattern in (_DOCUMENT, PERSON)):
        return False
    sounds_so = bool(BODY.search(re.split(r" [-–—] ", name)[0]))
    introduced = introduced and not sounds_so
    if _ACRONYM.fullmatch(name):
        return len(name) > 2 and name.upper() not in _TITLES
    words = re.findall(r"[^\W\d_][\w'’]*", name)
    shouted = [word for word in words if len(word) > 3 and word.isupper()]
    return (
        (1 if introduced else 2) <= len(words) <= (5 if introduced else 12)
        and all(word[0].isupper() or word.casefold() in _SMALL for word in words)
        and not (len(shouted) > 1 and any(word.istitle() for word in words))
        and words[0].casefold() not in {"by", "on", "to", "in", "with"}
        and words[-1].casefold() not in {"of", "the", "for", "and", "in"}
        and (sounds_so or (introduced and not re.match(r"[A-Z]{2,4} [A-Z]{2}", name)))
        and not re.search(r" and the | -\w", name)
        and not re.search(r"[\d\[\](),:@]", name)
        and not (_DEMONYM.fullmatch(name) and len(words) == 2)
    )


def _entity(name: str, entities: Iterable[EventParty]) -> EventParty | None:
    """The entity of the conflict called `name`, in full or as an adjective: “Republic of Abkhazia”, “Abkhaz side”."""
    of_people, of_state = SIDE.fullmatch(name), _DEMONYM.fullmatch(name)
    bare = re.sub(
        r"^(?:(?:the|federal|republic|government|autonomous|authorities|state) |of )+", "", fold(name)
    )
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
    """The length of the common stem of `word` and `country`, as in “Sri Lankan side”; 0 if it is too short."""
    shared = len(commonprefix([word, country]))
    return shared if shared >= min(5, len(country)) and (" " not in word or shared == len(country)) else 0
