"""Mutation testing mutates what it says it does, and each of its targets has tests."""

import itertools
import re

import pytest

from tests.mutate.__main__ import drawn, shown
from tests.mutate.mutants import mutants
from tests.mutate.targets import ROOT, TARGETS, nearest_tests

MODULES = [module for area in TARGETS.values() for module in area]


def lines_of(source):
    """Every mutant of a source, without the parentheses that keep it right in any place."""
    code = source.encode()
    return {re.sub("[()]", "", mutant.applied(code).decode()) for mutant in mutants(code)}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = a < b", {"x = a <= b", "x = a >= b"}),
        ("x = not a", {"x = a"}),
        ("x = a and b", {"x = a or b", "x = a", "x = b"}),
        ("x = rows.filter(a__lte=b)", {"x = rows", "x = rows.filter", "x = rows.filtera__lt=b"}),
        ("x = rows.order_by('-day')", {"x = rows", "x = rows.order_by'day'"}),
        ("x = 7", {"x = 8", "x = 6"}),
        ("x = {a, b}", {"x = {a}", "x = {b}"}),
        ("def f():\n    return a", {"def f:\n    return None"}),
        ("@a\ndef f():\n    pass", {"@lambda it: it\ndef f:\n    pass"}),
        ("check(a)", {"pass"}),
        ("x: int | None = a", set()),
        ("Rows = dict[int, Row]", set()),
        ("ROWS = x[7]", {"ROWS = x[8]", "ROWS = x[6]"}),
        ('x = Field(help_text="Words.")', set()),
        ('"""Words."""', set()),
    ],
)
def test_the_mutants_of_a_line(source, expected):
    assert lines_of(source) == expected


@pytest.mark.parametrize("module", MODULES)
def test_every_target_and_its_tests_are_there(module):
    assert (ROOT / module).is_file()
    assert nearest_tests(module) and all((ROOT / test).exists() for test in nearest_tests(module))


def test_a_sample_is_the_same_for_the_same_seed_and_covers_every_area():
    areas, count = list(TARGETS), 3 * len(TARGETS)
    sample = drawn(areas, seed=7, count=count)
    assert sample == drawn(areas, seed=7, count=count) != drawn(areas, seed=8, count=count)
    drawn_from = [next(area for area in TARGETS if module in TARGETS[area]) for module, _ in sample]
    assert drawn_from == areas * 3


def test_a_mutant_is_shown_by_the_lines_that_it_changes():
    module = "tracker/domain/movement.py"
    for mutant in itertools.islice(mutants((ROOT / module).read_bytes()), 20):
        before, *_, after = shown(module, mutant).splitlines()
        assert before.startswith("- ") and after.startswith("+ ") and before[2:] != after[2:]
