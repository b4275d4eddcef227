"""TikTok: a double of our own, with a server of the pictures that it fetches."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from publisher.networks.base import Network
from publisher.networks.media import Encoded
from publisher.networks.tiktok import TikTok
from tests.networks.places import TIMEOUT, Place, Standing
from tests.peers.faults import Fault, FaultProxy, Seen, answer
from tests.peers.files import FileServer
from tests.peers.tiktok import LOG, TikTokServer


def said(code: str) -> str:
    return json.dumps({"error": {"code": code, "message": "It says why.", "log_id": LOG}})


@dataclass
class TikTokPlace(Place):
    kind = "tiktok"
    posting = "/content/init/"
    knows_twins = False
    uploads_first = False
    last_step = False
    refusal = (400, said("invalid_params"))
    unauthorised = said("access_token_invalid")
    server: TikTokServer = field(kw_only=True)
    files: FileServer = field(kw_only=True)

    def hasty(self) -> Network:
        return TikTok(timeout=TIMEOUT)

    def fields(self) -> dict[str, str]:
        app = {"client_key": self.server.client_key, "client_secret": self.server.client_secret}
        return {**app, "refresh_token": self.server.refresh_tokens[0], "audience": "everyone"}

    @property
    def desk(self) -> str:
        return self.files.url

    def public(self, file: Encoded) -> str:
        return self.files.put(file.data, file.type)

    def standing(self) -> list[Standing]:
        return [Standing(id=post.id, text=post.text) for post in self.server.standing()]

    def pictures(self) -> list[bytes]:
        return self.server.fetched

    def limited(self, reset: datetime) -> Fault:
        return answer(429, said("rate_limit_exceeded"), headers=self.limit_headers(reset))

    def sent(self, seen: Seen) -> Any:
        body = json.loads(seen.body)
        brought = {"privacy_level", "disable_comment", "photo_images"}
        for part in ("post_info", "source_info"):
            body[part] = {name: value for name, value in body[part].items() if name not in brought}
        return body


@contextmanager
def open_it(request: pytest.FixtureRequest) -> Iterator[Place]:
    with FileServer() as files, TikTokServer() as server, FaultProxy(server.url) as proxy:
        yield TikTokPlace(proxy, server=server, files=files)
