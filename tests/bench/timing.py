"""Timing things in turns, so that whatever else the machine does falls on all of them alike."""

import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = range(5, 60)
SECONDS = 20
"""At least so many rounds and at most so many, as long as they have taken less than so many seconds."""


@dataclass(frozen=True)
class Line:
    """One line of the report: a piece of work, what it was measured against, the target, and the seconds of both."""

    work: str
    against: str
    target: dict[str, float]
    """The ratio aimed at, by vendor of the database; empty where there is none."""
    seconds: float
    base_seconds: float
    note: str = ""


def side_by_side(
    works: dict[str, Callable[[], object]], clock: Callable[[], float] | None = None
) -> dict[str, float]:
    """The best time in seconds of each of `works`, each done once a round, after a first round that does not count.

    `clock` counts the seconds; by default they are those that pass.
    """
    best = dict.fromkeys(works, float("inf"))
    begun = time.perf_counter()
    for number in range(ROUNDS.stop):
        if number > ROUNDS.start and time.perf_counter() - begun > SECONDS:
            break
        for name, work in works.items():
            taken = timed(work, clock)
            if number:
                best[name] = min(best[name], taken)
    return best


def timed(work: Callable[[], object], clock: Callable[[], float] | None = None) -> float:
    """The seconds that `work` takes by `clock`."""
    now = clock or time.perf_counter
    start = now()
    work()
    return now() - start
