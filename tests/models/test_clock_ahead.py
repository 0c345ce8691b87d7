"""A clock that was ahead: nothing is recorded behind an instant that is still to come, and a command puts it right."""

import datetime as dt
import io

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from tests import factories as make
from tests.claiming import ClaimFactory
from tests.corrections import correct
from tests.files.test_importing import as_file, brought_in
from tests.over_the_register.reading import read_csv
from tests.pages.filling import errors, sent, submit
from tracker import recording
from tracker.clocks import PRESENT, instant_iso
from tracker.files.importing.at_once import work_at_once
from tracker.files.importing.runs import begin, work
from tracker.models import (
    Claim,
    Development,
    ImportRun,
    Office,
    Party,
    Person,
    SavedView,
    Submission,
    Token,
    User,
    search_entries,
)
from tracker.recording.future import future_instants, instant_columns, move_to_now
from tracker.recording.timestamps import AHEAD, last_instant
from tracker.register import BY_URL_NAME

pytestmark = [pytest.mark.django_db, pytest.mark.both, pytest.mark.fault]

MOMENT = dt.timedelta(microseconds=1)
REFUSED = "Nothing can be recorded before its clock is set right."


@pytest.fixture
def bob_in(client, bob):
    client.force_login(bob)
    return client


def test_a_clock_set_back_by_up_to_five_minutes_leaves_the_order(clock):
    clock("2025-03-01T12:00Z")
    first = make.PartyFactory()
    clock("2025-03-01T11:55Z")
    second = make.PartyFactory()
    assert second.recorded_at > first.recorded_at


def test_the_open_end_of_a_version_is_no_instant_to_come(alice):
    party = make.PartyFactory()
    party.name = "Ruritania"
    recording.save(alice, party)
    assert future_instants() == []


def test_what_people_do_without_recording_may_have_any_instant():
    others = {ImportRun, SavedView, Submission, Token, User}
    assert others.isdisjoint(model for model, _ in instant_columns())


def test_nothing_is_recorded_more_than_five_minutes_behind(clock, bob):
    clock("2025-03-01T12:00Z")
    party = make.PartyFactory(name="Ruritania")
    clock("2025-03-01T11:54:59Z")
    with pytest.raises(ValidationError, match="shows 01 Mar 2025, 11:54 UTC, but .* 01 Mar 2025, 12:00 UTC"):
        recording.save(bob, Party(name="Graustark", kind="state"))
    party.name = "Strelsau"
    with pytest.raises(ValidationError, match=REFUSED):
        recording.save(bob, party)
    assert list(Party.objects.values_list("name", flat=True)) == ["Ruritania"]


def test_the_form_says_why_and_keeps_what_was_typed(bob_in, clock):
    clock("2025-03-01T12:00Z")
    process, party = make.ProcessFactory(), make.PartyFactory()
    clock("2025-03-01T11:00Z")
    form = sent(bob_in.get(f"/developments/new/?process={process.ref}"))
    form |= {
        "party": party.name,
        "headline": "It insists",
        "occurred_on": "2025-02-18",
        "kind": "report",
        "basis": "paraphrase",
    }
    response = bob_in.post(f"/developments/new/?process={process.ref}", form)
    assert REFUSED in response.text and "It insists" in response.text
    form = sent(bob_in.get("/parties/new/"))
    response = bob_in.post("/parties/new/", form | {"name": "Graustark", "kind": "state"})
    assert REFUSED in response.text and "Graustark" in response.text
    assert not Development.objects.exists() and Party.objects.get() == party


def test_an_instant_lies_in_the_future_if_it_is_more_than_five_minutes_ahead(clock):
    clock("2025-03-01T12:00Z")
    make.PartyFactory()
    clock((last_instant() - AHEAD).isoformat())
    assert future_instants() == []
    clock((last_instant() - AHEAD - MOMENT).isoformat())
    assert future_instants()


def test_what_is_moved_comes_after_all_that_was_rightly_recorded(clock, monkeypatch):
    clock("2025-03-01T12:00Z")
    make.PartyFactory()
    last = last_instant()
    clock("2026-03-01T12:00Z")
    first, second = make.PartyFactory(), make.PartyFactory()
    clock("2025-03-01T11:58Z")
    future = future_instants()
    with monkeypatch.context() as broken, pytest.raises(ZeroDivisionError):
        broken.setattr("tracker.recording.future.continue_from", lambda instant: 1 / 0)
        move_to_now()
    assert future_instants() == future
    assert move_to_now() == len(future) == 2
    moved = [Party.objects.get(pk=party.pk).recorded_at for party in (first, second)]
    assert moved == [last + MOMENT, last + 2 * MOMENT] and last_instant() == moved[-1]
    assert move_to_now() == 0 and last_instant() == moved[-1]


def test_where_all_that_was_recorded_lies_in_the_future_it_is_moved_to_now(clock):
    clock("2026-03-01T12:00Z")
    parties = [make.PartyFactory(), make.PartyFactory()]
    clock("2025-03-01T12:00Z")
    assert move_to_now() == 2
    instants = [Party.objects.get(pk=party.pk).recorded_at.isoformat() for party in parties]
    assert instants == sorted(set(instants)) and all(at.startswith("2025-03-01T12:00:00") for at in instants)


def test_an_edit_says_why_without_asking_about_a_conflict(bob_in, clock):
    clock("2025-03-01T12:00Z")
    office = make.OfficeFactory(person__name="Rudolf")
    clock("2025-03-01T11:00Z")
    form = sent(bob_in.get(f"/people/{office.person.ref}/edit/")) | {
        "name": "Rassendyll",
        "offices-0-DELETE": "on",
    }
    response = bob_in.post(f"/people/{office.person.ref}/edit/", form)
    assert response.status_code == 422 and "Keep mine" not in response.text
    assert [REFUSED in error for error in errors(response)] == [True]
    assert {name: sent(response)[name] for name in ("name", "offices-0-DELETE")} == {
        "name": ["Rassendyll"],
        "offices-0-DELETE": ["on"],
    }
    assert Person.objects.get().name == "Rudolf" and Office.objects.count() == 1


def test_deleting_and_withdrawing_say_why_and_keep_the_reason(bob_in, clock):
    clock("2025-03-01T12:00Z")
    party, development = make.PartyFactory(), make.DevelopmentFactory()
    clock("2025-03-01T11:00Z")
    for record in (party, development):
        response = submit(bob_in, f"{record.get_absolute_url()}delete/", note="Of no use")
        assert response.status_code == 422 and REFUSED in errors(response)[0]
        assert sent(response)["note"] == ["Of no use"]
        assert type(record).objects.at(PRESENT).filter(pk=record.pk).exists()


def test_a_form_of_the_admin_that_is_refused_claims_nothing_and_can_be_sent_again(client, clock):
    clock("2025-03-01T12:00Z")
    party = make.PartyFactory(name="Ruritania")
    client.force_login(make.UserFactory(administrator=True))
    pages = ("/admin/tracker/party/add/", f"/admin/tracker/party/{party.pk}/change/")
    forms = {
        page: sent(client.get(page)) | {"name": f"Strelsau {len(page)}", "kind": "state"} for page in pages
    }
    clock("2025-03-01T11:00Z")
    for page, form in forms.items():
        response = client.post(page, form)
        assert REFUSED in response.text and "successfully" not in response.text, page
        assert "successfully" not in client.get("/admin/").text
    assert Party.objects.get().name == "Ruritania"
    clock("2025-03-01T12:00Z")
    for page, form in forms.items():
        response = client.post(page, form, follow=True)
        assert "successfully" in response.text
        assert Party.objects.filter(name=form["name"]).exists()


def test_deleting_in_the_admin_says_why(client, clock):
    clock("2025-03-01T12:00Z")
    party = make.PartyFactory()
    client.force_login(make.UserFactory(administrator=True))
    clock("2025-03-01T11:00Z")
    page = f"/admin/tracker/party/{party.pk}/delete/"
    seen = BeautifulSoup(client.get(page).content, "lxml").select_one("[name=seen]")["value"]
    selected = {"action": "delete_selected", "_selected_action": party.pk}
    for url, chosen in ((page, {}), ("/admin/tracker/party/", selected)):
        response = client.post(url, {"post": "yes", "seen": seen, **chosen})
        assert response.status_code == 422 and REFUSED in response.text
        assert Party.objects.filter(pk=party.pk).exists()


def test_an_import_and_its_undo_say_why_and_can_be_tried_again(bob, clock):
    clock("2025-03-01T12:00Z")
    parties, content = BY_URL_NAME["party"], as_file([{"name": "Ruritania", "kind": "state"}])
    run = brought_in(bob, parties, content)
    clock("2025-03-01T13:00Z")
    make.PartyFactory(name="Graustark")
    clock("2025-03-01T12:00Z")

    def step(state):
        run.state, run.undone_by = state, bob
        run.save()
        work(run, parties)
        run.refresh_from_db()
        return run.state, [REFUSED in problem for problem in run.problems], Party.objects.count()

    assert step("writing") == ("ready", [True], 1) and run.written_at is None
    assert not work_at_once(begin(bob, parties, "file.csv", [content.encode()]), parties)
    assert Party.objects.count() == 1
    clock("2025-03-01T13:00Z")
    assert step("writing") == ("done", [], 2)
    clock("2025-03-01T12:00Z")
    assert step("undoing") == ("done", [True], 2) and run.undone_at is None
    clock("2025-03-01T13:00Z")
    assert step("undoing") == ("undone", [], 1)


def test_a_future_instant_is_named_and_moved_to_now(bob_in, clock):
    clock("2025-03-01T12:00Z")
    demand = make.DemandFactory(title="Neutrality")
    before = last_instant()
    earlier = read_csv(bob_in, "/demands.csv")
    clock("2026-03-01T12:00Z")
    development = make.EffectFactory(item=demand, status="met").development
    correct(development, headline="Otherwise")
    make.PartyFactory(name="Ruritania")
    ClaimFactory(record=demand)
    clock("2025-03-02T12:00Z")
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("check_standing", stdout=out)
    assert "instants of recording lie in the future, the last one at 2026-03-01T12:00:00" in out.getvalue()
    call_command("check_standing", repair=True, stdout=out)
    assert future_instants() == []
    call_command("check_standing", stdout=out)
    assert "2025-03-02T12:00" in last_instant().isoformat() and last_instant() > before
    versions = list(Development.objects.filter(ref=development.ref).order_by("version"))
    assert versions[0].ended_at == versions[1].recorded_at < last_instant()
    assert versions[1].first_recorded_at == versions[0].recorded_at > before
    assert {version.recorded_on.isoformat() for version in versions} == {"2025-03-02"}
    clock("2025-03-03T12:00Z")
    assert make.PartyFactory().recorded_at.isoformat().startswith("2025-03-03T12:00")
    then = read_csv(bob_in, f"/demands.csv?known={instant_iso(before)}")
    assert then == earlier
    assert [row["status"] for row in read_csv(bob_in, "/demands.csv")] == ["met"]
    # What is kept beside the record is on record from the same instants.
    assert list(search_entries.mismatches()) == [] and Claim.objects.get().recorded_at < last_instant()
