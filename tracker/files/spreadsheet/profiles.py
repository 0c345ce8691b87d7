"""How the cells of a file are written, told by its name where nobody says it."""

from tracker.files.spreadsheet.opening import is_workbook
from tracker.models import ImportRun

Profile = ImportRun.Profile


def profile_of(file_name: str) -> str:
    """Cells as they are in what programs were given, and in workbooks, whose texts are never formulas; else guarded."""
    return Profile.TOOLS if file_name.endswith(".tools.csv") or is_workbook(file_name) else Profile.GUARDED
