"""Lemmy: a double of our own."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from publisher.networks.base import Network
from publisher.networks.lemmy import Lemmy
from tests.networks.places import TIMEOUT, Place, Standing
from tests.peers.faults import FaultProxy, Seen
from tests.peers.lemmy import LemmyServer


@dataclass
class LemmyPlace(Place):
    kind = "lemmy"
    posting = "/post"
    knows_twins = False
    refusal = (400, '{"error": "slurs"}')
    editing = ("PUT", "/post")
    unauthorised = '{"error": "incorrect_login"}'
    server: LemmyServer = field(kw_only=True)

    def hasty(self) -> Network:
        return Lemmy(timeout=TIMEOUT)

    def fields(self) -> dict[str, str]:
        return {"username": self.server.username, "password": self.server.password, "community": "press"}

    def standing(self) -> list[Standing]:
        posts = [post for post in self.server.posts if not post.deleted]
        return [Standing(id=str(post.id), text=_read(post.given), alts=_alts(post.given)) for post in posts]

    def pictures(self) -> list[bytes]:
        return list(self.server.uploads.values())

    def sent(self, seen: Seen) -> Any:
        body = json.loads(seen.body)
        brought = {"community_id", "language_id"} | ({"url"} if "alt_text" in body else set())
        return {name: value for name, value in body.items() if name not in brought}


def _read(given: dict[str, Any]) -> str:
    """As it shows: escaped signs are signs, an address in angle brackets is one; a title of its own begins the text."""
    text = re.sub(r"\\(.|\n)|<(https?://[^>]*)>", lambda found: found[1] or found[2], given["body"])
    own = "url" not in given or "alt_text" in given
    return "\n\n".join(filter(None, [given["name"] if own else "", text]))


def _alts(given: dict[str, Any]) -> tuple[str, ...]:
    return (given["alt_text"],) if "alt_text" in given else ()


@contextmanager
def open_it(request: pytest.FixtureRequest) -> Iterator[Place]:
    with LemmyServer() as server, FaultProxy(server.url) as proxy:
        yield LemmyPlace(proxy, server=server)
