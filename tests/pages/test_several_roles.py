"""A delegation with several roles: recorded by check boxes, found by each, shown with all, and written to files."""

import csv
import io
import json

import pytest
from django.urls import reverse

from tests import factories as make
from tests.admin.pages import typed, url
from tests.over_the_register.reading import read_csv, rows_of
from tests.pages.filling import errors, sent, submit
from tests.pages.reading import Page
from tests.pages.test_merging import merge, previewed
from tracker.models import Change, Delegation
from tracker.models.base import writes_allowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat(client, alice):
    """A delegation that mediated and gave the place; there is another that mediated, and one that asked to join."""
    client.force_login(alice)
    talk = make.TalkFactory(title="The round", effect={"status": "held"})
    make.DelegationFactory(talk=talk, party=make.PartyFactory(name="Ruritania"), role="mediator")
    make.DelegationFactory(talk=talk, party=make.PartyFactory(name="Sylvania"), role="asked_to_join")
    return make.DelegationFactory(
        talk=talk, party=make.PartyFactory(name="Graustark"), role="mediator; host", by=alice
    )


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("role=host", {"Graustark"}),
        ("role=mediator", {"Graustark", "Ruritania"}),
        ("role=host&role=asked_to_join", {"Graustark", "Sylvania"}),
        ("role=guarantor", {"Strelsau"}),
        ("role=observer", set()),
    ],
)
def test_a_delegation_is_found_by_each_of_its_roles(client, seat, asked, found):
    party = make.PartyFactory(name="Strelsau")
    seat = make.DelegationFactory(talk=seat.talk, party=party, role="principal; guarantor; signatory")
    then = f"{seat.recorded_at:%Y-%m-%dT%H:%M:%S.%fZ}"
    for address in (f"/delegations.csv?{asked}", f"/delegations.csv?{asked}&known={then}"):
        assert {row["party"] for row in read_csv(client, address)} == found


def test_files_have_all_roles_as_other_cells_with_several(client, seat):
    rows = {row["party"]: row["role"] for row in read_csv(client, "/delegations.csv")}
    assert rows == {"Graustark": "mediator; host", "Ruritania": "mediator", "Sylvania": "asked_to_join"}
    lists = json.loads(b"".join(client.get("/delegations.json").streaming_content))
    assert {row["party"]: row["role"] for row in lists} == {
        "Graustark": ["mediator", "host"], "Ruritania": ["mediator"], "Sylvania": ["asked_to_join"],
    }  # fmt: skip
    response = client.get("/delegations.csv?profile=spreadsheet")
    text = b"".join(response.streaming_content).decode().removeprefix("\ufeff")
    labels = {row["party"]: row["role_label"] for row in csv.DictReader(io.StringIO(text, newline=""))}
    assert labels == {"Graustark": "Mediator; Host", "Ruritania": "Mediator", "Sylvania": "Asked to join"}


def test_the_list_is_sorted_by_the_first_role_in_the_order_of_the_vocabulary(client, seat):
    make.DelegationFactory(
        talk=seat.talk, party=make.PartyFactory(name="Principal"), role="principal; witness"
    )
    rows = rows_of(client.get("/delegations/?sort=role"))
    parties = [row.select_one("[data-label=Party]").get_text(strip=True) for row in rows]
    assert parties[0] == "Principal" and parties[-1] == "Sylvania"
    assert [badge.get_text() for badge in rows[0].select(".badge .word")] == ["Principal", "Witness"]


def test_each_role_is_shown_where_the_delegation_is(client, seat):
    page = Page(client, seat.talk.get_absolute_url())
    assert "Graustark Mediator Host" in page.section("in") and "Sylvania Asked to join" in page.section("out")
    assert "Mediator Host in the room" in Page(client, seat.party.get_absolute_url()).section("sat")
    ruritania = seat.talk.delegations.get(party__name="Ruritania").party
    assert "Graustark mediator, host" in Page(client, ruritania.get_absolute_url()).section("sat")
    table = f"/processes/{seat.talk.process.ref}/table"
    assert "Mediator Host in the room" in Page(client, f"{table}/").text(".seating")
    rows = {row["party"]: row for row in read_csv(client, f"{table}.csv")}
    assert (rows["Graustark"]["role"], rows["Graustark"]["in_room"]) == ("mediator; host", "true")


@pytest.mark.parametrize(
    ("role", "section", "words"),
    [
        ("observer; witness", "in", "Strelsau Observer Witness"),
        ("declined; asked_to_join", "out", "Strelsau Declined Asked to join"),
    ],
)
def test_a_party_is_in_the_room_by_any_of_its_roles(client, seat, role, section, words):
    make.DelegationFactory(talk=seat.talk, party=make.PartyFactory(name="Strelsau"), role=role)
    page = Page(client, seat.talk.get_absolute_url())
    assert words in page.section(section)
    assert "Strelsau" not in page.section("out" if section == "in" else "in")


def test_a_form_has_a_box_for_each_role(client, seat):
    address = reverse("delegation:edit", args=[seat.ref])
    assert sent(client.get(address))["role"] == ["mediator", "host"]
    page = Page(client, address)
    assert page.soup.select_one(".field-role fieldset legend").get_text().split()[0] == "Role"
    assert "Provided the venue" in page.text(".field-role .codebook")
    assert submit(client, address, role=["witness", "host", "facilitator"]).status_code == 302
    seat.refresh_from_db()
    assert seat.role == "facilitator; host; witness"
    (entry,) = Change.objects.filter(record_ref=seat.ref, action="changed")
    assert [(each["old"], each["new"]) for each in entry.changes] == [
        ("Mediator; Host", "Facilitator; Host; Witness")
    ]
    version = seat.version
    assert submit(client, address).status_code == 302
    seat.refresh_from_db()
    assert seat.version == version


@pytest.mark.parametrize(
    ("ticked", "said"),
    [
        ([], "required"),
        (["hots"], "Nearest: host"),
        (["mediator", "host", "asked_to_join"], "It cannot be both “Mediator” and “Asked to join”."),
        (["declined", "witness"], "It cannot be both “Witness” and “Declined”."),
    ],
)
def test_a_form_needs_roles_that_there_are_and_that_go_together(client, seat, ticked, said):
    response = submit(client, reverse("delegation:edit", args=[seat.ref]), role=ticked)
    assert response.status_code == 422
    assert any(line.startswith("Role") and said in line for line in errors(response))


def test_roles_that_contradict_each_other_since_earlier_are_told_when_it_is_edited(client, seat, bob):
    with writes_allowed():
        Delegation.objects.filter(pk=seat.pk).update(role="host; excluded")
    said = "It cannot be both “Host” and “Excluded”."
    response = submit(client, reverse("delegation:edit", args=[seat.ref]), note="It paid")
    assert response.status_code == 422 and said in errors(response)[0]
    client.force_login(bob)
    page = client.get(url(Delegation, "change", seat.pk))
    response = client.post(page.request["PATH_INFO"], typed(page, note="It paid"))
    assert response.status_code == 200 and said in response.content.decode()
    seat.refresh_from_db()
    assert seat.note == ""
    page = Page(client, seat.talk.get_absolute_url())
    assert "Graustark Host Excluded" in page.section("in")


def test_the_admin_has_a_box_for_each_role_and_finds_by_each(client, seat, bob):
    client.force_login(bob)
    page = client.get(url(Delegation, "change", seat.pk))
    data = typed(page, role=["host", "signatory"])
    assert client.post(page.request["PATH_INFO"], data).status_code == 302
    seat.refresh_from_db()
    assert seat.role == "host; signatory"
    for role, number in (("host", 1), ("mediator", 1), ("signatory", 1), ("witness", 0)):
        listed = client.get(url(Delegation, "changelist"), {"role": role})
        assert listed.context["cl"].result_count == number
    assert "Host, signatory" in client.get(url(Delegation, "changelist")).content.decode()


def test_seats_that_are_merged_have_the_roles_of_both(client, seat, bob):
    client.force_login(bob)
    party = make.PartyFactory(name="Strelsau")
    make.DelegationFactory(talk=seat.talk, party=party, role="witness")
    assert "Which one is kept" not in previewed(client, party, seat.party).content.decode()
    merge(client, party, seat.party)
    seat.refresh_from_db()
    assert seat.role == "mediator; host; witness"


def test_of_seats_whose_roles_contradict_each_other_one_is_chosen(client, seat, bob):
    client.force_login(bob)
    other = seat.talk.delegations.get(party__name="Sylvania")
    page = previewed(client, other.party, seat.party).content.decode()
    assert "Graustark (role: Mediator; Host)" in page and "Sylvania (role: Asked to join)" in page
    merge(client, other.party, seat.party, **{other.ref: "other"})
    seat.refresh_from_db()
    assert seat.role == "asked_to_join"
