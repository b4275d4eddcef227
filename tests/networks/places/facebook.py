"""Facebook: a double of our own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from publisher.networks.base import Network
from publisher.networks.facebook import Facebook
from tests.networks.places import TIMEOUT, Place, Standing
from tests.peers.faults import Fault, FaultProxy, Seen, answer
from tests.peers.graph import FacebookServer


@dataclass
class FacebookPlace(Place):
    kind = "facebook"
    posting = "/feed"
    knows_twins = False
    refusal = (400, '{"error": {"message": "(#100) Invalid parameter", "type": "OAuthException", "code": 100}}')
    editing = ("POST", "")
    unauthorised = '{"error": {"message": "Invalid OAuth access token.", "type": "OAuthException", "code": 190}}'
    server: FacebookServer = field(kw_only=True)

    def hasty(self) -> Network:
        return Facebook(timeout=TIMEOUT)

    def fields(self) -> dict[str, str]:
        return {"page_token": self.server.token}

    def standing(self) -> list[Standing]:
        return [
            Standing(id=post.id, text=post.message, alts=tuple(photo.alt for photo in post.photos))
            for post in self.server.posts
        ]

    def pictures(self) -> list[bytes]:
        return [photo.data for photo in self.server.photos.values()]

    def limited(self, reset: datetime) -> Fault:
        minutes = (reset - datetime.now(UTC)).total_seconds() / 60
        usage = {self.server.page: [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": minutes}]}
        said = {"error": {"message": "(#32) Page request limit reached", "type": "OAuthException", "code": 32}}
        return answer(403, json.dumps(said), headers={"X-Business-Use-Case-Usage": json.dumps(usage)})

    def sent(self, seen: Seen) -> Any:
        body = json.loads(seen.body)
        if "attached_media" in body:
            body["attached_media"] = [{"media_fbid": ""} for _ in body["attached_media"]]
        return body


@contextmanager
def open_it(request: pytest.FixtureRequest) -> Iterator[Place]:
    with FacebookServer() as server, FaultProxy(server.url) as proxy:
        yield FacebookPlace(proxy, server=server)
