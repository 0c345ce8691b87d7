"""Undoes a merge, by the versions that it ended and began, unless somebody has built on it since."""

import datetime as dt
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from tracker.models import (
    VERSIONS,
    Change,
    Citation,
    Development,
    Item,
    Record,
    Source,
    SourceText,
    User,
)
from tracker.models.base import writes_allowed
from tracker.models.batches import in_batches
from tracker.models.known import OPEN
from tracker.models.mergeable import Mergeable
from tracker.models.names import root_of
from tracker.models.versions import Version, kept_columns, key_column
from tracker.models.vocabularies import CorrectionReason
from tracker.recording import audit, source_texts
from tracker.recording.bulk import NewDevelopment
from tracker.recording.changed_rows import Rows, changed_at, owner_of, said, values_of
from tracker.recording.merged_rows import touch
from tracker.recording.merging import called, told
from tracker.recording.prepare import content_of
from tracker.recording.renewal import Renewed, Tell, locked, renew, saying_so, told_batches, untold
from tracker.recording.renewed_ahead import Renewal, RenewedAhead
from tracker.recording.timestamps import Pending, one_instant


class BuiltOn(Exception):
    """What a merge changed is no longer as it left it: `keys` has the primary keys of these records by model."""

    def __init__(self, keys: dict[type[Record], set[int]]):
        super().__init__("It has been built on since.")
        self.keys = keys


def unmerge(
    by: User, merged: Mergeable, note: str, tell: Tell = untold, ahead: RenewedAhead | None = None
) -> None:
    """Undo the merge of `merged`: what it changed is as it was right before, in versions of its own.

    What was recorded of the survivor since stays with it. `ahead` has new versions of developments that were made ready
    for it; `tell` hears how many others are renewed. Raises BuiltOn, and writes nothing, when a record that it changed
    was changed again, ValidationError when a name of the merged record is another's by now.
    """
    with one_instant() as pending, writes_allowed():
        pending.by = by.pk
        if ahead:
            ahead.record(pending)
        stored = cast(Mergeable | None, audit.lock(merged, merged.version))
        survivor = type(merged)._base_manager.filter(pk=stored and stored.merged_into_id).first()
        if survivor is None:
            raise audit.Outdated(stored)
        audit.lock(survivor, None)
        merge = _merge_of(merged)
        _require_not_moved(merged, merge)
        undoing = _Undoing(by, merge.known_from, note, pending)
        locked(undoing.current)
        undoing.require_untouched()
        undoing.require_named()
        undoing.restore()
        undoing.renew(tell)
        name = told("merged_into", "merged into", old=called(survivor))
        audit.log(by, merged, Change.Action.CHANGED, [name], pending, note)
        name = told("merged", "merged with", old=called(merged))
        audit.log(by, survivor, Change.Action.CHANGED, [name], pending, note)


def renewed_by(merged: Mergeable, user: User) -> int:
    """How many developments that `user` may see the merge of `merged` gave new versions."""
    return Development.objects.visible_to(user).filter(recorded_at=_merge_of(merged).known_from).count()


def is_undoable(by: User, merged: Mergeable) -> bool:
    """Whether `by` could undo the merge of `merged` as things are now."""
    try:
        renewal_of_unmerge(by, merged, "")
    except (BuiltOn, ValidationError):
        return False
    return True


def renewal_of_unmerge(by: User, merged: Mergeable, note: str) -> Renewal:
    """What `unmerge`, with the same arguments, gives new versions; raises what that would raise now."""
    merge = _merge_of(merged)
    _require_not_moved(merged, merge)
    undoing = _Undoing(by, merge.known_from, note, Pending(0))
    undoing.require_untouched()
    undoing.require_named()
    return undoing


def _merge_of(merged: Mergeable) -> Version:
    """The version that began when the merged record was merged itself; the last time, if it was undone and done again.

    What it was merged into may have been merged since, so that it leads elsewhere by now.
    """
    root = root_of(type(merged))
    rows = VERSIONS[root]._base_manager.filter(**{key_column(root): merged.pk})
    stood, found = True, None
    for row in rows.order_by("known_from"):
        stands = _leads_to(row) is None
        if stood and not stands:
            found = row
        stood = stands
    return cast(Version, found)


def _leads_to(version: Version) -> Any:
    return getattr(version, "merged_into_id")  # noqa: B009  # each table of versions has its own columns


def _require_not_moved(merged: Mergeable, merge: Version) -> None:
    """Raise ValidationError if the record that `merged` leads to since the version `merge` is of another process."""
    if isinstance(merged, Item):
        led_to = Item.everything.filter(pk=_leads_to(merge))
        if led_to.exclude(process=merged.process_id).exists():
            raise ValidationError("It was moved to another process, not merged: move it back.")


class _Undoing:
    """The undoing of the merge at one `instant`."""

    reason: str = CorrectionReason.RECODED

    def __init__(self, by: User, instant: dt.datetime, note: str, pending: Pending):
        self.by, self.instant, self.note, self.why, self.pending = by, instant, note, note, pending
        self.tables = dict(changed_at(instant))
        # Those that were made ready ahead are recorded already.
        done = Development.objects.filter(recorded_at=pending.ends_at).order_by().values("ref")
        self.begun = Development.objects.filter(recorded_at=instant).exclude(ref__in=done).order_by("pk")
        """The versions that the merge began; another merge, undone by now, may have ended them and said the same."""
        self.current = Development.objects.filter(ref__in=self.begun.values("ref"), ended_at=None)
        self.texts = {*SourceText.objects.filter(recorded_at=instant).values_list("source_ref", flat=True)}
        """The references of the sources that took over a text."""

    def require_untouched(self) -> None:
        """Raise BuiltOn for what is no longer as the merge left it."""
        keys: dict[type[Record], set[int]] = defaultdict(set)
        for model, (_, begun) in self.tables.items():
            ended = {key: version for key, version in begun.items() if version.known_until != OPEN}
            column = key_column(model)
            rows = VERSIONS[model]._base_manager.filter(known_until=OPEN, **{f"{column}__in": [*ended]})
            now = {getattr(row, column): said(model, row) for row in rows}
            for key, version in ended.items():
                if now.get(key) != said(model, version):
                    owner, owner_key = owner_of(model, version)
                    keys[owner].add(owner_key)
        if changed := self._reworded():
            keys[Development] = changed
        if keys:
            raise BuiltOn(dict(keys))

    def _reworded(self) -> set[int]:
        """The developments, by the primary keys of the versions of then, that say something else now."""
        then = self.begun.exclude(ended_at=None).prefetch_related("effects", "citations")
        now = {row.ref: row for row in self.current.prefetch_related("effects", "citations")} if then else {}
        return {row.pk for row in then if row.ref not in now or content_of(row) != content_of(now[row.ref])}

    def require_named(self) -> None:
        """Raise ValidationError where what is to be as before named something that is deleted, or merged, by now."""
        gone: list[str] = []
        for model, (ended, begun) in self.tables.items():
            for field in kept_columns(model):
                related = field.related_model
                if isinstance(related, type) and issubclass(related, Record):
                    column = key_column(model) if field.primary_key else str(field.column)
                    named = {
                        getattr(version, column)
                        for key, version in ended.items()
                        if key not in begun or getattr(begun[key], column) != getattr(version, column)
                    }
                    gone += self._gone(related, named - {None})
        if gone:
            raise ValidationError(
                f"It named what does not stand on its own any more: {'; '.join(dict.fromkeys(gone))}."
            )

    def _gone(self, model: type[Record], keys: set[int]) -> Iterator[str]:
        """Which of the records of `model` with the primary keys `keys` are gone, as far as the user may see them."""
        standing = getattr(model, "objects" if issubclass(model, Mergeable) else "_base_manager")
        back, _ = self.tables.get(root_of(model), ({}, {}))
        back_again = {key for key, row in back.items() if getattr(row, "merged_into_id", None) is None}
        lost = keys - back_again - {*standing.filter(pk__in=keys).values_list("pk", flat=True)}
        root = root_of(model)
        versions = VERSIONS[root]._base_manager.filter(**{f"{key_column(root)}__in": lost})
        refs = {getattr(version, "ref") for version in versions}  # noqa: B009  # see _leads_to
        entries = Change.objects.visible_to(self.by).filter(record_ref__in=refs)
        names = dict(entries.order_by("at", "pk").values_list("record_ref", "record_name"))
        noun = model._meta.verbose_name
        for ref, name in sorted(names.items()):
            yield f"{noun} “{name}” [{ref}]"
        if refs - names.keys():
            yield f"a {noun} that you may not see"

    def restore(self) -> None:
        """Give rows the values that they had, and put back those that are gone."""
        for model, (ended, begun) in self.tables.items():
            self._restore_values(model, ended, begun)
            self._put_back(model, [version for key, version in ended.items() if key not in begun])
            self._touch(model, [*ended.values()])
        self._give_up_texts()

    def _give_up_texts(self) -> None:
        """Take out the text that a source took over, which is kept as one of its texts."""
        for stored in SourceText.objects.filter(recorded_at=self.instant):
            source = Source.everything.get(ref=stored.source_ref)
            source.text = ""
            source.save(update_fields=["text"])
            source_texts.keep(self.by, source, self.pending)
            # What it had cited of its own was not looked up, or not found, before it took over the words.
            cited = Citation.objects.filter(source=source)
            proved = cited.filter(found_in=stored, found_at=self.instant)
            proved.update(found=False, found_in=None, found_at=None)
            cited.filter(looked_up_at=self.instant).update(found=None, looked_up_at=None)

    def _put_back(self, model: type[models.Model], gone: list[Version]) -> None:
        """Insert the rows of the versions `gone`."""
        for row in (
            model._base_manager.bulk_create([model(**values_of(model, version)) for version in gone])
            if gone
            else ()
        ):
            if isinstance(row, Record):
                words = audit.changes_from({}, row, audit.snapshot(row))
                audit.log(self.by, row, Change.Action.CREATED, words, self.pending, self.note)

    def _restore_values(self, model: type[models.Model], ended: Rows, begun: Rows) -> None:
        """Write what differs between the versions; what is unique may have to wait for another row to give it up."""
        changes: dict[str, tuple[dict[str, Any], list[int]]] = {}
        for key in ended.keys() & begun.keys():
            before, after = said(model, ended[key]), said(model, begun[key])
            values = {name: before[name] for name in before if before[name] != after[name]}
            changes.setdefault(repr(values), (values, []))[1].append(key)
        waiting, refused = deque(values for values in changes.values() if values[0]), 0
        while waiting:
            values, keys = waiting.popleft()
            try:
                with transaction.atomic():
                    for some in in_batches(keys):
                        model._base_manager.filter(pk__in=some).update(**_by_name(model, values))
                refused = 0
            except IntegrityError:
                refused += 1
                if refused > len(waiting):
                    raise ValidationError("A name or code that it had is another record's by now.") from None
                waiting.append((values, keys))

    def _touch(self, model: type[models.Model], versions: list[Version]) -> None:
        owners: dict[type[Record], set[int]] = defaultdict(set)
        for version in versions:
            owner, key = owner_of(model, version)
            owners[owner].add(key)
        for owner, keys in owners.items():
            touch(owner, keys, self.by, self.note, self.pending)

    def developments(self) -> list[int]:
        """The versions in force of those that the merge gave new versions (primary keys)."""
        before = Development.objects.filter(ref__in=self.begun.values("ref"), ended_at=self.instant)
        return list(
            self.current.filter(ref__in=before.values("ref")).order_by("pk").values_list("pk", flat=True)
        )

    def renewed(self, keys: Sequence[int]) -> list[Renewed]:
        """Those of `keys`, each with what was said right before the merge."""
        rows = Development.objects.filter(pk__in=keys).prefetch_related("effects")
        current = {row.ref: row for row in rows}
        before = Development.objects.filter(ref__in=current, ended_at=self.instant)
        last = list(before.values_list("pk", flat=True))
        return [(current[old.ref], new) for old, new in saying_so(last)]

    def is_settled(self, new: NewDevelopment) -> bool:
        """Whether none of its quotes was looked up in a text that is given up only now."""
        return not self.texts or all(citation.source.ref not in self.texts for citation in new.citations)

    def renew(self, tell: Tell) -> None:
        """Let the developments say again what they said before."""
        for some in told_batches(self.developments(), tell):
            renew(self.by, self.renewed(some), self.why, self.pending, self.reason)


def _by_name(model: type[models.Model], values: dict[str, Any]) -> dict[str, Any]:
    """`values` by the names of fields rather than attributes, which is what tells what follows from them."""
    return {model._meta.get_field(attname).name: value for attname, value in values.items()}
