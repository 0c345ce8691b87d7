"""Which of two suites that run side by side runs what: most tests of pages, files and the admin take turns."""

import zlib
from collections import defaultdict
from pathlib import Path

import pytest
from django.test import SimpleTestCase

HERE = Path(__file__).parent
TAKE_TURNS = {"admin", "files", "loaders", "models", "over_the_register", "pages", "synthetic"}
"""Folders in which many tests ask the same of the database, so that each case runs on one of the two.

Of models, what the rules of standing and the database itself hold has the marker `both`. Of `house`, only tests of an
installation take turns: most of their time is that of starting it.
"""


def take_turns(items):
    """Mark every second case of each test that takes turns for PostgreSQL, and the others for SQLite.

    Which database has the first case goes by the name of the test, so that those with a single case are shared out too:
    three of eight go to PostgreSQL, where a test takes longer.
    """
    cases = defaultdict(dict)
    for item in items:
        if takes_turns(item) and not is_placed(item):
            test, case = test_and_case(item)
            place = cases[test].setdefault(case, len(cases[test]))
            turn = ((zlib.crc32(test.encode()) % 8 < 3) + place) % 2
            item.add_marker(pytest.mark.postgres if turn else pytest.mark.once)


def takes_turns(item):
    """Whether a test is of a kind that is shared out."""
    folder = folder_of(item)
    return folder in TAKE_TURNS or folder == "house" and item.get_closest_marker("installation") is not None


def test_and_case(item):
    """The name of a test and that of its case, empty where it has only one.

    Where the tests of a class have records made for all of them, the class takes the place of the test.
    """
    test, _, case = item.nodeid.partition("[")
    shares_records = item.cls is not None and (case or issubclass(item.cls, SimpleTestCase))
    return (test.rpartition("::")[0] if shares_records else test), case


def folder_of(item):
    """The folder of tests/ that a test lies in."""
    return item.path.relative_to(HERE).parts[0] if item.path.is_relative_to(HERE) else ""


def is_placed(item):
    """Whether it is said already which suite runs a test; both run what of models commits, and may so meet locks.

    So do tests that one of them skips. What is left to `make prove` runs on both there.
    """
    database = item.get_closest_marker("django_db")
    commits = database is not None and database.kwargs.get("transaction")
    return (commits and folder_of(item) == "models") or any(
        map(item.get_closest_marker, ("both", "once", "postgres", "prove", "skipif"))
    )
