"""What ffprobe says of a film, where it is installed.

The film is somebody else's, so ffprobe is told to read it as MP4 or QuickTime whatever it begins like, and nothing that
it names; it reaches no network, knows none of our settings, and has little time and memory.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from publisher.errors import InvalidInput

SECONDS = 20.0
CPU_SECONDS = 10
MEMORY = 2_000_000
"""Kilobytes of address space: the libraries that it is linked with take a fifth of it."""
_LIMITED = f'ulimit -t {CPU_SECONDS}; ulimit -v {MEMORY} 2>/dev/null; exec "$@"'
"""The shell sets limits before it becomes ffprobe; macOS knows none of memory."""
_ASKED = (
    *("-v", "quiet", "-protocol_whitelist", "file", "-f", "mov", "-of", "json", "-show_error", "-show_entries"),
    "format=duration:stream=codec_type,codec_name,pix_fmt,avg_frame_rate:stream_disposition=attached_pic",
)
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH")
_USUAL = ("yuv420p", "yuvj420p", "nv12")
"""How the pixels of a film are kept that plays everywhere."""


@dataclass(frozen=True, slots=True)
class Told:
    codecs: tuple[str, ...]
    """Of what is seen and heard, in the order of the tracks: "h264", "aac"; "h264 (yuv444p)" where few players read
    the pixels."""
    seconds: float
    """0 where it does not say."""
    frame_rate: float
    """Frames in a second, on average; 0 where it does not say."""


def ask(film: Path) -> Told | None:
    """None where no ffprobe is installed, or it does not get through. Raises InvalidInput for what it takes for no
    film.
    """
    program = shutil.which("ffprobe")
    if program is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603  # no words of others: the path is ours
            ["/bin/sh", "-c", _LIMITED, "sh", program, *_ASKED, f"file:{film.absolute()}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
        )
        told = json.loads(done.stdout or b"{}")
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return None
    if done.returncode < 0:  # out of time
        return None
    tracks = [track for track in told.get("streams") or () if not (track.get("disposition") or {}).get("attached_pic")]
    seen = next((track for track in tracks if track.get("codec_type") == "video"), None)
    if done.returncode or seen is None:
        raise InvalidInput("media.bad_video", f"ffprobe: {done.returncode} {str(told.get('error', ''))[:200]}")
    codecs = tuple(_codec(track) for track in tracks if track.get("codec_type") in ("video", "audio"))
    return Told(codecs, _number((told.get("format") or {}).get("duration")), _number(seen.get("avg_frame_rate")))


def _codec(track: Mapping[str, Any]) -> str:
    name, pixels = str(track.get("codec_name") or "?"), track.get("pix_fmt")
    if name == "h264" and pixels and pixels not in _USUAL:
        return f"{name} ({pixels})"
    return "pcm" if name.startswith("pcm_") else name


def _number(text: Any) -> float:
    """Of "12.5" or "30000/1001"; 0 of anything else."""
    above, _, below = str(text).partition("/")
    try:
        return round(float(above) / float(below or 1), 3)
    except (ValueError, ZeroDivisionError):
        return 0.0
