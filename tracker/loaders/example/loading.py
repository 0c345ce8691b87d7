"""Loads an example through `tracker.recording`, all or nothing."""

import contextlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db.models import Q

from tracker import recording
from tracker.loaders.example.reading import Example, ExampleEntry
from tracker.loaders.example.tables import AFTER_ITEMS, BEFORE_ITEMS, ITEMS, NAMED_BY_THEIR_WHOLE, model_of
from tracker.models import Change, Citation, Delegate, Development, Effect, Item, User
from tracker.models.mergeable import Mergeable, led_on
from tracker.models.vocabularies import CorrectionReason
from tracker.recording.timestamps import one_instant

MADE, CHANGED, UNCHANGED, WITHDRAWN = "made", "changed", "unchanged", "withdrawn"
LEFT = "left alone"
"""The outcome for what was merged or moved since it was loaded, and for what names that."""
OUTCOMES = (MADE, CHANGED, UNCHANGED, WITHDRAWN, LEFT)
NOTE = "From an example file."


class Differs(Exception):
    """Raised if the database differs from the file; `differences` has a line for each value."""

    def __init__(self, differences: list[str]):
        super().__init__("\n".join(differences))
        self.differences = differences


class ExampleRefused(Exception):
    """Raised if a record of the file breaks a rule; the message names both."""


@dataclass
class ExampleReport:
    """The result of a load: counts by (table, outcome), and the differences in words."""

    counts: Counter = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)


def load(example: Example, by: User, update: bool = False) -> ExampleReport:
    """Load the records of `example` in the name of `by`, and return a report.

    With `update`, existing records that differ are changed, developments by a correction; without it, Differs is
    raised. Withdrawn developments and records no longer in the file are left alone; so is what was merged or moved, and
    what names it. Raises ExampleRefused if a rule is broken. Nothing is written if anything is raised.
    """
    with one_instant():
        # A concurrent load waits here, and then finds the records of the first.
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        loading = ExampleLoad(by, joined(example))
        for table in BEFORE_ITEMS:
            loading.save_all(example.tables[table])
        items = {entry.ref: entry for table in ITEMS for entry in example.tables[table]}
        there_before = set(Item.everything.filter(ref__in=items).values_list("ref", flat=True))
        for entry in example.tables["development"]:
            raised = [items[ref] for ref, raiser in example.raised_by.items() if raiser == entry.ref]
            loading.develop(entry, [item for item in raised if item.ref not in there_before])
        loading.save_all(entry for ref, entry in items.items() if ref in there_before)
        for table in AFTER_ITEMS:
            loading.save_all(example.tables[table])
        if loading.report.differences and not update:
            raise Differs(loading.report.differences)
    return loading.report


class ExampleLoad:
    """One load: the user, the references of what was `joined`, the records processed so far, and the report."""

    def __init__(self, by: User, joined: set[str]):
        self.by = by
        self.joined = joined
        self.report = ExampleReport()
        self.known = {}

    def find(self, ref: str):
        """The record `ref`, from this load or from the database, or the one that it leads to."""
        if ref not in self.known:
            model = model_of(ref)
            found = Q(ref=ref) | Q(pk__in=led_on(model, [ref]).values())
            self.known[ref] = model.objects.filter(found).first()
        if self.known[ref] is None:
            raise ExampleRefused(f"{ref}: it is no longer here.")
        return self.known[ref]

    def fill(self, instance, entry: ExampleEntry):
        """`instance` with the columns and foreign keys of `entry` set."""
        for name, value in entry.values.items():
            setattr(instance, name, value)
        for name, ref in entry.references.items():
            setattr(instance, name, self.find(ref))
        return instance

    def related(self, entry: ExampleEntry) -> dict:
        """The many-valued relations of `entry`, for `tracker.recording`."""
        return {name: [self.find(ref) for ref in refs] for name, refs in entry.many.items()}

    def save_all(self, entries) -> None:
        """Save records other than developments, each with its parts."""
        for entry in entries:
            if self.leaves(entry):
                self.count(entry, LEFT)
                continue
            there = entry.model.objects.filter(ref=entry.ref).first()
            record = self.save(entry, there or entry.model(ref=entry.ref))
            self.known[entry.ref] = record
            for part in (part for parts in entry.parts.values() for part in parts):
                if part.model in NAMED_BY_THEIR_WHOLE:
                    self.seat(record, part)
                    continue
                there = part.model.objects.filter(ref=part.ref).first()
                new = part.model(ref=part.ref, **{part.model.part_of: record})
                self.known[part.ref] = self.save(part, there or new)

    def leaves(self, entry: ExampleEntry) -> bool:
        """Whether `entry`, other than a development, was loaded before, and names what was joined since."""
        names_it = not self.joined.isdisjoint(named_in(entry))
        return names_it and Change.objects.filter(record_ref=entry.ref).exists()

    def count(self, entry: ExampleEntry, outcome: str) -> None:
        """Count `entry` and its parts."""
        self.report.counts[entry.table, outcome] += 1
        for name, parts in entry.parts.items():
            self.report.counts[name, outcome] += len(parts)

    def seat(self, delegation, part: ExampleEntry) -> None:
        """Save a delegate, identified by delegation and person."""
        person = self.find(part.references["person"])
        there = Delegate.objects.filter(delegation=delegation, person=person).first()
        ref = f"dgt-{delegation.ref[4:]}-{person.ref[4:]}"[:64]
        self.save(part, there or Delegate(ref=ref, delegation=delegation))

    def save(self, entry: ExampleEntry, instance):
        """Save one new or existing record, and count the outcome."""
        adding = instance._state.adding
        with errors_located(entry):
            changed = recording.save(self.by, self.fill(instance, entry), self.related(entry), NOTE)
        self.report.counts[entry.table, MADE if adding else CHANGED if changed else UNCHANGED] += 1
        if changed and not adding:
            for change in Change.objects.filter(record_ref=instance.ref).latest("pk").changes:
                self.differ(entry, change["field"], change["old"], change["new"])
        return instance

    def differ(self, entry: ExampleEntry, name: str, old, new) -> None:
        """Add a difference between the database and the file."""
        self.report.differences.append(
            f"{entry.table} {entry.ref}, {name}: “{old}” here, “{new}” in the file"
        )

    def develop(self, entry: ExampleEntry, raised: list[ExampleEntry]) -> None:
        """Record a development with the items that it raises, or correct the existing one if it differs."""
        with errors_located(entry):
            versions = Development.objects.filter(ref=entry.ref)
            old = versions.filter(ended_at__isnull=True).first()
            if old is not None and not self.joined.isdisjoint(named_in(entry)):
                if raised:
                    raise ValidationError(
                        f"It names what was merged or moved here, so that nothing raises {raised[0].ref}."
                    )
                self.count(entry, LEFT)
                return
            items = [(self.new_item(item), self.related(item)) for item in raised]
            new = self.fill(Development(ref=entry.ref), entry)
            effects = [self.fill(Effect(), part) for part in entry.parts.get("effect", [])]
            citations = [self.fill(Citation(), part) for part in entry.parts.get("citation", [])]
            if old is not None:
                reason = CorrectionReason.RECODED
                current = recording.correct(self.by, old, new, effects, citations, reason, NOTE, items)
                outcome = UNCHANGED if current.pk == old.pk else CHANGED
            elif versions.exists():
                if raised:
                    raise ValidationError(f"It is withdrawn here, so that nothing raises {raised[0].ref}.")
                outcome = WITHDRAWN
            else:
                recording.record(self.by, new, effects, citations, items)
                outcome = MADE
        self.count(entry, outcome)
        for item in raised:
            self.report.counts[item.table, outcome] += 1
        if outcome == CHANGED:
            self.report_differences(entry, old, new)

    def new_item(self, entry: ExampleEntry) -> Item:
        """The unsaved item of `entry`, remembered for references to it."""
        self.known[entry.ref] = self.fill(entry.model(ref=entry.ref), entry)
        return self.known[entry.ref]

    def report_differences(self, entry: ExampleEntry, old: Development, new: Development) -> None:
        """Add the differences between two versions of a development."""
        for name in Development.CONTENT:
            if getattr(old, name) != getattr(new, name):
                self.differ(entry, name, getattr(old, name), getattr(new, name))
        for name in ("effects", "citations"):
            before, after = (
                [in_words(part) for part in getattr(version, name).all()] for version in (old, new)
            )
            gone = [words for words in before if words not in after]
            come = [words for words in after if words not in before]
            if gone or come:
                self.differ(entry, name, " | ".join(gone) or "none", " | ".join(come) or "none")


def named_in(entry: ExampleEntry) -> Iterator[str]:
    """The references in `entry` and its parts, its own among them."""
    yield entry.ref
    yield from entry.references.values()
    for refs in entry.many.values():
        yield from refs
    for parts in entry.parts.values():
        for part in parts:
            yield from named_in(part)


def joined(example: Example) -> set[str]:
    """The references in `example` of records that were merged or moved, or that others were merged into."""
    named: dict[type | None, set[str]] = defaultdict(set)
    for entries in example.tables.values():
        for entry in entries:
            for ref in named_in(entry):
                named[model_of(ref)].add(ref)
    return {
        ref
        for model, refs in named.items()
        if model and issubclass(model, Mergeable)
        for ref in _joined(model, refs)
    }


def _joined(model: type[Mergeable], refs: Iterable[str]):
    either = Q(merged_into__isnull=False) | Q(merged__isnull=False)
    return model.everything.filter(either, ref__in=refs).values_list("ref", flat=True)


def in_words(part: Effect | Citation) -> str:
    """An effect or citation on one line."""
    values = [getattr(part, name) for name in part.CONTENT]
    return ", ".join(str(value) for value in values if value not in (None, ""))


@contextlib.contextmanager
def errors_located(entry: ExampleEntry):
    """Convert a ValidationError to ExampleRefused with the id of the record in the file."""
    try:
        yield
    except ValidationError as error:
        raise ExampleRefused(f"{entry.table} {entry.ref}: {' '.join(error.messages)}") from error
