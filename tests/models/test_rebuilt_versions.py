"""Versions rebuilt from the audit trail read as those that were kept when the records were written."""

import random
from collections import Counter

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import is_thorough
from tests.factories import ProcessFactory, UserFactory
from tests.over_the_register.fields import EDITS, editable_fields, something
from tests.over_the_register.makers import MAKERS
from tests.rebuilding import rebuild_versions
from tests.trusting import trusting
from tracker import recording
from tracker.models import VERSIONS, Change, Item, RecordName
from tracker.models.past import reading
from tracker.models.versions import key_column
from tracker.recording.audit import snapshot
from tracker.recording.timestamps import one_instant
from tracker.recording.trail.lives import RECORDS
from tracker.register import BY_MODEL

FIXED = ("process", "from_process", "to_process")
NAMES = ("North", "South", "North; South", "East")
MOVES = ("make", "edit", "edit", "rename", "rename", "twice", "delete", "delete")
STEPS = st.lists(
    st.tuples(st.sampled_from(MOVES), st.integers(0, 999), st.integers(0, 999)), min_size=20, max_size=40
)
READINGS = 12 if is_thorough() else 6


def records():
    """All records of which versions are kept, in one order."""
    return [record for model in RECORDS for record in model._base_manager.order_by("pk")]


def change(by, record, number):
    """Give one of the fields of `record` another value, that of a record at hand if it is a relation."""
    choice = random.Random(number)  # noqa: S311
    fields = [field for field in editable_fields(type(record)) if field.name not in FIXED]
    field = choice.choice(fields)
    value = something(field, record.of_process, number % EDITS)
    if field.choices:
        value = choice.choice(field.flatchoices)[0]
    elif field.is_relation and choice.random() < 0.7:  # noqa: PLR2004
        there = list(field.related_model._base_manager.order_by("pk"))
        value = choice.sample(there, min(2, len(there))) if field.many_to_many else choice.choice(there)
    elif (field.null or field.blank) and choice.random() < 0.2:  # noqa: PLR2004
        value = [] if field.many_to_many else field.get_default()
    if not field.many_to_many:
        setattr(record, field.name, value)
    recording.save(by, record, {field.name: value} if field.many_to_many else {})


def rename(by, record, number):
    """Call `record` by one of few names."""
    field = next(
        field
        for field in editable_fields(type(record))
        if field.name in ("name", "title", "note", "why", "capacity", "statement")
    )
    setattr(record, field.name, f"{NAMES[number % len(NAMES)]}{number % 3 or ''}")
    recording.save(by, record)


def play(steps, by):
    """Make a record of each type, and take the steps that are not refused."""
    process = ProcessFactory()
    for model in RECORDS:
        MAKERS[BY_MODEL[model].url_name](process)
    for move, one, number in steps:
        there = records()
        record = there[one % len(there)]
        try:
            with one_instant():
                match move:
                    case "make":
                        MAKERS[BY_MODEL[RECORDS[number % len(RECORDS)]].url_name](process)
                    case "edit":
                        change(by, record, number)
                    case "rename":
                        rename(by, record, number)
                    case "twice":
                        rename(by, record, number)
                        change(by, there[(one + number) % len(there)], number)
                    case "delete":
                        recording.delete(by, record)
        except (ValidationError, ProtectedError, IntegrityError):
            pass


def read(known):
    """{(type, reference): all words, and the names} of each record as it was at the instant `known`."""
    with reading(known):
        names = {}
        for name in RecordName.objects.all():
            names.setdefault((name.record_type, name.record_id), set()).add((name.key, name.rank))
        return {
            record.ref: (
                snapshot(record),
                record.version,
                record.recorded_at,
                bytes(getattr(record, "sort_key", b"")),
                names.get(("item" if isinstance(record, Item) else record._meta.model_name, record.pk)),
            )
            for record in records()
        }


def incomplete(known):
    """The references of the records whose words of the instant `known` were not kept."""
    found = set()
    for model in RECORDS:
        rows = VERSIONS[model].objects.filter(known_from__lte=known, known_until__gt=known, is_complete=False)
        keys = list(rows.values_list(key_column(model), flat=True))
        with reading(known):
            found |= set(model._base_manager.filter(pk__in=keys).values_list("ref", flat=True))
    return found


@pytest.mark.django_db
def test_what_the_trail_leads_back_to_reads_as_it_was_kept():
    by = UserFactory(administrator=True)
    seen = Counter()

    @settings(max_examples=max(2, settings.default.max_examples // 4))
    @given(STEPS, st.randoms(use_true_random=False))
    def hold(steps, chance):
        with transaction.atomic():
            play(steps, by)
            seen.update(Change.objects.values_list("action", flat=True))
            instants = sorted(set(Change.objects.values_list("at", flat=True)))
            instants = [*chance.sample(instants, min(READINGS, len(instants))), instants[-1]]
            kept = {known: read(known) for known in instants}
            rebuild_versions()
            for known in instants:
                lost, rebuilt = incomplete(known), read(known)
                assert {ref: words for ref, words in rebuilt.items() if ref not in lost} == {
                    ref: words for ref, words in kept[known].items() if ref not in lost and (ref in rebuilt)
                }
                seen.update(
                    rebuilt=len(rebuilt),
                    incomplete=len(lost),
                    missing=len(kept[known].keys() - rebuilt.keys()),
                )
            transaction.set_rollback(True)

    with trusting():
        hold()
    print(seen)
    assert seen["incomplete"] < seen["rebuilt"] / 10
    assert seen["missing"] < seen["rebuilt"] / 100
