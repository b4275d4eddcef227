"""LinkedIn: a double of our own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from publisher.networks.base import Network
from publisher.networks.linkedin import LinkedIn
from tests.networks.places import TIMEOUT, Place, Standing
from tests.peers.faults import Fault, FaultProxy, Seen, answer
from tests.peers.linkedin import LinkedInServer, Post

INVALID = {
    "status": 400,
    "message": "Invalid",
    "errorDetails": {"inputErrors": [{"code": "INVALID_VALUE", "description": "The value is not valid"}]},
}


@dataclass
class LinkedInPlace(Place):
    kind = "linkedin"
    posting = "/rest/posts"
    refusal = (400, json.dumps(INVALID))
    editing = ("POST", "")
    unauthorised = '{"status": 401, "code": "EXPIRED_ACCESS_TOKEN", "message": "The token used has expired"}'
    server: LinkedInServer = field(kw_only=True)

    def hasty(self) -> Network:
        return LinkedIn(timeout=TIMEOUT)

    def fields(self) -> dict[str, str]:
        return {"access_token": self.server.token, "page": self.server.name}

    def standing(self) -> list[Standing]:
        return [Standing(id=post.urn, text=post.text, alts=_alts(post)) for post in self.server.posts]

    def pictures(self) -> list[bytes]:
        return list(self.server.images.values())

    def limited(self, reset: datetime) -> Fault:
        after = round((reset - datetime.now(UTC)).total_seconds())
        said = {
            "status": 429,
            "message": "Resource level throttle MEMBER DAY limit for calls to this resource is reached.",
        }
        return answer(429, json.dumps(said), headers={"Retry-After": str(after)})

    def sent(self, seen: Seen) -> Any:
        body = json.loads(seen.body)
        del body["author"]
        content = body.get("content", {})
        for image in [content.get("media"), *content.get("multiImage", {}).get("images", [])]:
            if image:
                image["id"] = ""
        if "thumbnail" in content.get("article", {}):
            content["article"]["thumbnail"] = ""
        return body


def _alts(post: Post) -> tuple[str, ...]:
    content = post.body.get("content", {})
    images = content["multiImage"]["images"] if "multiImage" in content else [content.get("media")]
    return tuple(image["altText"] for image in images if image)


@contextmanager
def open_it(request: pytest.FixtureRequest) -> Iterator[Place]:
    with LinkedInServer() as server, FaultProxy(server.url) as proxy:
        yield LinkedInPlace(proxy, server=server)
