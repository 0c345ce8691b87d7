"""The codebook: every code with its label and its sentence, at an address of its own."""

import pytest

from tests.pages.reading import Page
from tracker.models.vocabularies import TITLES, FollowUpKind, Stance, UserRole

pytestmark = pytest.mark.django_db


def test_it_has_every_code_of_every_vocabulary(client, carol):
    client.force_login(carol)
    page = Page(client, "/codebook/")
    said = page.text()
    for vocabulary, title in TITLES.items():
        if vocabulary is not UserRole:
            assert title in said
            for code in vocabulary:
                assert " ".join(code.sentence.split()) in said
                assert code.value in page.texts("code")


def test_a_code_can_be_linked_to(client, carol):
    client.force_login(carol)
    page = Page(client, "/codebook/")
    assert Stance.SILENT.sentence in page.soup.find(id="stance-silent").get_text()
    assert FollowUpKind.DRAFTING.sentence in page.soup.find(id="follow-up-kind-drafting").get_text()
