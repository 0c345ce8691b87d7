"""An example that is loaded again after its records were merged or moved: that is left alone, and ids lead on."""

import pytest
from django.core.management import CommandError

from tests.factories import UserFactory
from tests.files.test_example import FILE, loaded, outcomes
from tracker import recording
from tracker.loaders.example.tables import model_of
from tracker.models import Change, Demand, Development, Party, Person, Process
from tracker.recording.merging import merge
from tracker.recording.moving import move


@pytest.fixture
def head(db):
    """The administrator in whose name examples are loaded."""
    return UserFactory(username="head", administrator=True)


@pytest.fixture
def load(tmp_path, head):
    """load(text) runs the command on a file of that text and returns what it prints."""
    return lambda text=FILE, **options: loaded(tmp_path, text, **options)


TWINS = """
[[party]]
id = "pty-bereland"
name = "Bereland"
kind = "state"

[[person]]
id = "per-anne"
name = "Anne Ode"

[[source]]
id = "src-gazetta"
publisher = "Gazetta"
title = "They met there"
kind = "news_report"

[[talk]]
id = "tlk-springs"
process = "prc-border"
title = "Spring talks"

[[demand]]
id = "dem-stream"
process = "prc-border"
title = "The stream as border"
kind = "demand"
party = "pty-bereland"

[[follow_up]]
id = "fup-map"
process = "prc-border"
title = "A map"
kind = "drafting"

[[follow_up]]
id = "fup-chart"
process = "prc-border"
title = "A chart"
kind = "drafting"

[[development]]
id = "dev-twins"
process = "prc-border"
occurred_on = "2025-03-05"
kind = "talks"
headline = "They meet again"
talk = "tlk-springs"
basis = "reporters_summary"
effect = [
  {item = "tlk-springs", status = "held"},
  {item = "dem-river", status = "under_discussion"},
  {item = "dem-stream", status = "open", wording = "The stream is the border."},
  {item = "fup-map", status = "expected"},
  {item = "fup-chart", status = "expected"},
]
citation = [{source = "src-gazetta", quote = "met"}]
"""
PAIRS = [
    ("pty-bereland", "pty-berland"),
    ("per-ann", "per-anne"),
    ("src-gazetta", "src-gazette"),
    ("tlk-spring", "tlk-springs"),
    ("dem-stream", "dem-river"),
    ("fup-chart", "fup-map"),
]


def rows_and_versions():
    """What is on record, to be compared with what is later."""
    return [
        *Change.objects.values_list("pk"),
        *Development.objects.order_by("pk").values_list("pk", "ended_at"),
    ]


def test_what_was_merged_is_left_alone_and_leads_to_what_stands(load, head):
    load(FILE + TWINS)
    for merged, survivor in PAIRS:
        find = model_of(merged).objects.get
        merge(head, find(ref=merged), find(ref=survivor), "The same.")
    before = rows_and_versions()
    printed = load(FILE + TWINS)
    assert outcomes(printed, "party") == (0, 0, 1, 0, 2)
    assert outcomes(printed, "development") == (0, 0, 0, 0, 3)
    assert outcomes(printed, "delegate") == (0, 0, 0, 0, 1)
    load(FILE + TWINS, update=True)
    assert rows_and_versions() == before
    # What is new in the file names the records that stand.
    load(
        FILE
        + TWINS
        + """
[[person]]
id = "per-bo"
name = "Bo Ley"
party = "pty-bereland"
"""
    )
    assert Person.objects.get(ref="per-bo").party.ref == "pty-berland"


def test_what_was_moved_stays_where_it_is(load, head):
    load()
    demand = Demand.objects.get(ref="dem-river")
    sea = Process(ref="prc-sea", title="Sea talks", aim="To settle the sea.")
    recording.save(head, sea)
    demand.talk = None
    recording.save(head, demand)
    there = move(head, demand, sea, "It is about the sea.")
    before = rows_and_versions()
    printed = load()
    assert (outcomes(printed, "demand"), outcomes(printed, "party")) == ((0, 0, 0, 0, 1), (0, 0, 2, 0, 0))
    load(update=True)
    assert rows_and_versions() == before and Demand.objects.get() == there
    assert Development.objects.get(ref="dev-ann-river", ended_at=None).process == sea


def test_what_was_merged_raises_nothing_new(load, head):
    load(FILE + TWINS)
    merge(head, Party.objects.get(ref="pty-arland"), Party.objects.get(ref="pty-berland"), "The same.")
    new = FILE.replace(
        '  item = "dem-river"',
        '  item = "fup-new"\n  status = "expected"\n[[development.effect]]\n  item = "dem-river"',
    )
    new += '\n[[follow_up]]\nid = "fup-new"\nprocess = "prc-border"\ntitle = "New"\nkind = "drafting"\n'
    with pytest.raises(CommandError, match="dev-ann-river: It names what was merged .* raises fup-new"):
        load(new)
