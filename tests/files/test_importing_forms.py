"""Whichever way a file was taken out and saved, it comes in unchanged, with every text as it is on record."""

import datetime as dt
import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests import factories as make
from tests.examples import part
from tests.files.test_importing import EACH_KIND, as_file, brought_in, exported, said, table
from tests.files.test_reading import workbook
from tests.over_the_register.makers import MAKERS, several
from tracker.files.export.reports import guarded
from tracker.files.importing.cells import unguarded
from tracker.models import Delegate, Party
from tracker.register import BY_URL_NAME
from tracker.register.types import Kind

TOOLS = {"profile": "tools"}


def raw(content):
    """The rows of a file without guards."""
    return [{name: unguarded(cell) for name, cell in row.items()} for row in table(content)]


def as_a_workbook(kind, content):
    """As a workbook with typed cells."""
    book = openpyxl.Workbook()
    rows = raw(content)
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append([typed(kind.column(name), cell) for name, cell in row.items()])
    out = io.BytesIO()
    book.save(out)
    return "file.xlsx", out.getvalue(), TOOLS


def typed(column, cell):
    """A cell as a spreadsheet has it."""
    if not cell:
        return None
    if column.kind is Kind.NUMBER:
        return int(cell)
    if column.kind is Kind.FLAG:
        return cell == "true"
    if column.kind is Kind.DATE and len(cell) == 10:
        return dt.date.fromisoformat(cell)
    return cell


@pytest.mark.django_db
@EACH_KIND
def test_as_a_workbook_of_typed_cells_it_comes_in_unchanged(url_name):
    editor, kind = make.UserFactory(administrator=True), BY_URL_NAME[url_name]
    several(url_name, 2)
    content = exported(editor, kind)
    name, file, options = as_a_workbook(kind, content)
    run = brought_in(editor, kind, file, name, **options)
    assert run.counts == {"unchanged": len(table(content))}, said(run)


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
STARTS = st.sampled_from(["", "=", "'=", "'", "''", "+", "\t", "\r\n", "-", "@", ";", '"', "\\N "])
PARTY = BY_URL_NAME["party"]


class AnyText(TestCase):
    """Of any text, through either profile."""

    @given(st.lists(st.tuples(STARTS, TEXT), min_size=1, max_size=6), st.booleans())
    @part(1 / 2)
    def test_any_text_is_brought_in_as_it_is_and_taken_out_and_in_again(self, parts, bare):
        texts = ["".join(pair) for pair in parts]
        editor = make.UserFactory(administrator=True)
        written = (lambda text: text) if bare else guarded
        rows = [
            {
                "name": f"P{number}",
                "kind": "state",
                "description": written(text),
                "aliases": written(cell_of(text)),
            }
            for number, text in enumerate(texts)
        ]
        options = TOOLS if bare else {}
        run = brought_in(editor, PARTY, as_file(rows), then="writing", **options)
        assert run.state == "done", said(run)
        found = {party.name: (party.description, party.aliases) for party in Party.objects.all()}
        wanted = {
            row["name"]: (text, [text] if text.strip() else []) for row, text in zip(rows, texts, strict=True)
        }
        assert found == wanted
        run = brought_in(editor, PARTY, exported(editor, PARTY))
        assert run.counts == {"unchanged": len(rows)}, said(run)


def cell_of(text):
    """A cell that holds `text` as its only name."""
    return text.replace("\\", "\\\\").replace(";", "\\;") if text.strip() else ""


@pytest.mark.django_db
def test_a_text_that_looks_like_clearing_stays_and_clearing_clears():
    editor = make.UserFactory(administrator=True)
    party = make.PartyFactory(description=r"\N", short_name="P", aliases=["One"])
    assert brought_in(editor, PARTY, exported(editor, PARTY)).counts == {"unchanged": 1}
    row = {"id": party.ref, "name": "", "short_name": r"\N", "aliases": r"\N"}
    assert brought_in(editor, PARTY, as_file([row]), then="writing").state == "done"
    party.refresh_from_db()
    assert (party.short_name, party.aliases, party.description) == ("", [], r"\N")
    run = brought_in(editor, PARTY, as_file([{"id": party.ref, "name": r"\N"}]))
    assert run.counts == {"wrong": 1}


BLANKS, CLEARED = " \u2003 ", "\\N"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("url_name", "column", "text"),
    [
        ("party", "name", BLANKS), ("process", "aim", BLANKS), ("demand", "title", BLANKS),
        ("party", "name", CLEARED), ("process", "aim", CLEARED), ("party", "kind", CLEARED),
        ("process", "restricted", CLEARED),
    ],
)  # fmt: skip
def test_neither_blanks_nor_clearing_leave_empty_what_must_not_be(url_name, column, text):
    record = MAKERS[url_name](make.ProcessFactory())
    content = as_file([{"id": record.ref, column: text}])
    row = brought_in(make.UserFactory(administrator=True), BY_URL_NAME[url_name], content).rows.get()
    assert [(message["column"], message["rule"]) for message in row.messages] == [
        (column, "It must not be empty.")
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("place", "column", "rule"),
    [
        (1, "short_name", "This cell is a formula: put what it gives in its place."),
        # A column that is passed over, one without a name, and one beyond the header.
        (3, None, None),
        (2, "", "Column 3 has no name and holds “=1+1”: name it, or empty the cell."),
        (5, "", "The row has 6 cells, the header 5"),
    ],
)
def test_a_formula_is_refused_where_it_would_be_read_or_does_not_belong(place, column, rule):
    row = ["Ruritania", "R", "", "", "state", ""]
    row[place] = "=1+1"
    content = workbook(["name", "short_name", "", "messages", "kind"], row)
    row = brought_in(make.UserFactory(administrator=True), PARTY, content, "file.xlsx").rows.get()
    told = [(message["column"], message["rule"].startswith(rule)) for message in row.messages]
    assert told == ([] if column is None else [(column, True)]), row.messages
    assert column != "short_name" or row.messages[0]["value"] == "=1+1"


@pytest.mark.django_db
def test_an_id_tells_apart_those_who_share_the_name_beside_it():
    editor, kind = make.UserFactory(administrator=True), BY_URL_NAME["development"]
    first, second = (make.PersonFactory(name="Ivan Ivanov", affiliation=at) for at in ("Moscow", "Minsk"))
    row = {
        "occurred_on": "2025-02-18", "headline": "Ivanov speaks", "kind": "report", "basis": "paraphrase",
        "party": make.PartyFactory().name, "process": make.ProcessFactory().title,
        "speaker_id": second.ref, "speaker": "Ivan Ivanov",
    }  # fmt: skip
    run = brought_in(editor, kind, as_file([row]), then="writing")
    assert run.state == "done", said(run)
    assert second.developments.count() == 1 and not first.developments.exists()
    run = brought_in(editor, kind, as_file([row | {"headline": "He speaks again", "speaker_id": ""}]))
    assert run.counts == {"wrong": 1}
    run = brought_in(
        editor, kind, as_file([row | {"headline": "He speaks again", "speaker": "Somebody else"}])
    )
    assert run.counts == {"wrong": 1}


@pytest.mark.django_db
def test_a_delegate_is_seated_by_talk_and_party():
    editor, delegation, person = (
        make.UserFactory(administrator=True),
        make.DelegationFactory(),
        make.PersonFactory(),
    )
    row = {
        "talk": delegation.talk.title,
        "party": delegation.party.name,
        "person": person.name,
        "capacity": "head",
    }
    run = brought_in(editor, BY_URL_NAME["delegate"], as_file([row]), then="writing")
    assert run.state == "done", said(run)
    assert Delegate.objects.get().delegation == delegation


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("column", "text", "rule"),
    [
        ("occurred_on", "03.02.2025", "3 Feb 2025 or 2 Mar 2025?"),
        ("occurred_on", "2025-02-30", "Nearest: 28 Feb 2025"),
        ("occurred_on", "2999-01-01", "It cannot have happened after"),
        ("kind", "reporte", "Nearest: report."),
        ("party", "Grau", "Nearest: Graustark."),
        ("talk", "No such talk", "There is no talk called"),
        ("occurred_inferred", "maybe", "neither yes nor no"),
        ("speech_act", "sates", "Nearest: states."),
    ],
)
def test_what_is_wrong_with_a_development_is_said_with_the_rule_and_the_nearest(column, text, rule):
    editor, process = make.UserFactory(administrator=True), make.ProcessFactory()
    make.PartyFactory(name="Graustark")
    row = {
        "process_id": process.ref, "occurred_on": "2025-02-18", "headline": "Said", "kind": "report",
        "party": "Graustark", "basis": "paraphrase",
    }  # fmt: skip
    run = brought_in(editor, BY_URL_NAME["development"], as_file([row | {column: text}]))
    message = run.rows.get().messages[0]
    assert run.counts == {"wrong": 1} and rule in message["rule"]
    assert message["column"] == column and message["value"] == text


@pytest.mark.django_db
@pytest.mark.parametrize("url_name", ["talk", "principle", "demand", "follow-up"])
def test_how_an_item_stands_is_not_changed_by_its_own_row(url_name):
    editor, kind = make.UserFactory(administrator=True), BY_URL_NAME[url_name]
    several(url_name, 1)
    rows = table(exported(editor, kind))
    rows[0]["status"] = "rejected"
    run = brought_in(editor, kind, as_file(rows[:1]))
    assert run.counts == {"wrong": 1}
    assert "record the development that changed it" in run.rows.get().messages[0]["rule"]


@pytest.mark.django_db
def test_a_file_may_be_as_large_as_the_limit_and_no_larger(settings):
    settings.IMPORT_LIMIT_MB = 1
    head = b"name,kind,description\n"
    cells = [f"Party {number},state,{'x' * 9_980}\n".encode() for number in range(104)]
    full = head + b"".join(cells)
    full += f"Last,state,{'x' * (1024**2 - len(full) - 12)}\n".encode()
    assert len(full) == 1024**2
    editor = make.UserFactory(administrator=True)
    assert brought_in(editor, PARTY, full).counts == {"created": 105}
    assert brought_in(editor, PARTY, full + b"\n").problems == ["The file is larger than 1 MB."]
