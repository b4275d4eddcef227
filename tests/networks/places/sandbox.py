"""The sandbox network: this service itself, with its database."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from publisher.models import SandboxAccount, SandboxImage, SandboxPost
from publisher.networks.base import Network
from publisher.networks.sandbox import Sandbox
from tests.networks.places import TIMEOUT, Place, Standing
from tests.peers.faults import FaultProxy, Seen


@dataclass
class SandboxPlace(Place):
    kind = "sandbox"
    posting = "/sandbox/api/posts"
    refusal = (422, '{"error": "refused", "message": "The text breaks a rule."}')
    token: str = ""

    def hasty(self) -> Network:
        return Sandbox(timeout=TIMEOUT)

    def fields(self) -> dict[str, str]:
        return {"account": "press", "token": self.token}

    def standing(self) -> list[Standing]:
        return [
            Standing(
                id=str(post.pk),
                text=post.text,
                alts=tuple(image.alt for image in post.images.filter(position__gt=0)),
                parent=str(post.reply_to_id or ""),
            )
            for post in SandboxPost.objects.order_by("id")
        ]

    def pictures(self) -> list[bytes]:
        return [bytes(image.data) for image in SandboxImage.objects.order_by("id")]

    def sent(self, seen: Seen) -> Any:
        body = json.loads(seen.body)
        body["images"] = [{**image, "id": ""} for image in body["images"]]
        if body["card"]:
            body["card"]["image"] = ""
        return body


@contextmanager
def open_it(request: pytest.FixtureRequest) -> Iterator[Place]:
    server = request.getfixturevalue("live_server")
    _, token = SandboxAccount.objects.open("press", "Press Office")
    with FaultProxy(server.url) as proxy:
        yield SandboxPlace(proxy, token=token)
