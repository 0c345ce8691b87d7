"""The data package on its way out: one state of the database, as a ZIP file that is made while it is sent."""

import csv
import datetime as dt
import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import Max

from tracker.files.data_package.cells import prepare
from tracker.files.data_package.contents import tables
from tracker.files.data_package.description import (
    CODEBOOK,
    CODEBOOK_HEADER,
    NAME,
    codebook,
    codebook_resource,
    package,
    resource,
)
from tracker.files.export.copying import CHUNK_BYTES
from tracker.files.export.csv import stream_csv
from tracker.models import Change, Process, User

State = dict[str, int | str]
"""The number of bytes, the hash and the number of rows of a file, once it is written."""
_EPOCH = (1980, 1, 1, 0, 0, 0)


def stream_package(reader: User | None = None) -> Iterator[bytes]:
    """Yield the data package of all that `reader` may see; without one, of the whole record and the texts of sources.

    The same record gives the same bytes, whenever and wherever it is read. Memory does not grow with the record. What
    is yielded is one state of the database; closing the iterator early lets go of it.
    """
    pieces, resources = _Pieces(), []
    with one_state():
        prepare(connection)
        # Everything is read from the state of the first thing read.
        known = last_recorded(reader)
        archive = zipfile.ZipFile(pieces, "w")
        for table in tables():
            columns, state = table.shown(whole=reader is None), State()
            rows = table.rows(reader).values_list(*(column.expression for column in columns))
            lines = stream_csv([column.name for column in columns], rows)
            yield from _member(archive, pieces, table.path, _counted(lines, state))
            resources.append(resource(table, columns, state))
        state = State()
        yield from _member(archive, pieces, CODEBOOK, _counted(_codebook(), state))
        resources.append(codebook_resource(state))
        # The hashes are known only now, so their description comes last.
        descriptor = package(resources, known, reader.username if reader else None)
        yield from _member(archive, pieces, NAME, [descriptor])
        archive.close()
        yield pieces.taken()


@contextmanager
def one_state() -> Iterator[None]:
    """Let all that is read within be one state of the database, and keep nobody from writing meanwhile."""
    if connection.in_atomic_block:
        yield  # within a transaction of the caller's, that is the state
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        # Django's own transactions take the only write lock from their beginning.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("COMMIT")


def last_recorded(reader: User | None = None) -> dt.datetime | None:
    """The instant of the last recording or change of all that `reader` may see, or of the whole record."""
    processes, changes = Process.objects.all(), Change.objects.all()
    if reader is not None:
        processes, changes = processes.visible_to(reader), changes.visible_to(reader)
    recorded = processes.aggregate(last=Max("last_recorded_at"))["last"]
    changed = changes.aggregate(last=Max("at"))["last"]
    return max(filter(None, [recorded, changed]), default=None)


def _codebook() -> Iterator[bytes]:
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows([CODEBOOK_HEADER, *codebook()])
    yield lines.getvalue().encode()


def _member(
    archive: zipfile.ZipFile, pieces: "_Pieces", name: str, chunks: Iterable[bytes]
) -> Iterator[bytes]:
    """Write one file into `archive`, and yield what of it is ready."""
    about = zipfile.ZipInfo(name, _EPOCH)
    about.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(about, "w", force_zip64=True) as file:
        yield pieces.taken()
        for chunk in chunks:
            file.write(chunk)
            if pieces.size >= CHUNK_BYTES:
                yield pieces.taken()
    yield pieces.taken()


def _counted(chunks: Iterable[bytes], state: State) -> Iterator[bytes]:
    """The `chunks` of a CSV file as they come; its bytes, hash and number of rows are in `state` at their end."""
    digest, size, lines, quoted = hashlib.sha256(), 0, 0, 0
    for chunk in chunks:
        digest.update(chunk)
        size += len(chunk)
        # Between one quotation mark and the next, every second stretch is within a cell: its lines are no rows.
        stretches = chunk.split(b'"')
        lines += sum(stretch.count(b"\n") for stretch in stretches[quoted::2])
        quoted = (quoted + len(stretches) - 1) % 2
        yield chunk
    state |= {"bytes": size, "hash": f"sha256:{digest.hexdigest()}", "rows": lines - 1}


class _Pieces:
    """A file that is only written, from which is taken what has come so far."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        self.pieces.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is open."""

    def taken(self) -> bytes:
        """All that was written since the last time."""
        taken = b"".join(self.pieces)
        self.pieces, self.size = [], 0
        return taken
