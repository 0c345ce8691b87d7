"""Restores a data package into an empty installation, in one transaction."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import cast

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.models import Field

from tracker import recording
from tracker.files.data_package.cells import NULL, prepare, reader_of
from tracker.files.data_package.checking import EARLIER_TEXTS, Member, Package, PackageRefused
from tracker.files.data_package.contents import PackageTable, referred, tables
from tracker.files.data_package.restoring_versions import Keys, read_version, settle_keys
from tracker.files.data_package.version_tables import VersionTable, all_tables
from tracker.files.data_package.writing import last_recorded
from tracker.models import VERSIONS, RecordName, SearchEntry, SourceText, User, derived
from tracker.models.base import writes_allowed
from tracker.models.collation import CollationKey, with_keys
from tracker.models.fields import concrete_field, related_model
from tracker.recording import earlier_texts
from tracker.recording.bulk_insert import BulkTable as Rows
from tracker.recording.bulk_insert import tidy
from tracker.recording.denormalized import CHECKS, batches
from tracker.recording.earlier_versions import begin_all
from tracker.recording.future import continue_from
from tracker.recording.looked_up_again import look_up_again

SHOWN_OF_A_CELL = 60


def restore(path: Path, tell: Callable[[str], None] = lambda line: None) -> dict[str, int]:
    """Restore the package at `path`, and return {table: number of rows}.

    `tell` receives a line about each table, and about stored standings that the current rule computes differently.
    Raises PackageRefused, and writes nothing, if the package is incomplete or damaged, or if there is a record already.
    """
    package = Package(path)
    try:
        with transaction.atomic():
            require_empty()
            prepare(connection)
            counts = _restore(package, tell)
    except DatabaseError as error:
        raise PackageRefused(
            f"The database refuses what the package holds: {str(error).splitlines()[0]}"
        ) from error
    finally:
        package.close()
    return counts


def require_empty() -> None:
    """Raise PackageRefused if anything is recorded: a package is a whole record, not an addition to one."""
    for table in tables():
        if table.model is not User and table.model._base_manager.exists():
            raise PackageRefused(
                f"This installation has {table.name} on record already; a package is restored into an empty one."
            )


def _restore(package: Package, tell: Callable[[str], None]) -> dict[str, int]:
    # Read everything once before writing, since rows may refer to later ones.
    package.check_codebook()
    keys: Keys = {}
    for member in package.members:
        _take_keys(package, member, keys)
    with writes_allowed():
        for member in package.members:
            (_write_versions if isinstance(member.table, VersionTable) else _write)(package, member, keys)
            tell(f"{member.table.path}: {member.descriptor['rows']:,} rows")
        settle_keys()
        begin_all()
        derived.rebuild("names", "words")
        tidy([*(table.model for table in all_tables()), RecordName, SearchEntry])
        if SourceText not in keys:
            for line in _keep_earlier_texts(package):
                tell(line)
        if last := last_recorded():
            continue_from(last)
        for line in _put_right():
            tell(line)
        if found := look_up_again():
            quotes = "1 quote is" if found == 1 else f"{found:,} quotes are"
            tell(f"{quotes} found that the release of the package did not find.")
    return {member.table.name: member.descriptor["rows"] for member in package.members}


def _keep_earlier_texts(package: Package) -> Iterator[str]:
    """Keep the texts of sources that the package of an earlier release has; a line where the trail held some."""
    mended, withheld = earlier_texts.withhold(apps)
    if mended:
        yield f"{mended} entries of the audit trail held texts of sources, which are now kept apart from it."
    texts: dict[str, list] = {ref: [*some] for ref, some in withheld.items()}
    read_instant, read_text = (
        reader_of(concrete_field(SourceText, name)) for name in ("recorded_at", "text")
    )
    for number, row in enumerate(package.earlier(EARLIER_TEXTS), start=1):
        try:
            until = dt.datetime.fromisoformat(f"{read_instant(row['until'])}Z")
            texts.setdefault(row["record_ref"], []).append((until, read_text(row["text"])))
        except (KeyError, ValueError) as error:
            raise PackageRefused(f"{EARLIER_TEXTS}, row {number}: {error}.") from None
    earlier_texts.keep(apps, texts)


def _take_keys(package: Package, member: Member, keys: Keys) -> None:
    """Read `member` to its end, which verifies its hash, and assign primary keys to its rows."""
    model = member.table.model
    names = [column.name for column in member.columns]
    places = [names.index(name) for name in member.table.key]
    is_named = model in VERSIONS or any(model in referred(table.model) for table in tables())
    own_keys = keys.setdefault(model, {}) if is_named else None
    count = 0
    for count, row in enumerate(package.rows(member), start=1):
        if own_keys is None:
            continue
        name = tuple(row[place] for place in places)
        if name in own_keys:
            raise PackageRefused(f"{member.table.path}, row {count}: {', '.join(name)} is there twice.")
        own_keys[name] = count
    if own_keys is not None and model._meta.pk.is_relation:
        # A row of a child model has the primary key of its parent row.
        whole = keys[related_model(model._meta.pk)]
        for count, name in enumerate(own_keys, start=1):
            own_keys[name] = _looked_up(whole, name, f"{member.table.path}, row {count}")
    if model is User:
        keys[User] = {(name,): _account(name) for (name,) in own_keys or ()}


def _account(username: str) -> int:
    """The primary key of the account; a new one has no usable password until an administrator sets one."""
    try:
        User._meta.get_field("username").clean(username, None)
    except ValidationError as error:
        raise PackageRefused(
            f"{PackageTable(User).path}: “{username[:SHOWN_OF_A_CELL]}”: {' '.join(error.messages)}"
        ) from None
    account, _ = User.objects.get_or_create(
        username=username, defaults={"is_active": False, "password": make_password(None)}
    )
    return account.pk


def _write(package: Package, member: Member, keys: Keys) -> None:
    """Write the rows of `member`, in their order."""
    model = member.table.model
    if model is User:
        return
    rows = Rows(model, keyed=True)
    fields: dict[Field, list[int]] = {}
    for place, column in enumerate(member.columns):
        if column.field is not None:
            fields.setdefault(column.field, []).append(place)
    left_out = {
        field.attname: field.get_db_prep_save(field.get_default(), connection)
        for field in model._meta.local_concrete_fields
        if field not in fields and not (field.primary_key or field.generated)
        # Sort keys are worked out from the texts of each row.
        if not isinstance(field, CollationKey)
    }
    parts = [(field.attname, places, _reader(field, keys)) for field, places in fields.items()]
    own_key = [] if model._meta.pk.is_relation else [model._meta.pk.attname]
    for number, cells in enumerate(package.rows(member), start=1):
        row = left_out | dict.fromkeys(own_key, number)
        for attname, places, read in parts:
            try:
                row[attname] = read([cells[place] for place in places])
            except ValueError as error:
                name = member.columns[places[0]].name
                value = ", ".join(cells[place] for place in places)
                shown = value if len(value) <= SHOWN_OF_A_CELL else f"{value[:SHOWN_OF_A_CELL]}…"
                raise PackageRefused(
                    f"{member.table.path}, row {number}, {name}: “{shown}”: {error}."
                ) from None
        rows.add(row)
    rows.flush()


def _write_versions(package: Package, member: Member, keys: Keys) -> None:
    """Write the rows of `member`, a table of versions."""
    rows = Rows(member.table.model, keyed=True)
    read = read_version(cast(VersionTable, member.table), member.columns, keys)
    for number, cells in enumerate(package.rows(member), start=1):
        try:
            values = read(cells)
        except ValueError as error:
            raise PackageRefused(f"{member.table.path}, row {number}, {error}.") from None
        rows.add({"version_key": number, "row_id": 0, **with_keys(member.table.of, values)})
    rows.flush()


def _reader(field: Field, keys: Keys) -> Callable[[list[str]], object]:
    """A function from the cells of `field` to its database value."""
    if not field.is_relation:
        read = reader_of(field)
        return lambda cells: read(cells[0])
    target = related_model(field)
    # The cells have the order of the target's natural key.
    known = keys.get(target, {})
    path = PackageTable(target).path

    def look_up(cells: list[str]) -> int | None:
        if field.null and all(cell == NULL for cell in cells):
            return None
        key = known.get(tuple(cells))
        if key is None:
            raise ValueError(f"there is no such row in {path}")
        return key

    return look_up


def _looked_up(known: dict[tuple[str, ...], int], name: tuple[str, ...], where: str) -> int:
    if name not in known:
        raise PackageRefused(f"{where}: {', '.join(name)} goes on with a row that is not there.")
    return known[name]


def _put_right() -> Iterator[str]:
    """Check stored standings against the rule, which may have changed since; repair and report differences."""
    for model, unlike, name in CHECKS:
        for batch in batches(model.objects.all()):
            wrong: Collection[int] = {key for key, _ in unlike(batch)}
            if wrong:
                recording.repair(**{name: wrong})
                yield f"{len(wrong)} {name} were stored otherwise than the rule now gives, and have been put right."
