"""Subtitles as WebVTT (W3C, "WebVTT: The Web Video Text Tracks Format"): whether a file is what players take."""

import re

MOST = 500_000
"""Bytes: about six hours of talk."""
_TIMES = re.compile(
    r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})[ \t]+-->[ \t]+(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})(?:[ \t].*)?"
)


def problem(data: bytes) -> tuple[str, int]:
    """What is wrong, as the end of a key of `captions.…`, and in which line; ("", 0) when nothing is."""
    if len(data) > MOST:
        return "too_large", 0
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return "no_utf8", data[: error.start].count(b"\n") + 1
    lines = re.split(r"\r\n|\n|\r", text)
    if "\0" in text or not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        return "no_webvtt", 1
    before, cues = -1.0, 0
    for number, line in enumerate(lines, start=1):
        if "-->" not in line:
            continue
        found = _TIMES.fullmatch(line.strip(" \t"))
        if not found:
            return "bad_time", number
        start, end = _seconds(found, 1), _seconds(found, 5)
        if end <= start or start < before:
            return "bad_order", number
        before, cues = start, cues + 1
    return ("", 0) if cues else ("empty", 1)


def _seconds(found: re.Match[str], first: int) -> float:
    hours, minutes, seconds, thousandths = (int(found[first + place] or 0) for place in range(4))
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000
