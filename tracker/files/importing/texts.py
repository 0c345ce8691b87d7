"""Joins rows of a file of developments that give one wording in several languages."""

from tracker.files.importing.row_result import RowResult
from tracker.models import Effect
from tracker.text.languages import language_suffix

OF_TEXT = ("effect_wording", "effect_wording_language")
"""The columns in which rows that are joined differ."""


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
