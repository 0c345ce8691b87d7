"""The profiles of CSV, which decide on guards, quotes, label columns and BOM."""

from dataclasses import dataclass

MARK = "\ufeff".encode()
"""The BOM by which spreadsheets recognise UTF-8."""


@dataclass(frozen=True)
class CsvProfile:
    """How one kind of CSV file is written."""

    name: str
    """The value of the parameter `profile`; empty for the default."""
    is_guarded: bool = True
    """Whether texts that a spreadsheet would run as formulas get an apostrophe."""
    has_labels: bool = False
    """Whether each column `x` of codes is followed by a column `x_label`."""
    quotes_all: bool = False
    """Whether every field is quoted, also empty ones."""
    has_mark: bool = False
    """Whether the file begins with MARK."""


PLAIN = CsvProfile("")
SPREADSHEET = CsvProfile("spreadsheet", has_labels=True, quotes_all=True, has_mark=True)
TOOLS = CsvProfile("tools", is_guarded=False)

PROFILES = {profile.name: profile for profile in (PLAIN, SPREADSHEET, TOOLS)}
"""{name: profile}"""
