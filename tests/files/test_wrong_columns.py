"""A wrong value in any column of any type is told at that column, with the nearest that this column takes."""

import re

import pytest
from django.db.models import BooleanField, IntegerField

from tests import factories as make
from tests.examples import of_each_kind
from tests.files.test_importing import EACH_KIND, as_file, brought_in, exported, said, table
from tests.over_the_register.makers import several
from tracker.files.importing.columns import RELATIONS, Columns, Way, codes_of
from tracker.register import BY_URL_NAME

pytestmark = pytest.mark.django_db


def misspelt(target, kind):
    """What `target` cannot take, and where that can be told, the values among which the nearest is."""
    if target.way in RELATIONS:
        return "zzz-no-such", None
    codes = codes_of(target.coded, kind) if target.way in (Way.PLAIN, Way.PRECISION) else []
    if codes:
        return f"{codes[-1]}zz", codes
    if target.way is Way.DATE:
        return "2025-13-99", None
    if isinstance(target.field, BooleanField):
        return "perhaps", None
    if isinstance(target.field, IntegerField):
        return "many", None
    return None, None


def wrong_cells(columns):
    """For every column that not every text fits: the column, a text that does not, and what would."""
    kind = getattr(columns.model, "kind_code", None)
    for header, target in columns.targets.items():
        text, fitting = misspelt(target, kind)
        if text:
            yield header, text, fitting


@EACH_KIND
def test_a_wrong_value_in_a_column_of_a_record_on_file_is_told_at_that_column(url_name):
    editor, columns = make.UserFactory(administrator=True), Columns(BY_URL_NAME[url_name])
    several(url_name, 1)
    row = table(exported(editor, columns.record_type))[-1]
    cells = [one for one in wrong_cells(columns) if one[0] in columns.own]
    # Each in a file of its own, beside all that is right, as one file may say of a record once.
    for header, text, fitting in cells:
        run = brought_in(editor, columns.record_type, as_file([row | {header: text}]), reason="recoded")
        require_told(run, 2, header, text, fitting)


@of_each_kind(name for name in BY_URL_NAME if name != "issue")
def test_a_wrong_value_in_a_column_of_a_new_record_is_told_at_that_column(url_name):
    editor, columns = make.UserFactory(administrator=True), Columns(BY_URL_NAME[url_name])
    several(url_name, 1)
    full = table(exported(editor, columns.record_type))[-1]
    names = dict.fromkeys([name for name in full if name != "id"] + list(columns.targets))
    cells = list(wrong_cells(columns))
    rows = []
    for header, text, _ in cells:
        precision = f"{header.removesuffix('_on')}_precision"
        row = {name: full.get(name, "") if name in columns.own else "" for name in names} | {header: text}
        rows.append(row | ({precision: ""} if precision in row else {}))
    run = brought_in(editor, columns.record_type, as_file(rows), reason="recoded")
    for number, (header, text, fitting) in enumerate(cells, start=2):
        require_told(run, number, header, text, fitting)


def require_told(run, number, header, text, fitting):
    """That a row is refused at a column, with what stands there, and with a value of that column as the nearest."""
    told = [one for one in run.rows.get(number=number).messages if one["column"] == header]
    assert [one["value"] for one in told] == [text], (header, said(run))
    offered = re.search(r"(?:Nearest:|Choose from) (.+?)\.", told[0]["rule"])
    assert fitting is None or (offered and set(offered[1].split(", ")) <= set(fitting)), (header, told)


def test_of_an_id_and_a_name_the_one_that_is_wrong_is_told():
    editor, party = make.UserFactory(administrator=True), make.PartyFactory(name="Graustark")
    person = {"name": "Rudolf", "affiliation": "Court"}
    kind = BY_URL_NAME["person"]
    for wrong, right in [("party", "party_id"), ("party_id", "party")]:
        row = person | {right: party.ref, wrong: "Graustrk"}
        for cells in (row, dict(reversed(row.items()))):
            (message,) = brought_in(editor, kind, as_file([cells])).rows.get().messages
            assert (message["column"], message["value"]) == (wrong, "Graustrk")
            assert "Nearest: Graustark." in message["rule"]


def test_a_status_is_held_against_the_kind_of_its_item():
    editor, demand = make.UserFactory(administrator=True), make.DemandFactory()
    development = make.DevelopmentFactory(process=demand.process)
    row = {"status": "mett", "development_id": development.ref, "item_id": demand.ref}
    run = brought_in(editor, BY_URL_NAME["effect"], as_file([row]), reason="recoded")
    (message,) = run.rows.get().messages
    # A talk is held, a demand is met.
    assert message["column"] == "status" and "Nearest: met." in message["rule"]


@pytest.mark.parametrize("written", ["NaN", "nan", "None", "<NA>", "NULL", "NA"])
def test_what_programs_write_for_nothing_names_nobody(written):
    editor, kind = make.UserFactory(administrator=True), BY_URL_NAME["person"]
    same = {"id": make.PersonFactory().ref, "party": written}
    assert brought_in(editor, kind, as_file([same])).counts == {"unchanged": 1}
    run = brought_in(editor, BY_URL_NAME["principle"], as_file([{"process": written, "title": "One"}]))
    messages = {message["column"]: message["rule"] for message in run.rows.get().messages}
    assert messages["process"] == "A new principle needs it."
    make.PartyFactory(name=written)
    assert brought_in(editor, kind, as_file([same])).counts == {"changed": 1}, "a record is called so"
