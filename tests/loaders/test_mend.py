"""A MEND row becomes a process, a talk, those at the table and their sources, and nothing that it does not say."""

import datetime as dt

import pytest

from tests.factories import PartyFactory, PersonFactory
from tests.loaders.files import ROUND, counts, reported
from tracker.models import Delegation, Development, Item, Party, Person, Process, Source, Talk


def seats(talk):
    """{party: (role, people)} at `talk`."""
    rows = talk.delegations.prefetch_related("delegates__person")
    return {
        str(row.party): (row.role, sorted(str(one.person) for one in row.delegates.all())) for row in rows
    }


def test_a_round_of_talks(mend):
    assert counts(mend()) == {"read": 1, "made": 1, "changed": 0, "unchanged": 0, "set aside": 0}
    development, talk = Development.objects.get(), Talk.objects.get()
    assert (talk.title, talk.place) == (
        "Egypt and River Union with House of Reeds and Army of the North, Cairo, Egypt",
        "Cairo, Egypt",
    )
    assert (talk.current_status, talk.current_outcome, talk.form, talk.level) == ("held", None, "", "")
    assert development.detail == "The two met in Cairo.\nThey parted."
    assert (development.talk_id, development.kind, str(development.occurred)) == (
        talk.pk,
        "talks",
        "5 Jan 2023",
    )
    assert Process.objects.get().title == "Arland: mediation events"
    assert seats(talk) == {
        "Egypt": ("mediator", []),
        "River Union": ("mediator", []),
        "House of Reeds": ("principal", []),
        "Army of the North": ("principal", []),
    }
    assert [citation.source.url for citation in development.citations.all()] == [
        "https://doi.org/10.7910/DVN/PYRHS6",
        "https://gazette.example/talks",
        "https://echo.example/5-jan",
    ]
    assert {row.source.kind for row in talk.delegations.select_related("source")} == {"dataset"}
    kinds = dict(Party.objects.values_list("name", "kind"))
    assert (kinds["Egypt"], kinds["River Union"], kinds["House of Reeds"]) == (
        "state",
        "organisation",
        "other",
    )


def test_it_is_on_its_page(mend, client, carol):
    mend()
    client.force_login(carol)
    talk = client.get(Talk.objects.get().get_absolute_url()).content.decode()
    for words in ("Egypt", "House of Reeds", "MEND 2025-03", "ARL202301-1"):
        assert words in talk
    development = client.get(Development.objects.get().get_absolute_url()).content.decode()
    for words in ("They parted.", "https://gazette.example/talks", "MEND 2025-03", "ARL202301-1"):
        assert words in development


def test_who_is_on_record_is_found_by_name_alias_or_iso_code(mend):
    egypt = PartyFactory(name="Arab Republic of Egypt", iso_code="EG")
    army = PartyFactory(name="Northern Army", aliases=["army of the north"])
    ann = PersonFactory(name="A. Ode", aliases=["Ann Ode"], party=None)
    mend({"third_party": "Egypt", "third_party_id_GLOPAD": "CON_82"})
    assert {egypt, army} < {row.party for row in Delegation.objects.select_related("party")}
    assert [row.person for row in egypt.delegations.get().delegates.all()] == [ann]
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    ("cells", "written"),
    [
        ({"Day": ""}, "2023-01"),
        ({"Day": "", "Month": ""}, "2023"),
        ({"Day": "31", "Month": "2"}, "2023-02"),
    ],
)
def test_a_date_is_as_precise_as_the_row(mend, cells, written):
    mend(cells)
    assert Development.objects.get().occurred.iso == written


def test_a_blank_shuttle_is_not_no(mend):
    mend({"shuttle": ""}, {"shuttle": "0", "Day": "6"}, {"shuttle": "1", "Day": "7"})
    talks = list(Talk.objects.order_by("pk"))
    assert [talk.form for talk in talks] == ["", "", "shuttle"]
    assert ["Shuttle" in talk.note for talk in talks] == [False, True, True]


def test_people_sit_where_the_file_says_that_they_belong(mend):
    printed = mend(
        {"third_party": "Egypt", "third_party_id_GLOPAD": "CON_82"},
        {"Day": "6", "individual_med_named": "Ann Ode; Bo Rau"},
    )
    first, second = Talk.objects.order_by("pk")
    assert seats(first)["Egypt"] == ("mediator", ["Ann Ode"])
    assert seats(second)["Egypt"] == ("mediator", ["Ann Ode"])
    assert "Mediators named: Ann Ode; Bo Rau" in second.note
    assert not Person.objects.filter(name="Bo Rau").exists()
    assert "1  people are named for several third parties" in printed


def test_names_and_ids_in_each_others_columns_are_put_back(mend):
    printed = mend(
        {
            "third_party": "Egypt",
            "individual_med_named": "indnam1; indnam2",
            "ind_named_id": "Ann Ode; Bo Rau",
        }
    )
    assert set(Person.objects.values_list("name", flat=True)) == {"Ann Ode", "Bo Rau"}
    assert "1  names and ids of people stand in each other's columns" in printed


def test_one_address_of_many_rows_is_one_source(mend):
    mend({}, {"med_event_ID": "ARL202301-2", "Day": "6"})
    assert Source.objects.filter(url="https://gazette.example/talks").count() == 1


def test_what_is_no_address_is_told_and_no_source(mend):
    printed = mend(
        {
            "source_urls": "LINK2;%20https://echo.example/a;\nread on https://echo.example/b here; http://nowhere"
        }
    )
    cited = Development.objects.get().citations.exclude(source__kind="dataset")
    assert [one.source.url for one in cited] == ["https://echo.example/a", "https://echo.example/b"]
    assert "3  a source is no address" in printed


def test_tripoli_is_not_moved_to_lebanon(mend):
    place = {"med_location - MULTISELECT": "Tripoli", "med_loc_cty": "LBN"}
    printed = mend(place)
    assert Talk.objects.get().place == "Tripoli"
    assert "1  the place is Tripoli, coded as in Lebanon" in printed


def test_names_under_one_id_are_one_party(mend):
    named = {"third_party": "RU; River Union; Gazette", "third_party_id_GLOPAD": "IGO_9;IGO_9;IGO_8"}
    printed = mend(named)
    assert set(seats(Talk.objects.get())) == {"River Union", "Gazette", "House of Reeds", "Army of the North"}
    assert "1  two names in the row stand for one party" in printed
    assert Party.objects.get(name="River Union").aliases == ["RU"]


def test_a_name_is_known_by_its_id_in_all_rows_and_under_any_column_of_ids(mend, tmp_path):
    rows = [ROUND | {"third_party": "RU", "third_party_id": "IGO_9", "third_party_id_GLOPAD": ""}]
    rows += [ROUND | {"third_party": "River Union", "third_party_id_GLOPAD": "IGO_9", "Day": "6"}]
    rows += [ROUND | {"third_party": "RU; Gazette", "third_party_id_GLOPAD": "", "Day": "7"}]
    mend(*rows)
    assert Party.objects.filter(name__in=("RU", "River Union")).count() == 1
    assert Delegation.objects.filter(party__name="River Union").count() == 3


@pytest.mark.parametrize(
    ("thirds", "locals_", "told"),
    [
        ("AU; African Union", "X", "AU and African Union"),
        ("African Union; AU", "X", "African Union and AU: African Union"),
        ("African Union", "AU", "African Union and AU: African Union"),
        ("AU", "AU", "AU: African Union"),
        ("Türkiye; Turkey", "X", "Türkiye and Turkey"),
    ],
)
def test_both_names_of_one_party_are_told(mend, tmp_path, thirds, locals_, told):
    ids = {
        "third_party": "African Union; AU; X",
        "third_party_id": "IGO_2;IGO_2;NGO_3",
        "med_event_ID": "ARL202301-2",
    }
    mend(
        ids | {"Day": "9"}, {"third_party": thirds, "local_parties": locals_}, report=tmp_path / "report.csv"
    )
    details = [
        row[3] for row in reported(tmp_path / "report.csv") if row[0] == "ARL202301-1" and row[1] == "note"
    ]
    assert any(detail.startswith(told) for detail in details), details


def test_ids_that_stand_for_nobody_join_nobody(mend):
    mend({"third_party": "Gazette; Echo", "third_party_id_GLOPAD": "NM;NM"})
    assert {"Gazette", "Echo"} < set(seats(Talk.objects.get()))


def test_states_have_their_codes_whatever_the_accents(mend):
    mend({"third_party": "Turkey; Türkiye; Sao Tome and Principe; Ivory Coast (Côte d'Ivoire)"})
    assert set(Party.objects.exclude(iso_code="").values_list("iso_code", flat=True)) == {"TR", "ST", "CI"}


def test_a_place_that_nobody_knows_is_left_empty(mend):
    mend({"med_location - MULTISELECT": "unknown", "med_loc_cty": ""})
    assert Talk.objects.get().place == ""


def test_a_party_on_both_sides_sits_once(mend):
    mend({"local_parties": "Egypt; House of Reeds"})
    assert seats(Talk.objects.get())["Egypt"] == ("principal", [])


def test_nothing_is_cut_however_long(mend):
    summary = "\n\n".join("They met again, and spoke of rivers and reeds." for _ in range(900))
    parties = "; ".join(f"Party of the {number}th reed" for number in range(130))
    mend({"Summary": summary, "third_party": parties, "third_party_id_GLOPAD": ""})
    talk = Talk.objects.get()
    assert Development.objects.get().detail == summary and len(summary) > 40_000
    assert talk.delegations.filter(role="mediator").count() == 130
    assert "126 others" in talk.title and len(talk.title) <= 300


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"Year": "", "Summary": "When?"}, "no date: Year is not a year"),
        ({"conflict_country": ""}, "no conflict country"),
        ({"med_event_ID": ""}, "the row has no id"),
        ({"third_party": "", "local_parties": ""}, "neither a third party nor a local one is named"),
        ({"Year": str(dt.date.today().year + 1)}, "it lies after today"),
        ({"third_party": "x" * 201}, "a party's name is longer than 200 characters"),
    ],
)
def test_a_row_that_cannot_be_a_record_is_set_aside_with_the_reason(mend, cells, reason):
    printed = mend(cells, {"med_event_ID": "ARL202301-2", "Day": "6"})
    assert counts(printed)["set aside"] == counts(printed)["made"] == 1
    assert f"1  {reason}" in printed
    assert Item.objects.count() == 1


def test_empty_rows_and_rows_that_stand_twice_are_set_aside(mend):
    empty = dict.fromkeys(ROUND, "") | {"agmt_id_PAX": "0"}
    printed = mend({}, empty, {})
    assert counts(printed) == {"read": 3, "made": 1, "changed": 0, "unchanged": 0, "set aside": 2}
    assert "1  the row is empty" in printed and "1  the same row stands in the file twice" in printed
