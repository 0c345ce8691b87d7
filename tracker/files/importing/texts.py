"""Reads a wording in several languages: from joined rows of developments, or from one cell of a new item."""

from tracker.files.importing.row_result import RowResult
from tracker.files.importing.spellings import CLEARED, several
from tracker.models import Effect
from tracker.text.languages import language_suffix, wrong_language

OF_TEXT = ("effect_wording", "effect_wording_language")
"""The columns in which rows that are joined differ."""
OTHER_TEXTS = "other_wordings"
"""The column of an item with the texts besides the first, each after the code of its language."""


def join_text(result: RowResult, first: RowResult | None) -> bool:
    """Let the new development of the row `first` have the text of `result` too; return whether it can.

    It can if that is in another language, of the same item, and all else of the row is that of `first`, or empty.
    """
    if first is None or not first.effects or not result.effects:
        return False
    own, text = first.effects[0], result.effects[0]
    differs = any(
        cell != first.cells.get(name)
        for name, cell in result.cells.items()
        if name.startswith(("effect_", "citation_")) and name not in OF_TEXT
    )
    languages = {effect.wording_language for effect in first.effects if effect.wording}
    if differs or not own.wording or not text.wording or text.wording_language in languages:
        return False
    first.effects.append(
        Effect(item=own.item, party=own.party, wording=text.wording, wording_language=text.wording_language)
    )
    result.joined_with, result.record = first, None
    suffix = language_suffix(text.wording_language)
    result.note(f"Joined with row {first.row.number}: a text of the same wording{suffix}.")
    first.note(f"Joined with row {result.row.number}: a text of the same wording{suffix}.")
    return True


def other_texts(result: RowResult, first: Effect) -> list[Effect]:
    """What sets the texts of the cell OTHER_TEXTS beside the `first` one of a new item; refuses what is none."""
    cell = result.cells.get(OTHER_TEXTS, "")
    if cell in ("", CLEARED):
        return []
    if not first.wording:
        result.refuse(OTHER_TEXTS, "These are other texts of a wording: give the first one in “wording”.")
        return []
    effects, languages = [], {first.wording_language}
    for text in several(cell):
        code, _, words = text.partition(":")
        language = code.strip().lower()
        if wrong := _wrong(text, language, words) or _twice(language, languages):
            result.refuse(OTHER_TEXTS, wrong)
            continue
        languages.add(language)
        effects.append(
            Effect(item=first.item, wording=words.removeprefix(" "), wording_language=code.strip())
        )
    return effects


def _wrong(text: str, language: str, words: str) -> str:
    """Why `text` is no text after the code of its language; empty if it is."""
    if not (language and words.strip()):
        return (
            f"“{text[:100]}” does not begin with the code of its language: write “fa: …; de: …”, and a semicolon "
            r"within a text as “\;”."
        )
    return wrong_language(language)


def _twice(language: str, languages: set[str]) -> str:
    return f"There are two texts{language_suffix(language)}." if language in languages else ""
