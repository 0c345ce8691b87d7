"""Detects the format of a file's cells from its name."""

from tracker.files.spreadsheet.opening import is_workbook
from tracker.models import ImportRun

Profile = ImportRun.Profile


def profile_of(file_name: str) -> str:
    """Unguarded for files of the tools profile and for workbooks, whose texts are never formulas; else guarded."""
    return Profile.TOOLS if file_name.endswith(".tools.csv") or is_workbook(file_name) else Profile.GUARDED
