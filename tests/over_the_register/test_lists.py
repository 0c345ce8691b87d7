"""Every list: its rows as a page and as a file, filtered, sorted, read by the clocks, and by whom it may be seen."""

import html

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.examples import is_thorough, pairs
from tests.over_the_register.makers import MAKERS, OF_A_PROCESS, several
from tests.over_the_register.reading import path, read_csv, rows_of
from tests.pages.reading import Words
from tracker.recording.timestamps import last_instant
from tracker.register import BY_URL_NAME, PARTS, RECORD_TYPES

pytestmark = pytest.mark.django_db
every_type = pytest.mark.parametrize("url_name", BY_URL_NAME)
every_page = pytest.mark.parametrize("url_name", [kind.url_name for kind in RECORD_TYPES])


class TestOfThree:
    """Lists and files of three records of a type, which are made once for all of these tests."""

    def test_the_page_and_the_file_have_the_same_rows(self, reader, three):
        rows = read_csv(reader, path(three, ".csv"))
        assert len({row["id"] for row in rows}) == len(rows) >= 3
        assert len(rows_of(reader.get(path(three)))) == len(rows)

    def test_the_file_has_every_column_under_its_machine_name(self, reader, three):
        header = list(read_csv(reader, path(three, ".csv"))[0])
        assert header == [column.name for column in BY_URL_NAME[three].columns]
        assert len(header) == len(set(header))

    def test_every_sort_gives_all_rows_in_the_same_order_as_the_file(self, reader, three):
        kind = BY_URL_NAME[three]
        for place, name in enumerate(column.name for column in kind.columns if column.order):
            # One way of each, in turn; both in `make prove`.
            for sort in (name, f"-{name}") if is_thorough() else (("-" if place % 2 else "") + name,):
                rows = read_csv(reader, f"{path(three, '.csv')}?sort={sort}")
                page = reader.get(f"{path(three)}?sort={sort}")
                assert page.status_code == 200
                named = next((column.name for column in kind.listed if column.kind.name == "LINK"), None)
                if named:
                    named_cells = [row.select_one("th.name") for row in rows_of(page)]
                    shown = [(cell.a or cell).get_text() for cell in named_cells]
                    assert shown == [row[named][: len(text)] for row, text in zip(rows, shown, strict=True)]

    def test_sorting_is_said_in_the_head_of_the_column(self, reader, three):
        kind = BY_URL_NAME[three]
        column = next(column for column in kind.listed if column.order)
        page = BeautifulSoup(reader.get(f"{path(three)}?sort=-{column.name}").content, "lxml")
        assert page.select_one('th[aria-sort="descending"]').get_text(strip=True) == column.label

    def test_htmx_is_given_the_results_alone(self, reader, three):
        whole = reader.get(path(three))
        part = reader.get(path(three), headers={"HX-Request": "true"})
        restored = reader.get(
            path(three), headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}
        )
        assert b"<html" not in part.content and b"<html" in whole.content and b"<html" in restored.content
        results = BeautifulSoup(whole.content, "lxml").select_one("#results")
        swapped = BeautifulSoup(part.content, "lxml")
        for elsewhere in swapped.select("[hx-swap-oob]"):
            elsewhere.extract()
        assert swapped.get_text().split() == results.get_text().split()
        assert "HX-Request" in whole["Vary"] and "HX-Request" in part["Vary"]


def test_codes_are_sorted_up_the_ladder_and_not_by_the_alphabet(reader):
    for firmness in ("red_line", "signalled", "insisted", "stated"):
        make.DemandFactory(effect__firmness=firmness)
    up = [row["firmness"] for row in read_csv(reader, "/demands.csv?sort=firmness")]
    assert up == ["signalled", "stated", "insisted", "red_line"]
    assert [row["firmness"] for row in read_csv(reader, "/demands.csv?sort=-firmness")] == up[::-1]


def test_the_order_can_be_chosen_where_no_heads_are_shown(reader):
    make.DemandFactory()
    page = BeautifulSoup(reader.get("/demands/?sort=-firmness").content, "lxml")
    assert page.select_one('.filters select[name="sort"] option[selected]')["value"] == "-firmness"
    offered = {option["value"].removeprefix("-") for option in page.select('select[name="sort"] option')}
    assert offered == {column.name for column in BY_URL_NAME["demand"].columns if column.order} | {""}


def test_htmx_is_sent_to_the_page_that_says_what_cannot_be_read(reader):
    answer = reader.get("/demands/?sort=nothing", headers={"HX-Request": "true"})
    assert answer.status_code == 400 and answer["HX-Redirect"] == "/demands/?sort=nothing"


@every_type
def test_every_filter_refuses_what_it_cannot_read(reader, url_name):
    asked = dict.fromkeys(BY_URL_NAME[url_name].filterset.base_filters, "no such thing")
    page = reader.get(path(url_name), asked)
    assert page.status_code == 400
    assert not rows_of(page)
    file = reader.get(path(url_name, ".csv"), asked)
    assert file.status_code == 400
    said = file.content.decode()
    assert [name for name in asked if f"{name}: " not in said] == []


@every_type
def test_an_unknown_parameter_is_refused_with_the_nearest(reader, url_name):
    answer = reader.get(f"{path(url_name, '.csv')}?konwn=2025-02-18")
    assert answer.status_code == 400
    assert "Nearest: known" in answer.content.decode()


BROKEN = [
    ("on=2025-02-31", "Nearest: 28 Feb 2025"),
    ("on=03.02.2025", "3 Feb 2025 or 2 Mar 2025?"),
    ("on=2999-01-01", "lies in the future"),
    ("known=Monday", "a day and time with zone"),
    ("sort=nothing", "cannot sort this list"),
    ("page=zz", "page: “zz” is not a page of a list. Write last, or leave it out."),
    ("page=lsat", "Nearest: last."),
    ("after=zz", "after: “zz” is not the id of a"),
    ("before=zz", "before: “zz” is not the id of a"),
    ("from=zz", "from: “zz” is not the number of a row."),
]


@pairs(("url_name", "query", "said"), BY_URL_NAME, BROKEN)
def test_a_broken_moment_or_order_is_refused(reader, url_name, query, said):
    for ending in ("/", ".csv"):
        answer = reader.get(f"{path(url_name, ending)}?{query}")
        assert answer.status_code == 400
        assert said in answer.content.decode()


@every_type
def test_what_was_recorded_later_is_not_yet_there(reader, url_name):
    before = last_instant()
    several(url_name, 2)
    past = {"known": before.isoformat()}
    assert rows_of(reader.get(path(url_name)))
    assert not rows_of(reader.get(path(url_name), past))
    assert b"Reading the past" in reader.get(path(url_name), past).content
    response = reader.get(path(url_name, ".csv"), past)
    assert b"".join(response.streaming_content).count(b"\n") == 1


@pytest.mark.parametrize("url_name", OF_A_PROCESS)
def test_records_of_a_hidden_process_are_in_no_list(client, url_name):
    member, stranger = make.UserFactory(), make.UserFactory(editor=True)
    hidden = MAKERS[url_name](make.ProcessFactory(secret=True, members=[member]))
    for user, seen in ((member, True), (stranger, False)):
        client.force_login(user)
        ids = {row["id"] for row in read_csv(client, path(url_name, ".csv"))}
        assert (hidden.ref in ids) is seen
        assert bool(rows_of(client.get(path(url_name)))) is bool(ids)


@pytest.mark.once
@pytest.mark.parametrize(
    ("url_name", "many"),
    [
        *((name, 20) for name in BY_URL_NAME),
        *(pytest.param(name, 200, marks=pytest.mark.prove) for name in ("development", "party")),
    ],
)
def test_a_list_takes_the_same_queries_for_2_rows_and_for_many(reader, url_name, many):
    counts = []
    for number in (2, many - 2):
        several(url_name, number)
        with CaptureQueriesContext(connection) as queries:
            assert reader.get(path(url_name)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


@every_type
def test_an_empty_list_says_what_to_do_next(reader, url_name):
    assert BY_URL_NAME[url_name].empty in html.unescape(reader.get(path(url_name)).content.decode())


@every_type
def test_an_empty_list_of_the_past_says_that_nothing_was_there(reader, url_name):
    page = Words(reader.get(f"{path(url_name)}?on=2001-01-01"))
    assert "There was nothing here at that moment" in page.text()
    assert "Record " not in page.text(".empty")
    assert page.links(".empty a") == [path(url_name)]


@pytest.mark.parametrize("report", ["timeline", "paths", "positions", "follow-ups"])
def test_an_empty_report_of_the_past_says_that_nothing_was_there(reader, report):
    process = make.ProcessFactory()
    page = Words(reader.get(f"{process.get_absolute_url()}{report}/?on=2001-01-01"))
    assert page.text(".empty-title") == "There was nothing here at that moment"
    assert page.links(".empty a") == [f"{process.get_absolute_url()}{report}/"]


@every_type
def test_the_picker_of_columns_names_each_once_and_as_the_table_does(reader, url_name):
    several(url_name, 1)
    page = Words(reader.get(path(url_name)))
    named = page.texts(".choose label")
    assert len(named) == len(set(named)) == len(BY_URL_NAME[url_name].columns)
    assert page.texts(".choose fieldset:first-of-type label") == page.texts(".table thead th")


def test_viewers_are_offered_no_recording(client):
    for user, offered in ((make.UserFactory(viewer=True), False), (make.UserFactory(analyst=True), True)):
        client.force_login(user)
        assert (b"/demands/new/" in client.get("/demands/").content) is offered


def test_parts_are_recorded_on_the_page_of_what_they_are_part_of(client):
    client.force_login(make.UserFactory(administrator=True))
    for kind in PARTS:
        assert b"/new/" not in client.get(f"/{kind.path}/").content
