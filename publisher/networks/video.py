"""What an uploaded video is, by its content: an MP4 or QuickTime file, how long, how large, in which codecs.

Read from the file's index (ISO/IEC 14496-12: moov, mvhd, trak, tkhd, stsd), never from its name; the index may be put
together to hurt, so sizes, depth and counts are bounded. Where ffprobe is installed, it looks as well (`probe`). What
neither does is play the film: whether its pictures can be decoded is the network's to find out.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from publisher.errors import InvalidInput
from publisher.networks import boxes, probe
from publisher.networks.boxes import Box

_ENTRIES = {
    "h264": ("avc1", "avc3"),
    "hevc": ("hvc1", "hev1"),
    "av1": ("av01",),
    "vp8": ("vp08",),
    "vp9": ("vp09",),
    "mpeg4": ("mp4v",),
    "prores": ("apch", "apcn", "apcs", "apco", "ap4h", "ap4x"),
    "aac": ("mp4a",),
    "opus": ("Opus",),
    "pcm": ("sowt", "twos", "lpcm", "in24", "in32", "fl32"),
}
CODECS = {entry: codec for codec, entries in _ENTRIES.items() for entry in entries}
"""Sample entries by the names that ffprobe gives their codecs."""
STILL = (b"avif", b"avis", b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")
"""Brands of still pictures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """`type` is the media type; width and height are pixels as shown, upright; 0 and blank where the file does not
    say."""

    type: str
    width: int = 0
    height: int = 0
    seconds: float = 0.0
    codecs: str = ""
    """Like "h264, aac"."""
    frame_rate: float = 0.0
    """Frames in a second, on average; only ffprobe tells."""
    probed: bool = False
    """Whether ffprobe has looked as well."""


def is_video(head: bytes) -> bool:
    """Whether a file with these first 12 bytes is of the MP4 family, and no still picture (AVIF, HEIC)."""
    return head[4:8] == b"ftyp" and head[8:12] not in STILL


def read(path: Path) -> Facts:
    """Raises InvalidInput for what is no MP4 or QuickTime film, or is damaged."""
    try:
        with path.open("rb") as file:
            facts = _read(file, path.stat().st_size)
    except (struct.error, ValueError, IndexError) as error:
        raise InvalidInput("media.bad_video", f"{type(error).__name__}: {error}") from error
    told = probe.ask(path)
    if told is None:
        return facts
    codecs = ", ".join(dict.fromkeys(told.codecs))
    seconds = told.seconds or facts.seconds
    return replace(facts, seconds=seconds, codecs=codecs, frame_rate=told.frame_rate, probed=True)


def _read(file: BinaryIO, size: int) -> Facts:
    brand, seconds, width, height = b"", 0.0, 0, 0
    indexed = False
    found = list(boxes.walk(file, size))
    for box in found:
        file.seek(box.start)
        if box.kind == b"ftyp":
            brand = file.read(4)
        elif box.path == () and box.kind == b"moov":
            indexed = True
        elif box.kind == b"mvhd":
            seconds = _duration(file.read(32))
        elif box.kind == b"tkhd":
            shown = _shown(file.read(min(box.end - box.start, 104)))
            if shown[0] * shown[1] > width * height:
                width, height = shown
    if not brand or not indexed:
        raise ValueError("no ftyp or no moov")
    kind = "video/quicktime" if brand == b"qt  " else "video/mp4"
    if not width or not height:
        raise ValueError("no track that shows anything")
    return Facts(type=kind, width=width, height=height, seconds=seconds, codecs=", ".join(_codecs(file, found)))


def _codecs(file: BinaryIO, found: list[Box]) -> Iterable[str]:
    """Of the tracks that are seen or heard, each once."""
    codecs, handler = list[str](), b""
    for box in found:
        file.seek(box.start)
        if box.kind == b"trak":
            handler = b""
        elif box.kind == b"hdlr" and box.path[-1:] == (b"mdia",):
            handler = file.read(12)[8:]
        elif box.kind == b"stsd" and handler in (b"", b"vide", b"soun"):
            codecs += _entries(file.read(min(box.end - box.start, 4096)))
    return dict.fromkeys(codecs)


def _duration(mvhd: bytes) -> float:
    if mvhd[0] == 1:
        scale, units = struct.unpack(">IQ", mvhd[20:32])
        unknown = 2**64 - 1
    else:
        scale, units = struct.unpack(">II", mvhd[12:20])
        unknown = 2**32 - 1
    return round(units / scale, 3) if scale and units != unknown else 0.0


def _shown(tkhd: bytes) -> tuple[int, int]:
    """Width and height of a track as it is shown: its matrix may turn it by a quarter."""
    at = 88 if tkhd[0] == 1 else 76
    width, height = (value >> 16 for value in struct.unpack(">II", tkhd[at : at + 8]))
    a, b, _, c, d = struct.unpack(">5i", tkhd[at - 36 : at - 16])
    return (height, width) if not a and not d and (b or c) else (width, height)


def _entries(stsd: bytes) -> list[str]:
    """The codecs of a track, by its sample entries."""
    (count,) = struct.unpack(">I", stsd[4:8])
    found, at = [], 8
    for _ in range(min(count, 8)):
        if len(stsd) < at + 8:
            break
        length, kind = struct.unpack(">I4s", stsd[at : at + 8])
        name = kind.decode("ascii", "replace")
        if kind.isalnum():
            found.append(CODECS.get(name, name))
        at += max(length, 8)
    return found
