"""One file per network for the conformance suite: its peer, behind a proxy that fails on demand.

A `Place` answers in one language what each peer knows in its own: what stands there, and what was sent.
"""

import io
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, ClassVar

import pytest
from PIL import Image

from publisher.enums import Requires
from publisher.networks import registry
from publisher.networks.base import Context, Network
from publisher.networks.media import Encoded
from publisher.types import Identity, Media, Part, Pending, Receipt
from tests.peers.faults import Fault, FaultProxy, Seen, answer

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
    posting: ClassVar[str | tuple[str, ...]]
    """How the paths of the calls end that make a post public."""
    method: ClassVar[str] = "POST"
    """The method of those calls."""
    knows_twins: ClassVar[bool] = True
    """Whether the network itself makes one post of two calls: by our key, or because the text is the same."""
    settles: ClassVar[bool] = False
    """Whether publish itself looks after an unclear answer, so that it need not be uncertain."""

    explains: ClassVar[bool] = True
    """Whether it says why it does not take a post; where it does not, every failure is Uncertain."""
    uploads_first: ClassVar[bool] = True
    """Whether pictures go in requests of their own, before the post."""
    last_step: ClassVar[bool] = True
    """Whether what is left pending waits for a last call of ours; else the network puts it out by itself."""
    refusal: ClassVar[tuple[int, str]]
    """Status and body of an answer that says no for good."""
    editing: ClassVar[tuple[str, str]] = ("PUT", "")
    """Method of the call that gives a post other words, and how its path ends."""
    shows_edits: ClassVar[bool] = True
    """Whether one can look how the words stand."""
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

    def limited(self, reset: datetime) -> Fault:
        """A 429 as this network writes it."""
        return answer(429, '{"error": "RateLimitExceeded"}', headers=self.limit_headers(reset))

    def limit_headers(self, reset: datetime) -> dict[str, str]:
        """How a 429 of this network says when it is over."""
        return {"Retry-After": str(round((reset - datetime.now(UTC)).total_seconds()))}

    def context(self, base_url: str = "", **changes: Any) -> Context:
        found: dict[str, Any] = {
            "credentials": self.network.credentials.model_validate(self.given(base_url)),
            "account": self.account or Identity(id="", handle=""),
            "limits": self.network.limits,
            "stamp": datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
            "load": lambda media: self.store[media.sha256],
            "save": self.kept.update,
            "public": lambda file: self.public(file),  # noqa: PLW0108  a bound method shows the whole place in a repr
            "language": "en",
        }
        return Context(**{**found, **changes})

    def given(self, base_url: str = "") -> dict[str, str]:
        """All credentials, with the address; that of the proxy unless another is named."""
        return {**self.fields(), **self.kept, "base_url": base_url or self.proxy.url}

    def verify(self) -> Identity:
        context = self.context()
        self.account = self.network.verify(context.credentials, context.save)
        return self.account

    @property
    def desk(self) -> str:
        """The public address of the desk, for a network that fetches: blank elsewhere."""
        return ""

    def public(self, file: Encoded) -> str:
        """Where the peer fetches a file: a network that fetches has a server for it."""
        raise NotImplementedError

    def dress(self, part: Part) -> Part:
        """`part` with what this network takes no post without."""
        requires = self.network.limits.requires
        video = requires is Requires.VIDEO
        if requires is Requires.NOTHING or any(item.is_video for item in part.media) or (part.media and not video):
            return part
        kind = "video/mp4" if video else "image/jpeg"
        self.store["dress"] = small_video() if video else small_picture()
        added = Media(sha256="dress", alt="A flag", type=kind, width=400, height=400)
        return replace(part, media=(*part.media, added))

    def secrets(self) -> list[str]:
        """What may stand in no message: every secret field, as entered and as kept."""
        given = self.context().credentials
        return [value.get_secret_value() for _, value in given if hasattr(value, "get_secret_value")]

    def picture(self, name: str, alt: str, data: bytes) -> Media:
        self.store[name] = data
        return Media(sha256=name, alt=alt, type="image/jpeg")

    def posted(self) -> list[Seen]:
        """The posting calls that were made."""
        return [seen for seen in self.proxy.seen if seen.method == self.method and seen.path.endswith(self.posting)]

    def stands(self, receipt: Receipt) -> bool:
        return [one.id for one in self.standing()] == [receipt.id]


def finish(network: Network, outcome: Receipt | Pending, context: Context) -> Receipt:
    """What becomes of a `Pending`: looked at again until it is out, as `sending.lookups.resume` does."""
    for _ in range(9):
        if isinstance(outcome, Receipt):
            return outcome
        outcome = network.resume(outcome, context)
    raise AssertionError(f"still pending: {outcome}")


@contextmanager
def open_place(kind: str, request: pytest.FixtureRequest) -> Iterator[Place]:
    """The place of that kind, with nothing posted yet: `open_it` in the file named after the network.

    A network without such a file is a network that nobody tests.
    """
    with import_module(f"tests.networks.places.{kind}").open_it(request) as place:
        yield place


def small_picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (400, 400), "navy").save(buffer, "JPEG")
    return buffer.getvalue()


def small_video() -> bytes:
    """Not one that plays: nobody on our side looks into a video while it is sent."""
    return b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(2000)
