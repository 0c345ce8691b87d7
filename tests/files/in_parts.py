"""A few rows that are written in parts of three."""

import pytest

from tests.files.ahead import ROWS
from tracker.files.importing import ahead, parts

SIZES = [3, 3, 1]
assert sum(SIZES) == ROWS


class Killed(BaseException):
    """Ends a step as if its process had been killed."""


@pytest.fixture
def of_three(many, monkeypatch):
    """A part takes as long as three new developments, and nobody rests between two."""
    monkeypatch.setattr(parts, "PART_SECONDS", 3 * ahead.SECONDS_EACH_AHEAD)
    monkeypatch.setattr(parts, "PIECE", 1)
    monkeypatch.setattr(parts, "PAUSE", 0)


def between(monkeypatch, do, after=1):
    """Let `do` happen once, when so many parts are written and the next is not yet begun."""
    renew, left = parts.renew, [do]

    def interrupted(run, state):
        if left and run.parts_written == after:
            left.pop()()
        renew(run, state)

    monkeypatch.setattr(parts, "renew", interrupted)
