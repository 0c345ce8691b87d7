"""Cells that are no date, no code and neither yes nor no, and rows that have shifted: what is wrong is said, once."""

import re

import pytest

from tests import factories as make
from tests.files.test_importing import as_file, brought_in, said
from tracker.files.importing.cells import flag
from tracker.register import BY_URL_NAME, DEVELOPMENT

pytestmark = pytest.mark.django_db

PARTY = BY_URL_NAME["party"]


@pytest.fixture
def editor(db):
    """In whose name files come in; there is a process to record in, and a party."""
    make.ProcessFactory(title="River talks")
    make.PartyFactory(name="Graustark", kind="state")
    return make.UserFactory(administrator=True)


@pytest.mark.parametrize("text", ["45706", "45706.0", "45706.375", "4.5706E4", "45,706", "45 706", "45706,5"])
@pytest.mark.parametrize("column", ["occurred_on", "effect_review_on"])
def test_the_number_of_a_day_is_asked_about_and_never_read(editor, column, text):
    row = {
        "process": "River talks", "occurred_on": "2025-02-18", "kind": "statement", "headline": "Said",
        "party": "Graustark", "speech_act": "states", "basis": "own_words", "effect_review_on": "",
    }  # fmt: skip
    run = brought_in(editor, DEVELOPMENT, as_file([row | {column: text}]))
    rule = next(one["rule"] for one in run.rows.get().messages if one["column"] == column)
    assert rule == (
        f"“{text}” looks like the number by which a spreadsheet counts the day 18 Feb 2025. "
        "If that is meant, write 2025-02-18."
    )
    for other in ("2025", "2025.0", "457061", "4570", "45706.x"):
        run = brought_in(editor, DEVELOPMENT, as_file([row | {column: other}]))
        assert "counts the day" not in str(said(run))


@pytest.mark.parametrize("text", ["maybe", "2", "yes and no", "truth"])
def test_what_is_neither_yes_nor_no_is_answered_with_what_is_taken(editor, text):
    row = {
        "process": "River talks", "occurred_on": "2025-02-18", "kind": "statement", "headline": "Said",
        "party": "Graustark", "speech_act": "states", "basis": "own_words", "occurred_inferred": text,
    }  # fmt: skip
    (message,) = brought_in(editor, DEVELOPMENT, as_file([row])).rows.get().messages
    assert message["column"] == "occurred_inferred" and "Nearest" not in message["rule"]
    meant = re.search(r"Write (.+) for yes; (.+) for no\.", message["rule"])
    assert {flag(word) for word in meant[1].split(", ")} == {"true"}
    assert {flag(word) for word in meant[2].split(", ")} == {"false"}


@pytest.mark.parametrize(
    ("text", "near"),
    [("stat", "state"), ("STAET", "state"), ("armed grup", "armed_group"), ("organization", "organisation"),
     ("country", None), ("stte of it", None), ("x", None)],
)  # fmt: skip
def test_a_code_is_offered_only_where_it_is_near(editor, text, near):
    (message,) = brought_in(editor, PARTY, as_file([{"name": "Ruritania", "kind": text}])).rows.get().messages
    if near:
        assert message["rule"].endswith(f"Nearest: {near}.")
    else:
        assert "Nearest" not in message["rule"] and "Choose from state, alliance" in message["rule"]


SHIFTED = "process,occurred_on,kind,headline,detail,party,speech_act,basis"


@pytest.mark.parametrize(
    ("cells", "where"),
    [
        ("River talks,18 February, 2025,statement,Said,Much,Graustark,states,own_words",
         "9 cells, the header 8: it seems to go wrong somewhere from cell 1, “process”, to cell 2, “occurred_on”."),
        ("River talks,2025-02-18,statement,Said,so,Much,Graustark,states,own_words",
         "9 cells, the header 8: it seems to go wrong somewhere from cell 4, “headline”, to cell 6, “party”."),
        ("River talks,2025-02-18,statement,Said,Much,Graustark,states,own_words,more",
         "9 cells, the header 8: those from cell 9 on are left over."),
        ("River talks,2025-02-18,statement,Said,so,and,so,Graustark,states,own_words,,",
         "10 cells, the header 8: it seems to go wrong somewhere from cell 4, “headline”, to cell 6, “party”."),
        ("River talks,never,statement,Said,so,Much,Graustark,states,own_words", "9 cells, the header 8."),
        ("River talks",
         "1 cell, the header 8. A line break within a cell that is not quoted leaves such a row behind."),
    ],
)  # fmt: skip
def test_of_a_row_whose_cells_have_moved_nothing_else_is_said(editor, cells, where):
    good = "River talks,2025-02-18,statement,Said well,Much,Graustark,states,own_words"
    run = brought_in(editor, DEVELOPMENT, f"{SHIFTED}\n{cells}\n{good}\n")
    assert run.counts == {"wrong": 1, "created": 1}
    assert run.rows.get(number=2).messages == [{"column": "", "value": "", "rule": f"The row has {where}"}]


def test_a_moved_row_of_a_record_on_file_names_no_other_record(editor):
    party = make.PartyFactory(name="Ruritania")
    content = f"id,name,kind\n{party.ref},Ruritania, the old,state\n{party.ref},Ruritania,state\n"
    run = brought_in(editor, PARTY, content)
    assert run.rows.get(number=2).messages[0]["rule"].endswith("at cell 2, “name”.")
    # Nor does it count as the first row of that record.
    assert run.rows.get(number=3).outcome == "unchanged"
