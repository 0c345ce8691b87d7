"""Follow-ups on their pages: to whom they are promised, and what they can wait for."""

import pytest

from tests.factories import FollowUpFactory, PartyFactory, ProcessFactory
from tests.pages.filling import errors, submit
from tests.pages.reading import Page
from tracker.models import FollowUp

pytestmark = pytest.mark.django_db


def test_to_whom_it_is_promised_is_edited_like_all_else_and_the_history_tells(client, alice):
    client.force_login(alice)
    follow_up = FollowUpFactory(promised_to=[PartyFactory(name="Freedonia")])
    PartyFactory(name="Sylvania")
    address = follow_up.get_absolute_url()
    response = submit(client, f"{address}edit/", promised_to=["Sylvania", "Freedonia"])
    assert response.status_code == 302, errors(response)
    assert "Promised to Freedonia ; Sylvania" in Page(client, address).text(".record-side")
    assert "Promised to: Freedonia → Freedonia; Sylvania" in Page(client, f"{address}history/").text()


def test_what_would_wait_in_a_circle_is_refused_with_the_reason_at_its_field(client, alice):
    client.force_login(alice)
    process = ProcessFactory()
    first = FollowUpFactory(process=process, title="Name a team")
    second = FollowUpFactory(process=process, title="Meet", waits_for=first)
    third = FollowUpFactory(process=process, title="Sign", waits_for=second)
    for closing in (first, second, third):
        response = submit(client, f"{first.get_absolute_url()}edit/", waits_for=closing.ref)
        assert response.status_code == 422
        (said,) = errors(response)
        assert said.startswith("Waits for") and "waits, in the end, for this follow-up" in said
    assert FollowUp.objects.get(pk=first.pk).waits_for is None
