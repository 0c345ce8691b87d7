"""Folds texts and names for comparison: case, accents, invisible characters and forms of a letter do not matter.

That holds in any script. `fold` is for texts, and `key` for names, of which spaces and quotes do not matter either.
"""

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable

NEAR = 0.7
"""How alike a text and a name must be (difflib's ratio, 1 if they are the same) for the name to be offered instead."""

_BY_CATEGORY: dict[str, list[str]] = {}
# What is left out has ideographs and syllables only.
for _code in (*range(0x3400), *range(0xA000, 0xAC00), *range(0xD7A4, 0x17000), *range(0x18D00, 0x20000),
              *range(0xE0000, 0xE0200)):  # fmt: skip
    _BY_CATEGORY.setdefault(unicodedata.category(chr(_code)), []).append(chr(_code))


def of_categories(*categories: str) -> list[str]:
    """The characters whose Unicode category begins with one of `categories`."""
    return [
        character
        for category, characters in _BY_CATEGORY.items()
        if category.startswith(categories)
        for character in characters
    ]


def character_class(characters: Iterable[str]) -> str:
    """`characters` as ranges between the brackets of a regular expression."""
    ranges: list[list[int]] = []
    for code in sorted(map(ord, characters)):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in ranges)


_HYPHENS = "".join({*of_categories("Pd"), *"−⁃"})
_SIGNS = {
    **dict.fromkeys("‘’‚‛‹›ʼʹʻʽʾʿˈˊˋ´`′‵׳՚᾽᾿΄ߴߵ＇｀❛❜❟❮❯ꞌꞋ", "'"),
    **dict.fromkeys("“”„‟«»″‶״ʺˮ＂❝❞❠〝〞〟⹂🙶🙷🙸《》「」『』｢｣﹁﹂﹃﹄", '"'),
    **dict.fromkeys(_HYPHENS, "-"),
    **dict.fromkeys("∕⁄", "/"),
    # Braille without dots, and the Hangul fillers that keyboards type: blanks to a reader, and none to Unicode.
    **dict.fromkeys("\u2800\u3164\uffa0", " "),
}
SIGNS = str.maketrans(_SIGNS)
"""Apostrophes, quotation marks, hyphens, slashes and what looks like a blank, to one of each kind."""
_SAME = str.maketrans(
    _SIGNS
    | {
        # Letters that no decomposition takes apart.
        **dict(zip("łøđðıŧħœæþ", ("l", "o", "d", "d", "i", "t", "h", "oe", "ae", "th"), strict=True)),
        # Arabic, Persian and Urdu keyboards write the same names with different letters.
        **dict.fromkeys("\u0649\u06cc\u06d0\u06d2", "\u064a"),
        **dict.fromkeys("\u0643\u06aa", "\u06a9"),
        **dict.fromkeys("\u0629\u06be\u06c1\u06c3\u06d5", "\u0647"),
        "\u0671": "\u0627",
        "\u0640": "",
        **{digit: str(unicodedata.decimal(digit)) for digit in of_categories("Nd") if not digit.isascii()},
    }
)
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u093c\u0a3c\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
"""The marks of Latin, Greek, Cyrillic, Hebrew and Arabic letters, and the dot below Hindi and Punjabi ones, which is
often left out; in other scripts marks tell letters apart."""
_INVISIBLE = character_class(
    [*of_categories("Cf"), *"\u034f\u115f\u1160\u17b4\u17b5\ufffc"]
    + [*map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))]
)
INVISIBLE = re.compile(f"[{_INVISIBLE}]")
"""Formatting characters: soft hyphens, zero-width signs, the marks that turn the direction of writing."""


def _joins(character: str) -> bool:
    """Whether `character` makes one letter with the one before it: a mark, or the vowel or the end of a syllable."""
    first = unicodedata.normalize("NFKD", character)[0]
    is_jamo = "\u1161" <= first <= "\u11ff" or "\ud7b0" <= first <= "\ud7ff"
    return is_jamo or unicodedata.category(first)[0] == "M"


LETTER = re.compile(
    "(?:[\u0535\u0565][\u0552\u0582]|.)"
    f"[{character_class([*of_categories('M'), *filter(_joins, of_categories('Lo', 'Lm'))])}{_INVISIBLE}]*",
    re.DOTALL,
)
"""One letter as a reader sees it, with all that belongs to it; the two of the Armenian ligature are one."""


MOST = 200
"""A key is cut after so many characters, so that every database can index it."""

_BLANKS = {code: sign for code, sign in SIGNS.items() if sign == " "}
_SIGN = re.compile(r"(?<=\d)\s+([%‰‱])")
"""What stands behind a number with a blank or without."""
_DOT = re.compile(r"(?<!\d)\.|\.(?!\d)")
_ALIKE = str.maketrans(
    "АВЕЅІЈКМНОРСТУҮХЗԌӀԚԜѴаеѕіјкорсухүѵһԁԛԝӏΑΒΕΖΗΙΚΜΝΟΡΤΥΧͿοανρυιϳ"
    "ՕՍՏԼՀոօսցհաᎳᎪᏴᏟᎠᎬᎰᏀᎻᎫᏦᏞᎷᏢᏒᏚᎢᏙᏔᏃꓮꓐꓚꓓꓰꓝꓖꓧꓲꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜⲀⲂⲈⲎⲒⲔⲘⲚⲞⲢⲤⲦⲨⲬ"
    "ɑɡıᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡᴢ"
    "ΓΠΦκφへ口囗工力二八夕一卜才",
    "ABESIJKMHOPCTYYX3GIQWVaesijkopcyxyvhdqwlABEZHIKMNOPTYXJoavpuij"
    "OUSLHnoughwWABCDEFGHJKLMPRSTVWZABCDEFGHIJKLMNOPRSTUVWXYZABEHIKMNOPCTYX"
    "agiabcdeghijklmnoprtuvwz"
    "ГПФkфヘロロエカニハタートオ",
)
"""Letters of other alphabets and of phonetics, and the Latin ones that look like them; where there is none,
Cyrillic ones of Greek, and Katakana of Chinese and Hiragana."""


def fold(text: str) -> str:
    """What two spellings of `text` share; blanks and punctuation stay, with one sign for all of a kind."""
    if text.isascii():
        return text.lower().replace("`", "'")
    text = unicodedata.normalize("NFKC", INVISIBLE.sub("", text).translate(SIGNS)).casefold()
    # The Armenian ligature, which people write in capitals by its sound.
    text = text.replace("\u0565\u0582", "\u0565\u057e")
    text = unicodedata.normalize("NFKD", text.translate(_SAME))
    return unicodedata.normalize("NFC", _MARKS.sub("", text).translate(_SAME))


def with_places(
    text: str, change: Callable[[str], str], letters: re.Pattern[str] = LETTER
) -> tuple[str, list[tuple[int, int]]]:
    """`text` changed letter by letter, and for each character of that, where in `text` its letter starts and ends.

    `letters` matches one letter at a time, and leaves nothing out.
    """
    changed, places, known = [], [], {}
    for match in letters.finditer(text):
        letter = match[0]
        if (part := known.get(letter)) is None:
            part = known[letter] = change(letter)
        changed.append(part)
        places += [match.span()] * len(part)
    return "".join(changed), places


def visible(text: str) -> str:
    """`text` without invisible signs, with single blanks between its words and none around them."""
    return " ".join(INVISIBLE.sub("", text).translate(_BLANKS).split())


def key(text: str, most: int | None = MOST) -> str:
    """What two spellings of one name share, at most `most` characters; empty only where there is nothing to read.

    Dots count between digits only ("U.S." is "US"), and a leading "the" not at all.
    """
    words = _SIGN.sub(r"\1", _DOT.sub("", fold(text.replace("№", "№ ")))).split()
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
    alphabets = (unicodedata.name(letter, "unknown").split()[0] for letter in letters)
    return [
        (letter, "Chinese" if alphabet == "CJK" else alphabet.capitalize())
        for letter, alphabet in zip(letters, alphabets, strict=True)
    ]


def nearest_code(text: str, codes: Iterable[str]) -> str | None:
    """The nearest to `text` of `codes` (or headers, ids, titles), if it is near enough; else None.

    Case does not matter, nor whether words are separated by blanks or underscores.
    """
    by_fold = {_spelling(str(code)): str(code) for code in codes}
    near = difflib.get_close_matches(_spelling(text[:100]), by_fold, n=1, cutoff=NEAR)
    return by_fold[near[0]] if near else None


def nearest_hint(text: str, codes: Iterable[str], otherwise: str = "") -> str:
    """A sentence, after a blank, that names the nearest to `text` of `codes`; `otherwise` if none is near enough."""
    near = nearest_code(text, codes)
    hint = f"Nearest: {near}." if near else otherwise
    return f" {hint}" if hint else ""


def _spelling(code: str) -> str:
    return code.strip().casefold().replace(" ", "_")
