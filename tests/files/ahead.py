"""An import of a few developments that is written as one of many."""

import datetime as dt
import io

import pytest
from django.core.management import call_command

from tests import factories as make
from tests.files.test_importing import as_file, said
from tracker.clocks import PRESENT
from tracker.files.importing import ahead, parts, runs, undo
from tracker.models import Citation, Development, Effect, ImportRun
from tracker.recording import booking
from tracker.recording.timestamps import PENDING
from tracker.register import BY_URL_NAME

ROWS = 7
DEVELOPMENT = BY_URL_NAME["development"]


@pytest.fixture
def many(monkeypatch):
    """A few rows count as many, and the instant of a recording is taken a moment ahead."""
    monkeypatch.setattr(runs, "SMALL_ROWS", 3)
    monkeypatch.setattr(undo, "SMALL_ROWS", 3)
    monkeypatch.setattr(parts, "PAUSE", 0)
    monkeypatch.setattr(booking, "MARGIN", dt.timedelta(seconds=0.4))
    monkeypatch.setattr(booking, "SHORTLY", dt.timedelta(seconds=0.3))


@pytest.fixture
def demand(many):
    """A demand of Ruritania in a process of its own."""
    process = make.ProcessFactory(title="Talks")
    return make.DemandFactory(process=process, party=make.PartyFactory(name="Ruritania"))


def previewed(demand, number=ROWS, by=None):
    """An import of so many developments that move `demand`, shown to its author."""
    source = make.SourceFactory()
    rows = [
        {
            "process": demand.process.title,
            "occurred_on": f"2025-03-{place + 1:02}",
            "headline": f"Ruritania spoke of orchards, time {place}",
            "kind": "statement",
            "speech_act": "states",
            "basis": "paraphrase",
            "party": "Ruritania",
            "effect_item_id": demand.ref,
            "effect_stance": "affirms" if place % 2 else "rejects",
            "citation_source_id": source.ref,
        }
        for place in range(number)
    ]
    by = by or make.UserFactory(administrator=True)
    run = runs.begin(by, DEVELOPMENT, "file.csv", [as_file(rows).encode()])
    runs.work(run, DEVELOPMENT)
    run.refresh_from_db()
    assert run.counts == {"created": number}, said(run)
    return run


def written(run, **changes):
    """`run`, after its author said that it be written."""
    ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.WRITING, **changes)
    runs.work(run, DEVELOPMENT)
    run.refresh_from_db()
    return run


def spoken():
    """The developments of the file that are in force."""
    return Development.objects.at(PRESENT).filter(headline__contains="spoke of orchards")


def meanwhile(monkeypatch, do):
    """Let `do` happen once, after rows were made ready and before they are recorded."""
    make_ready, left = ahead._make_ready, [do]

    def interrupted(*args):
        make_ready(*args)
        if left:
            left.pop()()

    monkeypatch.setattr(ahead, "_make_ready", interrupted)


def require_sound():
    """That everything stored is what the rule gives, and nothing is left of a recording that was under way."""
    call_command("check_standing", stdout=io.StringIO())
    assert not any(model.objects.filter(recorded_at=PENDING) for model in (Development, Effect, Citation))
