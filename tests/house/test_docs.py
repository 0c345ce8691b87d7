"""Every record type, vocabulary and code is in the documents; `make lint` checks the rest of them."""

import re

import pytest
from django.utils.html import escape

from tests.installation import ROOT
from tracker.models.vocabularies import TITLES, UserRole
from tracker.register import PARTS, RECORD_TYPES

DOMAIN = (ROOT / "docs" / "domain.md").read_text()


def test_every_record_type_is_in_the_domain():
    listed = set(re.findall(r"^\| `(\w+)` \| .+ \| `/([a-z-]+)/` \|$", DOMAIN, re.MULTILINE))
    assert listed == {(kind.model.__name__, kind.path) for kind in (*RECORD_TYPES, *PARTS)}


def test_every_vocabulary_is_in_the_domain_with_its_codes_in_order():
    lines = set(DOMAIN.splitlines())
    for vocabulary, title in TITLES.items():
        codes = ", ".join(f"`{code}`" for code in vocabulary.values)
        assert any(line.startswith(f"| {title} | {codes} |") for line in lines), title


@pytest.mark.django_db
def test_every_code_is_in_the_codebook_with_its_sentence(client, alice):
    client.force_login(alice)
    codebook = client.get("/codebook/").content.decode()
    for vocabulary in TITLES:
        if vocabulary is not UserRole:
            for code in vocabulary:
                assert f"<code>{code.value}</code>" in codebook and escape(code.sentence) in codebook
