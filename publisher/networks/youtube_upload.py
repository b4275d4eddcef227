"""An upload that can be taken up again: a session, to which the video goes piece by piece.

The session is opened with the video's words and has an address of its own, which is kept before a byte is sent. It says
how much has arrived, so a worker that was killed goes on from there; when all has arrived it names the video, as often
as it is asked. Source: developers.google.com/youtube/v3/guides/using_resumable_upload_protocol.
"""

import re
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from publisher.errors import Retry
from publisher.networks.media import Encoded
from publisher.networks.wire import Answer, Wire
from publisher.networks.youtube_answers import LABEL

PIECE = 8 * 1024 * 1024
"""Bytes sent in one request: a multiple of 256 KiB, as YouTube asks."""
BUSY = 90.0
"""Seconds after which a worker looks up from its upload, well within its lease of the post."""
GOES_ON, GONE = 308, (404, 410)

_RANGE = re.compile(r"bytes=0-(\d+)")


class SessionGone(Exception):
    """The session has ended, and does not say what came of it."""


def open_session(wire: Wire, body: Mapping[str, Any], known: Mapping[str, str], base_url: str) -> str:
    """The address of a new session, for a file of the `size` and `type` that is `known`.

    Nothing is uploaded yet, so it may be done again. Raises what `ask` does.
    """
    answer = wire.ask(
        "POST",
        "upload/youtube/v3/videos",
        params={"uploadType": "resumable", "part": "snippet,status"},
        json=body,
        headers={"X-Upload-Content-Length": known["size"], "X-Upload-Content-Type": known["type"]},
    )
    address = answer.headers.get("Location", "")
    if not _is_theirs(address, base_url):
        raise Retry("network.unavailable", answer.told, network=LABEL)
    return address


def look(wire: Wire, session: str, size: int) -> str | int:
    """The number of the video where all has arrived, else how many bytes have. Raises SessionGone."""
    return _said(_put(wire, session, b"", f"bytes */{size}"))


def upload(wire: Wire, session: str, video: Encoded) -> str:
    """Send what has not arrived yet. The number of the video; blank where there was no time for all of it.

    Raises SessionGone.
    """
    size, until = len(video.data), time.monotonic() + BUSY
    arrived = look(wire, session, size)
    while not isinstance(arrived, str):
        if time.monotonic() > until:
            return ""
        piece = video.data[arrived : arrived + PIECE]
        if not piece:
            raise Retry("network.unavailable", f"{arrived} of {size} bytes, and no video", network=LABEL)
        arrived = _said(_put(wire, session, piece, f"bytes {arrived}-{arrived + len(piece) - 1}/{size}"))
    return arrived


def _put(wire: Wire, session: str, piece: bytes, part: str) -> Answer:
    return wire.ask(
        "PUT", session, content=piece, headers={"Content-Range": part}, needs=("id",), also={GOES_ON, *GONE}
    )


def _said(answer: Answer) -> str | int:
    if answer.status in GONE:
        raise SessionGone
    if answer.status != GOES_ON:
        return str(answer.object["id"])
    arrived = _RANGE.fullmatch(answer.headers.get("Range", ""))
    return int(arrived[1]) + 1 if arrived else 0


def _is_theirs(address: str, base_url: str) -> bool:
    """Whether the token may go to that address: where an upload goes is YouTube's to say, but only among its own."""
    given, api = urlsplit(address), urlsplit(base_url)
    if (given.scheme, given.netloc) == (api.scheme, api.netloc):
        return True
    return given.scheme == "https" and f".{given.hostname}".endswith(".googleapis.com")
