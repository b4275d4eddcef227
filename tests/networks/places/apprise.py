"""Apprise: its JSON webhook, taken by a double that keeps what it is told."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from publisher.networks.apprise import Apprise
from publisher.networks.base import Network
from tests.networks.places import TIMEOUT, Place, Standing
from tests.peers.double import Double, Reply, Request
from tests.peers.faults import Fault, FaultProxy, Seen, answer

TOKEN = "hook-5f1c9a7e2b"


class Hook(Double):
    """Takes what Apprise's JSON plug-in sends (appriseit.com/services/json, version 1.0), with the right token."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[dict[str, Any]] = []

    def answer(self, request: Request) -> Reply:
        sent = request.json
        if request.path.strip("/") != TOKEN or set(sent) != {"version", "title", "message", "attachments", "type"}:
            return Reply(404)
        self.taken.append(sent)
        return Reply(204, b"")


@dataclass
class ApprisePlace(Place):
    kind = "apprise"
    posting = f"/{TOKEN}"
    refusal = (400, '{"error": "refused"}')
    knows_twins = False
    settles = True
    uploads_first = False
    explains = False
    server: Hook = field(kw_only=True)

    def hasty(self) -> Network:
        return Apprise(timeout=TIMEOUT)

    def fields(self) -> dict[str, str]:
        return self.given()

    def given(self, base_url: str = "") -> dict[str, str]:
        host = (base_url or self.proxy.url).removeprefix("http://")
        return {"address": f"json://{host}/{TOKEN}"}

    def secrets(self) -> list[str]:
        return [TOKEN, *super().secrets()]

    def standing(self) -> list[Standing]:
        return [
            Standing(id="", text=sent["message"], alts=("",) * len(sent["attachments"])) for sent in self.server.taken
        ]

    def pictures(self) -> list[bytes]:
        return [base64.b64decode(one["base64"]) for sent in self.server.taken for one in sent["attachments"]]

    def limited(self, reset: datetime) -> Fault:
        return answer(429, "{}")

    def sent(self, seen: Seen) -> Any:
        body = json.loads(seen.body)
        return {"title": body["title"], "body": body["message"]}


@contextmanager
def open_it(request: pytest.FixtureRequest) -> Iterator[Place]:
    with Hook() as server, FaultProxy(server.url) as proxy:
        yield ApprisePlace(proxy, server=server)
