"""A development in the admin: recorded with all it does, corrected with a reason, withdrawn with a reason."""

import datetime as dt

import pytest

from tests.admin.pages import errors, typed, url
from tests.corrections import correct
from tests.factories import (
    CitationFactory,
    DemandFactory,
    DevelopmentFactory,
    EffectFactory,
    PartyFactory,
    SourceFactory,
    TalkFactory,
)
from tracker import recording
from tracker.models import Development, Party, Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def demand():
    """A demand that is open and stated."""
    return DemandFactory(title="Recognise the annexations")


@pytest.fixture
def insisted(demand):
    """A development by which the demand was insisted on, with its source."""
    return DevelopmentFactory(
        headline="The minister insists",
        effects=[EffectFactory.build(item=demand, firmness="insisted")],
        citations=[CitationFactory.build(source=SourceFactory(text="We insist on it."), quote="We insist on it.")],
    )


@pytest.fixture
def new_page(client, alice):
    """The page on which an analyst records, as it stands empty."""
    client.force_login(alice)
    return client.get(url(Development, "add"))


def a_statement(page, demand, **changes):
    """What an analyst types to record a statement on `demand`."""
    return typed(page) | {
        "process": demand.process_id,
        "occurred_on": "2025-02",
        "kind": "statement",
        "headline": "The minister makes it a red line",
        "party": demand.party_id,
        "speech_act": "demands",
        "basis": "own_words",
        "effects-0-item": demand.pk,
        "effects-0-firmness": "red_line",
        "effects-0-stance": "affirms",
        "citations-0-source": SourceFactory(text="It is a red line for us.").pk,
        "citations-0-quote": "a red line",
    } | changes


def test_a_development_is_recorded_with_its_effects_and_citations(client, new_page, alice, demand):
    response = client.post(url(Development, "add"), a_statement(new_page, demand), follow=True)
    assert response.redirect_chain[-1][0] == url(Development, "changelist")
    development = Development.objects.get(headline="The minister makes it a red line")
    assert str(development.occurred) == "Feb 2025"
    assert development.recorded_by == alice
    assert development.citations.get().found
    effect = development.effects.get()
    assert (effect.item.pk, effect.firmness, effect.party) == (demand.pk, "red_line", demand.party)


def test_the_date_of_a_list_is_shown_as_precisely_as_it_is_known(client, alice):
    client.force_login(alice)
    DevelopmentFactory(occurred_on=dt.date(2025, 2, 1), occurred_precision="month")
    DevelopmentFactory(occurred_on=dt.date(2025, 2, 18), occurred_precision="before")
    page = client.get(url(Development, "changelist")).content.decode()
    assert "Feb 2025" in page
    assert "before 18 Feb 2025" in page
    assert "1 Feb 2025" not in page.replace("before 18 Feb 2025", "")


@pytest.mark.parametrize(
    ("field", "text", "said_at"),
    [
        ("occurred_on", "2999-01-01", "occurred_on"),
        ("occurred_on", "18/02/2025", "occurred_on"),
        ("effects-0-status", "held", "effects-0-status"),
        ("effects-0-outcome", "walk_out", "effects-0-outcome"),
        ("speech_act", "", "speech_act"),
        ("party", "", "party"),
        ("citations-0-source", "", "citations-0-source"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_written(client, new_page, demand, field, text, said_at):
    before = Development.objects.count()
    response = client.post(url(Development, "add"), a_statement(new_page, demand, **{field: text}))
    assert response.status_code == 200
    assert said_at in errors(response)
    assert "The minister makes it a red line" in response.content.decode()
    assert Development.objects.count() == before


def test_what_only_the_door_can_tell_comes_back_with_what_was_typed(client, new_page, demand):
    elsewhere = TalkFactory()
    before = Development.objects.count()
    twice = {"effects-TOTAL_FORMS": 2, "effects-1-item": elsewhere.pk, "effects-1-status": "held"}
    response = client.post(url(Development, "add"), a_statement(new_page, demand, **twice))
    assert "belongs to another process" in str(errors(response))
    assert "The minister makes it a red line" in response.content.decode()
    assert Development.objects.count() == before


def test_a_link_from_an_item_fills_in_process_and_item(client, alice, demand):
    client.force_login(alice)
    page = client.get(url(Development, "add"), {"process": demand.process_id, "item": demand.pk})
    assert typed(page)["effects-0-item"] == str(demand.pk)
    assert typed(page)["process"] == str(demand.process_id)


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


def test_whoever_comes_second_is_told_and_keeps_what_was_typed(client, alice, insisted):
    client.force_login(alice)
    sent = typed(client.get(url(Development, "change", insisted.pk)), headline="My own wording", reason="recoded")
    current = correct(insisted, headline="Somebody else was quicker")
    response = client.post(url(Development, "change", insisted.pk), sent)
    page = response.content.decode()
    assert response.status_code == 200
    assert "corrected or withdrawn in the meantime" in page
    assert url(Development, "change", current.pk) in page
    assert "My own wording" in page
    assert Development.objects.get(ref=insisted.ref, ended_at=None).headline == "Somebody else was quicker"


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
    response = client.post(url(Development, "delete", insisted.pk), {"confirmed": "yes", "note": "Never said."})
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


def test_filters_find_what_lacks_a_source(client, alice, insisted):
    client.force_login(alice)
    bare = DevelopmentFactory(headline="Hearsay")
    misquoted = DevelopmentFactory(
        headline="Misquoted", citations=[CitationFactory.build(source=SourceFactory(text="No."), quote="Yes.")]
    )
    wordless = DevelopmentFactory(headline="Wordless", citations=[CitationFactory.build(source=SourceFactory())])

    def found(evidence):
        page = client.get(url(Development, "changelist"), {"evidence": evidence})
        return {row.headline for row in page.context["cl"].result_list}

    raising = Development.objects.exclude(pk__in=[bare.pk, insisted.pk, misquoted.pk, wordless.pk]).get()
    assert found("unsourced") == {bare.headline, raising.headline}
    assert found("unfound") == {misquoted.headline}
    assert found("unquoted") == {wordless.headline}
    assert found("sourced") == {insisted.headline, misquoted.headline, wordless.headline}


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
