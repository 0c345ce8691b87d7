"""Drafts of kept files, which are renamed once they are whole; for the owner of the server alone to read."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path


def write_draft(path: Path, chunks: Iterable[bytes]) -> tuple[int, str]:
    """Write `chunks` to a new file at `path`, to the disk; return its size in bytes and its SHA-256 in hexadecimal.

    Raises FileExistsError if there is one, and OSError if there is no room for it.
    """
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for chunk in chunks:
            file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        file.flush()
        os.fsync(file.fileno())
    return size, digest.hexdigest()
