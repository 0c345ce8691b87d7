"""The audit trail: who changed what, from which words to which, readable after all of it is renamed or gone."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    DelegateFactory,
    DelegationFactory,
    DemandFactory,
    DevelopmentFactory,
    IssueFactory,
    PartyFactory,
    PersonFactory,
    ProcessFactory,
    SourceFactory,
    UserFactory,
    WatchPhraseFactory,
)
from tracker import recording
from tracker.models import Change, Demand, Party, Process
from tracker.models.base import new_ref
from tracker.recording.audit import snapshot
from tracker.recording.timestamps import last_instant

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return UserFactory(editor=True)


def told(record, action="changed"):
    """{field: (old, new)} of the newest entry about `record`."""
    entry = Change.objects.filter(record_ref=record.ref, action=action).first()
    return entry and {change["field"]: (change["old"], change["new"]) for change in entry.changes}


def test_a_new_record_is_entered_in_words(user):
    party = PartyFactory(name="Russia")
    person = PersonFactory(by=user, name="Sergei Lavrov", party=party, aliases=["S. Lavrov", "Lavrov"])
    assert told(person, "created") == {
        "name": ("", "Sergei Lavrov"), "party": ("", "Russia"), "aliases": ("", "S. Lavrov; Lavrov")
    }  # fmt: skip
    entry = Change.objects.filter(subject_ref=person.ref).get()
    assert (entry.by, entry.record_name, entry.record_type, entry.process) == (
        user,
        "Sergei Lavrov",
        "person",
        None,
    )


def test_a_new_record_keeps_the_id_that_it_comes_with(user):
    party = Party(ref=f"{Party.prefix}-graustark", name="Graustark", kind="state")
    recording.save(user, party)
    assert Party.objects.get().ref == f"{Party.prefix}-graustark"


def test_a_new_record_is_given_an_id_that_can_be_read_out():
    refs = {new_ref(Party.prefix) for _ in range(200)}
    assert len(refs) == 200 and {len(ref) for ref in refs} == {len("pty-") + 12}
    letters = set("".join(ref.removeprefix("pty-") for ref in refs))
    # Neither i nor l, which look like 1, nor o, which looks like 0; nor u.
    assert letters == set("0123456789abcdefghjkmnpqrstvwxyz")


def test_a_change_is_entered_from_old_to_new(user):
    demand = DemandFactory(
        title="Neutrality", issues=[IssueFactory(name="Security")], party=PartyFactory(name="Russia")
    )
    demand.title, demand.kind, demand.party = "Neutral status", "precondition", PartyFactory(name="Ukraine")
    issues = [IssueFactory(name="NATO"), IssueFactory(name="Borders")]
    assert recording.save(user, demand, {"issues": issues}, note="Asked by the desk")
    assert told(demand) == {
        "title": ("Neutrality", "Neutral status"),
        "kind": ("Demand", "Precondition"),
        "party": ("Russia", "Ukraine"),
        "issues": ("Security", "Borders; NATO"),
    }
    entry = Change.objects.filter(subject_ref=demand.ref).first()
    assert (entry.note, entry.process, entry.by) == ("Asked by the desk", demand.process, user)


def test_every_value_that_people_set_is_told_in_words():
    members = [UserFactory(username=name) for name in ("zoe", "adam")]
    process = snapshot(ProcessFactory(secret=True, members=members))
    assert process["restricted"] == ("restricted", "yes")
    assert process["members"] == ("members", "adam; zoe")
    assert snapshot(Process(title="Unsaved"))["members"] == ("members", "")
    development = snapshot(DevelopmentFactory(occurred_time=dt.time(9, 5), kind="report"))
    told = {name: development[name][1] for name in ("occurred_time", "occurred_inferred", "kind", "talk")}
    assert told == {"occurred_time": "09:05", "occurred_inferred": "no", "kind": "Report", "talk": ""}
    assert development["occurred_last"] == ("occurred last", "")
    assert not {"id", "ref", "recorded_at", "version"} & (development.keys() | process.keys())


def test_a_change_between_records_of_one_name_is_a_change(user):
    demand = DemandFactory()
    first, second = PersonFactory(name="John Smith"), PersonFactory(name="John Smith")
    phrase = WatchPhraseFactory(process=demand.process, whose_people=[first])
    assert recording.save(user, phrase, {"whose_people": [second]})
    assert list(phrase.whose_people.all()) == [second]
    assert told(phrase) == {"whose_people": ("John Smith", "John Smith")}


def test_where_nothing_differs_nothing_is_written(user):
    issue = IssueFactory()
    demand = DemandFactory(issues=[issue], addressed_to=[PartyFactory()])
    entries = Change.objects.count()
    demand = Demand.objects.get(pk=demand.pk)
    with CaptureQueriesContext(connection) as queries:
        assert recording.save(user, demand, {"issues": [issue]}) is False
    assert not [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert Change.objects.count() == entries


def test_a_save_leaves_alone_what_the_system_keeps(user):
    demand = DemandFactory(effect__status="open")
    stale, process = Demand.objects.get(), Process.objects.get()
    DemandFactory(process=process)
    kept = Process.objects.get().last_recorded_at
    stale.current_status, stale.recorded_at, stale.title = "met", None, "New title"
    process.summary = "New summary"
    recording.save(user, stale)
    recording.save(user, process)
    demand.refresh_from_db()
    assert (demand.title, demand.current_status) == ("New title", "open")
    assert demand.recorded_at is not None
    assert (Process.objects.get().summary, Process.objects.get().last_recorded_at) == ("New summary", kept)


def test_the_words_outlive_renaming_and_deletion(user):
    party, source = PartyFactory(name="Byzantium"), SourceFactory(title="Chronicle")
    person = PersonFactory(name="Anna", party=party)
    person.party = None
    recording.save(user, person)
    party.name = "Constantinople"
    recording.save(user, party)
    recording.delete(user, source, note="Entered twice")
    recording.delete(user, party)
    assert told(person) == {"party": ("Byzantium", "")}
    assert told(party) == {"name": ("Byzantium", "Constantinople")}
    assert told(party, "deleted")["name"] == ("Constantinople", "")
    last = Change.objects.get(record_ref=source.ref, action="deleted")
    assert (last.record_name, last.note) == ("Daily Gazette: Chronicle", "Entered twice")
    assert told(source, "deleted")["title"] == ("Chronicle", "")
    assert "short_name" not in told(party, "deleted"), "what was empty is not told of"


def test_a_delegation_takes_its_people_along_and_leaves_their_names(user):
    delegation = DelegationFactory()
    delegate = DelegateFactory(delegation=delegation, person__name="Rubio", head=True)
    assert Change.objects.filter(subject_ref=delegation.ref).filter(record_ref=delegate.ref).exists()
    assert delegate.whole == delegation and delegation.whole is type(delegate)().whole is None
    assert delegate.subject_ref == delegation.subject_ref == delegation.ref
    recording.delete(user, delegation)
    assert told(delegate, "deleted")["person"] == ("Rubio", "")
    assert told(delegate, "deleted")["capacity"] == ("Head", "")


def test_the_trail_of_a_restricted_process_is_hidden_with_it(alice, bob, restricted_process):
    DemandFactory(process=restricted_process, title="Secret")
    ProcessFactory(title="Open")
    seen = {
        user.username: list(Change.objects.visible_to(user).values_list("record_name", flat=True))
        for user in (alice, bob)
    }
    assert {"Secret", "Secret channel"} <= set(seen["alice"])
    assert not {"Secret", "Secret channel"} & set(seen["bob"])
    assert "Open" in seen["bob"]


def test_each_entry_bears_the_instant_of_what_it_is_about(user):
    party = PartyFactory(by=user, name="Ruritania")
    assert Change.objects.get().at == party.recorded_at == last_instant()
    party.name = "Graustark"
    recording.save(user, party)
    assert Change.objects.latest("pk").at == last_instant() > party.recorded_at
    changed = last_instant()
    recording.delete(user, party)
    assert Change.objects.latest("pk").at == last_instant() > changed


def test_saving_what_analysts_cannot_set_writes_nothing(user):
    demand = DemandFactory(by=user)
    instant = last_instant()
    demand.current_status, demand.recorded_at = "met", None
    assert recording.save(user, demand) is False
    assert last_instant() == instant
    assert Demand.objects.get().current_status == "open"
