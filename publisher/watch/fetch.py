"""Fetching over HTTP: politely, conditionally, with a limit on everything. Knows nothing of feeds.

What is sent is what a good feed reader sends: the validators this server gave for this address, word for word, an
honest User-Agent, no cookie, no Referer. Each redirect passes `_checked`: the guard against private addresses belongs
there and in the session's resolver.
"""

import asyncio
import re
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from publisher import __version__
from publisher.enums import SourceStatus
from publisher.errors import FetchError
from publisher.watch.body import collect
from publisher.watch.urls import host_of, is_web
from publisher.watch.waiting import fresh_until, retry_after

TOTAL_TIMEOUT = 30.0
CONNECT_TIMEOUT = 10.0
"""Seconds."""
BODY_LIMIT = 5_000_000
PICTURE_LIMIT = 10_000_000
"""Bytes after decompression."""
MOST_REDIRECTS = 5
_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"
_LONGEST_VALIDATOR = 1000
_PICTURES = (
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"GIF8", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
    (b"ftypavif", 4, "image/avif"),
)
"""How picture files begin: bytes, at which offset, type. What the server says of the type may be wrong."""


@dataclass(frozen=True, slots=True)
class Validators:
    """ETag and Last-Modified exactly as the server sent them, quotes and all; they move together."""

    etag: str = ""
    last_modified: str = ""

    @property
    def headers(self) -> dict[str, str]:
        sent = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in sent.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A good answer: OK with a body, or NOT_MODIFIED without."""

    status: SourceStatus
    url: str
    """Where the answer came from, after redirects."""
    body: bytes = b""
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    validators: Validators = Validators()
    """To store once the body has been understood, and to send next time."""
    not_before: datetime | None = None
    """Until when the server calls this answer fresh (UTC)."""
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Request:
    url: str
    validators: Validators = Validators()


def user_agent(contact: str = "") -> str:
    """`Publisher/0.1.0 (+https://press.example.org)`; `contact` is where a site's staff reach the newsroom."""
    return f"Publisher/{__version__} (+{contact})" if contact else f"Publisher/{__version__}"


def open_session(
    agent: str = "",
    *,
    total: float = TOTAL_TIMEOUT,
    connect: float = CONNECT_TIMEOUT,
    resolver: AbstractResolver | None = None,
) -> aiohttp.ClientSession:
    """A session for `fetch`: no cookies, no proxy from the environment, timeouts in seconds.

    `resolver` turns host names into addresses; it may refuse some. Call it inside a running event loop.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, resolver=resolver),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=total, sock_connect=connect),
        headers={"User-Agent": agent or user_agent(), "Accept-Encoding": "gzip", "Accept": _ACCEPT},
        auto_decompress=False,
    )


async def fetch(
    session: aiohttp.ClientSession,
    url: str,
    validators: Validators = Validators(),
    *,
    now: datetime | None = None,
    limit: int = BODY_LIMIT,
) -> Fetched:
    """GET `url`, conditionally where there are validators. `limit` is in bytes of the decoded body.

    Raises FetchError, with a status and with `retry_after` where the server named a time.
    """
    now = now or datetime.now(UTC)
    try:
        async with asyncio.timeout(session.timeout.total):
            return await _follow(session, url, validators, now, limit)
    except FetchError:
        raise
    except TimeoutError as error:
        raise FetchError("source.slow", type(error).__name__, status=SourceStatus.UNREACHABLE) from error
    except (aiohttp.ClientSSLError, ssl.SSLError) as error:
        raise FetchError("source.insecure", _diagnostic(error), status=SourceStatus.UNREACHABLE) from error
    except (aiohttp.ClientPayloadError, aiohttp.ServerDisconnectedError, HttpProcessingError) as error:
        raise FetchError("source.broken", _diagnostic(error), status=SourceStatus.ERROR) from error
    except (aiohttp.ClientConnectionError, OSError) as error:
        raise FetchError("source.unreachable", _diagnostic(error), status=SourceStatus.UNREACHABLE) from error
    except (aiohttp.ClientError, ValueError) as error:
        raise FetchError("source.refused", _diagnostic(error), status=SourceStatus.ERROR) from error


async def _follow(
    session: aiohttp.ClientSession, url: str, validators: Validators, now: datetime, limit: int
) -> Fetched:
    for _ in range(MOST_REDIRECTS + 1):
        address = _checked(url)
        async with session.get(address, headers=validators.headers, allow_redirects=False) as response:
            place = response.headers.get("Location", "")
            if response.status in {301, 302, 303, 307, 308} and place:
                url = urljoin(url, place)
                continue
            return await _read(response, url, validators, now, limit)
    raise FetchError("source.redirects", f"more than {MOST_REDIRECTS} redirects", status=SourceStatus.ERROR)


def _checked(url: str) -> URL:
    """`url` as it stands, encoded only where it must be. Raises FetchError for what we never ask for."""
    if not is_web(url) or "@" in urlsplit(url).netloc:
        shown = re.sub(r"//[^/]*@", "//", url)[:200]
        raise FetchError("source.address", status=SourceStatus.ERROR, url=shown)
    return URL(url, encoded=url.isascii() and url.isprintable() and " " not in url)


async def _read(
    response: aiohttp.ClientResponse, url: str, validators: Validators, now: datetime, limit: int
) -> Fetched:
    fresh = fresh_until(response.headers, now)
    if response.status == 304 and validators.headers:
        return Fetched(
            status=SourceStatus.NOT_MODIFIED,
            url=url,
            headers=_plain(response.headers),
            validators=_validators(response.headers, validators),
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
        validators=_validators(response.headers, Validators()),
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
    elif status in {401, 402, 403, 407, 451}:
        key, kind = "source.forbidden", SourceStatus.BLOCKED
    elif status == 404:
        key, kind = "source.not_found", SourceStatus.ERROR
    elif status >= 500:
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
    plain: dict[str, str] = {}
    for name, value in headers.items():  # a name may come more than once (Link)
        plain[name.title()] = f"{plain[name.title()]}, {value}" if name.title() in plain else value
    return MappingProxyType(plain)


def _diagnostic(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]


class Web:
    """The way out of one event loop: a session with turns, at most `at_once` requests at a time and `per_host` to one
    host. Waiting for a turn does not count against a timeout. Use it as a context manager.
    """

    def __init__(
        self,
        agent: str = "",
        *,
        at_once: int = 50,
        per_host: int = 1,
        total: float = TOTAL_TIMEOUT,
        connect: float = CONNECT_TIMEOUT,
    ) -> None:
        self._agent, self._total, self._connect = agent, total, connect
        self._turn = asyncio.Semaphore(at_once)
        self._per_host = per_host
        self._hosts: dict[str, asyncio.Semaphore] = {}

    async def __aenter__(self) -> "Web":
        self._session = open_session(self._agent, total=self._total, connect=self._connect)
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self._session.close()

    async def get(self, request: Request, *, now: datetime | None = None, limit: int = BODY_LIMIT) -> Fetched:
        """The answer to `request`. Raises FetchError, and nothing else."""
        try:
            host = self._hosts.setdefault(host_of(request.url), asyncio.Semaphore(self._per_host))
            async with host, self._turn:
                return await fetch(self._session, request.url, request.validators, now=now, limit=limit)
        except FetchError:
            raise
        except Exception as error:  # a fault of ours with one source must not stop the others; it is reported
            raise FetchError("source.failed", _diagnostic(error), status=SourceStatus.ERROR) from error


async def fetch_all(
    requests: Sequence[Request],
    *,
    agent: str = "",
    at_once: int = 50,
    per_host: int = 1,
    total: float = TOTAL_TIMEOUT,
    connect: float = CONNECT_TIMEOUT,
    limit: int = BODY_LIMIT,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> list[Fetched | FetchError]:
    """The answer or the error for each request, in their order; none of them stops another.

    At most `at_once` run at a time and `per_host` to one host; waiting for its turn does not count against a timeout.
    """
    async with Web(agent, at_once=at_once, per_host=per_host, total=total, connect=connect) as web:

        async def one(request: Request) -> Fetched | FetchError:
            try:
                return await web.get(request, now=now(), limit=limit)
            except FetchError as error:
                return error

        return list(await asyncio.gather(*map(one, requests)))


def fetch_many(requests: Sequence[Request], *, agent: str = "", per_host: int = 1) -> list[Fetched | FetchError]:
    """`fetch_all` for callers without an event loop of their own."""
    return asyncio.run(fetch_all(requests, agent=agent, per_host=per_host))


def fetch_one(
    url: str,
    validators: Validators = Validators(),
    *,
    agent: str = "",
    total: float = TOTAL_TIMEOUT,
    connect: float = CONNECT_TIMEOUT,
    limit: int = BODY_LIMIT,
) -> Fetched:
    """GET one address. Raises FetchError."""
    request = Request(url, validators)
    (answer,) = asyncio.run(fetch_all([request], agent=agent, total=total, connect=connect, limit=limit))
    if isinstance(answer, FetchError):
        raise answer
    return answer


def fetch_image(
    url: str,
    limit: int = PICTURE_LIMIT,
    *,
    agent: str = "",
    total: float = TOTAL_TIMEOUT,
    connect: float = CONNECT_TIMEOUT,
) -> tuple[bytes, str]:
    """A picture and its type by its own bytes (image/jpeg, image/png …). `limit` in bytes. Raises FetchError."""
    body = fetch_one(url, agent=agent, total=total, connect=connect, limit=limit).body
    for start, at, kind in _PICTURES:
        if body[at : at + len(start)] == start:
            return body, kind
    raise FetchError("source.no_picture", f"begins {body[:16]!r}", status=SourceStatus.BLOCKED)
