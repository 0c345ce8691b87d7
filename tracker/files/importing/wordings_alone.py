"""Rows of effects without a stance: they may name several parties, and, for a wording alone, no development."""

from typing import Any

from django.core.exceptions import ValidationError

from tracker.files.importing.columns import Columns
from tracker.files.importing.related import ON_RECORD
from tracker.files.importing.resolve import Names
from tracker.files.importing.row_result import RowResult
from tracker.files.importing.spellings import CLEARED, several
from tracker.models import Development, Effect, Item, Party
from tracker.queries.namesakes import named
from tracker.recording.wordings import MORE

SHOWN = 3
"""How many developments a message names."""


def leave_out_parties(names: Names, columns: Columns, result: RowResult) -> None:
    """Read a new row of several parties without them, unless it takes a stance, which alone is a party's."""
    prefix = "effect_" if columns.model is Development else ""
    header = f"{prefix}party"
    text = result.cells.get(header, "")
    takes_stance = f"{prefix}stance" in result.cells
    is_effect = {f"{prefix}item", f"{prefix}item_id"} & result.cells.keys()
    if len(several(text)) < 2 or takes_stance or not is_effect or _is_one(names, text):
        return
    for name in several(text):
        try:
            names.meant(Party, name)
        except ValidationError as error:
            result.refuse(header, " ".join(error.messages))
    for cells in (result.cells, result.given):
        cells.pop(header, None)
    result.note(f"Without “{text[:100]}”: it sets what is the item's, and a stance of each takes a row.")


def _is_one(names: Names, text: str) -> bool:
    try:
        names.meant(Party, text)
    except ValidationError:
        return False
    return True


def name_development(names: Names, columns: Columns, result: RowResult, values: dict[str, Any]) -> None:
    """Let a new effect without a development be of the only one that touches its item, if it sets a wording alone.

    Where others do too, or it sets more, the row is refused with their ids.
    """
    item = values.get("item")
    if item is None or {"development", "development_id"} & result.cells.keys():
        return
    touching = names.touching(item)
    if len(touching) > 1 and not _sets_more(columns, result):
        touching = _with_its_wording(touching, item, result) or touching
    if len(touching) == 1 and not _sets_more(columns, result):
        values["development"] = touching[0]
        result.note(f"Taken for a part of the only development that may be meant: {named(touching)}.")
    elif touching:
        such = named(touching[:SHOWN])
        rule = (
            f"It may be that of {such}: give the id." if len(touching) > 1 else f"That of the item is {such}."
        )
        result.refuse("development", f"{rule} {ON_RECORD}")


def _with_its_wording(touching: list[Development], item: Item, result: RowResult) -> list[Development]:
    """Those of `touching` that set the very text of the row already."""
    cells = result.cells
    text = {"wording": cells["wording"], "wording_language": cells.get("wording_language", "").lower()}
    effects = Effect.objects.filter(development__in=touching, item=item.pk, **text)
    having = set(effects.values_list("development", flat=True))
    return [development for development in touching if development.pk in having]


def _sets_more(columns: Columns, result: RowResult) -> bool:
    headers = (header for header, target in columns.own.items() if target.name in MORE)
    return "wording" not in result.cells or any(
        result.cells.get(each, CLEARED) != CLEARED for each in headers
    )
