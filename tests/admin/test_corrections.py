"""An edit of a development is a correction, a delete a withdrawal, each with its reason; the history tells of both."""

import datetime as dt

import pytest

from tests.admin.pages import errors, typed, url
from tests.corrections import correct
from tests.factories import (
    DevelopmentFactory,
    EffectFactory,
    PartyFactory,
    SourceFactory,
)
from tracker import recording
from tracker.models import Development, Party, Source

pytestmark = pytest.mark.django_db


def test_an_edit_is_a_correction_and_keeps_the_version_before(client, alice, demand, insisted):
    client.force_login(alice)
    page = client.get(url(Development, "change", insisted.pk))
    sent = typed(page, **{"effects-0-firmness": "red_line", "reason": "world_misread", "note": "Misheard."})
    response = client.post(url(Development, "change", insisted.pk), sent, follow=True)
    assert "was corrected" in response.content.decode()
    demand.refresh_from_db()
    assert demand.current_firmness == "red_line"
    old, new = Development.objects.filter(ref=insisted.ref).order_by("version")
    assert old.ended_by == alice
    assert (old.ended_as, old.ended_reason, old.ended_note) == ("corrected", "world_misread", "Misheard.")
    assert old.effects.get().firmness == "insisted"
    assert (new.version, new.is_current, new.citations.get().quote) == (2, True, "We insist on it.")


def test_save_and_continue_leads_on_to_the_version_in_force(client, alice, insisted):
    client.force_login(alice)
    page = client.get(url(Development, "change", insisted.pk))
    sent = typed(page, headline="He insists", reason="recoded", _continue="1")
    response = client.post(url(Development, "change", insisted.pk), sent)
    current = Development.objects.get(ref=insisted.ref, ended_at=None)
    assert response.url == url(Development, "change", current.pk)


def test_parts_are_added_and_taken_out_by_a_correction(client, alice, demand, insisted):
    client.force_login(alice)
    page = client.get(url(Development, "change", insisted.pk))
    sent = typed(page, reason="new_information") | {
        "effects-0-DELETE": "on",
        "effects-TOTAL_FORMS": 2,
        "effects-1-item": demand.pk,
        "effects-1-status": "under_discussion",
        "citations-0-DELETE": "on",
    }
    response = client.post(url(Development, "change", insisted.pk), sent)
    assert response.status_code == 302, errors(response)
    current = Development.objects.get(ref=insisted.ref, ended_at=None)
    assert [effect.status for effect in current.effects.all()] == ["under_discussion"]
    assert not current.citations.exists()
    demand.refresh_from_db()
    assert (demand.current_firmness, demand.current_status) == ("stated", "under_discussion")


def test_a_correction_needs_its_reason(client, alice, insisted):
    client.force_login(alice)
    sent = typed(client.get(url(Development, "change", insisted.pk)), headline="Another headline")
    response = client.post(url(Development, "change", insisted.pk), sent)
    assert "reason" in errors(response)
    assert "Another headline" in response.content.decode()
    assert Development.objects.filter(ref=insisted.ref).count() == 1


def test_saving_without_a_change_records_nothing(client, alice, insisted):
    client.force_login(alice)
    sent = typed(client.get(url(Development, "change", insisted.pk)))
    response = client.post(url(Development, "change", insisted.pk), sent, follow=True)
    assert "nothing was recorded" in response.content.decode()
    assert Development.objects.filter(ref=insisted.ref).count() == 1


def late(client, insisted, demand, meanwhile):
    """What is answered to a correction with an added row, when `meanwhile` was done after its page was opened."""
    page = url(Development, "change", insisted.pk)
    sent = typed(client.get(page), headline="My own wording", reason="recoded", note="By the book.") | {
        "effects-TOTAL_FORMS": 2, "effects-1-item": demand.pk, "effects-1-status": "rejected",
        "effects-1-stance": "rejects", "effects-1-party": insisted.party.pk, "citations-0-DELETE": "on",
    }  # fmt: skip
    result = meanwhile()
    return client.post(page, sent), result


def is_kept(response):
    """Whether all that `late` typed stands on the page."""
    kept = typed(response)
    return (kept["headline"], kept["note"], kept["effects-1-status"], kept.get("citations-0-DELETE")) == (
        "My own wording", "By the book.", "rejected", True,
    )  # fmt: skip


def test_whoever_comes_second_is_told_what_changed_and_keeps_what_was_typed(client, alice, demand, insisted):
    client.force_login(alice)
    response, current = late(
        client, insisted, demand, lambda: correct(
            insisted, note="Heard it.", headline="Somebody else was quicker",
            effects=[EffectFactory.build(item=demand, firmness="red_line")],
        ),
    )  # fmt: skip
    page = response.content.decode()
    assert response.status_code == 409
    assert "<b>clerk</b>: corrected: We misread it, “Heard it.”" in page
    assert url(Development, "change", current.pk) in page
    assert "both, differently" in page and "Somebody else was quicker" in page
    assert "<del>Insisted </del><ins>Red line</ins>" in page and "Citation: Daily Gazette" in page
    assert is_kept(response)
    assert Development.objects.get(ref=insisted.ref, ended_at=None).headline == "Somebody else was quicker"


def test_who_was_told_may_put_what_was_typed_in_place_of_theirs(client, alice, demand, insisted):
    client.force_login(alice)
    response, second = late(client, insisted, demand, lambda: correct(insisted, headline="Quicker"))
    third = correct(second, headline="Quicker still")
    assert f'action="{url(Development, "change", second.pk)}"' in response.content.decode()
    response = client.post(url(Development, "change", second.pk), typed(response))
    assert (
        response.status_code == 409 and "<ins>still</ins>" in response.content.decode() and is_kept(response)
    )
    response = client.post(url(Development, "change", third.pk), typed(response))
    assert response.status_code == 302, errors(response)
    versions = Development.objects.filter(ref=insisted.ref).order_by("version")
    assert [row.headline for row in versions][1:] == ["Quicker", "Quicker still", "My own wording"]
    assert [row.status or row.firmness for row in versions[3].effects.order_by("pk")] == [
        "insisted",
        "rejected",
    ]
    assert not versions[3].citations.exists()


def test_what_was_withdrawn_meanwhile_can_be_recorded_anew(client, alice, bob, demand, insisted):
    client.force_login(alice)
    response, _ = late(client, insisted, demand, lambda: recording.withdraw(bob, insisted, "Twice recorded."))
    page = response.content.decode()
    assert "<b>bob</b>: withdrawn, “Twice recorded.”" in page and is_kept(response)
    assert 'name="_saveasnew"' in page
    assert not [button for button in ("_save", "_continue") if f'name="{button}"' in page]
    assert f'name="process" value="{insisted.process_id}"' in page
    sent = typed(response) | {"process": insisted.process_id, "_saveasnew": "on"}
    address = url(Development, "change", insisted.pk)
    wrong = client.post(address, sent | {"headline": ""})
    assert "headline" in errors(wrong) and 'name="_saveasnew"' in wrong.content.decode()
    response = client.post(address, typed(wrong, headline="My own wording") | {"_saveasnew": "on"})
    assert response.status_code == 302, errors(response)
    new = Development.objects.get(headline="My own wording")
    assert (new.ref != insisted.ref, new.version, new.process) == (True, 1, insisted.process)
    assert [row.status or row.firmness for row in new.effects.order_by("pk")] == ["insisted", "rejected"]
    assert not new.citations.exists()


def test_an_earlier_version_is_read_only_and_found_by_its_filter(client, alice, insisted):
    client.force_login(alice)
    correct(insisted, headline="Put right", reason="source_changed")
    listed = client.get(url(Development, "changelist"), {"q": insisted.ref}).context["cl"].result_list
    assert [row.headline for row in listed] == ["Put right"]
    kept = client.get(url(Development, "changelist"), {"q": insisted.ref, "versions": "corrected"})
    assert [row.headline for row in kept.context["cl"].result_list] == ["The minister insists"]
    page = client.get(url(Development, "change", insisted.pk)).content.decode()
    assert "Source changed" in page
    assert 'name="_save"' not in page


def test_deleting_is_withdrawing_with_a_reason(client, bob, demand, insisted):
    client.force_login(bob)
    page = url(Development, "delete", insisted.pk)
    assert "Say why" in client.post(page, {"confirmed": "yes", "note": " "}).content.decode()
    assert Development.objects.get(pk=insisted.pk).is_current
    response = client.post(page, {"confirmed": "yes", "note": "Never said."}, follow=True)
    assert "withdrawn" in response.content.decode()
    insisted.refresh_from_db()
    assert (insisted.ended_as, insisted.ended_note, insisted.ended_by) == ("withdrawn", "Never said.", bob)
    demand.refresh_from_db()
    assert demand.current_firmness == "stated"


def test_what_was_withdrawn_in_the_meantime_is_said(client, bob, insisted):
    client.force_login(bob)
    recording.withdraw(bob, insisted, "Twice recorded.")
    response = client.post(
        url(Development, "delete", insisted.pk), {"confirmed": "yes", "note": "Never said."}
    )
    assert "in the meantime" in response.content.decode()
    insisted.refresh_from_db()
    assert insisted.ended_note == "Twice recorded."


def test_the_selected_are_withdrawn_for_one_reason_or_none_is(client, alice, bob, insisted):
    other = DevelopmentFactory(headline="Another")
    sent = {"action": "withdraw_selected", "_selected_action": [insisted.pk, other.pk]}
    client.force_login(alice)
    client.post(url(Development, "changelist"), sent | {"confirmed": "yes", "note": "Wrong."})
    assert Development.objects.filter(pk__in=[insisted.pk, other.pk], ended_at=None).count() == 2
    client.force_login(bob)
    page = client.post(url(Development, "changelist"), sent).content.decode()
    assert "Another" in page
    assert "delete_selected" not in client.get(url(Development, "changelist")).content.decode()
    client.post(url(Development, "changelist"), sent | {"confirmed": "yes", "note": "Wrong."})
    assert Development.objects.filter(pk__in=[insisted.pk, other.pk], ended_note="Wrong.").count() == 2


def test_the_history_tells_who_changed_what_when_and_why(client, bob, insisted):
    correct(insisted, headline="He insists", by=bob, reason="source_changed")
    client.force_login(bob)
    page = client.get(url(Development, "history", insisted.pk))
    latest, first = page.context["entries"]
    assert latest.by == bob
    assert "Source changed" in latest.done
    assert latest.changes == [{"label": "headline", "old": "The minister insists", "new": "He insists"}]
    assert first.done == "recorded"
    assert "He insists" in page.content.decode()


def test_the_history_of_a_shared_record_shows_old_and_new_by_name(client, bob):
    party = PartyFactory(name="Türkiye")
    client.force_login(bob)
    sent = typed(client.get(url(Party, "change", party.pk)), name="Turkey", aliases="Türkiye\nTurquie")
    assert client.post(url(Party, "change", party.pk), sent).status_code == 302
    entry = client.get(url(Party, "history", party.pk)).context["entries"][0]
    assert entry.by == bob
    assert {(change["label"], change["old"], change["new"]) for change in entry.changes} == {
        ("name", "Türkiye", "Turkey"),
        ("aliases", "", "Türkiye; Turquie"),
    }


def test_what_is_only_read_is_as_precise_as_it_is_known_and_in_words(client, alice, demand):
    client.force_login(alice)
    effect = EffectFactory.build(item=demand, status="under_discussion")
    old = DevelopmentFactory(occurred_on=dt.date(2025, 2, 1), occurred_precision="month", effects=[effect])
    current = correct(old, headline="Put right")
    page = client.get(url(Development, "change", old.pk)).content.decode()
    assert "Feb 2025" in page
    assert "1 Feb 2025" not in page
    assert "Under discussion" in page
    assert url(Development, "change", current.pk) in page
    source = SourceFactory(published_on=dt.date(2025, 1, 1), published_precision="year")
    page = client.get(url(Source, "change", source.pk)).content.decode()
    assert "1 Jan 2025" not in page
