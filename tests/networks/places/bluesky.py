"""Bluesky: the network's own server."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
import pytest

from publisher.networks.base import Network
from publisher.networks.bluesky import Bluesky
from tests.networks.places import TIMEOUT, Place, Standing
from tests.peers.faults import FaultProxy, Seen
from tests.peers.pds import Account, Pds


@dataclass
class BlueskyPlace(Place):
    kind = "bluesky"
    posting = ("com.atproto.repo.putRecord", "com.atproto.repo.applyWrites")
    refusal = (400, '{"error": "InvalidRequest", "message": "Not this record"}')
    settles = True
    unauthorised = '{"error": "AuthenticationRequired", "message": "Invalid identifier or password"}'
    pds: Pds = field(kw_only=True)
    owner: Account = field(kw_only=True)

    def hasty(self) -> Network:
        network = Bluesky()
        network.timeout = TIMEOUT  # type: ignore[misc]  # of this instance only
        return network

    def fields(self) -> dict[str, str]:
        return {"identifier": self.owner.handle, "app_password": self.owner.password}

    def standing(self) -> list[Standing]:
        return [
            Standing(
                id=record["uri"],
                text=record["value"]["text"],
                alts=tuple(image["alt"] for image in record["value"].get("embed", {}).get("images", ())),
                parent=record["value"].get("reply", {}).get("parent", {}).get("uri", ""),
            )
            for record in self.pds.records(self.owner.did)
        ]

    def pictures(self) -> list[bytes]:
        """As stored: the pictures of the records (the official server shows no others)."""
        found = []
        for record in self.pds.records(self.owner.did):
            embed = record["value"].get("embed", {})
            blobs = [image["image"] for image in embed.get("images", ())]
            blobs += [embed["external"]["thumb"]] if "thumb" in embed.get("external", {}) else []
            for blob in blobs:
                params = {"did": self.owner.did, "cid": blob["ref"]["$link"]}
                url = f"{self.pds.url}/xrpc/com.atproto.sync.getBlob"
                found.append(httpx.get(url, params=params, timeout=20, trust_env=False).content)
        return found

    def limit_headers(self, reset: datetime) -> dict[str, str]:
        return {"RateLimit-Remaining": "0", "RateLimit-Reset": str(round(reset.timestamp()))}

    def sent(self, seen: Seen) -> Any:
        return _without_blobs(json.loads(seen.body)["record"], drop=("createdAt", "reply"))

    def shown(self, payload: Mapping[str, Any]) -> Any:
        return _without_blobs(payload)


def _without_blobs(value: Any, drop: tuple[str, ...] = ()) -> Any:
    """`value` without pictures and what the server tells about them."""
    if isinstance(value, Mapping):
        left_out = (*drop, "thumb", "image", "aspectRatio")
        return {name: _without_blobs(item) for name, item in value.items() if name not in left_out}
    if isinstance(value, list | tuple):
        return [_without_blobs(item) for item in value]
    return value


@contextmanager
def open_it(request: pytest.FixtureRequest) -> Iterator[Place]:
    pds: Pds = request.getfixturevalue("pds")
    with FaultProxy(pds.url) as proxy:
        yield BlueskyPlace(proxy, pds=pds, owner=pds.create_account())
