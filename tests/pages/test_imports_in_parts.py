"""The page of a long import offers to write it in parts, and says how far they are."""

import csv
import io

import pytest
from django.db import connection

from tests import factories as make
from tests.files.ahead import ROWS, demand, many, previewed, spoken, written  # noqa: F401, fixtures
from tests.files.in_parts import Killed, between, of_three  # noqa: F401, a fixture
from tests.files.test_written_meanwhile import record_one_of_them
from tests.pages.reading import Page
from tracker.files.importing import ahead, launch, parts
from tracker.models import ImportRun

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(demand, of_three, client, monkeypatch):  # noqa: F811
    """An import that waits for the word of its author, who is signed in; its steps are done within the request."""
    monkeypatch.setattr(launch, "SMALL_ROWS", 1000)
    run = previewed(demand)
    client.force_login(run.by)
    return run


@pytest.fixture
def long(monkeypatch):
    """A few rows lock others out for long, on either database."""
    monkeypatch.setattr(parts, "seconds_locked", lambda run: 2.4)


def press(client, run, do, **answers):
    """The page after a button was pressed."""
    response = client.post(run.get_absolute_url(), {"do": do, **answers})
    run.refresh_from_db()
    return Page(client, response["Location"])


def given_back(client, run):
    """The rows of the file that is given back, but for its header."""
    file = b"".join(client.get(f"{run.get_absolute_url()}wrong.csv").streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(file)))


@pytest.mark.both
def test_parts_are_offered_where_others_would_wait_for_long(client, run, monkeypatch):
    assert not Page(client, run.get_absolute_url()).soup.select("[name=in_parts]")
    press(client, run, "all", in_parts="yes")
    assert (run.state, run.parts) == ("done", None)
    run = previewed(make.DemandFactory(process=make.ProcessFactory(title="More"), party__name="Graustark"))
    monkeypatch.setattr(ahead, "SMALL_ROWS", 3)
    monkeypatch.setattr(ahead, "SECONDS_EACH_AHEAD", 0.5)
    monkeypatch.setattr(parts, "PART_SECONDS", 1)
    page = Page(client, run.get_absolute_url())
    offered = page.soup.select("[name=in_parts]")
    assert len(offered) == (2 if connection.vendor == "sqlite" else 0)
    if offered:
        assert "In about 4 parts" in page.text() and "Nobody else can save for about 4 seconds" in page.text()


def test_all_at_once_is_what_is_done_unless_parts_are_chosen(client, run, long):
    page = press(client, run, "all", in_parts="")
    assert (run.state, run.parts) == ("done", None) and "Imported." in page.text()


def test_it_says_in_how_many_parts_it_was_written(client, run, long):
    page = press(client, run, "all", in_parts="yes")
    assert run.state == "done" and "Imported in 3 parts." in page.text()
    page = press(client, run, "undo")
    assert run.state == "undone" and not spoken().exists()


def test_cancelled_between_two_parts_what_is_written_stays_and_the_others_can_follow(
    client, run, long, monkeypatch
):
    said = []
    between(monkeypatch, lambda: said.append(press(client, run, "drop")))
    page = press(client, run, "all", in_parts="yes")
    for text in (page.text(), said[0].text()):
        assert "1 part with 3 rows is written, and nothing of the others: 4 rows can follow." in text
    assert run.state == "ready" and spoken().count() == 3
    results = [" ".join(text.split()[:3]) for text in page.texts("[data-label=Result]")]
    assert results[2].startswith("created, written") and results[3:] == ["created, not yet"] * 4
    press(client, run, "all")
    assert (run.state, run.parts, run.parts_written) == ("done", [3, 3, 1], 3) and spoken().count() == ROWS


def test_what_is_left_out_comes_back_as_a_file_and_the_rest_is_undone_as_one(client, run, long, monkeypatch):
    between(monkeypatch, lambda: press(client, run, "drop"))
    press(client, run, "all", in_parts="yes")
    page = press(client, run, "drop")
    assert run.state == "done" and run.counts == {"created": 3, "left": 4}
    assert "Imported in 1 part, but for 4 rows." in page.text()
    assert "The 4 rows that were not imported" in page.text()
    assert [row["headline"][-1] for row in given_back(client, run)] == ["3", "4", "5", "6"]
    page = press(client, run, "undo")
    assert run.state == "undone" and not spoken().exists(), run.problems


def test_what_others_made_wrong_after_the_first_part_is_said_and_given_back(
    client, run, demand, long, monkeypatch  # noqa: F811
):  # fmt: skip
    between(monkeypatch, lambda: record_one_of_them(demand, 4))
    page = press(client, run, "all", in_parts="yes")
    text = page.text()
    assert run.state == "ready" and "so no more was written" in text
    assert "1 part with 3 rows is written, and nothing of the others: 3 rows can follow" in text
    assert spoken().count() == 3 + 1
    page = press(client, run, "drop")
    assert [row["headline"][-1] for row in given_back(client, run)] == ["3", "5", "6"]


def test_rows_that_were_skipped_before_it_was_cancelled_do_not_follow(
    client, run, demand, long, monkeypatch  # noqa: F811
):  # fmt: skip
    record_one_of_them(demand, 1)
    run.rows.filter(number=7).update(outcome="wrong")
    ImportRun.objects.update(counts={"created": ROWS - 1, "wrong": 1})
    between(monkeypatch, lambda: press(client, run, "drop"))
    page = press(client, run, "valid", in_parts="yes")
    # Of the first part the second row is on record by now.
    assert (run.rows_written, run.counts) == (2, {"created": ROWS - 2, "unchanged": 1, "wrong": 1})
    assert (
        "1 part with 2 rows is written, and nothing of the others: 3 rows can follow, 1 cannot" in page.text()
    )


def test_dates_of_rows_that_are_written_are_not_asked_about_again(client, run, long, monkeypatch):
    asks = [{"column": "occurred_on", "value": "", "rule": "Is it right?", "asks": "dates"}]
    ImportRun.objects.update(
        causes=[{"column": "occurred_on", "rule": "Is it right?", "rows": [2], "count": 1, "asks": "dates"}]
    )
    run.rows.filter(number=2).update(messages=asks)
    between(monkeypatch, lambda: press(client, run, "drop"))
    press(client, run, "all", in_parts="yes")
    assert (run.state, run.parts) == ("ready", None), "It is asked before anything is written."
    press(client, run, "all", in_parts="yes", dates_are_right="on")
    assert (run.state, run.parts_written, run.questions) == ("ready", 1, [])
    press(client, run, "all")
    assert run.state == "done"


def test_its_progress_is_told_by_parts_also_after_an_interruption(client, run, long, monkeypatch):
    told = []

    def look():
        response = client.get(run.get_absolute_url(), headers={"HX-Request": "true"})
        told.append(" ".join(response.content.decode().split()))
        raise Killed

    between(monkeypatch, look, after=2)
    with pytest.raises(Killed):
        written(run, parts=[])
    assert "6 rows so far." in told[0] and "2 of 3 parts are written, with 6 rows." in told[0]
    page = Page(client, run.get_absolute_url())
    assert "It was interrupted while being written: 2 parts with 6 rows are written." in page.text()
    assert "It goes on with the next part by itself" in page.text()
    page = press(client, run, "go-on")
    assert run.state == "done" and spoken().count() == ROWS
