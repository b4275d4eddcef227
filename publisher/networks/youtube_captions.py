"""Subtitles of a video on YouTube. Source: developers.google.com/youtube/v3/docs/captions."""

import json
from uuid import uuid4

from publisher.errors import Retry
from publisher.networks.wire import Wire
from publisher.networks.youtube_answers import LABEL


def add_captions(wire: Wire, number: str, subtitles: bytes, language: str) -> None:
    """Give the video these subtitles (WebVTT), unless it has some in this language: then a try before did.

    Raises what `ask` does.
    """
    spoken = language or "und"
    params = {"part": "snippet", "videoId": number}
    answer = wire.ask("GET", "youtube/v3/captions", params=params, needs=("items",))
    tracks = answer.object["items"]
    if not isinstance(tracks, list) or not all(isinstance(track, dict) for track in tracks):
        raise Retry("network.unavailable", answer.told, network=LABEL)
    shown = [track["snippet"] for track in tracks if isinstance(track.get("snippet"), dict)]
    # Those that YouTube writes itself (ASR) are no reason against ours.
    if any(each.get("language") == spoken and each.get("trackKind") != "ASR" for each in shown):
        return
    snippet = {"videoId": number, "language": spoken, "name": "", "isDraft": False}
    body, kind = _related({"snippet": snippet}, subtitles)
    wire.ask(
        "POST",
        "upload/youtube/v3/captions",
        params={"uploadType": "multipart", "part": "snippet"},
        content=body,
        headers={"Content-Type": kind},
    )


def _related(described: object, file: bytes) -> tuple[bytes, str]:
    """A file with its description in one body, as multipart/related (RFC 2387), and that body's media type."""
    boundary = uuid4().hex
    head = f"--{boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{json.dumps(described)}\r\n"
    body = f"{head}--{boundary}\r\nContent-Type: text/vtt\r\n\r\n".encode() + file + f"\r\n--{boundary}--\r\n".encode()
    return body, f'multipart/related; boundary="{boundary}"'
