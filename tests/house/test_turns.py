"""Side by side, each test runs on at least one database, and each mechanism on both."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.test import TestCase

from tests.turns import HERE, take_turns


@dataclass
class Item:
    """A test as pytest collects it."""

    nodeid: str
    marks: list = field(default_factory=list)
    cls: type | None = None

    @property
    def path(self) -> Path:
        return HERE.parent / self.nodeid.partition("::")[0]

    def get_closest_marker(self, name):
        return next((mark.mark for mark in self.marks if mark.name == name), None)

    def add_marker(self, mark):
        self.marks.append(mark)


def placed(items):
    """The databases on which each of `items` runs."""
    take_turns(items)
    runs_on = {"once": {"sqlite"}, "postgres": {"postgres"}}
    return [
        next((runs_on[mark.name] for mark in item.marks if mark.name in runs_on), {"sqlite", "postgres"})
        for item in items
    ]


def test_the_cases_of_a_test_run_on_the_two_databases_in_turn():
    found = placed([Item(f"tests/pages/test_one.py::test[{number}]") for number in range(6)])
    assert [each for each in found if len(each) != 1] == []
    assert found[0] != found[1] and found[:2] * 3 == found


def test_tests_with_a_single_case_are_shared_out_too():
    found = placed([Item(f"tests/admin/test_{number}.py::test") for number in range(100)])
    assert 40 < found.count({"sqlite"}) < 80


def test_the_same_database_has_the_same_cases_whatever_else_is_run():
    cases = [Item(f"tests/files/test_one.py::test[{number}]") for number in range(3)]
    alone = placed([Item(case.nodeid) for case in cases])
    assert placed([Item("tests/files/test_one.py::test_other[0]"), *cases])[1:] == alone


def test_what_shares_the_records_of_a_class_stays_together():
    names = [f"tests/pages/test_one.py::{name}" for name in ("TestList::test_rows", "TestList::test_file")]
    each = placed([Item(f"{name}[{case}]", cls=object) for name in names for case in "abcd"])
    assert each[:4] == each[4:] and each[0] != each[1]
    loaded = placed([Item(f"tests/pages/test_one.py::Example::test_{n}", cls=TestCase) for n in range(20)])
    assert loaded in ([{"sqlite"}] * 20, [{"postgres"}] * 20)


def test_an_installation_is_started_on_one_of_them():
    started = [
        Item(f"tests/house/test_{number}.py::test", [pytest.mark.installation]) for number in range(100)
    ]
    assert 40 < placed(started).count({"sqlite"}) < 80


@pytest.mark.parametrize(
    "item",
    [
        Item("tests/house/test_one.py::test"),
        Item("tests/test_one.py::test"),
        Item("tests/pages/test_one.py::test", [pytest.mark.both]),
        Item("tests/models/test_one.py::test", [pytest.mark.django_db(transaction=True)]),
    ],
)
def test_what_the_databases_may_answer_otherwise_runs_on_both(item):
    assert placed([item]) == [{"sqlite", "postgres"}]


def test_who_said_where_a_test_runs_is_heeded():
    marked = [
        Item("tests/pages/test_one.py::test", [mark]) for mark in (pytest.mark.once, pytest.mark.postgres)
    ]
    assert placed(marked) == [{"sqlite"}, {"postgres"}]
