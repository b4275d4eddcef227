"""What an uploaded video is, by its content: an MP4 or QuickTime file, how long, how large, in which codecs.

Read from the file's index (ISO/IEC 14496-12: moov, mvhd, trak, tkhd, stsd), never from its name; the index may be put
together to hurt, so sizes, depth and counts are bounded. Where ffprobe is installed, it looks as well. What neither
does is play the film: whether its pictures can be decoded is the network's to find out.
"""

import json
import shutil
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from publisher.errors import InvalidInput
from publisher.networks import boxes

PROBE_SECONDS = 20.0
CODECS = {"avc1": "h264", "avc3": "h264", "hvc1": "hevc", "hev1": "hevc", "av01": "av1", "vp09": "vp9", "mp4a": "aac"}
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
    return _probed(path, facts)


def _read(file: BinaryIO, size: int) -> Facts:
    brand, seconds, width, height = b"", 0.0, 0, 0
    codecs: list[str] = []
    indexed = False
    for box in boxes.walk(file, size):
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
        elif box.kind == b"stsd":
            codecs += _entries(file.read(min(box.end - box.start, 4096)))
    if not brand or not indexed:
        raise ValueError("no ftyp or no moov")
    kind = "video/quicktime" if brand == b"qt  " else "video/mp4"
    if not width or not height:
        raise ValueError("no track that shows anything")
    return Facts(type=kind, width=width, height=height, seconds=seconds, codecs=", ".join(dict.fromkeys(codecs)))


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


def _probed(path: Path, facts: Facts) -> Facts:
    """What ffprobe says as well, where there is one; what it cannot read is no film."""
    program = shutil.which("ffprobe")
    if program is None:
        return facts
    asked = ["-v", "error", "-protocol_whitelist", "file", "-f", "mov", "-of", "json", "-show_format", "-show_streams"]
    try:
        done = subprocess.run(  # noqa: S603  # no shell; the path is ours
            [program, *asked, f"file:{path}"], capture_output=True, timeout=PROBE_SECONDS, check=False
        )
        told = json.loads(done.stdout or b"{}")
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return facts
    streams = [stream for stream in told.get("streams") or [] if stream.get("codec_type") in {"video", "audio"}]
    if done.returncode or not any(stream["codec_type"] == "video" for stream in streams):
        raise InvalidInput("media.bad_video", f"ffprobe: {done.stderr[:200].decode(errors='replace')}")
    codecs = ", ".join(dict.fromkeys(str(stream.get("codec_name") or "?") for stream in streams))
    try:
        seconds = round(float(told["format"]["duration"]), 3)
    except (KeyError, TypeError, ValueError):
        seconds = facts.seconds
    return Facts(type=facts.type, width=facts.width, height=facts.height, seconds=seconds, codecs=codecs, probed=True)
