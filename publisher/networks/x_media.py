"""Pictures, videos and subtitles on their way to X: uploaded, described and waited for in calls that leave no post.

Source: the OpenAPI document of X's API v2 (`/2/media/upload` and below). A video goes up in segments, is finalized, and
is then processed for as long as X takes.
"""

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from publisher.errors import Refused, Retry
from publisher.networks.media import Encoded
from publisher.networks.x_answers import LABEL, Answer, read
from publisher.networks.x_client import Client

log = logging.getLogger(__name__)

SEGMENT = 4_000_000
"""Bytes; X takes five million at once, and a thousand segments."""
LOOKS = 20
PATIENCE = 60.0
"""Seconds that X may take to process a picture."""
VIDEO_PATIENCE = 15.0
"""The same for a video: what takes longer is looked at again later."""


def upload_image(client: Client, picture: Encoded, alt: str) -> str:
    """Send a picture with its description and wait until X can use it: its media id.

    Nothing is posted by this, so every failure is Retry, Refused, RateLimited or AccountBlocked.
    """
    media = _send(client, f"image.{picture.type.partition('/')[2]}", picture.data, picture.type, "tweet_image")
    identifier = str(media["id"])
    if not _wait(client, media, PATIENCE):
        raise Retry("network.unavailable", f"media {identifier}: still not processed", network=LABEL)
    _describe(client, identifier, alt)
    return identifier


def upload_video(
    client: Client, video: Encoded, alt: str, captions: bytes, language: str, alive: Callable[[], None]
) -> tuple[str, bool]:
    """Send a video with its description and subtitles: its media id, and whether X is through with it already."""
    content = {"media_type": video.type, "total_bytes": len(video.data), "media_category": "tweet_video"}
    opened = client.request("POST", "/2/media/upload/initialize", json=content, user_auth=client.oauth1)
    identifier = str(_media(opened)["id"])
    for index, start in enumerate(range(0, len(video.data), SEGMENT)):
        alive()
        piece = video.data[start : start + SEGMENT]
        read(
            client.request(
                "POST",
                f"/2/media/upload/{identifier}/append",
                user_auth=client.oauth1,
                data={"segment_index": str(index)},
                files={"media": ("segment", piece, "application/octet-stream")},
            )
        )
    media = _media(client.request("POST", f"/2/media/upload/{identifier}/finalize", user_auth=client.oauth1))
    try:
        _describe(client, identifier, alt)
    except Refused as error:  # X's documents promise descriptions of pictures; a video is no worse without
        log.warning("X took no description of a video: %s", error.diagnostic)
    if captions:
        _subtitle(client, identifier, captions, language)
    return identifier, _wait(client, media, VIDEO_PATIENCE)


def is_ready(client: Client, identifier: str) -> bool:
    """Whether X is through with an uploaded video. Raises Refused where it cannot use it."""
    return _state(_status(client, identifier)) == ""


def _send(client: Client, name: str, data: bytes, kind: str, category: str) -> dict[str, Any]:
    answer = client.request(
        "POST",
        "/2/media/upload",
        user_auth=client.oauth1,
        data={"media_category": category},
        files={"media": (name, data, kind)},
    )
    return _media(answer)


def _describe(client: Client, identifier: str, alt: str) -> None:
    if alt:
        content = {"id": identifier, "metadata": {"alt_text": {"text": alt}}}
        read(client.request("POST", "/2/media/metadata", json=content, user_auth=client.oauth1))


def _subtitle(client: Client, identifier: str, captions: bytes, language: str) -> None:
    """X wants to know of each track in which language it is, by two letters."""
    code = language.partition("-")[0].upper()
    if len(code) != 2 or not code.isalpha() or not code.isascii():
        raise Refused("network.x_captions", f"language {language!r}")
    track = _send(client, "subtitles.vtt", captions, "text/vtt", "subtitles")
    subtitles = {"id": str(track["id"]), "language_code": code, "display_name": language}
    content = {"id": identifier, "media_category": "TweetVideo", "subtitles": subtitles}
    read(client.request("POST", "/2/media/subtitles", json=content, user_auth=client.oauth1))


def _wait(client: Client, media: Mapping[str, Any], patience: float) -> bool:
    """Whether it is processed within so many seconds; most pictures need no processing at all."""
    deadline = time.monotonic() + patience
    for _ in range(LOOKS):
        if not _state(media):
            return True
        pause = float((media.get("processing_info") or {}).get("check_after_secs") or 0)
        if time.monotonic() + pause > deadline:
            return False
        time.sleep(pause)
        media = _status(client, str(media["id"]))
    return False


def _status(client: Client, identifier: str) -> dict[str, Any]:
    params = {"command": "STATUS", "media_id": identifier}
    return _media(client.request("GET", "/2/media/upload", params=params, user_auth=client.oauth1))


def _state(media: Mapping[str, Any]) -> str:
    """What X still does with it; blank when it is through. Raises Refused where it failed."""
    state = (media.get("processing_info") or {}).get("state")
    if state == "failed":
        raise Refused("network.x_media_refused", f"media {media['id']}: processing failed")
    return str(state) if state in ("pending", "in_progress") else ""


def _media(answer: Answer) -> dict[str, Any]:
    """What X says of uploaded media: `id` for certain."""
    media = read(answer).get("data")
    if not isinstance(media, dict) or not str(media.get("id", "")).isdigit():
        raise Retry("network.unavailable", answer.diagnostic, network=LABEL)
    return media
