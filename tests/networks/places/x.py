"""X: a double of our own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from publisher.networks.base import Network
from publisher.networks.x import X
from tests.networks.places import TIMEOUT, Place, Standing
from tests.peers.faults import FaultProxy, Seen
from tests.peers.x import XServer


@dataclass
class XPlace(Place):
    kind = "x"
    posting = "/2/tweets"
    refusal = (403, '{"title": "Forbidden", "detail": "You are not permitted to perform this action.", "status": 403}')
    server: XServer = field(kw_only=True)

    def hasty(self) -> Network:
        return X(timeout=TIMEOUT)

    def fields(self) -> dict[str, str]:
        keys = {name: value for name, value in self.server.oauth1_fields().items() if name != "base_url"}
        return {**keys, "replies": "yes"}

    def standing(self) -> list[Standing]:
        return [
            Standing(
                id=post.id,
                text=post.text,
                alts=tuple(self.server.media[media].alt for media in post.media),
                parent=post.reply_to,
            )
            for post in self.server.posts
        ]

    def pictures(self) -> list[bytes]:
        return [media.data for media in self.server.media.values()]

    def limit_headers(self, reset: datetime) -> dict[str, str]:
        return {"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(round(reset.timestamp()))}

    def sent(self, seen: Seen) -> Any:
        return {name: value for name, value in json.loads(seen.body).items() if name not in {"media", "reply"}}


@contextmanager
def open_it(request: pytest.FixtureRequest) -> Iterator[Place]:
    with XServer() as server, FaultProxy(server.url) as proxy:
        yield XPlace(proxy, server=server)
