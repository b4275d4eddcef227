"""What ffprobe says of a film, where it is installed.

The film is somebody else's, so ffprobe is told to read it as MP4 or QuickTime whatever it begins like, and nothing that
it names; it runs confined.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from publisher.errors import InvalidInput
from publisher.networks import confined

_ASKED = (
    *("-v", "quiet", "-protocol_whitelist", "file", "-f", "mov", "-of", "json", "-show_error", "-show_entries"),
    "format=duration:stream=codec_type,codec_name,pix_fmt,avg_frame_rate:stream_disposition=attached_pic",
)
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
    done = confined.run([program, *_ASKED, f"file:{film.absolute()}"])
    if done is None:
        return None
    code, said = done
    try:
        told = json.loads(said or b"{}")
    except ValueError:
        return None
    tracks = [track for track in told.get("streams") or () if not (track.get("disposition") or {}).get("attached_pic")]
    seen = next((track for track in tracks if track.get("codec_type") == "video"), None)
    if code or seen is None:
        raise InvalidInput("media.bad_video", f"ffprobe: {code} {str(told.get('error', ''))[:200]}")
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
