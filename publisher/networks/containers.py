"""Meta's way of two steps, as Threads and Instagram go it: a container is made, and published once it is ready.

A container is what settles whether a post is out: it says PUBLISHED, and it can be published but once. So its number
is kept before anything else is done with it, and it is looked at before it is published.
"""

import re
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from publisher.errors import NetworkError, Refused, Retry, StartAnew, Uncertain
from publisher.networks.base import Context, Network
from publisher.networks.credentials import Credentials
from publisher.networks.graph import is_gone, newest, same_words
from publisher.networks.media import load_image, load_video
from publisher.networks.patience import CALL_TIMEOUT
from publisher.networks.wire import Wire, sentence
from publisher.types import Media, Part, Pending, Receipt

READY, WORKING, OUT = "FINISHED", "IN_PROGRESS", "PUBLISHED"
FIRST, LOOK = 30.0, 60.0
"""Seconds until the first look at a container with pictures, and between two looks: Meta asks for half a minute before
it is published, and for no more than a look a minute."""
SOON = 1.0
"""Seconds until a container without pictures is looked at."""
PASSING = re.compile(r"^$|^UNKNOWN|^FAILED_(DOWNLOADING|PROCESSING)|\b22070(01|03|20|32|53)\b")
"""Errors of a container that say nothing against what is in it (Threads' words; Instagram's error codes)."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Where the posts of an account are listed, newest first, and which field has their words."""

    path: str
    words: str
    fields: str = ""
    """Besides those that every listing has."""


class TwoSteps(Network):
    publishing: ClassVar[str]
    """The edge of the account that publishes a container."""
    status: ClassVar[str]
    why: ClassVar[str]
    """The fields of a container that say how it stands, and why it came to nothing."""

    def __init__(self, timeout: float = CALL_TIMEOUT) -> None:
        """`timeout` is in seconds for one request."""
        self._timeout = timeout

    @abstractmethod
    def _wire(self, credentials: Credentials, context: Context | None = None) -> Wire: ...

    @abstractmethod
    def _path(self, context: Context, edge: str) -> str:
        """The path of an edge of the account."""

    @abstractmethod
    def _listing(self, context: Context, reply_to: str) -> Listing:
        """Where a post, or a reply to `reply_to`, is listed."""

    def _pending(self, container: str, part: Part, context: Context) -> Pending:
        """The container, and what its post is known by in a list."""
        return Pending(data={"container": container, **_known_by(part, context)}, after=FIRST if part.media else SOON)

    def resume(self, pending: Pending, context: Context) -> Receipt | Pending:
        container = pending.data["container"]
        with self._wire(context.credentials, context) as wire:
            state = self._state(wire, container)
            if state == READY:
                path = self._path(context, self.publishing)
                answer = wire.send("POST", path, data={"creation_id": container}, needs=("id",))
                return self._published(wire, str(answer.object["id"]), pending)
            found = self._search(wire, pending.data, context) if state == OUT else None
        return found or Pending(data=pending.data, after=LOOK)

    def find(self, part: Part, context: Context, key: str) -> Receipt | None:  # noqa: ARG002  Meta honours no key
        """By the container where there is one; else among what the account posted since `context.stamp`."""
        container = context.pending.get("container", "")
        with self._wire(context.credentials) as wire:
            out = self._is_out(wire, container) if container else None
            if out is False:
                return None
            found = self._search(wire, _known_by(part, context), context)
        if out and found is None:
            raise Uncertain("network.uncertain", "published, and not listed yet", network=self.label)
        return found

    def delete(self, receipt: Receipt, context: Context) -> None:
        with self._wire(context.credentials) as wire:
            try:
                wire.ask("DELETE", receipt.id, needs=("success",))
            except Refused as error:
                if not is_gone(error):
                    raise

    def _state(self, wire: Wire, container: str) -> str:
        """READY, WORKING or OUT.

        Raises StartAnew where nothing can come of the container any more, Refused where a picture or video in it is
        not taken, Uncertain where it cannot be seen.
        """
        params = {"fields": f"id,{self.status},{self.why}"}
        try:
            told = wire.ask("GET", container, params=params, needs=(self.status,)).object
        except Refused as error:
            kind = Uncertain if is_gone(error) else Retry
            raise kind("network.uncertain", error.diagnostic, network=self.label) from None
        state, reason = str(told[self.status]), str(told.get(self.why) or "")
        if state in (READY, WORKING, OUT):
            return state
        diagnostic = f"container {container}: {state} {reason}"[:300]
        if state == "EXPIRED" or (state == "ERROR" and PASSING.search(reason)):
            raise StartAnew("network.container_lost", diagnostic, network=self.label)
        if state == "ERROR":
            raise Refused("network.media_refused", diagnostic, network=self.label, why=sentence(reason))
        raise Retry("network.unavailable", diagnostic, network=self.label)

    def _is_out(self, wire: Wire, container: str) -> bool | None:
        """Whether the post of a container is out; None where the container cannot be seen."""
        try:
            return self._state(wire, container) == OUT
        except (StartAnew, Refused):
            return False
        except Uncertain:
            return None

    def _published(self, wire: Wire, number: str, pending: Pending) -> Receipt | Pending:
        """The post, which is out; where its address is not told yet, the next look finds both."""
        try:
            told = wire.ask("GET", number, params={"fields": "id,permalink"}, needs=("permalink",)).object
        except NetworkError:
            return Pending(data=pending.data, after=FIRST)
        return Receipt(id=number, url=str(told["permalink"]))

    def _search(self, wire: Wire, wanted: Mapping[str, str], context: Context) -> Receipt | None:
        """Among the newest posts, or for a part of a thread among the newest replies. Raises Retry, Uncertain."""
        listing = self._listing(context, wanted["reply_to"])
        fields = {"fields": f"id,{listing.words},timestamp,permalink,media_type,children{listing.fields}"}
        since = context.stamp - timedelta(seconds=context.limits.lookup_back)
        most = context.limits.lookup_posts
        try:
            for post in newest(wire, listing.path, fields, at="timestamp", since=since, most=most):
                if _is_wanted(post, post.get(listing.words), wanted):
                    return Receipt(id=str(post["id"]), url=str(post.get("permalink", "")))
        except Refused as error:  # of the look-up: it says nothing of the post
            raise Retry("network.unavailable", error.diagnostic, network=self.label) from None
        return None


def address_of(media: Media, context: Context) -> dict[str, str]:
    """Where Meta fetches a picture or video, as a field of its container."""
    if media.is_video:
        return {"video_url": context.public(load_video(media, context.load, context.limits.video))}
    return {"image_url": context.public(load_image(media, context.load, context.limits.image))}


def _known_by(part: Part, context: Context) -> dict[str, str]:
    parent = context.thread[-1].id if context.thread else ""
    return {"text": part.text, "media": str(len(part.media)), "reply_to": parent}


def _is_wanted(post: Mapping[str, Any], words: object, wanted: Mapping[str, str]) -> bool:
    """Whether it says the same, with as many pictures, in answer to the same post."""
    answered = post.get("replied_to")
    parent = str(answered.get("id", "")) if isinstance(answered, dict) else ""
    if parent != wanted["reply_to"] or not same_words(words, wanted["text"]):
        return False
    kind, count = post.get("media_type"), int(wanted["media"])
    if kind != "CAROUSEL_ALBUM":
        return count == (1 if kind in {"IMAGE", "VIDEO"} else 0)
    children = post.get("children")
    below = children.get("data") if isinstance(children, dict) else None
    return not isinstance(below, list) or len(below) == count
