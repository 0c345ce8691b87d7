"""Related records created with a new one: a development that raises an item, an effect, a citation, a delegation."""

from collections.abc import Iterable
from typing import Any, TypeVar

from tracker.files.importing.columns import Columns, Target, codes_of
from tracker.files.importing.resolve import Names
from tracker.files.importing.row_result import RowResult
from tracker.files.importing.texts import other_texts
from tracker.files.importing.values import ParsedCells, process_of, put
from tracker.models import Citation, Delegate, Delegation, Development, Effect, Item, Record
from tracker.models.base import new_ref
from tracker.models.dates import ABOUT
from tracker.models.fields import concrete_field
from tracker.models.vocabularies import DatePrecision
from tracker.register import BY_MODEL

Part = TypeVar("Part", Citation, Development, Effect)

NEEDED_WITH = {
    "development": "An item is recorded together with the development that raises it: fill in this column.",
    "citation": "A citation names its source.",
    "effect": "An effect names its item.",
}
ON_RECORD = (
    "Give the id or headline of one on record. A new development is recorded by a file of developments, which has the "
    "effect or the citation in columns such as effect_wording and citation_quote."
)
"""Which development a new effect or citation can name."""


def complete(names: Names, columns: Columns, result: RowResult, record: Record) -> None:
    """Create the related records of the new `record` of a row, and refuse missing columns."""
    parts = {part: _values(names, targets, result, record) for part, targets in columns.parts.items()}
    own: Iterable[Target] = columns.own.values()
    if (
        isinstance(record, Delegate)
        and "delegation" not in result.values
        and _cells(result, columns.parts["seat"])
    ):
        _find_delegation(names, result, record, parts["seat"])
        own = [target for target in own if target.name != "delegation"]
    require(own, result, result.values, f"A new {columns.label} needs it.")
    if _cells(result, columns.parts.get("citation", {})):
        require(columns.parts["citation"].values(), result, parts["citation"], NEEDED_WITH["citation"])
        result.citations = [_unsaved(Citation, parts["citation"])]
    if isinstance(record, Development):
        record.party = record.party or (record.speaker.party if record.speaker else None)
        # The key of a date that may reach into the future depends on the day of recording.
        if record.occurred and record.occurred_precision not in (DatePrecision.BEFORE, *ABOUT):
            record.happened_key = record.occurred.key
        if effect := _cells(result, columns.parts["effect"]):
            if not {"effect_item", "effect_item_id"} & effect.keys():
                result.refuse("effect_item", NEEDED_WITH["effect"])
            result.effects = [_unsaved(Effect, parts["effect"])]
    elif isinstance(record, Item):
        _raise(columns, result, record, parts)


def require(targets: Iterable[Target], result: RowResult, values: dict[str, Any], rule: str) -> None:
    """Refuse each required column that is empty; an invalid one already has an error."""
    wrong = {message["column"] for message in result.messages}
    targets = list(targets)
    headers = {target.header for target in targets}
    filled = {target.name for target in targets if target.header in wrong} | values.keys()
    for target in targets:
        if target.is_needed and target.name not in filled:
            filled.add(target.name)
            header = target.plain_header if target.plain_header in headers else target.header
            result.refuse(header, f"{rule} {ON_RECORD}" if target.name == "development" else rule)


def _find_delegation(names: Names, result: RowResult, delegate: Delegate, values: dict[str, Any]) -> None:
    """Set the delegation of a delegate from its talk and party, both of which are required."""
    wrong = {message["column"] for message in result.messages}
    for name in ("talk", "party"):
        if name not in values and not {name, f"{name}_id"} & wrong:
            result.refuse(name, "A delegation is named by its id, or by talk and party.")
    if len(values) == 2:
        talk, party = values["talk"], values["party"]
        delegation = Delegation.objects.visible_to(names.user).filter(talk=talk, party=party).first()
        if delegation is None:
            rule = f"{party} has no delegation at “{talk}”: record that first."
            result.refuse("party_id" if "party_id" in result.cells else "party", rule)
        else:
            delegate.delegation = result.values["delegation"] = delegation


def _cells(result: RowResult, targets: dict[str, Target]) -> dict[str, str]:
    return {header: result.cells[header] for header in targets if header in result.cells}


def _values(names: Names, targets: dict[str, Target], result: RowResult, record: Record) -> dict[str, Any]:
    """The values of the cells of one related record; invalid cells are refused."""
    cells = _cells(result, targets)
    if not cells:
        return {}
    parsed = ParsedCells(names, targets, cells, result.cells, record, isinstance(record, Development))
    for header, value, rule in parsed.wrong:
        result.refuse(header, rule, value=value)
    return parsed.values


def _unsaved(model: type[Part], values: dict[str, Any]) -> Part:
    """A new record of `model` with `values`."""
    part = model()
    for name, value in values.items():
        put(part, name, value)
    return part


def _raise(columns: Columns, result: RowResult, item: Item, parts: dict[str, dict[str, Any]]) -> None:
    """Create the development that raises a new item, with its effect."""
    needed = [
        target
        for target in columns.parts["development"].values()
        if target.name not in ("headline", "process", "talk")
    ]
    require(needed, result, parts["development"], NEEDED_WITH["development"])
    effect = _unsaved(Effect, parts["effect"])
    effect.item = item
    item.item_kind = effect.item_kind = item.kind_code
    if not any(value for name, value in parts["effect"].items() if name != "party"):
        effect.status = codes_of(concrete_field(Effect, "status"), item.kind_code)[0]
    form = BY_MODEL[columns.model].form(instance=item)
    form.cleaned_data = result.values
    raising = _unsaved(Development, parts["development"])
    raising.ref, raising.talk = new_ref(Development.prefix), form.raised_in()
    if process := process_of(item):
        raising.process = process
    raising.party = raising.party or (raising.speaker.party if raising.speaker else form.raised_by())
    raising.headline = raising.headline or form.headline(effect)
    result.development, result.whole = raising, raising.ref
    result.effects = [effect, *other_texts(result, effect)]
