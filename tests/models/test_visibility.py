"""`visible_to`, the one rule of who sees what: of every model, and judged by the rights of now."""

import datetime as dt

import pytest

from tests import factories as make
from tests.over_the_register.makers import MAKERS, OF_A_PROCESS
from tracker import recording
from tracker.clocks import PRESENT, Clocks
from tracker.models import Change, ImportRun, Process, ProcessLink, User
from tracker.models.past import reading
from tracker.register import BY_URL_NAME

pytestmark = pytest.mark.django_db


def seen(rows, user):
    """The keys of `rows` that `user`, as stored by now, may see."""
    return set(rows.visible_to(User.objects.get(pk=user.pk)).values_list("pk", flat=True))


def test_a_record_of_a_restricted_process_is_there_for_its_members_and_administrators_alone(
    restricted_process, alice, bob, carol, dave
):
    elsewhere = make.ProcessFactory(secret=True, members=[bob])
    for url_name in OF_A_PROCESS:
        rows = BY_URL_NAME[url_name].model.objects.all()
        hidden, open_to_all = (
            MAKERS[url_name](restricted_process).pk,
            MAKERS[url_name](make.ProcessFactory()).pk,
        )
        for user in (alice, dave):
            assert {hidden, open_to_all} <= seen(rows, user), url_name
        for user in (bob, carol):
            assert open_to_all in seen(rows, user) and hidden not in seen(rows, user), url_name
    assert elsewhere.pk in seen(Process.objects.all(), bob) and elsewhere.pk in seen(
        Process.objects.all(), dave
    )
    assert elsewhere.pk not in seen(Process.objects.all(), alice)


def test_a_record_is_there_from_the_very_instant_at_which_it_was_recorded():
    record = make.PartyFactory()
    entry = Change.objects.get(record_ref=record.ref)
    at_once = Clocks(known=record.recorded_at)
    just_before = Clocks(known=record.recorded_at - record.recorded_at.resolution)
    for clocks in (at_once, PRESENT, Clocks(on=dt.date(2000, 1, 1))):
        with reading(clocks.known):
            assert list(type(record).objects.all()) == [record]
        assert list(type(record).objects.at(clocks)) == [record]
        assert list(Change.objects.at(clocks)) == [entry]
    with reading(just_before.known):
        assert not type(record).objects.exists()
    assert not type(record).objects.at(just_before).exists()
    assert not Change.objects.at(just_before).exists()


def test_who_reads_is_known_to_what_is_derived_from_the_rows(alice):
    rows = Process.objects.visible_to(alice)
    assert rows.filter(restricted=False).order_by("pk").reader == alice
    assert Process.objects.all().reader is None


def test_shared_records_are_there_for_everybody(restricted_process, bob, carol):
    for url_name in MAKERS.keys() - set(OF_A_PROCESS):
        record = MAKERS[url_name](restricted_process)
        for user in (bob, carol):
            assert record.pk in seen(type(record).objects.all(), user), url_name


def test_the_rights_of_now_decide(restricted_process, alice, bob, dave):
    demand = make.DemandFactory(process=restricted_process)
    rows = type(demand).objects.all()
    recording.save(dave, restricted_process, {"members": [bob]})
    assert (seen(rows, alice), seen(rows, bob)) == (set(), {demand.pk})
    restricted_process.restricted = False
    recording.save(dave, restricted_process, {"members": []})
    assert seen(rows, alice) == seen(rows, bob) == {demand.pk}


@pytest.mark.parametrize("hidden_end", ["from_process", "to_process"])
def test_a_link_is_there_for_those_who_may_read_both_ends(restricted_process, alice, bob, hidden_end):
    link = make.ProcessLinkFactory(**{hidden_end: restricted_process})
    make.ProcessLinkFactory()
    assert link.pk in seen(ProcessLink.objects.all(), alice)
    assert link.pk not in seen(ProcessLink.objects.all(), bob) and seen(ProcessLink.objects.all(), bob)
    entries = Change.objects.filter(record_ref=link.ref)
    assert seen(entries, alice) and not seen(entries, bob)


def test_the_trail_of_a_restricted_process_is_for_those_who_may_read_it(restricted_process, alice, bob, dave):
    make.AssessmentFactory(process=restricted_process)
    shown, party = make.AssessmentFactory(), make.PartyFactory()
    hidden = Change.objects.filter(process=restricted_process)
    others = Change.objects.filter(record_ref__in=[shown.ref, party.ref])
    assert hidden.count() > 1 and others.count() == 2
    for user in (alice, dave):
        assert seen(hidden, user) == {change.pk for change in hidden}
    assert not seen(hidden, bob)
    assert len(seen(others, bob)) == 2


@pytest.fixture
def imports(alice, bob):
    """Imports of bob's, by name: into one process, into another, into both, and of shared records."""
    one, other = make.ProcessFactory(title="One"), make.ProcessFactory(title="Other")
    found = {}
    for name, processes in {"one": [one], "other": [other], "both": [one, other], "none": []}.items():
        found[name] = ImportRun.objects.create(by=bob, record_type="demand", file_name=name)
        found[name].processes.set(processes)
    ImportRun.objects.create(by=alice, record_type="party", file_name="alice's")
    return one


def names(user):
    """The names of the imports that `user` may see."""
    rows = ImportRun.objects.visible_to(User.objects.get(pk=user.pk))
    return sorted(rows.values_list("file_name", flat=True))


def test_an_import_is_there_for_who_made_it_and_for_administrators(imports, alice, bob, carol, dave):
    assert names(bob) == ["both", "none", "one", "other"]
    assert names(alice) == ["alice's"]
    assert names(carol) == []
    assert names(dave) == ["alice's", "both", "none", "one", "other"]


def test_an_import_into_a_process_hidden_since_is_gone_for_its_reader_and_no_other_is(
    imports, alice, bob, dave
):
    process = imports
    process.restricted = True
    recording.save(dave, process, {"members": [alice]})
    assert names(bob) == ["none", "other"]
    assert names(dave) == ["alice's", "both", "none", "one", "other"]
    recording.save(dave, process, {"members": [alice, bob]})
    assert names(bob) == ["both", "none", "one", "other"]
