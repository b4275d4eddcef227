"""Mastodon: a double of our own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

import pytest

from publisher.networks.base import Network
from publisher.networks.mastodon import Mastodon
from tests.networks.places import TIMEOUT, Place, Standing
from tests.peers.faults import FaultProxy, Seen
from tests.peers.mastodon import MastodonServer


@dataclass
class MastodonPlace(Place):
    kind = "mastodon"
    posting = "/api/v1/statuses"
    refusal = (422, '{"error": "Validation failed: Text breaks a rule"}')
    server: MastodonServer = field(kw_only=True)

    def hasty(self) -> Network:
        return Mastodon(timeout=TIMEOUT)

    def fields(self) -> dict[str, str]:
        return {"access_token": self.server.token}

    def standing(self) -> list[Standing]:
        return [
            Standing(
                id=status["id"],
                text=status["text"],
                alts=tuple(item["description"] for item in status["media_attachments"]),
                parent=status["in_reply_to_id"] or "",
            )
            for status in self.server.statuses
        ]

    def pictures(self) -> list[bytes]:
        return [medium.data for medium in self.server.media.values()]

    def limit_headers(self, reset: datetime) -> dict[str, str]:
        return {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset.isoformat()}

    def sent(self, seen: Seen) -> Any:
        if seen.headers.get("Content-Type", "").startswith("application/json"):
            body = json.loads(seen.body)
        else:
            body = dict(parse_qsl(seen.body.decode(), keep_blank_values=True))
        return {name: body[name] for name in body if not name.startswith(("media_ids", "in_reply_to_id"))}


@contextmanager
def open_it(request: pytest.FixtureRequest) -> Iterator[Place]:
    server = MastodonServer()
    server.start()
    try:
        with FaultProxy(server.url) as proxy:
            yield MastodonPlace(proxy, server=server)
    finally:
        server.stop()
