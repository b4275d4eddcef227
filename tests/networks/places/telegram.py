"""Telegram: a double of our own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from publisher.networks.base import Network
from publisher.networks.telegram import Telegram
from tests.networks.places import TIMEOUT, Place, Standing
from tests.peers.double import read_multipart
from tests.peers.faults import Fault, FaultProxy, Seen, answer
from tests.peers.telegram import TelegramServer


@dataclass
class TelegramPlace(Place):
    kind = "telegram"
    posting = ("sendMessage", "sendPhoto", "sendVideo", "sendMediaGroup")
    refusal = (400, '{"ok": false, "error_code": 400, "description": "Bad Request: TEXT_INVALID"}')
    knows_twins = False
    uploads_first = False
    editing = ("POST", "editMessageText")
    shows_edits = False
    unauthorised = '{"ok": false, "error_code": 401, "description": "Unauthorized"}'
    server: TelegramServer = field(kw_only=True)

    def hasty(self) -> Network:
        return Telegram(timeout=TIMEOUT)

    def fields(self) -> dict[str, str]:
        return {"token": self.server.token, "channel": self.server.channel}

    def standing(self) -> list[Standing]:
        firsts = [message for message in self.server.messages if message.album in (0, message.number)]
        return [
            Standing(
                id=str(first.number),
                text=first.text,
                alts=("",) * sum(len(one.photos) for one in self.server.messages if one in (first, *self._rest(first))),
                parent=str(first.reply_to or ""),
            )
            for first in firsts
        ]

    def _rest(self, first: Any) -> list[Any]:
        return [one for one in self.server.messages if first.album and one.album == first.album and one is not first]

    def pictures(self) -> list[bytes]:
        return [photo for message in self.server.messages for photo in message.photos]

    def limited(self, reset: datetime) -> Fault:
        after = round((reset - datetime.now(UTC)).total_seconds())
        said = {"ok": False, "error_code": 429, "description": f"Too Many Requests: retry after {after}"}
        return answer(429, json.dumps({**said, "parameters": {"retry_after": after}}))

    def sent(self, seen: Seen) -> Any:
        kind = seen.headers.get("Content-Type", "")
        body = read_multipart(kind, seen.body)[0] if kind.startswith("multipart/") else json.loads(seen.body)
        return {name: value for name, value in body.items() if name != "chat_id"}


@contextmanager
def open_it(request: pytest.FixtureRequest) -> Iterator[Place]:
    with TelegramServer() as server, FaultProxy(server.url) as proxy:
        yield TelegramPlace(proxy, server=server)
