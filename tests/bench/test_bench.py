"""The measurements themselves: they run on any record, and say what they found as a table."""

from pathlib import Path

import pytest
from django.core.management import call_command

from tests.bench import timing
from tests.bench.__main__ import table
from tests.bench.parts import PARTS

TEMPLATES = Path(__file__).parent / "templates"


@pytest.mark.prove
@pytest.mark.django_db(transaction=True)
def test_everything_is_measured_and_told_as_ratios(settings, monkeypatch):
    settings.ROOT_URLCONF = "tests.bench.urls"
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [*settings.TEMPLATES[0]["DIRS"], TEMPLATES]}]
    monkeypatch.setattr(timing, "ROUNDS", range(1, 2))
    call_command("generate", developments=1_000, verbosity=0)
    lines = [line for module in PARTS.values() for line in module.measure()]
    report = table({("sqlite", 1_000): [vars(line) for line in lines]}, [1_000])
    assert "### 1,000 developments" in report
    for work in (
        "CSV of all developments",
        "CSV of developments",
        "search for commonest word",
        "import of developments",
        "lock of a long import",
        "status of all items",
        "first page of developments",
        "the last page",
        "comparison of two moments",
        "matrix of a process",
        "lanes of a process",
        "developments, known at 60 %",
        "SQL of demands, public at 97 %",
        "save of a development",
    ):
        assert f"| {work}" in report


def test_the_better_time_of_several_rounds_counts_and_the_first_does_not(monkeypatch):
    moments = iter([0, *(0, 9), *(0, 1), *(0, 3), *(0, 2), *(0, 5), *(0, 4)])
    monkeypatch.setattr(timing, "ROUNDS", range(9, 3))
    monkeypatch.setattr(timing.time, "perf_counter", lambda: next(moments))
    done = []
    best = timing.side_by_side({"a": lambda: done.append("a"), "b": lambda: done.append("b")})
    assert best == {"a": 3, "b": 2}
    assert done == ["a", "b"] * 3
