"""Who signed an agreement says yes to it; persons, witnesses, third parties and documents are no sides."""

import html
import re

import pytest

from tracker.domain.agreement import agreement
from tracker.loaders.events import EventParty
from tracker.loaders.pax.signatories import issuer, signatories
from tracker.models import Delegation, Development, Effect, Party, Principle
from tracker.models.vocabularies import Agreement

PERU, REEDS = EventParty("Peru", "state", "PE"), EventParty("Reed Isles", "other")
CON = [PERU, REEDS]

SIGNED = {
    "For Peru: A. Minister\nFor the Front of the Reeds (FRR): B. Elder": ["Peru", "Front of the Reeds"],
    "Government of Peru; Front of the Reeds": ["Peru", "Front of the Reeds"],
    "The national government, the FRR-EP": ["Peru", "FRR-EP"],
    "Government of the Republic of Peru and the Government of Norway": ["Peru", "Norway"],
    "Ana Ode, for the Government of Peru; Bo Rau, on behalf of the Reed Liberation Army": [
        "Peru", "Reed Liberation Army",
    ],
    "(Signed) Ana Ode, President of the Republic of Peru;\nBo Rau, Leader of the Front of the Reeds (FRR)": [
        "Peru", "Front of the Reeds",
    ],
    "Bo Rau, FRR Peace Panel Chairman": ["FRR"],
    "The Peruvian side was led by Ana Ode": [],
    "For the Peruvian side: Ana Ode": ["Peru"],
    "Reed Isles\nPeru": ["Reed Isles", "Peru"],
    # Signs that stand behind a name.
    "Reed Isles (Signed) B. ELDER;\nPeru [signature] A. MINISTER": ["Reed Isles", "Peru"],
    "Jabhat al-Reeds [illegible]\nBo Rau [Signed] River Shield Front": ["Jabhat al-Reeds", "River Shield Front"],
    "Front of the Reeds     Bo Rau\nCouncil of Elders\tAna Ode": ["Front of the Reeds", "Council of Elders"],
    # Whom somebody signs for, by whatever name.
    "For the Maï-Maï: Bo Rau\nPour l'ARDC\nANA ODE": ["Maï-Maï", "ARDC"],
    "FOR THE UNIDAD NACIONAL DE CAÑAS: Bo Rau": ["UNIDAD NACIONAL DE CAÑAS"],
    "Bo Rau for the Front of the Reeds\nAna Ode, Secretary for the Government of Peru": ["Front of the Reeds", "Peru"],
    "For Party A [the Government of Peru] Ana Ode\nFor Party B [some others] Bo Rau": ["Peru"],
    "Chairman, Front of the Reeds, Bo Rau": ["Front of the Reeds"],
    "ANA ODE\nPresident of the Republic": ["Peru"],
    # What “For the” tells of no party.
    "For the Presidency: Ana Ode\nFor the Opposition: Bo Rau\nFor the Reverend Elder": [],
    "For the FRR BO RAU AND OTHERS": [],
    "Ana Ode, Secretary for the Interior": [],
    "Alliance for the Liberation of the Reeds": ["Alliance for the Liberation of the Reeds"],
    "Sen [illegible]\nAna Ode": [],
    # Who is no side.
    "Government of Peru\nWitnesses:\nGovernment of Norway": ["Peru"],
    "Government of Peru\nIn the presence of the Union of Rivers": ["Peru"],
    "Government of Peru; United Nations; African Union; UNPROFOR": ["Peru"],
    "Government of Peru; Front of the Reeds [no signature]": ["Peru"],
    "Government of Peru; Union of Rivers (mediator)": ["Peru"],
    # What names nobody.
    "Ana Ode; Bo Rau": [],
    "ANA ODE\nBO RAU": [],
    "Not signed, agreement mentions the Government of Peru": [],
    "Unsigned copy of the agreement; Government of Peru": [],
    "Copy of agreement unsigned, parties are understood as:\nGovernment of Peru\nFront of the Reeds": [],
    "Parties are not listed": [],
    "Signed by more than forty organisations": [],
    "3 signatures": [],
    "": [],
}  # fmt: skip


@pytest.mark.parametrize(("part", "names"), SIGNED.items(), ids=repr)
def test_parties_are_read_and_nothing_else(part, names):
    assert [one.party.name for one in signatories(part, CON)] == names


def test_third_parties_of_the_dataset_are_no_sides():
    part = "Government of Peru; Union of Rivers"
    assert [one.party.name for one in signatories(part, CON, "Witness: Union of Rivers")] == ["Peru"]


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("Council of Elders", "Council of Elders"),
        ("United Nations Security Council", "United Nations Security Council"),
        ("Government of Peru (signed by Ana Ode)", "Peru"),
        ("Unsigned declaration from His Majesty King Reed", None),
        ("Proclamation of the King", None),
        ("Communiqué of the Front of the Reeds", None),
        ("King Reed", None),
        ("Government of Peru; Front of the Reeds", None),
        ("", None),
    ],
)
def test_an_issuer_is_a_party_and_never_a_document(part, name):
    found = issuer(part, CON)
    assert (found and found.name) == name


def reading():
    """What the words on the only principle add up to."""
    principle = Principle.objects.get()
    stances = {effect.party_id: effect.stance for effect in Effect.objects.filter(stance__isnull=False)}
    return agreement({party.pk for party in principle.parties.all()}, stances)


BOTH = {"Con": "Peru/Norway", "Part": "For Peru: A. Minister\nFor the Front of the Reeds (FRR): B. Elder"}


def test_an_agreement_is_confirmed_by_all_who_signed_it(pax, client, carol):
    pax(BOTH)
    development, principle = Development.objects.get(), Principle.objects.get()
    stances = development.effects.filter(stance__isnull=False)
    assert {(str(one.party), one.stance, str(one.occurred_on)) for one in stances} == {
        ("Peru", "affirms", "1993-02-15"), ("Front of the Reeds", "affirms", "1993-02-15"),
    }  # fmt: skip
    assert development.basis == "official_text" and reading() == Agreement.CONFIRMED_BY_ALL
    assert Party.objects.get(name="Front of the Reeds").aliases == ["FRR"]
    seats = principle.talk.delegations.select_related("party")
    assert {(str(seat.party), seat.role) for seat in seats} == {
        ("Peru", "principal"), ("Front of the Reeds", "principal"),
    }  # fmt: skip
    client.force_login(carol)
    page = client.get(principle.get_absolute_url()).content.decode()
    text = html.unescape(re.sub(r"<[^>]+>", " ", page))
    assert "Confirmed by all" in text and "Claimed by no side" not in text


@pytest.mark.parametrize(
    ("con", "part", "sum_", "parties"),
    [
        ("Peru/Norway", "Government of Peru", Agreement.CLAIMED_BY_ONE_SIDE, {"Peru", "Norway"}),
        ("Peru", "Government of Peru", Agreement.CLAIMED_BY_ONE_SIDE, set()),
        ("Peru", "Council of Elders", Agreement.CLAIMED_BY_ONE_SIDE, {"Peru", "Council of Elders"}),
        ("Peru", "Unsigned declaration from His Majesty King Reed", Agreement.UNCLAIMED, set()),
        ("Peru/Norway", "King Reed", Agreement.UNCLAIMED, set()),
    ],
)
def test_a_unilateral_document_is_the_word_of_its_issuer_alone(pax, con, part, sum_, parties):
    printed = pax({"Status": "Unilateral document", "Con": con, "Part": part, "ThrdPart": ""})
    assert reading() == sum_ and {str(party) for party in Principle.objects.get().parties.all()} == parties
    assert not Party.objects.filter(name__contains="eclaration").exists()
    development = Development.objects.get()
    assert (development.talk is None) is (development.party is not None)
    assert development.headline.startswith("Document: ")
    assert not Delegation.objects.exists()
    assert ("the issuer of a unilateral document is not named" in printed) is (development.party is None)
    note = Principle.objects.get().note
    assert ("A document of one side, which PA-X does not name as a party" in note) is (
        development.party is None
    )


@pytest.mark.parametrize(
    "status", ["Agreement with subsequent status", "Status unclear", "", "Something new"]
)
def test_no_stance_is_recorded_where_it_is_not_said_who_agreed(pax, status):
    printed = pax(BOTH | {"Status": status})
    assert reading() == Agreement.UNCLAIMED and Principle.objects.get().current_status == "claimed"
    assert ("a status that PA-X did not have before" in printed) is (status in {"", "Something new"})


def test_unread_signatories_are_told(pax):
    printed = pax({"Part": "Ana Ode; Bo Rau"})
    assert "1  no signatory is named as a party" in printed and reading() == Agreement.UNCLAIMED


def test_a_signatory_that_a_later_release_adds_affirms_from_then_on(pax):
    pax(BOTH | {"Part": "For Peru: A. Minister"})
    pax(BOTH, release="v10")
    effects = Effect.objects.filter(stance="affirms", ended_at__isnull=True)
    assert {str(effect.party) for effect in effects} == {"Peru", "Front of the Reeds"}
    assert reading() == Agreement.CONFIRMED_BY_ALL
