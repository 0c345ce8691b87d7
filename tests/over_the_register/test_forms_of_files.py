"""Every list in every form: the same rows in each, in the same order, for the same reader, by the same clocks."""

import csv
import datetime as dt
import io
import json

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl.utils.escape import unescape

from tests import factories as make
from tests.over_the_register.makers import MAKERS, OF_A_PROCESS, several
from tests.over_the_register.reading import path, read_csv
from tracker.register import BY_URL_NAME
from tracker.register.types import Kind

pytestmark = pytest.mark.django_db
every_type = pytest.mark.parametrize("url_name", BY_URL_NAME)
of_a_process = pytest.mark.parametrize("url_name", OF_A_PROCESS)


def content(client, address, status=200):
    response = client.get(address)
    found = response.getvalue()
    assert response.status_code == status, found
    return found


def read_json(client, address):
    return json.loads(content(client, address))


def read_xlsx(client, address):
    """The cells below the head as dicts, as openpyxl has them; what is escaped in the file is unescaped."""
    sheet = openpyxl.load_workbook(io.BytesIO(content(client, address))).active
    header, *rows = sheet.iter_rows(values_only=True)
    return [
        {
            name: unescape(value) if isinstance(value, str) else value
            for name, value in zip(header, row, strict=True)
        }
        for row in rows
    ]


def read_profile(client, address, profile):
    text = content(client, f"{address}{'&' if '?' in address else '?'}profile={profile}").decode()
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def assert_typed(column, value, text):
    """Numbers and flags have a type of their own; any other value is its text."""
    if column.kind is Kind.NUMBER:
        assert type(value) is int and str(value) == text
    elif column.kind is Kind.FLAG:
        assert type(value) is bool and str(value).lower() == text
    else:
        assert value == text


ENDINGS = (".csv?profile=spreadsheet", ".csv?profile=tools", ".json", ".xlsx")
READERS = (
    lambda client, address: read_profile(client, f"{address}.csv", "spreadsheet"),
    lambda client, address: read_profile(client, f"{address}.csv", "tools"),
    lambda client, address: read_json(client, f"{address}.json"),
    lambda client, address: read_xlsx(client, f"{address}.xlsx"),
)


class TestOfThree:
    """Lists and files of three records of a type, which are made once for all of these tests."""

    def test_each_form_has_the_rows_of_the_file_in_its_order(self, reader, three):
        ids = [row["id"] for row in read_csv(reader, path(three, ".csv"))]
        assert len(ids) >= 3
        for read in READERS:
            assert [row["id"] for row in read(reader, path(three, ""))] == ids

    def test_json_has_the_values_of_the_file_each_of_its_type(self, reader, three):
        kind = BY_URL_NAME[three]
        pairs = zip(
            read_profile(reader, path(three, ".csv"), "tools"),
            read_json(reader, path(three, ".json")),
            strict=True,
        )
        for texts, typed in pairs:
            assert list(texts) == list(typed) == [column.name for column in kind.columns]
            for column in kind.columns:
                text, value = texts[column.name], typed[column.name]
                if column.kind in (Kind.MANY, Kind.NAMES, Kind.CODES, Kind.TEXTS):
                    assert isinstance(value, list) and "; ".join(value) == text.replace("\\", "")
                elif not text:
                    assert value is None
                else:
                    assert_typed(column, value, text)

    def test_a_workbook_has_the_values_of_the_file_each_of_its_type(self, reader, three):
        kind = BY_URL_NAME[three]
        texts = read_profile(reader, path(three, ".csv"), "tools")
        rows = read_xlsx(reader, path(three, ".xlsx"))
        for text, row in zip(texts, rows, strict=True):
            assert list(row) == list(text)
            for column in kind.columns:
                said, value = text[column.name], row[column.name]
                if not said:
                    assert value is None
                elif column.kind is Kind.DATE and len(said) == 10:
                    assert isinstance(value, dt.datetime) and value.date().isoformat() == said
                elif column.kind is Kind.INSTANT:
                    instant = dt.datetime.fromisoformat(said).replace(tzinfo=None)
                    assert abs(value - instant) <= dt.timedelta(milliseconds=1)
                else:
                    assert_typed(column, value, said)

    def test_the_spreadsheet_profile_has_labels_beside_codes_and_quotes_all(self, reader, three):
        kind = BY_URL_NAME[three]
        raw = content(reader, f"{path(three, '.csv')}?profile=spreadsheet").decode()
        assert raw.startswith('\ufeff"id"')
        for line in csv.reader(io.StringIO(raw[1:], newline=""), quoting=csv.QUOTE_MINIMAL):
            written = ",".join('"' + cell.replace('"', '""') + '"' for cell in line)
            assert written in raw
        rows = read_profile(reader, path(three, ".csv"), "spreadsheet")
        header = []
        for column in kind.columns:
            coded = column.kind in (Kind.CODE, Kind.CODES)
            header += [column.name, f"{column.name}_label"] if coded else [column.name]
        assert list(rows[0]) == header
        for row in rows:
            for column in kind.columns:
                if column.kind in (Kind.CODE, Kind.CODES) and row[column.name]:
                    codes = row[column.name].split("; ")
                    labels = "; ".join(column.vocabulary(code).label for code in codes)
                    assert row[f"{column.name}_label"] == labels

    def test_the_tools_profile_is_the_plain_file_without_its_guards(self, reader, three):
        raw = content(reader, f"{path(three, '.csv')}?profile=tools")
        assert raw == content(reader, path(three, ".csv"))

    def test_each_form_obeys_the_clocks(self, reader, three):
        query = "?known=2000-01-01"
        assert read_csv(reader, path(three, f".csv{query}")) == []
        assert read_json(reader, path(three, f".json{query}")) == []
        assert read_xlsx(reader, path(three, f".xlsx{query}")) == []
        for profile in ("spreadsheet", "tools"):
            assert read_profile(reader, path(three, f".csv{query}"), profile) == []

    def test_columns_are_chosen_in_their_order_for_the_page_and_for_each_form(self, reader, three):
        kind = BY_URL_NAME[three]
        names = [column.name for column in kind.columns][::-2][:4]
        query = f"?columns={','.join(names)}"
        for found in (
            read_csv(reader, path(three, f".csv{query}")),
            read_json(reader, path(three, f".json{query}")),
            read_xlsx(reader, path(three, f".xlsx{query}")),
            read_profile(reader, path(three, f".csv{query}"), "tools"),
        ):
            assert list(found[0]) == names
        # As a form sends them.
        sent = "&".join(f"columns={name}" for name in names)
        assert list(read_csv(reader, path(three, f".csv?{sent}"))[0]) == names


@every_type
def test_a_file_costs_the_same_queries_for_two_rows_as_for_twelve(reader, url_name):
    counts = []
    for number in (2, 10):
        several(url_name, number)
        for ending in ENDINGS:
            with CaptureQueriesContext(connection) as queries:
                content(reader, path(url_name, ending))
            counts.append(len(queries))
    # The first of all asks once for what is then known.
    assert counts[1:4] == counts[5:] and max(counts) <= 12


@of_a_process
def test_nothing_of_a_restricted_process_is_in_a_file_for_strangers(client, url_name, restricted_process):
    record = MAKERS[url_name](restricted_process)
    for is_member in (False, True):
        user = make.UserFactory(viewer=True)
        if is_member:
            restricted_process.members.add(user)
        client.force_login(user)
        for read in READERS:
            rows = read(client, path(url_name, ""))
            assert ({row["id"] for row in rows} >= {record.ref}) if is_member else not rows
