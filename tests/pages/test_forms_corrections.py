"""Correcting and withdrawing developments on their pages, also when somebody else was quicker."""

import datetime as dt

import pytest
from django.urls import reverse

from tests.factories import (
    CitationFactory,
    DemandFactory,
    DevelopmentFactory,
    EffectFactory,
    FollowUpFactory,
    ProcessFactory,
    SourceFactory,
)
from tests.pages.filling import errors, sent, submit
from tracker import recording
from tracker.models import Development


@pytest.fixture
def scene(client, alice):
    """A process with a demand and a follow-up; alice is signed in."""
    client.force_login(alice)
    process = ProcessFactory(title="Peace talks")
    DemandFactory(process=process, title="Withdrawal")
    FollowUpFactory(process=process, title="Envoy")
    return process


def test_a_correction_starts_from_what_was_recorded_and_keeps_it(client, scene, alice):
    item = scene.items.get(title="Envoy")
    due = {"due_on": dt.date(2025, 3, 1), "due_precision": "month"}
    effect = EffectFactory.build(item=item, stance="affirms", wording="An envoy.", **due)
    old = DevelopmentFactory(
        process=scene, effects=[effect], citations=[CitationFactory.build(source=SourceFactory())]
    )
    url = reverse("development:edit", args=[old.ref])
    response = submit(client, url, reason="world_misread")
    assert response.status_code == 302 and Development.objects.filter(ref=old.ref).count() == 1
    typed = {
        "occurred_on": "2025-02",
        "effects-0-due_on": "2025-04",
        "reason": "world_misread",
        "note": "Misheard.",
    }
    assert submit(client, url, **typed).status_code == 302
    old.refresh_from_db()
    assert (old.ended_as, old.ended_reason, old.ended_note, old.ended_by) == (
        "corrected",
        "world_misread",
        "Misheard.",
        alice,
    )
    new = Development.objects.get(ref=old.ref, version=2)
    assert (str(new.occurred), str(new.effects.get().due)) == ("Feb 2025", "Apr 2025")
    assert (new.effects.get().stance, new.citations.count()) == ("affirms", 1)


def test_a_correction_needs_a_reason(client, scene):
    old = DevelopmentFactory(process=scene)
    response = submit(client, reverse("development:edit", args=[old.ref]), headline="Put otherwise")
    assert response.status_code == 422 and errors(response) == ["Reason: This field is required."]
    assert sent(response)["headline"] == ["Put otherwise"]


def test_a_correction_that_comes_too_late_says_so_and_keeps_what_was_typed(client, scene, bob):
    old = DevelopmentFactory(process=scene)
    url = reverse("development:edit", args=[old.ref])
    typed = sent(client.get(url)) | {"headline": "Mine", "reason": "recoded"}
    others = Development(
        **{name: getattr(old, name) for name in Development.CONTENT} | {"headline": "Theirs"}
    )
    recording.correct(bob, old, others, [], [], "recoded")
    response = client.post(url, typed)
    assert response.status_code == 409
    assert "Changed in the meantime" in response.text and old.get_absolute_url() in response.text
    assert sent(response)["headline"] == ["Mine"]
    assert Development.objects.filter(ref=old.ref).count() == 2
    assert client.post(url, sent(response)).status_code == 302
    assert list(
        Development.objects.filter(ref=old.ref).order_by("version").values_list("headline", flat=True)
    ) == [
        old.headline,
        "Theirs",
        "Mine",
    ]


def test_what_was_withdrawn_meanwhile_is_not_corrected(client, scene, bob):
    old = DevelopmentFactory(process=scene)
    url = reverse("development:edit", args=[old.ref])
    typed = sent(client.get(url)) | {"headline": "Mine", "reason": "recoded"}
    recording.withdraw(bob, old, "Entered twice")
    response = client.post(url, typed)
    assert response.status_code == 409 and "No longer on record" in response.text
    assert sent(response)["headline"] == ["Mine"]
    assert client.get(url).status_code == 404


def test_an_editor_withdraws_with_a_reason(client, scene, bob):
    item = scene.items.get(title="Withdrawal")
    development = DevelopmentFactory(process=scene, effects=[EffectFactory.build(item=item, status="met")])
    url = reverse("development:delete", args=[development.ref])
    client.force_login(bob)
    assert "Withdrawal" in client.get(url).text
    response = submit(client, url)
    assert response.status_code == 422 and errors(response) == ["Reason: Say why it is withdrawn."]
    response = submit(client, url, note="Entered twice")
    assert response.url == development.get_absolute_url()
    assert "Entered twice" in client.get(response.url).text
    development.refresh_from_db()
    item.refresh_from_db()
    assert (development.ended_as, development.ended_note) == ("withdrawn", "Entered twice")
    assert item.current_status == "open"


def test_an_editor_is_told_which_items_nothing_else_tells_of(client, scene, bob):
    client.force_login(bob)
    item = scene.items.get(title="Withdrawal")
    url = reverse("development:delete", args=[item.effects.get().development.ref])
    assert "will go too" in client.get(url).text
    DevelopmentFactory(process=scene, effects=[EffectFactory.build(item=item, status="met")])
    assert "will go too" not in client.get(url).text


def test_a_version_that_is_no_longer_in_force_is_not_withdrawn(client, scene, bob):
    client.force_login(bob)
    old = DevelopmentFactory(process=scene)
    url = reverse("development:delete", args=[old.ref])
    typed = sent(client.get(url)) | {"note": "Entered twice"}
    others = Development(
        **{name: getattr(old, name) for name in Development.CONTENT} | {"headline": "Theirs"}
    )
    recording.correct(bob, old, others, [], [], "recoded")
    assert client.post(url, typed).status_code == 409
    assert Development.objects.get(ref=old.ref, ended_at__isnull=True).headline == "Theirs"
