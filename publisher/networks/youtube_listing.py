"""The videos of a channel: one by its number, and those that have certain words. Nothing here changes any.

What was uploaded stands in a playlist of the channel, newest first; its owner sees there also what is private.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from publisher.errors import Refused, Retry, Uncertain
from publisher.networks import youtube_video as video
from publisher.networks.base import Context
from publisher.networks.wire import Wire
from publisher.networks.youtube_account import find_channel
from publisher.networks.youtube_answers import LABEL

VIDEOS = "youtube/v3/videos"
PAGE = 50
"""Videos in one answer of a look-up."""


def read_status(wire: Wire, number: str) -> dict[str, Any] | None:
    """How a video stands; None where there is none of that number."""
    found = _read(wire, "status", [number])
    return found[0]["status"] if found else None


def read(wire: Wire, part: str, number: str) -> dict[str, Any]:
    """One part of a video: its words (snippet), its figures (statistics). Raises Refused where it is gone."""
    found = _read(wire, part, [number])
    if not found:
        raise Refused("network.edit_gone", number, network=LABEL)
    told: dict[str, Any] = found[0][part]
    return told


def search(wire: Wire, known: Mapping[str, str], context: Context) -> Iterator[dict[str, Any]]:
    """The videos with these words and of this size that were uploaded since the first try, seen or not.

    Those of which nothing will come are left out. Raises Uncertain where more was uploaded since than we read: what was
    not seen may be there.
    """
    uploads = context.account.data.get("uploads") or find_channel(wire).data["uploads"]
    since = context.stamp - timedelta(seconds=context.limits.lookup_back)
    most = context.limits.lookup_posts
    asked = {"part": "snippet", "playlistId": uploads, "maxResults": str(PAGE)}
    for _ in range(most // PAGE):
        answer = wire.ask("GET", "youtube/v3/playlistItems", params=asked, needs=("items",))
        listed = [_listed(item) for item in _items(answer.object["items"])]
        words = known["title"], known["description"]
        same = [number for number, at, snippet in listed if at >= since and video.says(snippet, *words)]
        for found in _read(wire, "status,fileDetails", same) if same else ():
            size = _dict(found.get("fileDetails")).get("fileSize", known["size"])
            if str(size) == known["size"] and video.may_come_out(found["status"]):
                yield found
        following = answer.object.get("nextPageToken")
        if not following or all(at < since for _, at, _ in listed):
            return
        asked["pageToken"] = str(following)
    raise Uncertain("network.uncertain", f"not among the {most} newest videos", network=LABEL)


def _read(wire: Wire, part: str, numbers: list[str]) -> list[dict[str, Any]]:
    answer = wire.ask("GET", VIDEOS, params={"part": part, "id": ",".join(numbers)}, needs=("items",))
    first = part.partition(",")[0]
    items = _items(answer.object["items"])
    if not all(item.get("id") and isinstance(item.get(first), dict) for item in items):
        raise Retry("network.unavailable", answer.told, network=LABEL)
    return items


def _items(items: object) -> list[dict[str, Any]]:
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise Retry("network.unavailable", "no list of videos", network=LABEL)
    return items


def _listed(item: Mapping[str, Any]) -> tuple[str, datetime, dict[str, Any]]:
    """Number, time and words of a video in the list of uploads."""
    snippet = _dict(item.get("snippet"))
    number = _dict(snippet.get("resourceId")).get("videoId")
    try:
        at = datetime.fromisoformat(str(snippet.get("publishedAt")))
    except ValueError:
        at = None
    if not number or at is None or at.tzinfo is None:
        raise Retry("network.unavailable", f"no video in {str(item)[:200]}", network=LABEL)
    return str(number), at, snippet


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
