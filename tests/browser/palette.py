"""PNGs made small: the pictures of a browser, in 256 colours, which no eye sees."""

import struct
import zlib
from collections import Counter

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOURS = 256
ALIKE = 3 * 6**2
"""The distance, as a sum of squares over three channels, within which two colours pass for one."""


def reduced(png):
    """A PNG with a palette that looks like `png` (bytes), which has 8 bits a channel and no transparency."""
    width, height, pixels = _read(png)
    colours = _chosen(Counter(pixels))
    number = {colour: place for place, colour in enumerate(colours)}
    for colour in set(pixels) - number.keys():
        number[colour] = min(range(len(colours)), key=lambda place: _distance(colours[place], colour))
    rows = (pixels[start : start + width] for start in range(0, width * height, width))
    lines = b"".join(b"\0" + bytes(map(number.get, row)) for row in rows)
    return SIGNATURE + b"".join(
        [
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", b"".join(colours)),
            _chunk(b"IDAT", zlib.compress(lines, 9)),
            _chunk(b"IEND", b""),
        ]
    )


def _chosen(counts):
    """The colours most used, but none that is as good as another one chosen: a rare hue is worth more than a shade."""
    chosen = []
    for colour, _ in counts.most_common():
        if len(chosen) < COLOURS and all(_distance(colour, other) > ALIKE for other in chosen):
            chosen.append(colour)
    return chosen


def _distance(one, other):
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _read(png):
    """Width, height, and the colour of every pixel, three bytes each."""
    at, chunks = len(SIGNATURE), {}
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at : at + 8])
        chunks[kind] = chunks.get(kind, b"") + png[at + 8 : at + 8 + size]
        at += size + 12
    width, height, depth, sort = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert (depth, sort) == (8, 2), "a browser's picture has three channels of 8 bits"
    packed, length = zlib.decompress(chunks[b"IDAT"]), width * 3
    above, pixels = bytes(length), []
    for start in range(0, height * (length + 1), length + 1):
        above = _plain(packed[start], bytearray(packed[start + 1 : start + 1 + length]), above)
        pixels += [bytes(above[place : place + 3]) for place in range(0, length, 3)]
    return width, height, pixels


def _plain(way, line, above):
    """A line of bytes as they were before the PNG told each by its neighbours, in one of five ways."""
    for place in range(len(line) if way else 0):
        left, corner = (line[place - 3], above[place - 3]) if place >= 3 else (0, 0)
        line[place] = (line[place] + _foretold(way, left, above[place], corner)) & 255
    return line


def _foretold(way, left, up, corner):
    if way == 4:
        guess = left + up - corner
        return min((left, up, corner), key=lambda near: abs(guess - near))
    return (0, left, up, (left + up) // 2)[way]
