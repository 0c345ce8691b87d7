"""Files that are filtered by days say of each row whether it may lie outside them, as the page does."""

import datetime as dt
import json

import pytest

from tests import factories as make
from tests.over_the_register.reading import read_csv
from tracker.files.importing import runs
from tracker.register import BY_URL_NAME

pytestmark = pytest.mark.django_db
FEBRUARY = {"occurred_on": dt.date(2025, 2, 1), "occurred_precision": "month"}


@pytest.fixture
def told(client, alice):
    client.force_login(alice)
    make.DevelopmentFactory(headline="On the 12th", occurred_on=dt.date(2025, 2, 12))
    make.DevelopmentFactory(headline="Some day in February", **FEBRUARY)


def test_a_file_between_days_says_what_may_be_outside(client, told):
    rows = read_csv(client, "/developments.csv?since=2025-02-10")
    assert list(rows[0])[-1] == "may_be_outside"
    assert {row["headline"]: row["may_be_outside"] for row in rows} == {
        "On the 12th": "false", "Some day in February": "true"
    }  # fmt: skip
    read = json.loads(client.get("/developments.json?since=2025-02-10").getvalue())
    assert {row["headline"]: row["may_be_outside"] for row in read} == {
        "On the 12th": False, "Some day in February": True
    }  # fmt: skip
    assert client.get("/developments.xlsx?since=2025-02-10").status_code == 200


def test_what_lies_within_for_sure_is_not_marked(client, told):
    rows = read_csv(client, "/developments.csv?since=2025-02-01&until=2025-02-28")
    assert {row["may_be_outside"] for row in rows} == {"false"}


@pytest.mark.parametrize("query", ["", "?columns=id,headline&since=2025-02-10"])
def test_without_days_or_with_chosen_columns_there_is_no_such_column(client, told, query):
    assert "may_be_outside" not in read_csv(client, f"/developments.csv{query}")[0]


def test_an_import_passes_over_the_column(client, bob):
    make.OfficeFactory(title="Envoy", held_from=dt.date(2025, 2, 1), held_from_precision="month")
    client.force_login(bob)
    sent = client.get("/offices.csv?held_on=2025-02-10").getvalue()
    assert b"may_be_outside" in sent
    run = runs.begin(bob, BY_URL_NAME["office"], "offices.csv", [sent])
    runs.work(run, BY_URL_NAME["office"])
    assert (run.problems, run.counts) == ([], {"unchanged": 1})
