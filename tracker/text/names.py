"""Comparison keys of names: case, accents, spaces, quotes and invisible characters do not matter."""

import re
import unicodedata

from tracker.text.folding import INVISIBLE, SIGNS, fold

MOST = 200
"""A key is cut after so many characters, so that every database can index it."""

_BLANKS = {code: sign for code, sign in SIGNS.items() if sign == " "}
_DOT = re.compile(r"(?<!\d)\.|\.(?!\d)")
_ALIKE = str.maketrans(
    "АВЕЅІЈКМНОРСТУҮХЗԌӀԚԜѴаеѕіјкорсухүѵһԁԛԝӏΑΒΕΖΗΙΚΜΝΟΡΤΥΧͿοανρυιϳ"
    "ՕՍՏԼՀոօսցհաᎳᎪᏴᏟᎠᎬᎰᏀᎻᎫᏦᏞᎷᏢᏒᏚᎢᏙᏔᏃꓮꓐꓚꓓꓰꓝꓖꓧꓲꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜⲀⲂⲈⲎⲒⲔⲘⲚⲞⲢⲤⲦⲨⲬ"
    "ɑɡıᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡᴢ",
    "ABESIJKMHOPCTYYX3GIQWVaesijkopcyxyvhdqwlABEZHIKMNOPTYXJoavpuij"
    "OUSLHnoughwWABCDEFGHJKLMPRSTVWZABCDEFGHIJKLMNOPRSTUVWXYZABEHIKMNOPCTYX"
    "agiabcdeghijklmnoprtuvwz",
)
"""Letters of other alphabets and of phonetics, and the Latin ones that look like them."""


def visible(text: str) -> str:
    """`text` without invisible signs, with single blanks between its words and none around them."""
    return " ".join(INVISIBLE.sub("", text).translate(_BLANKS).split())


def key(text: str, most: int | None = MOST) -> str:
    """What two spellings of one name share, at most `most` characters; empty only where there is nothing to read.

    Dots count between digits only ("U.S." is "US"), and a leading "the" not at all.
    """
    words = _DOT.sub("", fold(text)).split()
    words = words[1:] if words[:1] == ["the"] and len(words) > 1 else words
    folded = " ".join(words)
    return (folded.strip(" ,;:\"'") or folded or visible(text))[:most]


def look(text: str) -> str:
    """The key of what `text` looks like to somebody who takes every letter for a Latin one."""
    return key(unicodedata.normalize("NFKC", text).translate(_ALIKE))


def looks_like(text: str, name: str) -> bool:
    """Whether `text` and `name` look the same, as they are or in letters of one case."""
    return any(look(change(text)) == look(change(name)) for change in (str, str.lower, str.upper))


def foreign_letters(text: str, name: str) -> list[tuple[str, str]]:
    """The letters of `text` that `name`, which looks the same, has not, each with the name of its alphabet.

    Letters are compared one by one where both have as many; else with all letters of the name.
    """
    text, name = (visible(unicodedata.normalize("NFC", each)) for each in (text, name))
    pairs = zip(text, name, strict=True) if len(text) == len(name) else ((each, name) for each in text)
    letters = dict.fromkeys(
        letter for letter, others in pairs if letter.isalpha() and letter.casefold() not in others.casefold()
    )
    return [(letter, unicodedata.name(letter, "unknown").split()[0].capitalize()) for letter in letters]
