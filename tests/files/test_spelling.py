"""Cells as spreadsheets, pandas and R write them: read as what they mean, asked about where that is not certain."""

import csv
import datetime as dt
import io

import openpyxl
import pytest

from tests import factories as make
from tests.examples import pairs
from tests.files.test_importing import brought_in, said, table
from tests.files.test_return import taken_out
from tests.over_the_register.makers import several
from tracker.files.importing.cells import flag, months_meant, number, speller
from tracker.files.importing.columns import Columns
from tracker.models import Development, Party
from tracker.register import BY_URL_NAME, DEVELOPMENT
from tracker.register.types import Kind

PARTY = BY_URL_NAME["party"]


@pytest.mark.parametrize(
    ("meaning", "texts"),
    [
        ("true", "true TRUE True yes Yes y t x X 1 1.0 WAHR VRAI VERDADERO VERO WAAR ИСТИНА PRAWDA DOĞRU"),
        ("false", "false FALSE False no No n f 0 0.0 FALSCH FAUX FALSO ЛОЖЬ ONWAAR FAŁSZ YANLIŞ"),
        ("", "NaN nan None <NA> NaT NA"),
    ],
)
def test_yes_and_no_are_understood_in_every_spelling(meaning, texts):
    assert {flag(text) for text in texts.split()} == {meaning}
    assert flag(f" {texts.split()[0]} ") == meaning


@pytest.mark.parametrize("text", ["maybe", "2", "-1", "0.5", "10", "tru", "yes and no"])
def test_what_is_neither_yes_nor_no_is_left_for_the_message(text):
    assert flag(text) == text


@pytest.mark.parametrize(
    ("text", "digits"),
    [("270", "270"), ("270.0", "270"), ("2.7E+02", "270"), ("2.7e2", "270"), ("0.0", "0"), ("270.5", "270.5"),
     ("2.75E+01", "2.75E+01"), ("1E+99", "1E+99"), ("1,000", "1,000"), ("-3", "-3"), ("٣", "٣")],
)  # fmt: skip
def test_a_number_is_whole_however_it_is_written_but_never_rounded(text, digits):
    assert number(text) == digits


@pytest.mark.parametrize(
    ("column", "text", "meaning"),
    [
        ("kind", "Statement", "statement"),
        ("kind", " STATEMENT ", "statement"),
        ("effect_stance", "Affirms with reserve", "affirms_with_reserve"),
        ("effect_stance", "affirms-with-reserve", "affirms_with_reserve"),
        ("basis", "Reporter's summary", "reporters_summary"),
        ("citation_credibility", "6.0", "6"),
        ("citation_credibility", "2: probably true", "2"),
        ("occurred_precision", "Month", "month"),
        ("effect_status", "Under way", "under_way"),
        ("occurred_on", "2025-02-18 00:00:00", "2025-02-18"),
        ("occurred_on", "2025-02-18T00:00:00", "2025-02-18"),
        ("occurred_on", "2025-02-18 00:00", "2025-02-18"),
        ("occurred_on", "2025.0", "2025"),
        ("effect_review_on", "2025-02-18T00:00:00.000", "2025-02-18"),
        ("talk_id", " NaN ", ""),
        ("kind", "None", ""),
        # What says more, or something else, is not cut down to what would fit.
        ("occurred_on", "2025-02-18 09:30:00", "2025-02-18 09:30:00"),
        ("kind", "Statements", "Statements"),
    ],
)
def test_a_cell_that_is_no_free_text_is_put_in_the_form_of_the_export(column, text, meaning):
    assert speller(Columns(DEVELOPMENT).targets[column])(text) == meaning


@pytest.mark.parametrize("column", ["headline", "detail", "party", "citation_quote", "citation_place"])
def test_free_text_is_never_respelled(column):
    assert speller(Columns(DEVELOPMENT).targets[column]) is None


def as_pandas(content):
    """As pandas writes what it has read: row numbers first, True, floats, NaN, a column without a name."""
    kinds = {name: column.kind for name, column in PANDAS_COLUMNS.items()}
    rows = table(content.removeprefix("\ufeff".encode()))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["", *rows[0], "Unnamed: 99"])
    for place, row in enumerate(rows):
        writer.writerow([place, *(pandas_cell(kinds.get(name), cell) for name, cell in row.items()), "NaN"])
    return out.getvalue().encode()


def pandas_cell(kind, cell):
    if kind is Kind.FLAG and cell:
        return cell.title()
    if kind is Kind.NUMBER and cell:
        return f"{cell}.0"
    if kind is Kind.DATE and len(cell) == 10:
        return f"{cell} 00:00:00"
    if kind in (Kind.CODE, Kind.FLAG, Kind.NUMBER, Kind.DATE):
        return cell or "NaN"
    return cell


def as_excel(content):
    """As Excel writes what it has read: TRUE, semicolons, months as Feb-25, empty columns and rows at the end."""
    kinds = {name: column.kind for name, column in PANDAS_COLUMNS.items()}
    rows = table(content.removeprefix("\ufeff".encode()))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    out.write("sep=;\r\n")
    writer.writerow([*rows[0], "", ""])
    for row in rows:
        writer.writerow([*(excel_cell(kinds.get(name), cell) for name, cell in row.items()), "", ""])
    writer.writerow([""] * (len(rows[0]) + 2))
    return ("\ufeff" + out.getvalue()).encode()


def excel_cell(kind, cell):
    if kind is Kind.FLAG:
        return cell.upper()
    if kind is Kind.DATE and len(cell) == 7:
        return f"{dt.date.fromisoformat(f'{cell}-01'):%b-%y}"
    return cell


PANDAS_COLUMNS = {column.name: column for kind in BY_URL_NAME.values() for column in kind.columns}


@pytest.mark.django_db
@pairs(("url_name", "profile"), BY_URL_NAME, ["", "spreadsheet", "tools"])
def test_an_export_that_pandas_or_excel_has_saved_comes_in_unchanged(url_name, profile):
    editor, kind = make.UserFactory(administrator=True), BY_URL_NAME[url_name]
    several(url_name, 2)
    if url_name == "talk":
        make.TalkFactory(minutes=270)
    if url_name == "development":
        make.DevelopmentFactory(
            occurred_on=dt.date(2025, 2, 1), occurred_precision="month", occurred_inferred=True
        )
    content = taken_out(editor, kind, f"csv?profile={profile}" if profile else "csv")
    name = "file.tools.csv" if profile == "tools" else "file.csv"
    options = {"profile": "tools"} if profile == "tools" else {}
    for saved in (as_pandas, as_excel):
        run = brought_in(editor, kind, saved(content), name, **options)
        assert set(run.counts) == {"unchanged"}, (saved.__name__, said(run))


HEADER = "process,occurred_on,kind,headline,party,speech_act,basis"


@pytest.fixture
def editor(db):
    """In whose name files come in; there is a process to record in, and a party."""
    make.ProcessFactory(title="River talks")
    make.PartyFactory(name="Graustark", kind="state")
    return make.UserFactory(administrator=True)


def developments(editor, *dates):
    """The import of a development for each of `dates`."""
    row = "River talks,{},statement,Said {},Graustark,states,own_words\n"
    rows = "".join(row.format(date, number) for number, date in enumerate(dates))
    return brought_in(editor, DEVELOPMENT, f"{HEADER}\n{rows}")


def test_a_month_that_a_spreadsheet_abbreviated_is_asked_about_with_both_readings(editor):
    run = developments(editor, "Feb-25", "févr.-25", "25-Feb", "Feb-41")
    messages = [row.messages[0] for row in run.rows.all()]
    assert {message["column"] for message in messages} == {"occurred_on"}
    assert "can mean Feb 2025, as a spreadsheet shows a month, or 25 Feb of a year" in messages[0]["rule"]
    assert "Write 2025-02, or the whole day." in messages[1]["rule"]
    assert "shows no year" in messages[2]["rule"]
    assert "1941-02" in messages[3]["rule"] and "of a year" not in messages[3]["rule"]
    assert not Development.objects.exists()


def test_a_month_on_record_is_known_again_as_a_spreadsheet_abbreviates_it(editor):
    development = make.DevelopmentFactory(occurred_on=dt.date(2025, 2, 1), occurred_precision="month")
    run = brought_in(editor, DEVELOPMENT, f"id,occurred_on\n{development.ref},Feb-25\n")
    assert run.counts == {"unchanged": 1}
    run = brought_in(editor, DEVELOPMENT, f"id,occurred_on\n{development.ref},Mar-25\n")
    assert run.counts == {"wrong": 1}
    assert months_meant("Feb-25") == ["2025-02", "1925-02"] and not months_meant("Foo-25")


def test_a_first_day_beside_the_precision_of_a_month_is_the_month(editor):
    text = "process,occurred_on,occurred_precision,kind,headline,party,basis\n"
    row = "River talks,{},{},report,Said {},Graustark,paraphrase\n"
    rows = [("2025-02-01", "month"), ("2025-01-01", "Year"), ("2025-02-18", "month"), ("2025-02-01", "day")]
    run = brought_in(editor, DEVELOPMENT, text + "".join(row.format(*one, n) for n, one in enumerate(rows)))
    assert [one.outcome for one in run.rows.all()] == ["created", "created", "wrong", "created"]


def workbook(*rows, formats=()):
    """A workbook; `formats`: pairs of a cell's name and its number format."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name, number_format in formats:
        book.active[name].number_format = number_format
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("day", "number_format", "meaning"),
    [
        ("2025-02-01", "mmm-yy", "2025-02"),
        ("2025-02-01", "[$-407]mmmm\\ yyyy;@", "2025-02"),
        ("2025-01-01", "yyyy", "2025"),
        ("2025-02-01", "yyyy-mm-dd", "2025-02-01"),
        ("2025-02-01", '[$-F800]dddd", "mmmm\\ dd\\,\\ yyyy', "2025-02-01"),
        ("2025-02-01", "General", None),
        ("2025-02-18", "mmm-yy", None),
        ("2025-02-01", "yyyy", None),
        ("2025-02-18", "d-mmm", None),
        ("2025-02-01", "mmmm", None),
    ],
)
def test_a_date_of_a_workbook_is_as_precise_as_its_cell_shows_it(editor, day, number_format, meaning):
    row = ["River talks", dt.date.fromisoformat(day), "statement", "Said", "Graustark", "states", "own_words"]
    content = workbook(HEADER.split(","), row, formats=[("B2", number_format)])
    run = brought_in(editor, DEVELOPMENT, content, "file.xlsx", then="writing", profile="tools")
    if meaning is None:
        (message,) = run.rows.get().messages
        assert message["column"] == "occurred_on" and "rite " in message["rule"] and day in message["rule"]
    else:
        assert Development.objects.get().occurred.iso == meaning


def test_a_wrong_cell_in_a_column_that_nobody_reads_does_no_harm(editor):
    content = workbook(["name", "kind", "recorded_at"], ["Ruritania", "state", "=NOW()"])
    assert brought_in(editor, PARTY, content, "file.xlsx", profile="tools").counts == {"created": 1}


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\r\nname;kind\r\nRuritania;state\r\n",
        '"sep=;",\nname,kind\nRuritania,state\n',
        "sep=\t\nname\tkind\nRuritania\tstate\n",
        "\ufeffName, KIND \nRuritania, State\n",
        "name,kind,,\nRuritania,state,,\n,,,\n , ,,\n",
        "Unnamed: 0,name,kind\n0,Ruritania,state\n",
        ",name,kind,Unnamed: 3\n7.0,Ruritania,state,NaN\n",
        "name,kind\nRuritania,state,,,\n",
        "name,kind_label\nRuritania,State\n",
        "name,kind,kind_label\nRuritania,,State\n",
        "name,kind,short_name,description\nRuritania,state\n",
    ],
)
def test_a_file_that_a_program_has_dressed_up_is_read_as_what_it_says(editor, text):
    run = brought_in(editor, PARTY, text, then="writing")
    assert run.state == "done", said(run)
    assert Party.objects.get(name="Ruritania").kind == "state" and Party.objects.count() == 2


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("name,kind,,\nRuritania,state,,more\n", "Column 4 has no name and holds “more”"),
        ("name,kind,Unnamed: 2\nRuritania,state,more\n", "Column 3 has no name and holds “more”"),
        ("name,kind,\nRuritania,state,7\n", "Column 3 has no name and holds “7”"),
        (
            "name,kind\nRuritania,state,more\n",
            "The row has 3 cells, the header 2: those from cell 3 on are left over.",
        ),
        ("name,kind,description\nRuritania\n", "The row has 1 cell, the header 3. A line break"),
        ("name,kind,kind_label\nRuritania,state,Union\n", "It says “state”, its label “union”"),
        ("name,kind\nRuritania,stat\n", "“stat” is not a code of this column. Nearest: state."),
    ],
)
def test_what_such_a_file_may_hide_is_told(editor, text, rule):
    run = brought_in(editor, PARTY, text)
    assert run.counts == {"wrong": 1} and rule in run.rows.get().messages[0]["rule"]


def test_of_a_code_and_its_label_the_one_that_was_changed_counts(editor):
    ref = Party.objects.get().ref
    header = "id,kind,kind_label\n"
    for row, kind in [("state,Union", "union"), ("union,State", "union"), ("state,A state of ours", None)]:
        run = brought_in(editor, PARTY, f"{header}{ref},{row}\n")
        changes = run.rows.get().changes
        assert changes == ([{"column": "kind", "old": "state", "new": kind}] if kind else []), said(run)
        assert run.counts == {"changed" if kind else "unchanged": 1}
    run = brought_in(editor, PARTY, f"{header}{ref},union,Alliance\n")
    assert run.counts == {"wrong": 1}


def test_line_ends_that_a_program_changed_within_a_text_change_nothing(editor):
    party = make.PartyFactory(description="One\nTwo")
    run = brought_in(editor, PARTY, f'id,description\n{party.ref},"One\r\nTwo"\n')
    assert run.counts == {"unchanged": 1}
