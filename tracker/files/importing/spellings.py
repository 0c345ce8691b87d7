"""How cells are written: several texts in one, and the words of programs for yes, no, nothing and months."""

import re

from tracker.text.month_names import MONTHS

CLEARED = r"\N"
"""The text of a cell that empties the field; an empty cell leaves it unchanged."""

YES_SPELLINGS, NO_SPELLINGS = ("true", "yes", "y", "t", "x", "on", "1"), ("false", "no", "n", "f", "off", "0")
"""In English, in any case."""
YES = frozenset(YES_SPELLINGS) | frozenset(
    "wahr ja vrai oui verdadero sí si vero waar verdadeiro sim prawda tak pravda igaz adevărat sant sand sann tosi "
    "doğru истина да істина так αληθησ αληθής αληθές".split()
)
NO = frozenset(NO_SPELLINGS) | frozenset(
    "falsch nein faux non falso onwaar nee não fałsz nie nepravda hamis fals falskt falsk usann epätosi yanlış yanliş "
    "ложь нет хибність хиба ні ψευδησ ψευδής ψευδές".split()
)
"""English, and the words of Excel and LibreOffice in other languages."""
ABSENT = frozenset({"nan", "none", "<na>", "nat", "na", "n/a", "null"})
"""What pandas, R and SQL write for nothing, folded."""
_MONTH_AND_NUMBER = re.compile(r"([^\W\d_]{3,9})\.?[-\s./](\d{2})")
_SEPARATOR = re.compile(r"((?:[^\\;]|\\.|\\\Z)*)(?:; ?|\Z)", re.DOTALL)


def several(text: str) -> list[str]:
    """The unescaped texts of a cell with several."""
    texts, place = [], 0
    while place < len(text) and (match := _SEPARATOR.match(text, place)):
        texts.append(re.sub(r"\\(.)", r"\1", match[1], flags=re.DOTALL))
        place = match.end()
    return [part for part in texts if part]


def months_meant(text: str) -> list[str]:
    """The months that a spreadsheet may display as `text`: Feb-25 for 2025-02 and 1925-02."""
    match = _MONTH_AND_NUMBER.fullmatch(text.strip())
    if not match or not (month := MONTHS.get(match[1].casefold())):
        return []
    # Spreadsheets interpret 00 to 29 as this century.
    centuries = ("20", "19") if int(match[2]) < 30 else ("19", "20")
    return [f"{century}{match[2]}-{month:02}" for century in centuries]
