"""Threads: a double of our own, with a server of the pictures that it fetches."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import pytest

from publisher.networks.base import Network
from publisher.networks.media import Encoded
from publisher.networks.threads import Threads
from tests.networks.places import TIMEOUT, Place, Standing
from tests.peers.faults import Fault, FaultProxy, Seen, answer
from tests.peers.files import FileServer
from tests.peers.threads import Container, Post, ThreadsServer


@dataclass
class ThreadsPlace(Place):
    kind = "threads"
    posting = "/threads_publish"
    knows_twins = False
    uploads_first = False
    refusal = (400, '{"error": {"message": "(#100) Invalid parameter", "type": "OAuthException", "code": 100}}')
    unauthorised = '{"error": {"message": "Invalid OAuth access token.", "type": "OAuthException", "code": 190}}'
    server: ThreadsServer = field(kw_only=True)
    files: FileServer = field(kw_only=True)

    def hasty(self) -> Network:
        return Threads(timeout=TIMEOUT)

    def fields(self) -> dict[str, str]:
        return {"access_token": self.server.token}

    @property
    def desk(self) -> str:
        return self.files.url

    def public(self, file: Encoded) -> str:
        return self.files.put(file.data, file.type)

    def standing(self) -> list[Standing]:
        return [Standing(id=post.id, text=post.text, alts=_alts(post), parent=post.reply_to) for post in self.posts()]

    def posts(self) -> list[Post]:
        return self.server.posts

    def pictures(self) -> list[bytes]:
        return self.server.fetched

    def limited(self, reset: datetime) -> Fault:
        minutes = (reset - datetime.now(UTC)).total_seconds() / 60
        usage = {self.server.user: [{"type": "threads", "estimated_time_to_regain_access": minutes}]}
        said = {"error": {"message": "(#4) Application request limit reached", "type": "OAuthException", "code": 4}}
        return answer(403, json.dumps(said), headers={"X-Business-Use-Case-Usage": json.dumps(usage)})

    def sent(self, seen: Seen) -> Any:
        """What the container that it names was made of."""
        container = self.server.containers[dict(parse_qsl(seen.body.decode()))["creation_id"]]
        brought = {"image_url", "video_url", "children", "reply_to_id"}
        return {name: value for name, value in container.given.items() if name not in brought}


def _alts(post: Post) -> tuple[str, ...]:
    shown: list[Container] = [one for one in (post.container, *post.container.children) if one.pictures]
    return tuple(one.given.get("alt_text", "") for one in shown)


@contextmanager
def open_it(request: pytest.FixtureRequest) -> Iterator[Place]:
    with FileServer() as files, ThreadsServer() as server, FaultProxy(server.url) as proxy:
        yield ThreadsPlace(proxy, server=server, files=files)
