"""What was merged, on other pages: deleting the record that stays, undoing an import, editing names taken over."""

import pytest
from bs4 import BeautifulSoup

from tests import factories as make
from tests.pages.filling import errors, sent, submit
from tests.pages.test_merging import assert_sound, merge, previewed, undo, words
from tests.pages.test_merging_items import two
from tracker import recording
from tracker.clocks import instant_iso
from tracker.files.importing import runs
from tracker.files.importing import undo as undoing
from tracker.models import Citation, Demand, Effect, ImportRun, Issue, LastRecording, Party, Person, User
from tracker.models.base import writes_allowed
from tracker.queries.record_lookup import find
from tracker.recording.moving import move
from tracker.recording.timestamps import last_instant
from tracker.register import BY_MODEL, BY_URL_NAME

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bob_in(client, bob):
    """bob, an editor, signed in to the test's client."""
    client.force_login(bob)


def test_the_record_that_stays_is_deleted_once_the_merge_is_undone(client, bob, alice):
    mine = {"by": alice}
    old, new = make.IssueFactory(name="Old", **mine), make.IssueFactory(name="New", **mine)
    merge(client, old, new)
    page = client.get(f"/issues/{new.ref}/delete/")
    assert "Merged into it: Old" in words(page) and f'href="/issues/{old.ref}/unmerge/"' in page.text
    assert client.post(f"/issues/{new.ref}/delete/", {"note": "Gone", "version": 1}).status_code == 409
    page = client.get("/admin/tracker/issue/", {"q": "New"})
    deleting = {"action": "delete_selected", "_selected_action": [new.pk]}
    assert (
        "1 issue merged into it, which its history lets you undo"
        in client.post("/admin/tracker/issue/", deleting).text
    )
    undo(client, old)
    page = client.get(f"/issues/{new.ref}/delete/")
    assert client.post(f"/issues/{new.ref}/delete/", sent(page) | {"note": "Gone"}).status_code == 302
    assert not Issue.everything.filter(pk=new.pk).exists()


def test_deleting_the_record_that_stays_offers_only_merges_that_can_be_undone(client, bob):
    first, second, third, fourth = (make.PartyFactory(name=name) for name in ("Aa", "Bb", "Cc", "Dd"))
    merge(client, first, second)
    second.refresh_from_db()
    merge(client, second, fourth)
    fourth.refresh_from_db()
    merge(client, third, fourth)
    page = client.get(f"/parties/{fourth.ref}/delete/")
    assert "Merged into it: Aa (this merge cannot be undone now); Bb (this" in words(page)
    assert [link["href"] for link in BeautifulSoup(page.content, "lxml").select("main li a")] == [
        f"/parties/{third.ref}/unmerge/"
    ]
    fourth.refresh_from_db()
    fourth.short_name = "D."
    recording.save(bob, fourth)
    assert "/unmerge/" not in client.get(f"/parties/{fourth.ref}/delete/").text


def test_a_merge_is_not_undone_once_the_item_was_moved_and_the_page_says_so(client, alice):
    old, new = two(make.DemandFactory)
    merge(client, old, new)
    new.refresh_from_db()
    secret = make.ProcessFactory(restricted=True, members=[alice], title="Back channel")
    histories = [f"/demands/{item.ref}/history/" for item in (old, new)]
    undo_url = f"/demands/{old.ref}/unmerge/"
    assert any(undo_url in client.get(page, follow=True).text for page in histories)
    move(make.UserFactory(administrator=True), new, secret, "Filed by mistake")
    address = f"/demands/{old.ref}/unmerge/"
    for response, status in ((client.get(address), 200), (client.post(address, {"note": "Two"}), 409)):
        assert response.status_code == status and "Back channel" not in response.text
        assert "cannot be undone, because “New” was moved to another process since" in words(response)
        assert "Undo the merge</button>" not in response.text
    client.force_login(make.UserFactory(administrator=True))
    secret.members.add(*User.objects.all())
    for page in histories:
        history = client.get(page, follow=True)
        assert history.status_code == 200 and undo_url not in history.text


def test_a_party_is_deleted_although_a_merged_demand_had_to_name_it(client, bob):
    process, speaker = make.ProcessFactory(), make.PartyFactory()
    first, second, third = (
        make.DemandFactory(process=process, title=title, development__party=speaker)
        for title in ("Aa", "Bb", "Cc")
    )
    parties = (second.party, third.party)
    merge(client, first, second)
    merge(client, second, third)
    page = client.get(f"/parties/{parties[1].ref}/delete/")
    assert "1 demand: Cc" in words(page)
    third.refresh_from_db()
    third.party = speaker
    recording.save(bob, third)
    for party in parties:
        page = client.get(f"/parties/{party.ref}/delete/")
        response = client.post(f"/parties/{party.ref}/delete/", sent(page) | {"note": "Unused"})
        assert response.status_code == 302, words(response)
    assert_sound()
    assert {*Demand.everything.values_list("party", flat=True)} == {speaker.pk}


def test_an_item_that_was_moved_here_is_not_said_to_be_merged(client):
    old, new = two(make.DemandFactory)
    process, clerk = make.ProcessFactory(), make.UserFactory(administrator=True)
    came, there = (move(clerk, item, process, "Filed by mistake") for item in (old, new))
    page = client.get(f"/demands/{there.ref}/delete/")
    assert "before it was moved to this process" in words(page) and "Merged into it" not in words(page)
    merge(client, came, there)
    page = client.get(f"/demands/{there.ref}/delete/")
    assert "before it was moved to this process" in words(page) and "Merged into it: Old" in words(page)
    assert page.text.count("/unmerge/") == 1 and f"/demands/{came.ref}/unmerge/" in page.text


def written(by, url_name, lines):
    """An import that was written, and is to be undone."""
    run = runs.begin(by, BY_URL_NAME[url_name], "rows.csv", [lines.encode()])
    for state in (ImportRun.State.WRITING, ImportRun.State.UNDOING):
        runs.work(run, BY_URL_NAME[url_name])
        run.refresh_from_db()
        run.state, run.undone_by = state, by
        run.save()
    return run


def test_an_import_is_not_undone_where_a_name_of_before_was_merged_since(client, bob):
    old, new, other = (make.PartyFactory(name=name) for name in ("Old", "New", "Other"))
    person = make.PersonFactory(name="Ann", party=old)
    run = written(bob, "person", f"id,party_id\n{person.ref},{other.ref}")
    merge(client, old, new)
    runs.work(run, BY_URL_NAME["person"])
    run.refresh_from_db()
    assert (run.state, run.undone_at) == (ImportRun.State.DONE, None)
    assert run.problems == ["Row 2: its earlier party has been merged or deleted since."]
    person.refresh_from_db()
    assert person.party == other


def test_an_import_is_not_undone_while_what_it_names_again_is_merged(bob, monkeypatch):
    old, new, other = (make.PartyFactory(name=name) for name in ("Old", "New", "Other"))
    person = make.PersonFactory(name="Ann", party=old)
    run = written(bob, "person", f"id,party_id\n{person.ref},{other.ref}")

    def undo_late(*args, undo_all=undoing._undo_all):
        problems = undo_all(*args)
        with writes_allowed():
            Party.objects.filter(pk=old.pk).update(merged_into=new)
            LastRecording.objects.update(merged_at=last_instant())
        return problems

    monkeypatch.setattr(undoing, "_undo_all", undo_late)
    runs.work(run, BY_URL_NAME["person"])
    run.refresh_from_db()
    assert run.state == ImportRun.State.DONE and "was merged into another record" in run.problems[0]
    assert Person.objects.get(pk=person.pk).party == other


@pytest.mark.parametrize(
    "factory",
    [make.IssueFactory, make.SourceFactory, make.TalkFactory, make.DemandFactory, make.PrincipleFactory],
)
def test_names_that_were_taken_over_can_be_edited(client, factory):
    shared = {"process": make.ProcessFactory()} if "process" in factory._meta.declarations else {}
    old, new = (factory(**{factory._meta.model.name_fields[0]: name}, **shared) for name in ("Old", "New"))
    merge(client, old, new)
    address = f"/{BY_MODEL[type(new)].path}/{new.ref}/edit/"
    taken_over = client.get(address).context["form"]["aliases"].value()
    response = submit(client, address, aliases="Another\nOne more")
    assert response.status_code == 302, errors(response)
    new.refresh_from_db()
    assert taken_over and new.aliases == ["Another", "One more"]
    assert find(type(new).objects.all(), "One more") == new
    assert "One more" in words(client.get(new.get_absolute_url()))
    assert "One more" in client.get(f"/{BY_MODEL[type(new)].path}.csv").getvalue().decode()


def test_two_items_are_merged_from_their_list_in_the_admin(client):
    process = make.ProcessFactory()
    old, new = (make.FollowUpFactory(process=process, title=title) for title in ("Old", "New"))
    chosen = {"action": "merge_selected", "_selected_action": [old.pk, new.pk]}
    response = client.post("/admin/tracker/followup/", chosen)
    assert response.status_code == 302
    pair = {
        response.url,
        f"/follow-ups/{old.ref}/merge/?into={new.ref}",
        f"/follow-ups/{new.ref}/merge/?into={old.ref}",
    }
    assert len(pair) == 2 and client.get(response.url).status_code == 200


def test_the_names_of_an_office_are_edited_on_the_page_of_its_person(client):
    person = make.PersonFactory()
    old, new = (make.OfficeFactory(person=person, title=title) for title in ("Envoy", "Special envoy"))
    merge(client, old, new)
    assert "also Envoy" in words(client.get(person.get_absolute_url()))
    response = submit(client, f"/people/{person.ref}/edit/", **{"offices-0-aliases": "Chief envoy"})
    assert response.status_code == 302, errors(response)
    new.refresh_from_db()
    assert new.aliases == ["Chief envoy"]


def test_a_comparison_over_a_merge_says_nothing_of_the_merged_item(client, clock):
    clock("2025-03-01T12:00Z")
    old, new = two(make.PrincipleFactory)
    party = make.PartyFactory()
    effect = Effect(item=old, party=party, stance="affirms")
    make.DevelopmentFactory(process=old.process, party=party, effects=[effect])
    known = instant_iso(last_instant())
    clock("2025-03-02T12:00Z")
    merge(client, old, new)
    page = client.get(f"/processes/{old.process.ref}/compare/?from_known={known}")
    assert page.status_code == 200 and f"/principles/{old.ref}/" not in page.text


def test_a_comparison_of_two_earlier_moments_has_both(client, clock):
    clock("2025-03-01T12:00Z")
    process = make.ProcessFactory()
    make.DemandFactory(process=process)
    first = instant_iso(last_instant())
    clock("2025-03-02T12:00Z")
    merged, survivor, moved = (
        make.DemandFactory(process=process, title=title) for title in ("Aa", "Bb", "Cc")
    )
    second = instant_iso(last_instant())
    page = f"/processes/{process.ref}/compare.csv?from_known={first}&to_known={second}"
    before = client.get(page).getvalue()
    assert all(item.ref in before.decode() for item in (merged, survivor, moved))
    clock("2025-03-03T12:00Z")
    merge(client, merged, survivor)
    move(make.UserFactory(administrator=True), moved, make.ProcessFactory(), "Filed by mistake")
    assert client.get(page).getvalue() == before


def test_the_reason_is_kept_when_the_record_that_stays_is_asked_for_again(client, bob):
    old, gone, new = (make.PartyFactory(name=name) for name in ("Old", "Gone", "New"))
    page = previewed(client, old, gone)
    address = page.request["PATH_INFO"]
    recording.delete(bob, gone)
    again = client.post(address, sent(page) | {"note": "One and the same"})
    assert again.status_code == 409 and sent(again)["note"] == ["One and the same"]
    page = client.post(address, sent(again) | {"into": new.ref})
    assert page.status_code == 200 and not errors(page) and sent(page)["note"] == ["One and the same"]
    assert client.post(address, sent(page)).status_code == 302
    assert Party.everything.get(pk=old.pk).merged_into == new


def test_an_address_leads_where_it_led_then_although_the_merge_was_undone(client, clock):
    clock("2025-03-01T12:00Z")
    old, new = two(make.DemandFactory)
    dated = {"published_on": "2025-02-01", "published_precision": "day"}
    party, source = make.PartyFactory(), make.SourceFactory(**dated)
    effect, citation = Effect(item=new, status="met"), Citation(source=source)
    make.DevelopmentFactory(process=new.process, party=party, effects=[effect], citations=[citation])
    clock("2025-03-02T12:00Z")
    merge(client, old, new)
    clocks = [
        f"?known={instant_iso(last_instant())}{day}" for day in ("", "&on=2025-02-01", "&public=2025-02-20")
    ]
    addresses = [f"/demands/{old.ref}/{file}{clock}" for file in ("", "path.csv") for clock in clocks]

    def led():
        return [(answer.status_code, answer.headers.get("Location")) for answer in map(client.get, addresses)]

    before = led()
    assert {status for status, _ in before} == {301} and all(new.ref in to for _, to in before)
    clock("2025-03-03T12:00Z")
    assert undo(client, old).status_code == 302
    assert led() == before
