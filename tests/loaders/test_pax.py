"""A PA-X row becomes a process, the talk that concluded it, and a principle with its issues; nothing of it is cut."""

import pytest

from tests.factories import IssueFactory
from tests.loaders.files import PAX, counts
from tracker import recording
from tracker.loaders.pax.provisions import PROVISIONS
from tracker.models import Claim, Development, Issue, Item, Principle, Process, Talk


def test_an_agreement(pax):
    assert counts(pax())["made"] == 1
    principle, talk, development = Principle.objects.get(), Talk.objects.get(), Development.objects.get()
    assert Process.objects.get().title == "Reed Isles process"
    assert (principle.title, principle.current_wording, principle.current_status, principle.talk) == (
        "Accord on the Reeds", "Accord on the Reeds", "agreed", talk,
    )  # fmt: skip
    assert (talk.current_status, talk.current_outcome) == ("held", "ceasefire")
    assert (development.kind, str(development.occurred)) == ("document", "15 Feb 1993")
    assert {issue.name for issue in principle.issues.all()} == {"Elections", "Ceasefire"}
    assert "Provisions, coded 1 to 3: Elections 2; Ceasefire 3" in principle.note
    assert {str(party) for party in principle.parties.all()} == {"Egypt"}
    citation = development.citations.get()
    assert (citation.source.kind, citation.place) == ("dataset", "AgtId 431")


def test_those_sit_who_are_named_among_the_signatories(pax):
    pax()
    (seat,) = Talk.objects.get().delegations.all()
    assert (str(seat.party), seat.role, seat.quote) == ("Egypt", "principal", "For Egypt:")


def test_it_is_on_its_page(pax, client, carol):
    pax()
    client.force_login(carol)
    for record in (Principle.objects.get(), Talk.objects.get(), Development.objects.get()):
        page = client.get(record.get_absolute_url()).content.decode()
        for words in ("Accord on the Reeds", "Claimed by", "PA-X v9", "431"):
            assert words in page


def test_no_cell_is_cut_and_every_line_break_is_kept(pax):
    cells = {
        "Agt": "Accord of the Reeds\n\nSpanish: " + "Acuerdo de los Juncos " * 30,
        "Part": "\n\n".join(f"{number}. A Signatory,\r\nof the reeds" for number in range(900)),
        "ThrdPart": " a space ahead, and a tab\tin it \n",
        "OthAgr": "Page 1:\n[...] «Quoted»\n",
    }
    printed = pax(cells)
    development, principle = Development.objects.get(), Principle.objects.get()
    assert principle.current_wording == cells["Agt"]
    for text in cells.values():
        assert text in development.detail
    assert len(cells["Part"]) > 19_826 and len(principle.title) <= 300 and principle.title.endswith("…")
    assert "1  a name is longer than a title can be" in printed
    stored = Claim.objects.get(record_type="talk").cells
    assert {name: stored[name] for name in cells} == cells


def test_a_second_load_changes_nothing(pax):
    pax()
    before = list(Development.objects.values()), list(Claim.objects.values()), list(Item.objects.values())
    assert counts(pax()) == {"read": 1, "made": 0, "changed": 0, "unchanged": 1, "set aside": 0}
    assert before == (
        list(Development.objects.values()),
        list(Claim.objects.values()),
        list(Item.objects.values()),
    )


def test_a_corrected_field_follows(pax):
    pax()
    printed = pax({"Dat": "1993-02-16", "Ele": "0", "GCh": "1"}, release="v10")
    assert counts(printed)["changed"] == 1
    assert [str(row.occurred) for row in Development.objects.order_by("version")] == [
        "15 Feb 1993",
        "16 Feb 1993",
    ]
    assert Development.objects.get(version=1).ended_reason == "source_changed"
    assert {issue.name for issue in Principle.objects.get().issues.all()} == {
        "Children and youth",
        "Ceasefire",
    }


def test_an_issue_that_an_analyst_added_stays(pax, bob):
    pax()
    principle, own = Principle.objects.get(), IssueFactory(name="Fishing")
    recording.save(bob, principle, {"issues": [*principle.issues.all(), own]})
    pax({"Ele": "0"}, release="v10")
    assert {issue.name for issue in principle.issues.all()} == {"Fishing", "Ceasefire"}


def test_an_id_that_names_another_agreement_overwrites_nothing(pax):
    pax()
    other = {
        "Agt": "Declaration of the Hills",
        "Dat": "2001-05-04",
        "PP": "8",
        "PPName": "Hills",
        "Con": "Peru",
    }
    printed = pax(other, release="v10")
    assert counts(printed)["made"] == 1
    assert (
        "1  the id named another event before" in printed
        and "1  the release no longer has the row" in printed
    )
    assert set(Principle.objects.values_list("current_wording", flat=True)) == {
        "Accord on the Reeds", "Declaration of the Hills",
    }  # fmt: skip


def test_a_renamed_process_follows_unless_renamed_here(pax):
    pax()
    pax({"PPName": "Reed Isles: peace process"}, release="v10")
    assert Process.objects.get().title == "Reed Isles: peace process"


def test_a_unilateral_document_is_issued_by_whom_it_names(pax):
    pax({"Status": "Unilateral document", "Part": "Council of Elders"})
    development, principle = Development.objects.get(), Principle.objects.get()
    assert (str(development.party), development.talk, principle.talk) == ("Council of Elders", None, None)
    assert principle.current_status == "claimed" and not Talk.objects.exists()


@pytest.mark.parametrize(
    ("con", "parties"),
    [
        ("Angola/Burundi/(Reed Isles)", {"Angola", "Burundi", "Reed Isles"}),
        ("Philippines/(Front of Reeds (FR/RPA))", {"Philippines", "Front of Reeds (FR/RPA)"}),
        ("Yugoslavia (former)/Croatia", {"Yugoslavia (former)", "Croatia"}),
    ],
)
def test_several_countries_in_one_cell_are_told_apart(pax, con, parties):
    pax({"Con": con, "Status": "Status unclear"})
    assert {str(party) for party in Principle.objects.get().parties.all()} == parties


def test_local_agreements_bind_no_state(pax):
    pax({"Agtp": "IntraLocal", "Status": "Status unclear"})
    assert not Principle.objects.get().parties.exists()


def test_what_a_spreadsheet_broke_and_codes_that_are_none_are_told(pax):
    printed = pax({"Part": "#NAME?", "Ele": "7"})
    assert "#NAME?" not in Development.objects.get().detail
    assert not Issue.objects.filter(name="Elections").exists()
    assert (
        "1  a cell holds an error of a spreadsheet" in printed
        and "1  a provision is coded otherwise" in printed
    )


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"Dat": "15/02/1993"}, "no date: Dat is not a day in ISO form"),
        ({"Agt": "  "}, "the agreement has no name"),
        ({"PPName": ""}, "no peace process"),
        ({"Con": "x" * 201}, "a name in Con is longer than 200 characters"),
        ({"AgtId": ""}, "the row has no id"),
    ],
)
def test_a_row_that_cannot_be_a_record_is_set_aside_with_the_reason(pax, cells, reason):
    printed = pax(cells, {"AgtId": "432"})
    assert counts(printed)["set aside"] == counts(printed)["made"] == 1
    assert f"1  {reason}" in printed


def test_every_provision_of_the_small_file_has_an_issue():
    assert {"GCh", "Ele", "Ce", "ImPK"} <= PROVISIONS.keys() & set(PAX)
    assert len(set(PROVISIONS.values())) == len(PROVISIONS)
