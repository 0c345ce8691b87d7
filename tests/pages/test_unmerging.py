"""What a merge makes of fields that belong together, and undoing it: also after later merges and changes."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from tests import factories as make
from tests.pages.filling import errors, sent
from tests.pages.test_merging import merge, previewed, undo, words
from tracker import recording
from tracker.files.importing import runs
from tracker.files.importing.at_once import work_at_once
from tracker.models import (
    Change,
    Citation,
    Delegation,
    Development,
    Effect,
    ImportRun,
    Item,
    LastRecording,
    Party,
    Person,
    Source,
    SourceText,
)
from tracker.models.base import writes_allowed
from tracker.recording.merging import HandOver
from tracker.recording.timestamps import last_instant
from tracker.register import BY_URL_NAME

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bob_in(client, bob):
    """bob, an editor, signed in to the test's client."""
    client.force_login(bob)


def leads_to(*records):
    """The names of what the records were merged into; None for those that stand."""
    found = []
    for record in records:
        record.refresh_from_db()
        found.append(record.merged_into and str(record.merged_into))
    return found


def test_a_merge_is_not_undone_by_undoing_an_earlier_one(client):
    first, second, third = (make.PartyFactory(name=name) for name in ("Aa", "Bb", "Cc"))
    merge(client, first, second)
    merge(client, second, third)
    assert f"/parties/{first.ref}/unmerge/" not in client.get(f"/parties/{second.ref}/history/").text
    response = undo(client, first)
    assert response.status_code == 409 and "“Aa”" in words(response)
    assert leads_to(first, second) == ["Cc", "Cc"]
    assert f"/parties/{second.ref}/unmerge/" in client.get(f"/parties/{third.ref}/history/").text
    assert undo(client, second).status_code == 302
    assert leads_to(first, second) == ["Bb", None]
    assert f"/parties/{first.ref}/unmerge/" in client.get(f"/parties/{second.ref}/history/").text
    assert undo(client, first).status_code == 302
    assert leads_to(first, second) == [None, None]


def test_undoing_a_merge_of_people_leaves_their_parties_merged(client):
    old, new = make.PartyFactory(name="Old"), make.PartyFactory(name="New")
    first, second = (make.PersonFactory(name=name, party=old) for name in ("Aa", "Bb"))
    merge(client, first, second)
    merge(client, old, new)
    assert undo(client, first).status_code == 409
    assert leads_to(old, first) == ["New", "Bb"]


def test_a_merge_and_its_undoing_leave_open_no_more_days_than_before(client, clock):
    clock("2025-02-10T12:00Z")
    old, new = make.PartyFactory(name="Old"), make.PartyFactory(name="New")
    principle = make.PrincipleFactory(parties=[old], development__occurred_on=dt.date(2025, 1, 5))
    said = {"process": principle.process, "party": old}
    agreed = Effect(item=principle, party=old, stance="affirms", status="agreed")
    vague = {"occurred_on": dt.date(2025, 2, 1), "occurred_precision": "month"}
    make.DevelopmentFactory(**said, **vague, effects=[agreed])
    clock("2025-02-20T12:00Z")
    stalled = Effect(item=principle, party=old, stance="rejects", status="stalled")
    make.DevelopmentFactory(**said, occurred_on=dt.date(2025, 2, 20), effects=[stalled])

    def days():
        developments = Development.objects.filter(ended_at=None, process=principle.process).order_by("ref")
        effects = Effect.objects.filter(ended_at=None, item=principle).order_by("latest_on")
        return (
            Item.objects.get(pk=principle.pk).current_doubt,
            [*effects.values_list("earliest_on", "latest_on")],
            [*developments.values_list("ref", "recorded_on", "happened_key")],
        )

    before = days()
    assert before[0] == ""
    clock("2025-03-20T12:00Z")
    merge(client, old, new)
    assert days() == before
    assert undo(client, old).status_code == 302
    assert days() == before


@pytest.mark.parametrize(
    ("own_quote", "answer", "kept"),
    [("", "own", ("Own", "")), ("", "other", ("Other", "Words")), ("Word", "other", ("Other", "Words"))],
)
def test_a_quote_stays_with_its_source(client, own_quote, answer, kept):
    old, new = make.PartyFactory(name="Old"), make.PartyFactory(name="New")
    talk = make.TalkFactory()
    ours, theirs = make.SourceFactory(title="Own"), make.SourceFactory(title="Other")
    row = make.DelegationFactory(talk=talk, party=old, role="host", source=theirs, quote="Words")
    make.DelegationFactory(talk=talk, party=new, role="host", source=ours, quote=own_quote)
    assert "quote: Words" in words(previewed(client, old, new))
    merge(client, old, new, **{row.ref: answer})
    seat = Delegation.objects.get(talk=talk)
    assert (seat.source.title, seat.quote) == kept


def test_a_date_a_text_and_a_mark_come_from_the_source_that_has_them(client):
    dated = {"published_on": dt.date(2025, 2, 1), "published_inferred": True}
    old = make.SourceFactory(title="Old", text="Слова", language="ru", reliability="B", **dated)
    new = make.SourceFactory(
        title="New",
        published_on=None,
        published_precision="",
        reliability="F",
        retrieved_on=dt.date(2025, 3, 1),
    )
    merge(client, old, new)
    new.refresh_from_db()
    assert (new.published_on, new.published_inferred) == (dt.date(2025, 2, 1), True)
    assert (new.text, new.language, new.retrieved_on, new.reliability) == ("Слова", "ru", None, "B")
    plain = make.SourceFactory(title="Plain", language="en", published_on=dt.date(2025, 2, 3))
    merge(client, new, plain)
    assert Source.objects.get(pk=plain.pk).published_inferred is False


def test_the_end_of_one_office_is_not_put_beside_the_beginning_of_another(client):
    person = make.PersonFactory()
    old = make.OfficeFactory(
        person=person, held_to=dt.date(2025, 1, 1), held_to_precision="day", inferred=True
    )
    new = make.OfficeFactory(person=person, held_from=dt.date(2025, 2, 1), held_from_precision="day")
    merge(client, old, new)
    new.refresh_from_db()
    assert (new.held_to, new.inferred) == (None, False)


def test_what_was_named_and_is_deleted_by_now_is_told_rather_than_named_again(client, bob):
    old, new = make.PartyFactory(name="Old"), make.PartyFactory(name="New")
    talk = make.TalkFactory()
    lost = make.SourceFactory(title="Lost")
    make.DelegationFactory(talk=talk, party=old, role="host", source=lost)
    ours = make.DelegationFactory(talk=talk, party=new, role="host", source=make.SourceFactory())
    row = Delegation.objects.get(party=old)
    merge(client, old, new, **{row.ref: "own"})
    recording.delete(bob, lost)
    response = undo(client, old)
    assert response.status_code == 409 and "Lost" in words(response)
    assert leads_to(old) == ["New"] and Delegation.objects.get() == ours


def test_it_is_not_told_of_a_process_that_the_editor_may_not_see(client, bob, dave, restricted_process):
    old, new = make.PartyFactory(name="Old"), make.PartyFactory(name="New")
    talk = make.TalkFactory(process=restricted_process)
    lost, ours = (make.SourceFactory(title=title, process=restricted_process) for title in ("Lost", "Ours"))
    make.DelegationFactory(talk=talk, party=old, role="host", source=lost)
    make.DelegationFactory(talk=talk, party=new, role="host", source=ours)
    merge(client, old, new)
    recording.delete(dave, lost)
    response = undo(client, old)
    assert response.status_code == 409 and "Lost" not in words(response)
    assert "a source that you may not see" in words(response)


def test_what_names_a_record_while_it_is_merged_is_shown_before_it_is_merged(client, monkeypatch):
    old, new = make.PartyFactory(name="Old"), make.PartyFactory(name="New")
    person = make.PersonFactory(party=None)
    page = previewed(client, old, new)

    def renew_late(self, renew=HandOver.renew):
        renew(self)
        # As if another connection had committed it meanwhile.
        Person.objects.filter(pk=person.pk).update(party=old)

    monkeypatch.setattr(HandOver, "renew", renew_late)
    response = client.post(page.request["PATH_INFO"], sent(page) | {"note": "The same"})
    assert response.status_code == 409 and "Nothing was merged" in errors(response)[0]
    assert leads_to(old) == [None]


@pytest.mark.parametrize("at_once", [False, True])
def test_an_import_that_names_what_was_merged_meanwhile_is_shown_again(bob, monkeypatch, at_once):
    old, new = make.PartyFactory(name="Old"), make.PartyFactory(name="New")
    kind = BY_URL_NAME["person"]
    lines = f"name,party_id\nAnn,{old.ref}".encode()
    run = runs.begin(bob, kind, "rows.csv", [lines])
    if not at_once:
        runs.work(run, kind)
        run.state = ImportRun.State.WRITING
        run.save()

    def write_late(*args, write=runs.write):
        write(*args)
        with writes_allowed():
            Party.objects.filter(pk=old.pk).update(merged_into=new)
            LastRecording.objects.update(merged_at=last_instant())

    with monkeypatch.context() as patched:
        module = "at_once" if at_once else "runs"
        patched.setattr(f"tracker.files.importing.{module}.write", write_late)
        if at_once:
            assert not work_at_once(run, kind)
        else:
            runs.work(run, kind)
    run.refresh_from_db()
    assert run.state == (ImportRun.State.READING if at_once else ImportRun.State.READY)
    assert bool(run.problems) is not at_once and not Person.objects.exists()


def test_a_source_that_took_in_another_is_kept_to_a_process_as_that_one_is(
    client, alice, bob, dave, restricted_process
):
    client.force_login(dave)
    survivor = make.SourceFactory(title="Stays", text="The secret words.")
    merged = make.SourceFactory(title="Goes", text="Words of old.", taken_from=survivor)
    make.CitationFactory(source=merged, development__process=restricted_process)
    merge(client, merged, survivor)
    survivor.refresh_from_db()
    survivor.process = restricted_process
    recording.save(dave, survivor)
    for user in (dave, bob):
        assert Source.everything.visible_to(user).filter(pk=merged.pk).exists() is (user == dave)
        texts = SourceText.objects.visible_to(user).filter(source_ref=merged.ref)
        assert texts.exists() is (user == dave)
        assert Change.objects.visible_to(user).filter(record_ref=merged.ref).exists() is (user == dave)
    survivor.process = None
    recording.save(dave, survivor)
    assert Source.everything.visible_to(bob).filter(pk=merged.pk).exists()


def test_a_source_is_not_kept_to_a_process_if_what_it_took_in_was_cited_elsewhere(client, bob):
    survivor, merged = make.SourceFactory(), make.SourceFactory()
    said = make.CitationFactory(source=merged, development__process=make.ProcessFactory()).development
    recording.withdraw(bob, said, "Never said")
    merge(client, merged, survivor)
    survivor.refresh_from_db()
    survivor.process = make.ProcessFactory()
    with pytest.raises(ValidationError, match="cited outside of this process already"):
        recording.save(bob, survivor)


def test_what_a_merged_person_named_can_be_deleted_and_comes_back_if_it_is_not(client, bob):
    party, gone = make.PartyFactory(name="Here"), make.PartyFactory(name="Gone")
    old, new = make.PersonFactory(party=party), make.PersonFactory(party=make.PartyFactory())
    merge(client, old, new)
    assert undo(client, old).status_code == 302
    old.refresh_from_db()
    assert old.party == party
    lost = make.PersonFactory(party=gone)
    new.refresh_from_db()
    merge(client, lost, new)
    recording.delete(bob, gone)
    response = undo(client, lost)
    assert response.status_code == 409 and "party “Gone”" in words(response)
    merge(client, old, new)
    merge(client, party, make.PartyFactory(name="Other"))
    assert "party “Here”" in words(undo(client, old))


def test_words_are_no_longer_proved_by_a_text_that_is_given_back(client, bob, clock):
    clock("2025-03-01T12:00Z")
    old, new = make.SourceFactory(text="They met in the hall."), make.SourceFactory(text="")
    once = make.SourceFactory(text="Other words.")
    cited = [make.CitationFactory(source=source, quote="They met") for source in (new, once)]
    cited.append(make.CitationFactory(source=new, quote="They parted"))
    once.text = ""
    recording.save(bob, once)

    def proofs():
        rows = Citation.objects.filter(pk__in=[row.pk for row in cited]).order_by("pk")
        return [*rows.values_list("found", "found_in", "found_at", "looked_up_at")]

    before = proofs()
    assert [row[0] for row in before] == [None, False, None]
    for day, survivor in ((2, new), (4, once)):
        clock(f"2025-03-0{day}T12:00Z")
        merge(client, old, survivor)
        assert proofs() != before
        clock(f"2025-03-0{day + 1}T12:00Z")
        assert undo(client, old).status_code == 302
        assert proofs() == before
        old.refresh_from_db()
