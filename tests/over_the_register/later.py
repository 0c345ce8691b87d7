"""Everything that people do to a record later, drawn at random: edits, corrections, deletions, imports and so on."""

import csv
import io
from functools import partial
from pathlib import Path
from random import Random
from tempfile import NamedTemporaryFile

from django.core.exceptions import ValidationError
from django.db import models, transaction

from tests import factories as make
from tests.corrections import copied, correct
from tests.over_the_register.fields import EDITS, editable_fields, something
from tests.over_the_register.makers import MAKERS
from tracker import recording
from tracker.files.importing import runs
from tracker.loaders.example.loading import load
from tracker.loaders.example.reading import read
from tracker.models import (
    Demand,
    Development,
    FollowUp,
    ImportRun,
    Issue,
    Office,
    Party,
    Person,
    Principle,
    Record,
    Source,
    Talk,
    User,
)
from tracker.recording import moving, unmerging
from tracker.recording.merging import merge
from tracker.register import BY_URL_NAME

CORRECTED = ("development", "effect", "citation")
"""These are corrected or withdrawn rather than edited or deleted."""
KEPT = ("process", "from_process", "to_process", "item")
"""What stays as it was recorded."""
ITEMS = (Talk, Principle, Demand, FollowUp)
MERGEABLE = (Party, Person, Office, Issue, Source, *ITEMS)
EXAMPLE = """
[[party]]
id = "pty-loaded-{number}"
name = "Loaded party {number}"
kind = "state"

[[process]]
id = "prc-loaded-{number}"
title = "Loaded talks {number}"
aim = "To settle the border."

[[talk]]
id = "tlk-loaded-{number}"
process = "prc-loaded-{number}"
title = "Loaded round {number}"

[[development]]
id = "dev-loaded-{number}"
process = "prc-loaded-{number}"
occurred_on = "2025-02-18"
kind = "talks"
headline = "Loaded words {number}"
talk = "tlk-loaded-{number}"
party = "pty-loaded-{number}"
basis = "paraphrase"

  [[development.effect]]
  item = "tlk-loaded-{number}"
  status = "held"
"""
OWN = [name for name in BY_URL_NAME if name not in CORRECTED]


def edit(by: User, random: Random, url_name: str = "") -> None:
    """Give a field of a record another value; every field of it in turn, where a type is given."""
    model = BY_URL_NAME[url_name or random.choice(OWN)].model
    record = random.choice(list(model.objects.order_by("pk")) or [None])
    fields = [field for field in editable_fields(model) if field.name not in (*KEPT, model.part_of)]
    for field in fields if url_name else random.sample(fields, min(2, len(fields))):
        if record is not None:
            _set(by, model.objects.get(pk=record.pk), field, random)


def _set(by, record: Record, field: models.Field, random: Random) -> None:
    value = something(
        field, record.of_process or random.choice(_processes()), EDITS + random.randrange(EDITS)
    )
    if field.many_to_many:
        _tried(partial(recording.save, by, record, {field.name: value}))
    else:
        setattr(record, field.name, value)
        _tried(partial(recording.save, by, record))


def create(by: User, random: Random) -> None:
    """Record something of any type."""
    _tried(partial(MAKERS[random.choice(list(MAKERS))], random.choice(_processes())))


def delete(by: User, random: Random) -> None:
    """Delete a record, if nothing refers to it."""
    rows = list(BY_URL_NAME[random.choice(OWN)].model.objects.order_by("pk"))
    if rows:
        _tried(partial(recording.delete, by, random.choice(rows)))


def correct_one(by: User, random: Random) -> None:
    """Correct the headline of a development."""
    rows = list(Development.objects.filter(ended_at=None).order_by("pk"))
    if rows:
        correct(random.choice(rows), by=by, headline=f"Words {random.random()}")


def withdraw(by: User, random: Random) -> None:
    """Withdraw a development."""
    rows = list(Development.objects.filter(ended_at=None).order_by("pk"))
    if rows:
        _tried(partial(recording.withdraw, by, random.choice(rows), "Not so."))


def bring_in(by: User, random: Random) -> None:
    """Import a file of parties, one renamed and one new; half the time undo the import."""
    record_type = BY_URL_NAME["party"]
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["id", "name", "kind"])
    for party in list(record_type.model.objects.order_by("?"))[:1]:
        writer.writerow([party.ref, f"Renamed {random.random()}", "state"])
    writer.writerow(["", f"New {random.random()}", "state"])
    run = runs.begin(by, record_type, "parties.csv", [file.getvalue().encode()])
    states = [ImportRun.State.WRITING] + [ImportRun.State.UNDOING] * random.randrange(2)
    runs.work(run, record_type)
    for state in states:
        run.refresh_from_db()
        run.state, run.undone_by = state, by
        run.save()
        runs.work(run, record_type)


def keep_or_open(by: User, random: Random) -> None:
    """Keep a source to a process, or open it to all."""
    rows = list(Source.objects.order_by("pk"))
    if rows:
        source = random.choice(rows)
        source.process = None if source.process else random.choice(_processes())
        _tried(partial(recording.save, by, source))


def merge_two(by: User, random: Random, among=MERGEABLE) -> None:
    """Merge a record into another one of its type."""
    rows = list(random.choice(among).objects.order_by("pk"))
    merged = random.choice(rows or [None])
    if others := [row for row in rows if row != merged and row.of_process == merged.of_process]:
        _tried(partial(merge, by, merged, random.choice(others), "The same"))


def merge_two_items(by: User, random: Random) -> None:
    """Merge an item into another one of its kind and process."""
    merge_two(by, random, ITEMS)


def move_item(by: User, random: Random) -> None:
    """Move an item with all developments that touch it to another process, if nothing stands in the way."""
    rows = list(random.choice(ITEMS).objects.order_by("pk"))
    if rows:
        item = random.choice(rows)
        others = [one for one in _processes() if one != item.process] or [make.ProcessFactory()]
        _tried(partial(moving.move, by, item, random.choice(others), "Filed by mistake"))


def unmerge(by: User, random: Random) -> None:
    """Undo a merge, if nobody has built on it since."""
    rows = [row for model in MERGEABLE for row in model.everything.exclude(merged_into=None).order_by("pk")]
    if rows:
        _tried(partial(unmerging.unmerge, by, random.choice(rows), "They are two"))


def load_example(by: User, random: Random) -> None:
    """Load an example of a talk of two parties in a process of its own."""
    with NamedTemporaryFile("w", suffix=".toml") as file:
        file.write(EXAMPLE.format(number=random.randrange(10**9)))
        file.flush()
        load(read(Path(file.name)), by)


def move(by: User, random: Random) -> None:
    """Move a development to another process, where it touches nothing yet."""
    rows = list(Development.objects.filter(ended_at=None).order_by("pk"))
    if rows:
        old = random.choice(rows)
        process = random.choice(
            [one for one in _processes() if one != old.process] or [make.ProcessFactory()]
        )
        there = {"process": process, "talk": None, "party": old.party or make.PartyFactory(), "follows": ""}
        citable = [copied(cited) for cited in old.citations.order_by("pk") if cited.source.process_id is None]
        deed = partial(correct, old, by=by, effects=[], citations=citable, reason="wrong_process", **there)
        _tried(deed)


def store_text(by: User, random: Random) -> None:
    """Store another text of a source, in which the words of half of its citations are found."""
    rows = list(Source.objects.order_by("pk"))
    if rows:
        source = random.choice(rows)
        quotes = [cited.quote for cited in source.citations.order_by("pk") if random.randrange(2)]
        source.text = " ".join([f"Text {random.random()}", *quotes])
        _tried(partial(recording.save, by, source))


DEEDS = (
    load_example,
    move,
    store_text,
    edit,
    edit,
    edit,
    keep_or_open,
    create,
    delete,
    correct_one,
    withdraw,
    bring_in,
    merge_two,
    merge_two_items,
    move_item,
    unmerge,
)


def _processes():
    return list(BY_URL_NAME["process"].model.objects.order_by("pk"))


def _tried(deed) -> None:
    """Do it, unless a rule of the record is against it."""
    try:
        with transaction.atomic():
            deed()
    except (ValidationError, models.ProtectedError, unmerging.BuiltOn):
        pass
