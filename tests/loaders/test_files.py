"""Files that are not what they are said to be are refused; a load is all or nothing, and tells what it does."""

import csv
from io import StringIO
from unittest import mock

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from tests.loaders import files
from tests.loaders.files import MEND, PAX, ROUND, counts, reported
from tracker.models import Claim, Item, Party, Process, Source

MODELS = (Claim, Item, Party, Process, Source)


def nothing_written():
    return not any(model.objects.exists() for model in MODELS)


def refusal(command, path, **options):
    with pytest.raises(CommandError) as error:
        files.load(command, path, "2025-03", **options)
    assert nothing_written()
    return str(error.value)


@pytest.mark.django_db
@pytest.mark.usefixtures("dave")
class TestRefused:
    def test_a_misspelt_column_is_named_with_the_nearest(self, tmp_path):
        header = ["Sumary" if name == "Summary" else name for name in MEND]
        row = {("Sumary" if name == "Summary" else name): text for name, text in ROUND.items()}
        said = refusal("load_mend", files.write(tmp_path / "a.csv", header, row))
        assert "the column Summary is missing (the nearest is Sumary)" in said

    def test_another_dataset_is_sent_to_its_own_command(self, tmp_path):
        said = refusal("load_mend", files.write(tmp_path / "a.csv", PAX, files.AGREEMENT))
        assert "it holds PA-X, which manage.py load_pax reads" in said
        said = refusal("load_pax", files.write(tmp_path / "a.csv", MEND, ROUND))
        assert "it holds MEND, which manage.py load_mend reads" in said

    def test_another_file(self, tmp_path):
        (tmp_path / "a.csv").write_text("name,age\nAnn,3\n")
        assert "it does not hold MEND: 14 columns are missing" in refusal("load_mend", tmp_path / "a.csv")

    def test_an_empty_file(self, tmp_path):
        (tmp_path / "a.csv").write_text("")
        assert "columns are missing" in refusal("load_mend", tmp_path / "a.csv")

    def test_another_encoding(self, tmp_path):
        path = files.write(tmp_path / "a.csv", MEND, ROUND | {"Summary": "café"})
        path.write_bytes(path.read_bytes().replace("é".encode(), b"\xe9"))
        assert "it is not UTF-8" in refusal("load_mend", path)

    def test_a_column_that_is_there_twice(self, tmp_path):
        path = files.write(tmp_path / "a.csv", [*MEND, "Summary"], ROUND)
        assert "the column Summary is there twice" in refusal("load_mend", path)

    def test_what_is_no_workbook(self, tmp_path):
        (tmp_path / "a.xlsx").write_text("not a workbook")
        assert "it is not an XLSX file" in refusal("load_mend", tmp_path / "a.xlsx")

    def test_a_file_that_is_not_there(self, tmp_path):
        assert "cannot be read" in refusal("load_mend", tmp_path / "none.csv")

    def test_a_cell_of_many_megabytes(self, tmp_path):
        path = files.write(tmp_path / "a.csv", MEND, ROUND | {"Summary": "x" * 5_000_001})
        assert "field larger than field limit" in refusal("load_mend", path)

    def test_a_report_that_cannot_be_written(self, tmp_path):
        path = files.write(tmp_path / "a.csv", MEND, ROUND)
        assert "cannot be written" in refusal("load_mend", path, report=tmp_path / "none" / "report.csv")

    def test_a_release_without_a_name(self, tmp_path):
        with pytest.raises(CommandError, match="name the release"):
            files.load("load_mend", files.write(tmp_path / "a.csv", MEND, ROUND), " ")


def test_who_may_not_change_shared_records_may_not_load(tmp_path, alice):
    path = files.write(tmp_path / "a.csv", MEND, ROUND)
    assert "may not change shared records" in refusal("load_mend", path, by="alice")


def test_a_sheet_says_the_same_as_a_csv(tmp_path, dave):
    rows = [ROUND, ROUND | {"med_event_ID": "ARL202301-2", "Day": "6"}]
    files.load("load_mend", files.write(tmp_path / "a.csv", MEND, *rows), "2025-03")
    printed = files.load("load_mend", files.write_sheet(tmp_path / "a.xlsx", MEND, *rows), "2025-07")
    assert counts(printed)["unchanged"] == 2


def test_a_trial_keeps_nothing_and_tells_the_same(mend):
    trial = mend(dry_run=True)
    assert "as a trial: nothing was kept" in trial and counts(trial)["made"] == 1
    assert nothing_written()
    assert counts(mend()) == counts(trial)


def test_what_is_stopped_halfway_leaves_nothing(mend):
    with (
        mock.patch("tracker.loaders.records.Recorder.seat", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        mend()
    assert nothing_written()


def test_ragged_rows_and_nul_are_set_aside(tmp_path, dave):
    path = files.write(tmp_path / "a.csv", MEND, ROUND, ROUND | {"Day": "7", "Summary": "a\0b"})
    with path.open("a", newline="") as file:
        csv.writer(file).writerow(["ARL202301-3", "Arland", "Cairo"])
    printed = files.load("load_mend", path, "2025-03")
    assert counts(printed) == {"read": 3, "made": 1, "changed": 0, "unchanged": 0, "set aside": 2}
    assert "Summary holds a NUL character" in printed and "it has 3 cells, the header 32" in printed


def test_the_report_has_a_line_for_every_row(mend, tmp_path):
    mend({}, {"Year": ""}, report=tmp_path / "report.csv")
    rows = reported(tmp_path / "report.csv")
    assert ("ARL202301-1", "set aside", "no date: Year is not a year", "Year is “”") in rows
    assert [row[1] for row in rows if row[1] != "note"] == ["set aside", "made"]


def test_progress_is_told_on_stderr(tmp_path, dave):
    err = StringIO()
    path = files.write(tmp_path / "a.csv", MEND, ROUND)
    call_command("load_mend", path, release="2025-03", stdout=StringIO(), stderr=err)
    assert "1 of 1 new ones recorded" in err.getvalue()


def test_a_release_that_is_loaded_again_says_that_nothing_is_new(tmp_path, dave):
    def said(*rows):
        out, err = StringIO(), StringIO()
        path = files.write(tmp_path / "a.csv", MEND, *rows)
        with mock.patch("tracker.models.Development.clean", autospec=True, side_effect=_not_on_the_sixth):
            call_command("load_mend", path, release="2025-03", stdout=out, stderr=err)
        return out.getvalue(), err.getvalue()

    other = ROUND | {"Day": "7", "med_event_ID": "ARL202301-3", "Summary": "They met again."}
    incomplete = {"Year": "", "med_event_ID": "ARL202301-4"}
    printed, progress = said(ROUND, ROUND | incomplete)
    assert "1 row is not on record yet, 0 to be compared" in progress and "Nothing is new" not in printed
    printed, progress = said(ROUND, ROUND | incomplete, other, other | {"Day": "6", "source_urls": ""})
    assert "2 rows are not on record yet" in progress and "Nothing is new" not in printed
    # One row is set aside before it is compared, another is refused again: neither is new.
    printed, progress = said(ROUND, ROUND | incomplete, other, other | {"Day": "6", "source_urls": ""})
    assert counts(printed) == {"read": 4, "made": 0, "changed": 0, "unchanged": 2, "set aside": 2}
    assert "Nothing is new: no record was made or changed." in printed and "new ones" not in progress
    assert " new" not in progress and "rows are" not in progress
    printed, progress = said(ROUND, ROUND | incomplete, other)
    assert progress.strip() == "Nothing is new: every row is on record, or has been set aside"


def test_what_a_rule_refuses_is_set_aside_and_the_others_are_made(mend):
    refused = {"source_urls": "", "med_event_ID": "ARL202301-2", "Day": "6"}
    with mock.patch("tracker.models.Development.clean", autospec=True, side_effect=_not_on_the_sixth):
        printed = mend({}, refused)
    assert counts(printed)["made"] == counts(printed)["set aside"] == 1
    assert "1  a rule of the record refuses it" in printed


def _not_on_the_sixth(development):
    if development.occurred_on.day == 6:
        raise ValidationError("Not on a sixth.")
