"""How cells are written: several texts in one, and the words of programs for yes, no, nothing and months."""

import re

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
_SEPARATOR = re.compile(r"((?:[^\\;]|\\.|\\\Z)*)(?:; ?|\Z)", re.DOTALL)


def several(text: str) -> list[str]:
    """The unescaped texts of a cell with several."""
    texts, place = [], 0
    while place < len(text) and (match := _SEPARATOR.match(text, place)):
        texts.append(re.sub(r"\\(.)", r"\1", match[1], flags=re.DOTALL))
        place = match.end()
    return [part for part in texts if part]
