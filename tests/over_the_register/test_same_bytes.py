"""One address at one instant gives the same bytes for ever, whatever is done to the record later."""

import datetime as dt
from difflib import unified_diff
from random import Random

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import factories as make
from tests.over_the_register.fields import filled
from tests.over_the_register.later import DEEDS, OWN, edit, load_example, move, store_text
from tests.over_the_register.makers import MAKERS
from tests.over_the_register.past import addresses, contents, plain
from tracker.clocks import instant_iso
from tracker.models import VERSIONS, Demand, Development, Item, Process, SourceText
from tracker.recording.merging import merge
from tracker.recording.moving import move as move_an_item
from tracker.recording.timestamps import last_instant
from tracker.recording.unmerging import unmerge
from tracker.recording.versions import mismatches

pytestmark = pytest.mark.django_db

EXAMPLES = max(settings.default.max_examples // 10, 1)
# In every run of the suite a talk and a demand stand for the kinds of item.
OF_ITEMS = ("talk", "demand", "principle", "follow-up")[: None if EXAMPLES > 2 else 2]
SEEDS = st.integers(0, 2**32)


def test_an_edit_of_any_field_changes_nothing_that_is_read_at_an_earlier_instant(client, dave, clock):
    client.force_login(dave)
    clock("2025-02-20T10:00Z")
    records = [filled(url_name)[0] for url_name in OWN]
    known = instant_iso(last_instant())
    read = plain(addresses(records))
    before = contents(client, read, known)
    clock("2025-02-21T10:00Z")
    for url_name in OWN:
        edit(dave, Random(url_name), url_name)
    assert differences(before, contents(client, read, known)) == {}


@pytest.mark.prove
def test_what_is_loaded_moved_or_stored_changes_nothing_that_is_read_at_an_earlier_instant(
    client, dave, clock
):
    client.force_login(dave)
    clock("2025-02-20T10:00Z")
    process = make.ProcessFactory()
    records = [maker(process) for maker in MAKERS.values()]
    known = instant_iso(last_instant())
    read = plain(addresses(records))
    before = contents(client, read, known)
    versions, sources, processes = (model.objects.count() for model in (Development, SourceText, Process))
    clock("2025-02-21T10:00Z")
    for deed in (load_example, move, store_text):
        deed(dave, Random(1))
    assert Process.objects.count() == processes + 1 and SourceText.objects.count() == sources + 1
    assert Development.objects.count() == versions + 2
    assert Development.objects.filter(ended_reason="wrong_process").exists()
    assert differences(before, contents(client, read, known)) == {}


def test_two_items_made_one_and_an_item_moved_change_nothing_that_is_read_at_an_earlier_instant(
    client, dave, clock
):
    client.force_login(dave)
    clock("2025-02-20T10:00Z")
    process = make.ProcessFactory()
    pairs = [[maker(process) for _ in range(2)] for maker in (MAKERS[name] for name in OF_ITEMS)]
    party = make.PartyFactory()
    for item in pairs[0]:
        make.DelegationFactory(talk=item, party=party)
        make.DevelopmentFactory(process=process, talk=item, party=party)
    make.FollowUpFactory(process=process, waits_for=pairs[1][0].item)
    alone = make.DemandFactory(process=process)
    known = instant_iso(last_instant())
    read = plain(addresses([*(item for pair in pairs for item in pair), alone, process]))
    before = contents(client, read, known)
    clock("2025-02-21T10:00Z")
    for pair in pairs:
        merge(dave, *pair, "The same")
    move_an_item(dave, alone, make.ProcessFactory(), "Filed by mistake")
    assert Item.everything.exclude(merged_into=None).count() == len(pairs) + 1
    between = instant_iso(last_instant())
    then = contents(client, read, between)
    assert differences(before, contents(client, read, known)) == {}
    clock("2025-02-22T10:00Z")
    for merged, _ in pairs:
        unmerge(dave, type(merged).everything.get(pk=merged.pk), "They are two")
    moved = Demand.objects.get(pk=Item.everything.get(pk=alone.pk).merged_into_id)
    move_an_item(dave, moved, process, "Here after all")
    assert differences(before, contents(client, read, known)) == {}
    assert differences(then, contents(client, read, between)) == {}
    assert {model.__name__: mismatches(model) for model in VERSIONS if mismatches(model)} == {}


def test_nothing_that_is_done_changes_what_is_read_at_an_earlier_instant(client, dave, clock):
    client.force_login(dave)
    day = dt.datetime(2025, 2, 20, 10, tzinfo=dt.UTC)
    clock(day.isoformat())
    process = make.ProcessFactory()
    records = [maker(process) for maker in MAKERS.values()]
    read = plain(addresses(records))

    @settings(max_examples=EXAMPLES)
    @given(SEEDS)
    def hold(seed):
        random = Random(seed)

        def go_on(days):
            clock((day + dt.timedelta(days)).isoformat())
            for _ in range(4):
                random.choice(DEEDS)(dave, random)

        with transaction.atomic():
            go_on(1)
            known = instant_iso(last_instant()) + random.choice(("", "&public=2025-02-19"))
            before = contents(client, read, known)
            go_on(2)
            assert differences(before, contents(client, read, known)) == {}, (seed, known)
            assert {model.__name__: mismatches(model) for model in VERSIONS if mismatches(model)} == {}
            transaction.set_rollback(True)

    hold()


def differences(before, after):
    """The lines that each address gives now, and those that it gave before."""
    return {
        address: [
            line
            for line in unified_diff(lines_of(before[address]), lines_of(content), lineterm="", n=0)
            if not line.startswith(("---", "+++", "@@"))
        ]
        for address, content in after.items()
        if content != before[address]
    }


def lines_of(content):
    """The lines of a page or file."""
    return (content if isinstance(content, str) else content.decode(errors="replace")).splitlines()
