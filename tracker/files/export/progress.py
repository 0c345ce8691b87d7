"""How many rows of a file are written, for whoever prepares it in the background."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from tracker.files.export.copying import CHUNK_ROWS

Row = TypeVar("Row")

_write: ContextVar[Callable[[int], None] | None] = ContextVar("_write", default=None)


@contextmanager
def telling(tell: Callable[[int], None]) -> Iterator[None]:
    """Let `tell` hear, inside the block, how many rows of a file are written so far; what it raises ends the file."""
    written = 0

    def add(rows: int) -> None:
        nonlocal written
        written += rows
        tell(written)

    token = _write.set(add)
    try:
        yield
    finally:
        _write.reset(token)


def wrote(rows: int) -> None:
    """Say that so many more `rows` are written."""
    if add := _write.get():
        add(rows)


def counted(rows: Iterable[Row]) -> Iterator[Row]:
    """`rows`, of which it is said every now and then how many were taken."""
    for number, row in enumerate(rows, start=1):
        yield row
        if number % CHUNK_ROWS == 0:
            wrote(CHUNK_ROWS)
