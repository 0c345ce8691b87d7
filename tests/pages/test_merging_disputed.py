"""A merge of two records that say different things in many places: one answer may do for all of them."""

import pytest

from tests import factories as make
from tests.pages.filling import errors, sent
from tests.pages.test_merging import merge, previewed, words
from tracker.forms import merged_records
from tracker.models import Effect

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bob_in(client, bob):
    """bob, an editor, signed in to the test's client."""
    client.force_login(bob)


@pytest.fixture
def disputed(client, monkeypatch):
    """Two parties that take other stances on four principles, each in one development; one answer may do for all."""
    monkeypatch.setattr(merged_records, "FEW", 3)
    old, new = make.PartyFactory(name="Old"), make.PartyFactory(name="New")
    process = make.ProcessFactory()
    for _ in range(4):
        principle = make.PrincipleFactory(process=process, parties=[old, new])
        stances = [Effect(item=principle, party=old, stance="rejects")]
        stances += [Effect(item=principle, party=new, stance="affirms")]
        make.DevelopmentFactory(process=process, effects=stances, party=new)
    return old, new


def stances():
    return sorted(Effect.objects.filter(ended_at=None).exclude(stance=None).values_list("stance", flat=True))


def test_one_answer_does_for_all_that_have_none_of_their_own(client, disputed):
    address = f"/parties/{disputed[0].ref}/merge/"
    page = client.get(address, {"into": disputed[1].ref})
    form = sent(page) | {"note": "The same"}
    refused = client.post(address, form)
    assert refused.status_code == 422
    assert sum("Choose which one is kept." in error for error in errors(refused)) == 4
    last = Effect.objects.filter(party=disputed[0], ended_at=None, stance="rejects").latest("pk")
    merge(client, *disputed, rest="own", **{last.ref: "other"})
    assert stances() == ["affirms"] * 3 + ["rejects"]


def test_very_many_are_not_all_shown_but_decided_by_the_answer_for_all(client, disputed, monkeypatch):
    monkeypatch.setattr(merged_records, "SHOWN", 1)
    page = previewed(client, *disputed)
    assert "3 more are decided by what you choose for all." in words(page)
    refs = (
        Effect.objects.filter(party=disputed[0], ended_at=None).order_by("pk").values_list("ref", flat=True)
    )
    refused = client.post(page.request["PATH_INFO"], sent(page) | {"note": "The same", refs[0]: "other"})
    assert refused.status_code == 422 and "All that you do not choose below: Choose" in errors(refused)[0]
    merge(client, *disputed, rest="other")
    assert stances() == ["rejects"] * 4


def test_few_are_asked_one_by_one(client, disputed, monkeypatch):
    monkeypatch.setattr(merged_records, "FEW", 4)
    assert "All that you do not choose" not in words(previewed(client, *disputed))
