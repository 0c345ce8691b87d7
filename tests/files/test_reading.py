"""Files on their way in: every text is read as it was taken out, what is hostile is refused in little memory."""

import csv
import datetime as dt
import io
import resource
import zipfile

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import part
from tracker.files.export.reports import guarded
from tracker.files.importing.cells import unguarded
from tracker.files.importing.spellings import several
from tracker.files.spreadsheet.opening import read_table
from tracker.files.spreadsheet.rows import LONGEST_CELL, UnreadableSpreadsheet

LIMIT = 50 * 1024**2
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60)
TRICKY = st.sampled_from(
    ["=1+1", "'=1", "'", "''", "+", "\t\n", "a\r\nb", "x\ry", "שלום", "👍🏽", "_x0041_", '"', ";", "-"]
)
CELLS = st.one_of(TEXTS, TRICKY, TRICKY.flatmap(lambda start: TEXTS.map(lambda rest: start + rest)))


def read(content, name="file.csv", limit=LIMIT):
    """Header and rows of a file, whole."""
    header, rows = read_table(io.BytesIO(content), name, limit)
    return header, list(rows)


def refused(content, name="file.csv", limit=LIMIT):
    """Why a file is refused."""
    with pytest.raises(UnreadableSpreadsheet) as refusal:
        read(content, name, limit)
    return str(refusal.value)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5), st.booleans(), st.sampled_from(",;\t"))
def test_any_text_comes_through_csv(rows, quoted, delimiter):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL)
    writer.writerows([("first", "second"), *(map(guarded, row) for row in rows)])
    _, found = read(("\ufeff" if quoted else "").encode() + out.getvalue().encode())
    wanted = [list(row) for row in rows if any(guarded(cell).strip() for cell in row)]
    assert [[unguarded(cell) for cell in row.cells] for row in found] == wanted


@given(CELLS)
def test_a_guard_is_taken_off_where_one_was_put_and_nowhere_else(text):
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@given(st.lists(TEXTS.filter(bool).filter(lambda text: not text.startswith(" ")), max_size=4))
def test_several_texts_of_one_cell_come_apart_as_they_were(texts):
    joined = "; ".join(text.replace("\\", "\\\\").replace(";", "\\;") for text in texts)
    assert several(joined) == texts


# What XML cannot hold, and what a workbook keeps only in other ways.
PLAIN = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=40).filter(bool)


ODD = st.sampled_from(["=1+1", "'=1", "a\nb", "_x0041_", "_x005F_", " x "])


@given(st.lists(st.one_of(PLAIN, ODD), min_size=1), st.booleans())
@part(1 / 2)
def test_any_text_comes_through_xlsx(texts, inline):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": not inline, "constant_memory": inline})
    sheet = book.add_worksheet()
    for number, text in enumerate(["name", *texts]):
        sheet.write_string(number, 0, text)
    book.close()
    _, rows = read(out.getvalue(), "file.xlsx")
    assert [row.cells[0] for row in rows] == texts


def workbook(*rows):
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_typed_cells_of_a_workbook_are_read_as_a_file_of_text_has_them():
    content = workbook(
        ["a", "b", "c", "d", "e"],
        [dt.date(2025, 2, 18), 3, 3.5, True, None],
        [None] * 5,
        [dt.datetime(2025, 2, 18, 12, 30), 3.0, "2025-02", False, "x"],
    )
    header, rows = read(content, "file.xlsx")
    assert header == ["a", "b", "c", "d", "e"]
    assert [(row.number, row.cells) for row in rows] == [
        (2, ["2025-02-18", "3", "3.5", "true"]),
        (4, ["2025-02-18T12:30:00", "3", "2025-02", "false", "x"]),
    ]


def test_formulas_of_a_workbook_are_refused_at_their_cells():
    _, rows = read(workbook(["a", "b"], ["x", "=1+1"]), "file.xlsx")
    assert rows[0].wrong == [(1, "This cell is a formula: put what it gives in its place.")]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("naïve\n".encode("latin-1"), "Byte 3 (line 1) is 0xEF"),
        (b"a\n" + "ж".encode() * 40_000 + b"\n\xff\n", "Byte 80,004 (line 3) is 0xFF"),
        ("a,b\n".encode("utf-16"), "UTF-16, not UTF-8"),
        (b"a,b\n1,x\x00y\n", "Row 2, column 2 holds a null character"),
        (b'a,b\n1,"never closed\n', "Row 2, column 2: a quotation mark is opened and never closed"),
        (b'a,b\n1,"x"y\n', "Row 2, column 2: the quotation marks"),
        (b"", "The file is empty"),
        (b"\n\n", "The file is empty"),
        (b"a\n" + b"," * 5000 + b"\n", "Row 2 has 5,001 cells"),
    ],
)
def test_what_cannot_be_read_is_refused_where_it_stands(content, why):
    assert why in refused(content)


def used():
    """The most memory that was ever used, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@pytest.mark.parametrize("start", [b"a,b\n1,", b'a,b\n1,"', b'a,b\n1,"x\n'])
def test_a_file_that_is_one_cell_is_refused_in_little_memory(start, tmp_path):
    path, before = tmp_path / "one.csv", used()
    with path.open("wb") as file:
        file.write(start)
        for _ in range(100):
            file.write(b"x" * 1024**2)
    with (
        path.open("rb") as file,
        pytest.raises(UnreadableSpreadsheet, match="Row 2, column 2: a cell is longer"),
    ):
        list(read_table(file, "one.csv", 2 * LIMIT + 1024**2)[1])
    assert used() - before < 60 * 1024**2


def test_a_file_with_lines_in_one_cell_is_refused_too():
    assert "Row 2, column 2: a cell is longer" in refused(b'a,b\n1,"' + b"x\n" * LONGEST_CELL + b'"\n')


def packed(**parts):
    """A zip archive, whose parts are given as lists of pieces."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in parts.items():
            with archive.open(f"xl/{name}.xml", "w") as part:
                for piece in pieces:
                    part.write(piece)
    return out.getvalue()


def test_a_workbook_that_is_a_bomb_is_refused_before_it_is_unpacked():
    before = used()
    bomb = packed(sheet=(b"<c/>" * 1024 * 256 for _ in range(60)))
    assert len(bomb) < 1024**2
    assert "unpacks to more than 50 MB" in refused(bomb, "file.xlsx", LIMIT // 5)
    one = packed(sheet=[b'<row r="2"><c r="B2" t="inlineStr"><is><t>', *[b"x" * 1024**2] * 100])
    assert "Row 2, column B: a cell is longer" in refused(one, "file.xlsx")
    assert used() - before < 60 * 1024**2


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"no workbook at all", "no XLSX workbook"),
        (packed(sheet=[b"<a/>"]), "no XLSX workbook"),
        (packed(sheet=[b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a/>']), "entities"),
        (packed(sheet=["<!DOCTYPE a>".encode("utf-16")]), "entities"),
        (packed(**{f"part{number}": [b"<a/>"] for number in range(1001)}), "1,001 parts"),
        (workbook(["a"], ["x"])[:-200], "no XLSX workbook"),
    ],
)
def test_a_workbook_that_is_none_is_refused(content, why):
    assert why in refused(content, "file.xlsx")


def test_an_archive_under_another_name_and_a_file_too_large_are_refused():
    assert "no CSV" in refused(workbook(["a"]), "file.csv")
    assert "larger than 1 MB" in refused(b"a\n" * 1024**2, limit=1024**2)


@given(st.binary(max_size=200))
def test_noise_is_read_or_refused_and_never_breaks(content):
    for name in ("file.csv", "file.xlsx"):
        try:
            read(content, name)
        except UnreadableSpreadsheet as refusal:
            assert str(refusal)


@given(st.data())
@part(1 / 2)
def test_a_damaged_workbook_is_read_or_refused(data):
    content = bytearray(SOUND)
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        read(bytes(content), "file.xlsx")
    except UnreadableSpreadsheet as refusal:
        assert str(refusal)


SOUND = workbook(["name", "kind"], ["Graustark", "state"])
