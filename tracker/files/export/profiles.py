"""The profiles of CSV: for whom a file is, and so what it guards, quotes, and says beside the codes."""

from dataclasses import dataclass

MARK = "\ufeff".encode()
"""The mark by which a spreadsheet knows UTF-8."""


@dataclass(frozen=True)
class Profile:
    """How one sort of CSV file is written."""

    name: str
    """As the parameter `profile` has it; empty for what a file is without."""
    is_guarded: bool = True
    """Whether an apostrophe stands ahead of a text that a spreadsheet would run as a formula."""
    has_labels: bool = False
    """Whether a column `x_label` stands beside each column `x` of codes."""
    quotes_all: bool = False
    """Whether every field is quoted, even an empty one."""
    has_mark: bool = False
    """Whether the file begins with MARK."""


PLAIN = Profile("")
SPREADSHEET = Profile("spreadsheet", has_labels=True, quotes_all=True, has_mark=True)
TOOLS = Profile("tools", is_guarded=False)

PROFILES = {profile.name: profile for profile in (PLAIN, SPREADSHEET, TOOLS)}
"""name -> profile."""
