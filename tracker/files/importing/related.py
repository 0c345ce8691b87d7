"""What a row brings along: what raises a new item, an effect, a citation; and which version it corrects."""

from django.core.exceptions import ValidationError

from tracker.clocks import PRESENT
from tracker.files.importing.columns import Columns
from tracker.files.importing.parse import Parsing, process_of, put, seat
from tracker.files.importing.resolve import Names
from tracker.files.importing.row_result import Outcome, RowResult
from tracker.models import Citation, Delegate, Development, Effect, Item, Process
from tracker.models.base import new_ref
from tracker.models.vocabularies import LADDERS, UserRole
from tracker.register import BY_MODEL

FIRST = {
    "development": "An item is recorded together with the development that raises it: fill in this column.",
    "citation": "A citation names its source.",
    "effect": "An effect names its item.",
}


def complete(names: Names, columns: Columns, one: RowResult) -> None:
    """Fill in what a new record is recorded with, and say all that is missing."""
    record = one.record
    said = {part: _said(names, targets, one, part) for part, targets in columns.parts.items()}
    own = columns.own
    if (
        isinstance(record, Delegate)
        and "delegation" not in one.values
        and any(_cells(one, columns.parts["seat"]))
    ):
        _seat(names, one, said["seat"])
        own = {header: target for header, target in own.items() if target.name != "delegation"}
    _require(columns.model, own, one, one.values, f"A new {columns.record_type.label} needs it.")
    if _cells(one, columns.parts.get("citation", {})):
        _require(Citation, columns.parts["citation"], one, said["citation"], FIRST["citation"])
        one.citations = [_made(Citation, said["citation"])]
    if isinstance(record, Development):
        record.party = record.party or (record.speaker.party if record.speaker else None)
        if record.occurred:
            record.happened_key = record.occurred.key
        if effect := _cells(one, columns.parts["effect"]):
            if not {"effect_item", "effect_item_id"} & effect.keys():
                one.refuse("effect_item", FIRST["effect"])
            one.effects = [_made(Effect, said["effect"])]
    elif isinstance(record, Item):
        _raise(columns, one, said)


def _seat(names: Names, one: RowResult, said: dict) -> None:
    """Find the delegation of a talk and a party, both of which a person who sits in it needs."""
    wrong = {message["column"] for message in one.messages}
    for name in ("talk", "party"):
        if name not in said and not {name, f"{name}_id"} & wrong:
            one.refuse(name, "A delegation is named by its id, or by talk and party.")
    if len(said) == 2:
        try:
            one.record.delegation = one.values["delegation"] = seat(names, said)
        except ValidationError as error:
            one.refuse("party_id" if "party_id" in one.cells else "party", " ".join(error.messages))


def _cells(one: RowResult, targets: dict) -> dict[str, str]:
    return {header: one.cells[header] for header in targets if header in one.cells}


def _said(names, targets, one: RowResult, part: str) -> dict:
    cells = _cells(one, targets)
    if not cells:
        return {}
    read = Parsing(names, targets, cells, one.cells, one.record)
    for header, value, rule in read.wrong:
        one.refuse(header, rule, value=value)
    return read.values


def _require(model, targets, one: RowResult, values: dict, rule: str) -> None:
    """Refuse each column that is needed and empty; one that is filled in, if wrongly, has its message already."""
    wrong = {message["column"] for message in one.messages}
    filled = {target.name for target in targets.values() if target.header in wrong}
    for target in targets.values():
        name = target.name
        if is_needed(target.field) and name not in values and name not in filled:
            filled.add(name)
            one.refuse(target.plain_header if target.plain_header in targets else target.header, rule)


def is_needed(field) -> bool:
    """Whether a new record must have a value in `field`."""
    return not (field.blank or field.has_default())


def _made(model, values: dict):
    made = model()
    for name, value in values.items():
        put(made, model._meta.get_field(name), value)
    return made


def _raise(columns: Columns, one: RowResult, said: dict) -> None:
    """The development that raises a new item, and how it stands from then on."""
    item = one.record
    targets = {
        header: target
        for header, target in columns.parts["development"].items()
        if target.name not in ("headline", "process", "talk")
    }
    _require(Development, targets, one, said["development"], FIRST["development"])
    effect = _made(Effect, said["effect"])
    effect.item, effect.item_kind = item, item.kind_code
    if not any(value for name, value in said["effect"].items() if name != "party"):
        effect.status = LADDERS[item.kind_code].values[0]
    form = BY_MODEL[columns.model].form(instance=item)
    form.cleaned_data = one.values
    raising = _made(Development, said["development"])
    raising.ref, raising.talk = new_ref(Development.prefix), form.raised_in()
    if process := process_of(item):
        raising.process = process
    raising.party = raising.party or (raising.speaker.party if raising.speaker else form.raised_by())
    raising.headline = raising.headline or form.headline(effect)
    one.development, one.effects, one.whole = raising, [effect], raising.ref


def versioned(one: RowResult, seen: str) -> None:
    """Say which development a row records, or which version of one it corrects; `seen`: which somebody had in view."""
    record = one.record
    if isinstance(record, Development):
        one.whole, one.version = record.ref, None if one.present is None else int(one.present["version"])
        return
    development = record.development
    one.whole, one.version = development.ref, development.version
    if one.present is None and seen.isdecimal() and int(seen) < development.version:
        rule = f"Its development has been corrected since: version {development.version} is on record."
        one.refuse("development_version", rule, Outcome.CONFLICTING)


def ended(model, ref: str, user) -> str:
    """Why a record with this id is not on file any more; empty where there never was one that the user may see."""
    rows = model.objects.visible_to(user).filter(ref=ref)
    if model is Development and rows.exists():
        return "It has been withdrawn."
    if model in (Effect, Citation) and rows.exclude(pk__in=rows.at(PRESENT)).exists():
        return "Its development has been corrected or withdrawn since: take a fresh copy."
    return ""


def require_way_back(user, one: RowResult) -> None:
    """Keep people from shutting themselves out of a process."""
    process = one.record
    if not isinstance(process, Process) or not process.restricted or user.role == UserRole.ADMINISTRATOR:
        return
    members = one.related.get("members", process.members.all() if one.present else ())
    if user not in members:
        one.refuse("members", "You would shut yourself out: name yourself too.")
