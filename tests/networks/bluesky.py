"""A channel on the official PDS, with a proxy between that fails as networks do."""

import base64
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from PIL import Image as Pillow

from publisher.enums import DocumentKind
from publisher.networks.base import Context
from publisher.networks.bluesky import Bluesky, BlueskyCredentials
from publisher.networks.bluesky_client import fingerprint
from publisher.networks.limits import LIMITS
from publisher.types import Draft, Identity, Media, Part, Receipt
from tests.peers.faults import Fault, FaultProxy, answer
from tests.peers.pds import Account, Pds

STAMP = datetime(2026, 11, 23, 9, 30, 15, 123456, tzinfo=UTC)
KEY = "5f3a9c0e1b2d4f6a8c7e9d0b1a2c3e4f:0"
KEYS = [KEY.replace(":0", f":{index}") for index in range(3)]
PUT, APPLY, GET = "com.atproto.repo.putRecord", "com.atproto.repo.applyWrites", "com.atproto.repo.getRecord"
LOGIN, REFRESH = "com.atproto.server.createSession", "com.atproto.server.refreshSession"
UPLOAD = "com.atproto.repo.uploadBlob"
HTML = answer(503, "<html>Service Unavailable</html>", content_type="text/html")
PART = Part(text="Statement by the President on Ukraine")


@dataclass
class Desk:
    """One channel: what the newsroom keeps of it, and the calls it makes."""

    account: Account
    proxy: FaultProxy
    password: str = ""
    session: str = ""
    store: dict[str, bytes] = field(default_factory=dict)
    network: Bluesky = field(default_factory=Bluesky)

    @property
    def credentials(self) -> BlueskyCredentials:
        given = {"app_password": self.password or self.account.password, "base_url": self.proxy.url}
        if self.session:
            given["session"] = self.session
        return BlueskyCredentials.model_validate({"identifier": self.account.handle, **given})

    def save(self, fields: Mapping[str, str]) -> None:
        assert list(fields) == ["session"]
        self.session = fields["session"]

    def load(self, media: Media) -> bytes:
        if media.sha256 not in self.store:
            raise FileNotFoundError(media.sha256)
        return self.store[media.sha256]

    def context(self, **changes: Any) -> Context:
        context = Context(
            credentials=self.credentials,
            account=Identity(id=self.account.did, handle=self.account.handle),
            limits=LIMITS["bluesky"],
            stamp=STAMP,
            load=self.load,
            save=self.save,
            language="en",
        )
        return replace(context, **changes)

    def use_tokens(self, access: str, refresh: str) -> None:
        """Keep this session, as a client saved it earlier that was led to the server's own address."""
        mark = fingerprint(self.proxy.url, self.account.handle, self.account.password)
        fields = (self.account.handle, self.account.did, access, refresh, self.proxy.upstream)
        self.session = f"{mark} {':::'.join(fields)}"

    def publish(self, part: Part = PART, key: str = KEY, **changes: Any) -> Receipt:
        return self.network.publish(part, self.context(**changes), key)

    def find(self, part: Part = PART, key: str = KEY) -> Receipt | None:
        return self.network.find(part, self.context(), key)

    def picture(self, name: str, size: tuple[int, int] = (1600, 900), **options: Any) -> Media:
        """A JPEG with a camera's metadata, in the store."""
        image = Pillow.effect_noise(size, 90).convert("RGB")
        exif = Pillow.Exif()
        exif[0x010F] = "Camera of the press office"
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=97, exif=exif)
        self.store[name] = buffer.getvalue()
        return Media(sha256=name, type="image/jpeg", width=size[0], height=size[1], **options)


class FastBluesky(Bluesky):
    timeout = 0.5


def impatient(fault: Fault) -> Bluesky:
    """A network that soon gives up waiting, where nothing will come; a busy machine gets all the time otherwise."""
    return FastBluesky() if fault.hang else Bluesky()


@pytest.fixture
def desk(pds: Pds, pds_account: Account) -> Iterator[Desk]:
    """A channel with a session that is kept from earlier."""
    with FaultProxy(pds.url) as proxy:
        desk = Desk(pds_account, proxy)
        desk.use_tokens(pds_account.token, pds_account.refresh_token)
        yield desk


def texts(pds: Pds, desk: Desk) -> list[str]:
    """The account's posts as they stand on the server, first to last."""
    return [record["value"]["text"] for record in pds.records(desk.account.did)]


def methods(desk: Desk) -> list[str]:
    return [path.rpartition("/")[2] for path in desk.proxy.paths()]


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False).encode()


def as_draft(*parts: Part, language: str = "en") -> Draft:
    return Draft(network="bluesky", kind=DocumentKind.STATEMENT, parts=parts, language=language)


def expired(token: str) -> str:
    """The token with its expiry in the past (and so with a wrong signature)."""
    head, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    body = base64.urlsafe_b64encode(json.dumps({**claims, "exp": 1_600_000_000}).encode()).decode().rstrip("=")
    return f"{head}.{body}.{signature}"
