"""Other words for the forms in which dates are read, such as “prior to” for “before”; what a range leaves unsaid."""

import calendar
import re
from collections.abc import Iterator

MONTHS = {
    name: number
    for number in range(1, 13)
    for name in (calendar.month_name[number].casefold(), calendar.month_abbr[number].casefold())
} | {"sept": 9}
_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
MONTH = rf"(?P<name>{_NAMES})\.?"
YEAR = r"(?P<year>\d{4})"

_WEEKDAY = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*"
_SOME = r"(?:some ?time |shortly |just )?"
_SAME = [
    (re.compile(pattern), form)
    for pattern, form in (
        (r"(?<=\d)\.$", ""),
        (r"(?<=\d)\. (?=\d)", "."),
        (rf"^(.*\d{{4}}(?:-\d\d-\d\d)?),? \(?({_WEEKDAY})\)?$", r"\2 \1"),
        (rf"^({_WEEKDAY},? )the ", r"\1"),
        (rf"^{_SOME}(?:before|prior to|earlier than) ", "before "),
        (rf"^{_SOME}(?:after|later than) ", "after "),
        (r"^(?:(?:on|in) or (?:about|around)|approx\.?|roughly|some ?time around) ", "about "),
        (r"^(?:some ?time (?:in|during)|during) (?:the )?", ""),
        (r"^(.*\d) (?:or (?:earlier|before)|at the latest)$", r"by \1"),
        (r"^at (?:the )?latest (?:on |by |in )?", "by "),
        (r"^either ", ""),
        (r"^(\d{1,2})\. ?(?=[a-z])", r"\1 "),
        (r"^(\d{4}) ?[-/. ] ?(\d{1,2}) ?[-/. ] ?(\d{1,2})$", r"\1-\2-\3"),
        (r"^(.*\d) (?:or (?:later|after)|at the earliest)$", r"not before \1"),
        (r"\bend[- ](?!of )", "end of "),
        (r"^by (?:the )?(?:end of |year-?end (?:of )?)(?=\d{4}$)", "by "),
        (r"^(\d{3})(?:0s|x)$", r"between \g<1>0 and \g<1>9"),
        (r"^\[([^\[\],]+),(?:[^\[\]]+,)? ?([^\[\],]+)\]$", r"\1 or \2"),
        (r"^(\d{1,2}), (?:\d{1,2}, )*\d{1,2},? or (?=\d)", r"\1 or "),
    )
]


def in_usual_words(plain: str) -> str:
    """`plain`, a folded text, in the words of `tracker.text.dates` where it has others that mean the same."""
    for pattern, form in _SAME:
        plain = pattern.sub(form, plain)
    return plain


_LAST = re.compile(
    rf"(?:(?P<day>\d{{1,2}}(?:st|nd|rd|th)?)(?: of)? ?|(?:early|mid|late)[ -])?{MONTH},? {YEAR}"
    rf"|(?P<first>{_NAMES})\.? \d{{1,2}}(?:st|nd|rd|th)?,? (?P<last>\d{{4}})"
)
_LEADING = re.compile(rf"{MONTH} \d{{1,2}}(?:st|nd|rd|th)?")
_TRAILING = re.compile(rf"\d{{1,2}}(?:st|nd|rd|th)?,? {YEAR}")
_ISO, _SHORT = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"(?:\d\d-)?\d\d")


def parted(plain: str) -> list[tuple[str, str]]:
    """What stands before and after each dash of `plain`."""
    places = (match.start() for match in re.finditer("-", plain))
    return [(plain[:place].rstrip(), plain[place + 1 :].lstrip()) for place in places]


def filled(one: str, other: str) -> Iterator[tuple[str, str]]:
    """Both ends of a range as they are, and with what one of them leaves to the other to say."""
    yield one, other
    if match := _LAST.fullmatch(other):
        year = match["year"] or match["last"]
        yield f"{one} {year}", other
        yield f"{one} {match['name'] or match['first']} {year}", other
    if (leading := _LEADING.fullmatch(one)) and (trailing := _TRAILING.fullmatch(other)):
        yield f"{one} {trailing['year']}", f"{leading['name']} {other}"
    if _ISO.fullmatch(one) and _SHORT.fullmatch(other):
        yield one, f"{one[: -len(other)]}{other}"
