"""The boxes of an MP4 or QuickTime file (ISO/IEC 14496-12), walked in order. The file may be made to hurt: sizes,
depth and number are bounded."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

MOST = 10_000
DEEPEST = 6
_INSIDE = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}
"""Boxes that hold others which we look for."""


@dataclass(frozen=True, slots=True)
class Box:
    kind: bytes
    at: int
    """Where the box itself begins."""
    start: int
    """Where what it holds begins."""
    end: int
    path: tuple[bytes, ...]


def walk(file: BinaryIO, size: int) -> Iterator[Box]:
    """The boxes in order, each before those inside it. Raises ValueError for sizes that cannot be."""
    waiting = [(0, size, ())]  # type: list[tuple[int, int, tuple[bytes, ...]]]
    seen = 0
    while waiting:
        at, end, path = waiting.pop()
        while end - at >= 8:
            seen += 1
            if seen > MOST:
                raise ValueError("too many boxes")
            file.seek(at)
            length, kind = struct.unpack(">I4s", file.read(8))
            start = at + 8
            if length == 1:
                (length,) = struct.unpack(">Q", file.read(8))
                start += 8
            elif length == 0:  # to the end of the file
                length = end - at
            if length < start - at or at + length > end:
                raise ValueError(f"box {kind!r} has {length} bytes of {end - at}")
            box = Box(kind, at, start, at + length, path)
            yield box
            if kind in _INSIDE and len(path) < DEEPEST:
                waiting.append((at + length, end, path))
                at, end, path = start, at + length, (*path, kind)
                continue
            at += length
