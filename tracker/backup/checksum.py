"""The checksum that a backup bears in itself."""

import zlib
from pathlib import Path

MARK = b"NegT"
"""What stands beside it, so that other files are not taken for backups that were changed."""
PIECE = 1024**2


def checksum(file: Path, left_out: int) -> bytes:
    """The checksum, four bytes, of all that is in `file` except for the four bytes at `left_out`."""
    with file.open("rb") as opened:
        found = 0
        while (left := left_out - opened.tell()) > 0 and (piece := opened.read(min(left, PIECE))):
            found = zlib.crc32(piece, found)
        opened.seek(left_out + 4)
        while piece := opened.read(PIECE):
            found = zlib.crc32(piece, found)
    return found.to_bytes(4)
