"""What a camera or an editor noted beside a film, taken out in place: nothing is encoded anew, and nothing moves."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from publisher.errors import InvalidInput
from publisher.networks import boxes
from publisher.networks.boxes import Box

NOTES = (b"udta", b"meta", b"uuid")
"""Boxes that hold what a camera or an editor notes beside the film: places, names, makes."""
NOTING = (b"meta", b"camm", b"gpmd")
"""Handlers of tracks that are neither seen nor heard."""
MOST_SAMPLES = 1_000_000
MOST_TRACKS = 200


def strip(path: Path) -> int:
    """Blank out, in place, what a camera or an editor noted beside the film, and tracks that note something all along
    (where a camera was, second by second) with their samples. The length of the file stays, so nothing in it moves.
    Returns how many boxes that were. Raises InvalidInput when the file is damaged.
    """
    blanked, size = 0, path.stat().st_size
    try:
        with path.open("r+b") as file:
            found = list(boxes.walk(file, size))
            noting = [track for track in _tracks(found) if _handler(file, track) in NOTING]
            pieces, left = list[tuple[int, int]](), size
            for start, length in (piece for track in noting for piece in _samples(file, track) if piece[1]):
                pieces.append((start, length))
                left -= length
                if left < 0 or len(pieces) > MOST_SAMPLES:
                    raise ValueError("samples that are longer than the film, or too many")
            for start, length in pieces:
                _blank(file, start, min(start + length, size))
            notes = [box for box in found if box.kind in NOTES and box.path in {(), (b"moov",), (b"moov", b"trak")}]
            for box in [*notes, *(track[0] for track in noting)]:
                file.seek(box.at + 4)
                file.write(b"free")
                _blank(file, box.start, box.end)
                blanked += 1
    except (struct.error, ValueError, IndexError) as error:
        raise InvalidInput("media.bad_video", f"{type(error).__name__}: {error}") from error
    return blanked


def _tracks(found: list[Box]) -> Iterator[list[Box]]:
    """Each track with the boxes inside it."""
    tracks = [box for box in found if box.kind == b"trak"]
    if len(tracks) > MOST_TRACKS:
        raise ValueError("too many tracks")
    for track in tracks:
        yield [track, *(box for box in found if track.start <= box.at < track.end)]


def _handler(file: BinaryIO, track: list[Box]) -> bytes:
    """What kind of track it is: "vide", "soun", "meta" …"""
    for box in track:
        if box.kind == b"hdlr":
            file.seek(box.start + 8)
            return file.read(4)
    return b""


def _samples(file: BinaryIO, track: list[Box]) -> Iterator[tuple[int, int]]:
    """Where the samples of a track lie, and how long they are: a chunk at a time (stco or co64, stsc, stsz)."""
    tables = {box.kind: _table(file, box) for box in track if box.kind in {b"stco", b"co64", b"stsc", b"stsz"}}
    wide = b"co64" in tables
    chunks = _numbers(tables.get(b"co64" if wide else b"stco", b""), 4, ">Q" if wide else ">I")
    runs = _numbers(tables.get(b"stsc", b""), 4, ">III")
    sizes = tables.get(b"stsz", bytes(12))
    same, count = struct.unpack(">II", sizes[4:12])
    each = [same] * min(count, MOST_SAMPLES) if same else [size for (size,) in _numbers(sizes, 8, ">I")]
    place, run = 0, -1
    for number, (start,) in enumerate(chunks, start=1):
        while run + 1 < len(runs) and runs[run + 1][0] <= number:
            run += 1
        held = runs[run][1] if run >= 0 else 0
        yield start, sum(each[place : place + held])
        place += held


def _table(file: BinaryIO, box: Box) -> bytes:
    file.seek(box.start)
    return file.read(min(box.end - box.start, MOST_SAMPLES * 8))


def _numbers(table: bytes, at: int, form: str) -> list[tuple[int, ...]]:
    """The rows of a table: their number stands at `at`, they follow it."""
    if len(table) < at + 4:
        return []
    (count,) = struct.unpack(">I", table[at : at + 4])
    rows = table[at + 4 :]
    size = struct.calcsize(form)
    return list(struct.iter_unpack(form, rows[: min(count, len(rows) // size) * size]))


def _blank(file: BinaryIO, start: int, end: int) -> None:
    file.seek(start)
    left = end - start
    while left > 0:
        left -= file.write(bytes(min(left, 1 << 20)))
