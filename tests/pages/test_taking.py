"""What a list or a report offers to be taken out, in which columns, and what it says to what it cannot give."""

import csv
import datetime as dt
import io
import json

import pytest
from bs4 import BeautifulSoup

from tests import factories as make
from tests.over_the_register.makers import MAKERS, several
from tests.over_the_register.test_forms_of_files import content, read_json, read_profile
from tracker.models import Citation, Effect
from tracker.models.base import writes_allowed
from tracker.register import BY_URL_NAME
from tracker.urls import REPORTS

pytestmark = pytest.mark.django_db
EVERY_REPORT = [(kind, view) for kind, views in REPORTS for view in views]
every_report = pytest.mark.parametrize(
    ("kind", "view"), EVERY_REPORT, ids=[f"{kind.url_name}-{view.name}" for kind, view in EVERY_REPORT]
)


@pytest.fixture
def reader(client):
    client.force_login(make.UserFactory(viewer=True))
    return client


def soup(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return BeautifulSoup(response.content, "lxml")


@pytest.fixture(scope="module")
def process(module_record):
    """A process with something of everything that a report tells."""
    process = make.ProcessFactory(title="Talks")
    party, source = make.PartyFactory(name="=Arland"), make.SourceFactory()
    talk = make.TalkFactory(process=process, effect__status="held")
    delegation = make.DelegationFactory(talk=talk, party=party)
    make.DelegateFactory(delegation=delegation)
    principle = make.PrincipleFactory(process=process, talk=talk, parties=[party])
    demand = make.DemandFactory(process=process, party=party, talk=talk)
    make.FollowUpFactory(process=process, owner=party)
    for day, stance in ((18, "affirms"), (19, "rejects")):
        make.DevelopmentFactory(
            process=process, talk=talk, party=party, occurred_on=dt.date(2025, 2, day),
            effects=[Effect(item=item, stance=stance) for item in (principle, demand)],
            citations=[Citation(source=source, quote="+so; it is")],
        )  # fmt: skip
    return process


def address_of(kind, view, process, ending="/"):
    records = (
        kind.model.objects.all() if kind.url_name == "process" else kind.model.objects.filter(process=process)
    )
    return f"/{kind.path}/{records.earliest('pk').ref}/{view.name}{ending}"


@every_report
def test_a_report_as_json_has_the_rows_of_its_csv_each_value_of_its_type(reader, process, kind, view):
    raw = content(reader, address_of(kind, view, process, ".csv")).decode()
    rows = list(csv.DictReader(io.StringIO(raw, newline="")))
    found = read_json(reader, address_of(kind, view, process, ".json"))
    assert len(rows) == len(found) > 0
    for texts, typed in zip(rows, found, strict=True):
        assert list(texts) == list(typed)
        for name, value in typed.items():
            text = texts[name].removeprefix("'")
            if isinstance(value, bool):
                assert text == str(value).lower()
            elif isinstance(value, list):
                assert text == "; ".join(one.replace("\\", "\\\\").replace(";", "\\;") for one in value)
            else:
                assert text == ("" if value is None else str(value))


@every_report
def test_a_report_has_both_profiles(reader, process, kind, view):
    address = address_of(kind, view, process, ".csv")
    tools, sheets = (read_profile(reader, address, profile) for profile in ("tools", "spreadsheet"))
    assert len(tools) == len(sheets) > 0
    for one, other in zip(tools, sheets, strict=True):
        assert list(one) == [name for name in other if not name.endswith("_label")]
        assert one == {
            name: other[name].removeprefix("'") if other[name][:1] == "'" else other[name] for name in one
        }
    raw = content(reader, f"{address}?profile=spreadsheet").decode()
    assert raw.startswith('\ufeff"') and ",," not in raw


def test_labels_stand_beside_the_codes_of_a_report(reader, process):
    rows = read_profile(reader, f"/processes/{process.ref}/positions.csv", "spreadsheet")
    assert {(row["stance"], row["stance_label"]) for row in rows if row["stance"]} == {("rejects", "Rejects")}
    assert {row["item_kind_label"] for row in rows} <= {"Talk", "Principle", "Demand", "Follow-up"}


@every_report
def test_reports_of_a_restricted_process_are_not_there_for_strangers(reader, process, kind, view):
    address = [address_of(kind, view, process, f".{ending}") for ending in view.formats]
    with writes_allowed():
        type(process).objects.filter(pk=process.pk).update(restricted=True)
    for one in address:
        assert reader.get(one).status_code == 404


@every_report
def test_a_report_offers_each_of_its_forms_with_the_query_string_it_has(reader, process, kind, view):
    page = soup(reader, address_of(kind, view, process) + "?on=2025-02-20")
    ways = [link["href"] for link in page.select(".take a") if "/api/" not in link["href"]]
    files = [way for way in ways if not way.startswith("/views/")]
    assert len(files) == 3 + len(view.formats) - 1
    for way in files:
        assert "on=2025-02-20" in way
        assert reader.get(way).status_code == 200


@pytest.mark.parametrize("url_name", BY_URL_NAME)
def test_a_list_offers_each_of_its_forms_and_a_chooser_of_columns(reader, url_name):
    several(url_name, 1)
    kind = BY_URL_NAME[url_name]
    sort = kind.sort
    page = soup(reader, f"/{kind.path}/?sort={sort}&columns=id")
    files = [link["href"] for link in page.select(".take a") if f"/{kind.path}." in link["href"]]
    assert len(files) == 5
    for way in files:
        assert f"sort={sort}" in way and "columns=id" in way
        assert reader.get(way).getvalue()
    chosen = [box["value"] for box in page.select(".choose [name=columns]") if box.has_attr("checked")]
    offered = [box["value"] for box in page.select(".choose [name=columns]")]
    assert chosen == ["id"] and sorted(offered) == sorted(column.name for column in kind.columns)
    assert page.select_one(".choose [name=sort]")["value"] == sort
    # The filters keep the columns.
    assert page.select_one("#kept [name=columns]")["value"] == "id"
    assert [head.get_text(strip=True) for head in page.select(".table thead th")] == ["Id"]


@pytest.mark.parametrize(
    "address", ["/timeline/?order=oldest", "/processes/{ref}/timeline/", "/processes/{ref}/follow-ups/"]
)
def test_where_the_page_has_no_columns_those_of_its_files_are_chosen(reader, process, address):
    address = address.format(ref=process.ref)
    page = soup(reader, address)
    offered = [box["value"] for box in page.select(".choose [name=columns]")]
    assert "id" in offered and len(offered) > 20
    assert all(box.has_attr("checked") for box in page.select(".choose [name=columns]"))
    page = soup(reader, f"{address}{'&' if '?' in address else '?'}columns=id,process")
    files = [link["href"] for link in page.select(".take a") if ".json" in link["href"]]
    rows = read_json(reader, files[0])
    assert rows and all(list(row) == ["id", "process"] for row in rows)


def test_columns_are_moved_by_links(reader):
    make.IssueFactory()
    page = soup(reader, "/issues/?columns=id,name")
    back = page.select_one(".choose a.move[aria-label='Move Id back']")
    page = soup(reader, back["href"])
    assert [head.get_text(strip=True) for head in page.select(".table thead th")] == ["Name", "Id"]


def test_links_of_a_list_keep_the_columns(reader):
    several("issue", 60)
    page = soup(reader, "/issues/?columns=description,id")
    for link in (*page.select(".table thead a"), *page.select(".pager a")):
        assert "columns=description%2Cid" in link["href"]


@pytest.mark.parametrize("ending", ["/", ".csv", ".json", ".xlsx"])
def test_an_unknown_column_is_answered_with_the_nearest(reader, ending):
    response = reader.get(f"/demands{ending}?columns=id,titel")
    assert response.status_code == 400
    assert "columns: there is no column “titel”. Nearest: title." in response.text


@pytest.mark.parametrize("address", ["/demands.csv", "/timeline.csv", "/processes/{ref}/positions.csv"])
def test_an_unknown_profile_is_answered_with_the_nearest(reader, process, address):
    response = reader.get(f"{address.format(ref=process.ref)}?profile=tool")
    assert response.status_code == 400
    assert response["Content-Type"].startswith("text/plain")
    assert "profile: “tool” is not one of spreadsheet, tools. Nearest: tools." in response.text


@pytest.mark.parametrize("ending", ["/", ".json", ".xlsx"])
def test_only_csv_has_profiles(reader, ending):
    response = reader.get(f"/demands{ending}?profile=tools")
    assert response.status_code == 400 and "profile" in response.text


def test_files_are_called_by_what_they_are(reader, process):
    for address, name in (
        ("/demands.csv", "demands.csv"),
        ("/demands.csv?profile=tools", "demands.tools.csv"),
        ("/demands.csv?profile=spreadsheet", "demands.spreadsheet.csv"),
        ("/demands.json", "demands.json"),
        ("/demands.xlsx", "demands.xlsx"),
        (f"/processes/{process.ref}/positions.json", f"{process.ref}-positions.json"),
        (f"/processes/{process.ref}/table.csv?profile=tools", f"{process.ref}-table.tools.csv"),
    ):
        response = reader.get(address)
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'
        assert response.getvalue()


def test_the_ledger_has_the_columns_that_are_chosen(reader):
    follow_up = MAKERS["follow-up"](make.ProcessFactory())
    page = soup(reader, f"/follow-ups/?columns=title,slips,id&process={follow_up.process.ref}")
    assert [head.get_text(strip=True) for head in page.select(".table thead th")] == [
        "Follow-up",
        "Slips",
        "Id",
    ]
    assert [cell.get_text() for cell in page.select(".table tbody tr > *")] == [
        follow_up.title,
        "0",
        follow_up.ref,
    ]


def test_a_text_that_no_cell_holds_is_refused_and_not_cut(reader):
    source = make.SourceFactory(title="Long", authors="")
    issue = make.IssueFactory(description="🕊" * 16_384)
    response = reader.get("/issues.xlsx")
    assert response.status_code == 400
    assert "Row 1, description: a cell of a spreadsheet holds 32,767 characters" in response.text
    assert "32,768" in response.text
    assert reader.get("/issues.xlsx?columns=id,name").status_code == 200
    assert json.loads(reader.get("/issues.json").getvalue())[0]["description"] == issue.description
    assert reader.get("/sources.xlsx").status_code == 200 and source


def test_the_timeline_comes_in_every_form(reader, process):
    rows = read_json(reader, "/timeline.json?order=oldest&columns=id,lag_days,occurred_on")
    assert list(rows[0]) == ["id", "lag_days", "occurred_on"] and type(rows[0]["lag_days"]) is int
    assert [row["occurred_on"] for row in rows] == sorted(row["occurred_on"] for row in rows)
    assert reader.get(f"/processes/{process.ref}/timeline.xlsx").getvalue().startswith(b"PK")
