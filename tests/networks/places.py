"""One adapter per network for the conformance suite: its peer, behind a proxy that fails on demand.

A `Place` answers in one language what each peer knows in its own: what stands there, and what was sent.
"""

import json
import socket
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import parse_qsl

import httpx
import pytest

from publisher.models import SandboxAccount, SandboxImage, SandboxPost
from publisher.networks import registry
from publisher.networks.base import Context, Network
from publisher.networks.bluesky import Bluesky
from publisher.networks.mastodon import Mastodon
from publisher.networks.sandbox import Sandbox
from publisher.networks.x import X
from publisher.types import Identity, Media, Receipt
from tests.peers.faults import FaultProxy, Seen
from tests.peers.mastodon import MastodonServer
from tests.peers.pds import Account, Pds
from tests.peers.x import XServer

TIMEOUT = 0.5
"""Seconds that our side waits where a test lets the peer hang."""


@dataclass(frozen=True)
class Standing:
    """A post as it stands on the network."""

    id: str
    text: str
    alts: tuple[str, ...] = ()
    parent: str = ""


@dataclass
class Place(ABC):
    """One account on one network."""

    kind: ClassVar[str]
    posting: ClassVar[str]
    """How the path of the call ends that makes a post public; the method is POST."""
    settles: ClassVar[bool] = False
    """Whether publish itself looks after an unclear answer, so that it need not be uncertain."""

    unauthorised: ClassVar[str] = '{"error": "The access token is invalid"}'
    """The body of a 401 as this network writes it."""

    proxy: FaultProxy
    store: dict[str, bytes] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    """Credential fields that the network asked us to keep."""
    account: Identity | None = None

    @property
    def network(self) -> Network:
        return registry.get(self.kind)

    @abstractmethod
    def hasty(self) -> Network:
        """The network, with little patience."""

    @abstractmethod
    def fields(self) -> dict[str, str]:
        """The credentials, without the address."""

    @abstractmethod
    def standing(self) -> list[Standing]:
        """What is out, oldest first."""

    @abstractmethod
    def pictures(self) -> list[bytes]:
        """Every picture that was uploaded."""

    @abstractmethod
    def sent(self, seen: Seen) -> Any:
        """The body of the posting call, without what only the call brings."""

    def shown(self, payload: Mapping[str, Any]) -> Any:
        """The payload of a preview, in the form of `sent`."""
        return dict(payload)

    def limit_headers(self, reset: datetime) -> dict[str, str]:
        """How a 429 of this network says when it is over."""
        return {"Retry-After": str(round((reset - datetime.now(UTC)).total_seconds()))}

    def context(self, base_url: str = "", **changes: Any) -> Context:
        credentials = {**self.fields(), **self.kept, "base_url": base_url or self.proxy.url}
        found: dict[str, Any] = {
            "credentials": self.network.credentials.model_validate(credentials),
            "account": self.account or Identity(id="", handle=""),
            "limits": self.network.limits,
            "stamp": datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
            "load": lambda media: self.store[media.sha256],
            "save": self.kept.update,
            "language": "en",
        }
        return Context(**{**found, **changes})

    def verify(self) -> Identity:
        context = self.context()
        self.account = self.network.verify(context.credentials, context.save)
        return self.account

    def secrets(self) -> list[str]:
        """What may stand in no message: every secret field, as entered and as kept."""
        given = self.context().credentials
        return [value.get_secret_value() for _, value in given if hasattr(value, "get_secret_value")]

    def picture(self, name: str, alt: str, data: bytes) -> Media:
        self.store[name] = data
        return Media(sha256=name, alt=alt, type="image/jpeg")

    def posted(self) -> list[Seen]:
        """The posting calls that were made."""
        return [seen for seen in self.proxy.seen if seen.method == "POST" and seen.path.endswith(self.posting)]

    def stands(self, receipt: Receipt) -> bool:
        return [one.id for one in self.standing()] == [receipt.id]


@dataclass
class SandboxPlace(Place):
    kind = "sandbox"
    posting = "/sandbox/api/posts"
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


@dataclass
class MastodonPlace(Place):
    kind = "mastodon"
    posting = "/api/v1/statuses"
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
        return [medium.data for medium in self.server.state.media.values()]

    def limit_headers(self, reset: datetime) -> dict[str, str]:
        return {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset.isoformat()}

    def sent(self, seen: Seen) -> Any:
        if seen.headers.get("Content-Type", "").startswith("application/json"):
            body = json.loads(seen.body)
        else:
            body = dict(parse_qsl(seen.body.decode(), keep_blank_values=True))
        return {name: body[name] for name in body if not name.startswith(("media_ids", "in_reply_to_id"))}


@dataclass
class XPlace(Place):
    kind = "x"
    posting = "/2/tweets"
    server: XServer = field(kw_only=True)

    def hasty(self) -> Network:
        return X(timeout=TIMEOUT)

    def fields(self) -> dict[str, str]:
        return {name: value for name, value in self.server.oauth1_fields().items() if name != "base_url"}

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


@dataclass
class BlueskyPlace(Place):
    kind = "bluesky"
    posting = "com.atproto.repo.putRecord"
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
def open_place(kind: str, request: pytest.FixtureRequest) -> Iterator[Place]:
    """The place of that kind, with nothing posted yet."""
    opening: dict[str, Callable[[pytest.FixtureRequest], Any]] = {
        "sandbox": _open_sandbox,
        "mastodon": _open_mastodon,
        "x": _open_x,
        "bluesky": _open_bluesky,
    }
    # A network without an adapter here is a network that nobody tests.
    with opening[kind](request) as place:
        yield place


@contextmanager
def _open_sandbox(request: pytest.FixtureRequest) -> Iterator[Place]:
    server = request.getfixturevalue("live_server")
    _, token = SandboxAccount.objects.open("press", "Press Office")
    with FaultProxy(server.url) as proxy:
        yield SandboxPlace(proxy, token=token)


@contextmanager
def _open_mastodon(request: pytest.FixtureRequest) -> Iterator[Place]:
    server = MastodonServer()
    server.start()
    try:
        with FaultProxy(server.url) as proxy:
            yield MastodonPlace(proxy, server=server)
    finally:
        server.stop()


@contextmanager
def _open_x(request: pytest.FixtureRequest) -> Iterator[Place]:
    with XServer() as server, FaultProxy(server.url) as proxy:
        yield XPlace(proxy, server=server)


@contextmanager
def _open_bluesky(request: pytest.FixtureRequest) -> Iterator[Place]:
    pds: Pds = request.getfixturevalue("pds")
    with FaultProxy(pds.url) as proxy:
        yield BlueskyPlace(proxy, pds=pds, owner=pds.create_account())


def closed_address() -> str:
    """An address at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"
