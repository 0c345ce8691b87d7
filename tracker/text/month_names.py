"""The months by their names in several languages."""

import calendar
import re

from tracker.text.date_phrases import MONTHS as ENGLISH

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januar january janv janvier ene enero gen gennaio янв января январь ocak styczeń stycznia січень "
            "січня janeiro januari ianuarie ιανουαρίου يناير ژانویه ינואר जनवरी",
            "feb febr februar february févr février febrero febbraio fev fevereiro фев февр февраль февраля şubat luty "
            "lutego лютий лютого februari februarie φεβρουαρίου فبراير شباط فوریه פברואר फरवरी फ़रवरी",
            "mar mär märz march mars marzo mrz mrt março мар март марта mart marzec marca березень березня maart "
            "martie μαρτίου مارس آذار מרץ मार्च",
            "apr april avr avril abr abril aprile апр апрель апреля nisan kwiecień kwietnia квітень квітня aprilie "
            "απριλίου أبريل ابريل نيسان آوریل אפריל अप्रैल",
            "may mai mayo mag maggio mei maio май мая mayıs maj maja травень травня μαΐου مايو أيار مه מאי मई",
            "jun juni june juin junio giu giugno junho июн июнь июня haziran czerwiec czerwca червень червня iunie "
            "ιουνίου يونيو حزيران ژوئن יוני जून",
            "jul juli july juil juillet julio lug luglio julho июл июль июля temmuz lipiec lipca липень липня iulie "
            "ιουλίου يوليو تموز ژوئیه יולי जुलाई",
            "aug august août ago agosto авг август августа ağustos sierpień sierpnia серпень серпня augustus augusti "
            "αυγούστου أغسطس اغسطس آب اوت אוגוסט अगस्त",
            "sep sept september septembre septiembre set settembre setembro сен сент сентябрь сентября eylül wrzesień "
            "września вересень вересня septembrie σεπτεμβρίου سبتمبر أيلول سپتامبر ספטמבר सितंबर",
            "oct okt oktober october octobre octubre ott ottobre out outubro окт октябрь октября ekim październik "
            "października жовтень жовтня octombrie οκτωβρίου أكتوبر اكتوبر اکتبر אוקטובר अक्टूबर",
            "nov november novembre noviembre novembro ноя нояб ноябрь ноября kasım listopad listopada листопад "
            "листопада noiembrie νοεμβρίου نوفمبر نوامبر נובמבר नवंबर",
            "dec dez dezember december déc décembre dic diciembre dicembre dezembro дек декабрь декабря aralık "
            "grudzień grudnia грудень грудня decembrie δεκεμβρίου ديسمبر دسامبر דצמבר दिसंबर",
        ),
        start=1,
    )
    for name in names.split()
}
_WORD = re.compile(r"[^\W\d_][\w'’\u0300-\u036f\u0900-\u097f]*\.?")
_YEAR_OF_OURS = re.compile(r"(?<!\d)(?:1[5-9]|2[01])\d\d(?!\d)")
"""Some of these names are those of months of other calendars as well, which have other years."""
_FILLING = frozenset({"de", "del", "di", "da", "der", "den", "le", "il", "el", "года", "г", "року", "р"})
"""What stands before or after a month in other languages, and says nothing."""


def in_english(plain: str) -> str:
    """`plain`, a folded date, with its month in English; empty if none of its words is a month of another language."""
    found = []

    def translated(match: re.Match[str]) -> str:
        word = match[0].removesuffix(".")
        number = MONTHS.get(word) or MONTHS.get(word.removeprefix("ב"))
        if number is None:
            return "" if word in _FILLING else match[0]
        found.append(word)
        return calendar.month_abbr[number]

    if not _YEAR_OF_OURS.search(plain):
        return ""
    text = re.sub(r"(?<=\d)\.(?= )", "", " ".join(_WORD.sub(translated, plain).split()))
    return text if {*found} - ENGLISH.keys() else ""
