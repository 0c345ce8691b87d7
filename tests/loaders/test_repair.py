"""What an earlier version of the loaders read wrongly is put right when its release is loaded again, and once."""

import pytest
from django.core.management import call_command

from tests.factories import PartyFactory
from tests.loaders import earlier
from tests.loaders.files import counts
from tracker import recording
from tracker.models import Change, Claim, Delegation, Development, Effect, ItemStance, Party, Principle, Talk

ROUND = {
    "med_location - MULTISELECT": "Cairo, Egypt", "third_party": "RU; River Union; Peru",
    "third_party_id_GLOPAD": "IGO_9;IGO_9;CON_5",
}  # fmt: skip


def everything():
    """Every row that a load could touch, as it is stored."""
    models = (Change, Claim, Delegation, Development, Effect, ItemStance, Party, Principle, Talk)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.fixture
def loaded_before(mend, pax):
    """A round of talks and an agreement, loaded by older rules."""
    with earlier.rules():
        mend(ROUND)
        pax()


@pytest.mark.usefixtures("loaded_before")
class TestAReload:
    def test_puts_the_place_and_the_parties_right(self, mend):
        talk = Talk.objects.get(title__contains="Cairo")
        assert talk.place == "Cairo, Egypt, Egypt" and talk.delegations.count() == 5
        printed = mend(ROUND)
        assert counts(printed)["changed"] == 1
        talk.refresh_from_db()
        assert talk.place == "Cairo, Egypt" and talk.title.endswith("Army of the North, Cairo, Egypt")
        parties = {row.party.name for row in talk.delegations.select_related("party")}
        assert parties == {"River Union", "Peru", "House of Reeds", "Army of the North"}
        assert "1  a party made by an earlier load has no part in anything" in printed
        assert Party.objects.get(name="Peru").iso_code == "PE"
        development = Development.objects.get(talk=talk, ended_at__isnull=True)
        assert development.version == 2 and "Egypt, Egypt" not in development.headline
        assert Development.objects.get(talk=talk, version=1).ended_reason == "recoded"

    def test_adds_the_stances_of_those_who_signed(self, pax):
        assert not ItemStance.objects.exists()
        assert counts(pax())["changed"] == 1
        stance = ItemStance.objects.get()
        assert (str(stance.party), stance.current_stance) == ("Egypt", "affirms")
        assert [str(party) for party in Principle.objects.get().parties.all()] == ["Egypt"]

    def test_changes_nothing_a_second_time(self, mend, pax):
        mend(ROUND)
        pax()
        before = everything()
        assert counts(mend(ROUND))["unchanged"] == counts(pax())["unchanged"] == 1
        assert everything() == before
        call_command("check_standing")

    def test_leaves_what_people_changed(self, mend, pax, bob):
        talk, principle = Talk.objects.get(title__contains="Cairo"), Principle.objects.get()
        talk.place = "Giza"
        recording.save(bob, talk)
        seat = talk.delegations.get(party__name="RU")
        seat.note = "Came late."
        recording.save(bob, seat)
        own = PartyFactory()
        recording.save(bob, principle, {"parties": [own]})
        mend(ROUND)
        pax()
        talk.refresh_from_db()
        assert talk.place == "Giza" and talk.title.endswith("Cairo, Egypt")
        assert talk.delegations.filter(party__name="RU").exists()
        assert own in principle.parties.all()

    def test_leaves_what_was_corrected_here(self, mend, bob):
        development = Development.objects.get(talk__title__contains="Cairo")
        recording.withdraw(bob, development, "No round of talks.")
        assert counts(mend(ROUND))["set aside"] == 0
        assert not Development.objects.filter(ref=development.ref, ended_at__isnull=True).exists()

    def test_is_not_needed_before_the_next_release(self, mend):
        assert counts(mend(ROUND | {"agmt": "1"}, release="2025-07"))["changed"] == 1
        assert Talk.objects.get(title__contains="Cairo").place == "Cairo, Egypt"

    def test_of_an_older_release_undoes_nothing_of_a_later_one(self, mend, client, carol):
        mend(ROUND | {"med_location - MULTISELECT": "Giza"}, release="2025-07")
        assert counts(mend(ROUND))["unchanged"] == 1
        talk = Talk.objects.get(title__contains="Giza")
        assert talk.place == "Giza, Egypt"
        client.force_login(carol)
        assert "no longer in" not in client.get(talk.get_absolute_url()).content.decode()


def test_what_was_read_rightly_before_is_left_alone(mend):
    same = {"third_party": "River Union", "med_location - MULTISELECT": "Oslo", "med_loc_cty": "NOR"}
    with earlier.rules():
        mend(same)
    before = [
        list(model.objects.order_by("pk").values()) for model in (Development, Effect, Talk, Delegation)
    ]
    assert counts(mend(same))["unchanged"] == 1
    assert before == [
        list(model.objects.order_by("pk").values()) for model in (Development, Effect, Talk, Delegation)
    ]
    assert counts(mend(same))["unchanged"] == 1 and Claim.objects.filter(record_type="talk").count() == 2


def test_a_document_that_was_made_a_party_issues_nothing_any_more(pax):
    cells = {"Status": "Unilateral document", "Part": "Unsigned declaration from the King"}
    with earlier.rules():
        pax(cells)
    assert str(Development.objects.get().party) == cells["Part"] and not Talk.objects.exists()
    printed = pax(cells)
    assert counts(printed)["changed"] == 1 and "has no part in anything" in printed
    development, talk, principle = (
        Development.objects.get(version=2),
        Talk.objects.get(),
        Principle.objects.get(),
    )
    assert (development.party, development.talk, principle.talk) == (None, talk, talk)
    assert not ItemStance.objects.filter(current_stance__isnull=False).exists()
    before = everything()
    assert counts(pax(cells))["unchanged"] == 1 and everything() == before
    assert counts(pax(cells | {"Dat": "1993-02-18"}, release="v10"))["changed"] == 1
    assert Claim.objects.filter(record_ref=talk.ref, release="v10").exists()
    call_command("check_standing")
