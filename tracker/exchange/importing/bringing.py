"""What a row brings along: what raises a new item, an effect, a citation; and which version it corrects."""

from django.core.exceptions import ValidationError

from tracker.clocks import PRESENT
from tracker.exchange.importing import rules
from tracker.exchange.importing.columns import Columns
from tracker.exchange.importing.judged import Judged, Outcome
from tracker.exchange.importing.naming import Names
from tracker.exchange.importing.parsing import Parsing, process_of, put, seat
from tracker.models import Citation, Delegate, Development, Effect, Item, Process
from tracker.models.base import new_ref
from tracker.models.vocabularies import LADDERS, UserRole

FIRST = {
    "development": "An item is recorded together with the development that raises it: fill in this column.",
    "citation": "A citation names its source.",
}


def complete(names: Names, columns: Columns, one: Judged) -> None:
    """Fill in what a new record is recorded with, and say what is missing."""
    record = one.record
    said = {part: _said(names, targets, one, part) for part, targets in columns.parts.items()}
    if one.messages:
        return
    if isinstance(record, Delegate) and "delegation" not in one.values and len(said["seat"]) == 2:
        try:
            record.delegation = one.values["delegation"] = seat(names, said["seat"])
        except ValidationError as error:
            one.refuse("talk_id" if "talk_id" in one.cells else "talk", " ".join(error.messages))
            return
    _require(columns.model, columns.own, one, one.values, f"A new {columns.record_type.label} needs it.")
    if one.messages:
        return
    if said.get("citation"):
        _require(Citation, columns.parts["citation"], one, said["citation"], FIRST["citation"])
        one.citations = [_made(Citation, said["citation"])]
    if isinstance(record, Development):
        record.party = record.party or (record.speaker.party if record.speaker else None)
        record.happened_key = record.occurred.key
        one.effects = [_made(Effect, said["effect"])] if said["effect"] else []
    elif isinstance(record, Item):
        _raise(columns, one, said)


def _said(names, targets, one: Judged, part: str) -> dict:
    cells = {header: one.cells[header] for header in targets if header in one.cells}
    if not cells:
        return {}
    read = Parsing(names, targets, cells, one.cells, process_of(one.record))
    for header, value, rule in read.wrong:
        one.refuse(header, rule, value=value)
    return read.values


def _require(model, targets, one: Judged, values: dict, rule: str) -> None:
    for target in targets.values():
        field = target.field
        needed = not (field.blank or field.has_default() or field.name in values)
        if needed and not any(target.name == known["column"] for known in one.messages):
            prefix = target.header.partition(target.name)[0]
            one.refuse(f"{prefix}{target.name}", rule)


def _made(model, values: dict):
    made = model()
    for name, value in values.items():
        put(made, model._meta.get_field(name), value)
    return made


def _raise(columns: Columns, one: Judged, said: dict) -> None:
    """The development that raises a new item, and how it stands from then on."""
    item = one.record
    targets = {
        header: target
        for header, target in columns.parts["development"].items()
        if target.name not in ("headline", "process", "talk")
    }
    _require(Development, targets, one, said["development"], FIRST["development"])
    if one.messages:
        return
    effect = _made(Effect, said["effect"])
    effect.item, effect.item_kind = item, item.kind_code
    if not any(value for name, value in said["effect"].items() if name != "party"):
        effect.status = LADDERS[item.kind_code].values[0]
    form = rules.FORMS[columns.model](instance=item)
    form.cleaned_data = one.values
    raising = _made(Development, said["development"])
    raising.ref, raising.process, raising.talk = new_ref(Development.prefix), item.process, form.raised_in()
    raising.party = raising.party or (raising.speaker.party if raising.speaker else form.raised_by())
    raising.headline = raising.headline or form.headline(effect)
    one.development, one.effects, one.whole = raising, [effect], raising.ref


def versioned(one: Judged, seen: str) -> None:
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


def require_way_back(user, one: Judged) -> None:
    """Keep people from shutting themselves out of a process."""
    process = one.record
    if not isinstance(process, Process) or not process.restricted or user.role == UserRole.ADMINISTRATOR:
        return
    members = one.related.get("members", process.members.all() if one.present else ())
    if user not in members:
        one.refuse("members", "You would shut yourself out: name yourself too.")
