"""Instagram: a double of our own, with a server of the pictures that it fetches."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import pytest

from publisher.networks.base import Network
from publisher.networks.instagram import Instagram
from tests.networks.places import TIMEOUT, Place
from tests.networks.places.threads import ThreadsPlace
from tests.peers.faults import FaultProxy, Seen
from tests.peers.files import FileServer
from tests.peers.instagram import InstagramServer


@dataclass
class InstagramPlace(ThreadsPlace):
    kind = "instagram"
    posting = "/media_publish"
    server: InstagramServer = field(kw_only=True)

    def hasty(self) -> Network:
        return Instagram(timeout=TIMEOUT)

    def fields(self) -> dict[str, str]:
        return {"page_token": self.server.token}

    def sent(self, seen: Seen) -> Any:
        container = self.server.containers[dict(parse_qsl(seen.body.decode()))["creation_id"]]
        brought = {"image_url", "video_url", "children", "text"}
        return {name: value for name, value in container.given.items() if name not in brought}


@contextmanager
def open_it(request: pytest.FixtureRequest) -> Iterator[Place]:
    with FileServer() as files, InstagramServer() as server, FaultProxy(server.url) as proxy:
        yield InstagramPlace(proxy, server=server, files=files)
