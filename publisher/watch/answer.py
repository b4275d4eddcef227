"""What a request asks and what an answer gives, as values; and what each status of HTTP means for us."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

import aiohttp

from publisher.enums import SourceStatus
from publisher.errors import FetchError
from publisher.watch.body import collect
from publisher.watch.waiting import fresh_until, retry_after

HOLD = timedelta(hours=1)
"""How long we stay away after a 429 that names no time: nobody may ask conditionally more often than that."""
PAUSE = timedelta(minutes=15)
"""The same after a 503 that names none."""
_LONGEST_VALIDATOR = 1000


@dataclass(frozen=True, slots=True)
class Validators:
    """ETag and Last-Modified exactly as the server sent them, quotes and all; they move together."""

    etag: str = ""
    last_modified: str = ""

    @property
    def headers(self) -> dict[str, str]:
        sent = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in sent.items() if value}


UNKNOWN = Validators()
"""For an address that was never asked, or whose server gives none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A good answer: OK with a body, or NOT_MODIFIED without."""

    status: SourceStatus
    url: str
    """Where the answer came from, after redirects."""
    moved_to: str = ""
    """Where the server says that this has moved for good (301, 308): the last place that only such redirects led to."""
    body: bytes = b""
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    validators: Validators = UNKNOWN
    """To store once the body has been understood, and to send next time to `url`."""
    not_before: datetime | None = None
    """Until when the server calls this answer fresh (UTC)."""
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """GET `url`, conditionally where there are validators."""

    url: str
    validators: Validators = UNKNOWN
    validated_at: str = ""
    """The address that gave the validators, where redirects led away from `url`: only that one gets them back."""


async def understand(
    response: aiohttp.ClientResponse, url: str, sent: Validators, now: datetime, limit: int
) -> Fetched:
    """What came back from `url`, to which `sent` had gone. `limit` is in bytes of the decoded body.

    Raises FetchError.
    """
    fresh = fresh_until(response.headers, now)
    if response.status == 304 and sent.headers:
        return Fetched(
            status=SourceStatus.NOT_MODIFIED,
            url=url,
            headers=_plain(response.headers),
            validators=_validators(response.headers, sent),
            not_before=fresh,
            fetched_at=now,
        )
    if response.status not in {200, 203}:
        raise _refusal(response, now)
    body = await collect(response.content.iter_chunked(65536), response.headers.get("Content-Encoding", ""), limit)
    return Fetched(
        status=SourceStatus.OK,
        url=url,
        body=body,
        content_type=response.headers.get("Content-Type", ""),
        headers=_plain(response.headers),
        validators=_validators(response.headers, UNKNOWN),
        not_before=fresh,
        fetched_at=now,
    )


def _refusal(response: aiohttp.ClientResponse, now: datetime) -> FetchError:
    """What an answer other than 200 and 304 means."""
    status, until = response.status, retry_after(response.headers, now)
    if response.headers.get("cf-mitigated", "").lower() == "challenge":
        key, kind = "source.blocked", SourceStatus.BLOCKED
    elif status == 410:
        key, kind = "source.gone", SourceStatus.GONE
    elif status == 429 or (status == 503 and until):
        key, kind = "source.rate_limited", SourceStatus.RATE_LIMITED
        until = until or now + HOLD
    elif status in {401, 402, 403, 407, 451}:
        key, kind = "source.forbidden", SourceStatus.BLOCKED
    elif status == 404:
        key, kind = "source.not_found", SourceStatus.ERROR
    elif status >= 500:
        until = now + PAUSE if status == 503 else None
        key, kind = "source.unavailable", SourceStatus.UNREACHABLE
    else:
        key, kind = "source.refused", SourceStatus.ERROR
    return FetchError(key, f"HTTP {status}", status=kind, retry_after=until)


def _validators(headers: Mapping[str, str], before: Validators) -> Validators:
    """The pair to send next time; a header that a 304 leaves out keeps its value from before."""
    return Validators(
        _storable(headers.get("ETag", "")) or before.etag,
        _storable(headers.get("Last-Modified", "")) or before.last_modified,
    )


def _storable(value: str) -> str:
    """`value` itself, or blank where it could not be sent back as it came."""
    sendable = len(value) <= _LONGEST_VALIDATOR and value.isprintable() and value.isascii()
    return value if sendable else ""


def _plain(headers: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType({name.title(): value for name, value in headers.items()})
