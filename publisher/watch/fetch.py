"""Fetching over HTTP: politely, conditionally, with a limit on everything. Knows nothing of feeds.

What is sent is what a good feed reader sends: the validators this server gave for this address, word for word, an
honest User-Agent, no cookie, no Referer. Each redirect passes the guard again, and none leads from https to http.
"""

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from types import MappingProxyType
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from publisher import __version__
from publisher.enums import SourceStatus
from publisher.errors import FetchError
from publisher.watch.answer import UNKNOWN, Fetched, Request, Validators, understand
from publisher.watch.guard import PUBLIC, Guard
from publisher.watch.hosts import manners_of
from publisher.watch.resolver import GuardedResolver
from publisher.watch.turns import Turns
from publisher.watch.urls import host_of, is_web

__all__ = [
    "Fetched",
    "Request",
    "Validators",
    "Web",
    "fetch",
    "fetch_all",
    "fetch_image",
    "fetch_many",
    "fetch_one",
    "open_session",
    "picture_type",
    "user_agent",
]

TOTAL_TIMEOUT = 30.0
CONNECT_TIMEOUT = 10.0
"""Seconds."""
BODY_LIMIT = 5_000_000
PICTURE_LIMIT = 10_000_000
"""Bytes after decompression."""
MOST_REDIRECTS = 5
FEEDS = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"
PAGES = "text/html, application/xhtml+xml, */*;q=0.8"
PICTURES = "image/jpeg, image/png, image/gif, image/webp, image/avif, */*;q=0.5"
"""What a request says it would like."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})
_PICTURES = (
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"GIF8", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
    (b"ftypavif", 4, "image/avif"),
)
"""How picture files begin: bytes, at which offset, type. What the server says of the type may be wrong."""


def user_agent(contact: str = "") -> str:
    """`Publisher/0.1.0 (+https://press.example.org)`; `contact` is where a site's staff reach the newsroom."""
    return f"Publisher/{__version__} (+{contact})" if contact else f"Publisher/{__version__}"


def open_session(
    agent: str = "",
    *,
    total: float = TOTAL_TIMEOUT,
    connect: float = CONNECT_TIMEOUT,
    guard: Guard = PUBLIC,
) -> aiohttp.ClientSession:
    """A session for `fetch`: no cookies, no proxy from the environment, timeouts in seconds.

    Names lead only to addresses that `guard` admits; a literal address must be checked before. Call it inside a
    running event loop.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, resolver=GuardedResolver(guard)),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=total, sock_connect=connect),
        headers={"User-Agent": agent or user_agent(), "Accept-Encoding": "gzip", "Accept": FEEDS},
        auto_decompress=False,
    )


async def fetch(
    session: aiohttp.ClientSession,
    request: Request,
    *,
    guard: Guard = PUBLIC,
    held: Mapping[str, datetime] = MappingProxyType({}),
    accept: str = FEEDS,
    limit: int = BODY_LIMIT,
    now: datetime | None = None,
) -> Fetched:
    """The answer to `request`. `held`: hosts that are not asked before a time. `limit` is in bytes of the decoded body.

    Raises FetchError, with a status, with `at` where an address answered, and with `retry_after` where its server
    named a time.
    """
    now = now or datetime.now(UTC)
    try:
        async with asyncio.timeout(session.timeout.total):
            return await _follow(session, request, guard, held, accept, limit, now)
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
    session: aiohttp.ClientSession,
    request: Request,
    guard: Guard,
    held: Mapping[str, datetime],
    accept: str,
    limit: int,
    now: datetime,
) -> Fetched:
    url, moved_to, for_good = request.url, "", True
    for _ in range(MOST_REDIRECTS + 1):
        address = _address(url)
        guard.check(str(address))
        host = host_of(url)
        until = held.get(host)
        if until and until > now:
            raise FetchError("source.held", host, status=SourceStatus.RATE_LIMITED, retry_after=until)
        sent = request.validators if url == (request.validated_at or request.url) else UNKNOWN
        headers = {**sent.headers, "Accept": accept}
        if manners_of(host).identity:
            headers["Accept-Encoding"] = "identity"
        untimed = _untimed(session.timeout.sock_connect)
        async with session.get(address, headers=headers, allow_redirects=False, timeout=untimed) as response:
            place = response.headers.get("Location", "")
            if response.status in _REDIRECTS and place:
                url = _redirected(url, place)
                for_good = for_good and response.status in _FOR_GOOD
                moved_to = url if for_good else moved_to
                continue
            try:
                answer = await understand(response, url, sent, now, limit)
            except FetchError as error:
                error.at = url
                raise
            return replace(answer, moved_to=moved_to) if moved_to else answer
    raise FetchError("source.redirects", f"more than {MOST_REDIRECTS} redirects", status=SourceStatus.ERROR)


@cache
def _untimed(connect: float | None) -> aiohttp.ClientTimeout:
    """For one request: how long all of them may take is watched over by `fetch`."""
    return aiohttp.ClientTimeout(total=None, sock_connect=connect)


def _address(url: str) -> URL:
    """`url` as it stands, encoded only where it must be. Raises FetchError where it is no address."""
    try:
        if not is_web(url):
            raise ValueError
        return URL(url, encoded=url.isascii() and url.isprintable() and " " not in url)
    except ValueError as error:
        shown = re.sub(r"//[^/]*@", "//", url)[:200]
        raise FetchError("source.address", status=SourceStatus.ERROR, url=shown) from error


def _redirected(url: str, place: str) -> str:
    """Where `place` leads from `url`. Raises FetchError where that is out of https, for anybody to change."""
    target = urljoin(url, place)
    if urlsplit(url).scheme.lower() == "https" and urlsplit(target).scheme.lower() == "http":
        raise FetchError("source.downgrade", host_of(url), status=SourceStatus.ERROR)
    return target


def _diagnostic(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]


class Web:
    """The way out of one event loop: a session with turns, at most `at_once` requests at a time and `per_host` to one
    host, whether for feeds, pages or pictures. Waiting for a turn does not count against a timeout. Use it as an
    asynchronous context manager.

    `held` says which hosts are not asked before which time; a server that asks us to wait is added, and `on_hold` is
    told.
    """

    def __init__(
        self,
        agent: str = "",
        *,
        guard: Guard = PUBLIC,
        held: Mapping[str, datetime] | None = None,
        on_hold: Callable[[str, datetime], Awaitable[None]] | None = None,
        at_once: int = 50,
        per_host: int = 1,
        total: float = TOTAL_TIMEOUT,
        connect: float = CONNECT_TIMEOUT,
    ) -> None:
        self._agent, self._guard, self._total, self._connect = agent, guard, total, connect
        self.held = dict(held or {})
        self._on_hold = on_hold
        self._turns = Turns(at_once, per_host)

    async def __aenter__(self) -> "Web":
        self._session = open_session(self._agent, guard=self._guard, total=self._total, connect=self._connect)
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self._session.close()

    async def get(
        self, request: Request, *, now: datetime | None = None, limit: int = BODY_LIMIT, accept: str = FEEDS
    ) -> Fetched:
        """The answer to `request`. Raises FetchError, and nothing else."""
        try:
            async with self._turns.at(host_of(request.url)):
                return await fetch(
                    self._session, request, guard=self._guard, held=self.held, accept=accept, limit=limit, now=now
                )
        except FetchError as error:
            await self._hold(error)
            raise
        except Exception as error:  # a fault of ours with one source must not stop the others; it is reported
            raise FetchError("source.failed", _diagnostic(error), status=SourceStatus.ERROR) from error

    async def page(self, url: str) -> Fetched:
        """A page for people. Raises FetchError."""
        return await self.get(Request(url), accept=PAGES)

    async def _hold(self, error: FetchError) -> None:
        """A server has asked us to wait: no request goes to its host before, whatever for."""
        host = host_of(error.at)
        if not host or error.retry_after is None or manners_of(host).shared:
            return
        self.held[host] = max(error.retry_after, self.held.get(host, error.retry_after))
        if self._on_hold is not None:
            await self._on_hold(host, self.held[host])


async def fetch_all(
    requests: Sequence[Request],
    *,
    agent: str = "",
    guard: Guard = PUBLIC,
    at_once: int = 50,
    per_host: int = 1,
    total: float = TOTAL_TIMEOUT,
    connect: float = CONNECT_TIMEOUT,
    limit: int = BODY_LIMIT,
    accept: str = FEEDS,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> list[Fetched | FetchError]:
    """The answer or the error for each request, in their order; none of them stops another.

    At most `at_once` run at a time and `per_host` to one host; waiting for its turn does not count against a timeout.
    """
    async with Web(agent, guard=guard, at_once=at_once, per_host=per_host, total=total, connect=connect) as web:

        async def one(request: Request) -> Fetched | FetchError:
            try:
                return await web.get(request, now=now(), limit=limit, accept=accept)
            except FetchError as error:
                return error

        return list(await asyncio.gather(*map(one, requests)))


def fetch_many(
    requests: Sequence[Request], *, agent: str = "", guard: Guard = PUBLIC, per_host: int = 1
) -> list[Fetched | FetchError]:
    """`fetch_all` for callers without an event loop of their own."""
    return asyncio.run(fetch_all(requests, agent=agent, guard=guard, per_host=per_host))


def fetch_one(
    url: str,
    validators: Validators = UNKNOWN,
    *,
    agent: str = "",
    guard: Guard = PUBLIC,
    total: float = TOTAL_TIMEOUT,
    connect: float = CONNECT_TIMEOUT,
    limit: int = BODY_LIMIT,
    accept: str = FEEDS,
) -> Fetched:
    """GET one address. Raises FetchError."""
    request = Request(url, validators)
    (answer,) = asyncio.run(
        fetch_all([request], agent=agent, guard=guard, total=total, connect=connect, limit=limit, accept=accept)
    )
    if isinstance(answer, FetchError):
        raise answer
    return answer


def fetch_image(
    url: str,
    limit: int = PICTURE_LIMIT,
    *,
    agent: str = "",
    guard: Guard = PUBLIC,
    total: float = TOTAL_TIMEOUT,
    connect: float = CONNECT_TIMEOUT,
) -> tuple[bytes, str]:
    """A picture and its type by its own bytes (image/jpeg, image/png …). `limit` in bytes. Raises FetchError."""
    answer = fetch_one(url, agent=agent, guard=guard, total=total, connect=connect, limit=limit, accept=PICTURES)
    return answer.body, picture_type(answer.body)


def picture_type(body: bytes) -> str:
    """The type of a picture by its own bytes. Raises FetchError where it is none."""
    for start, at, kind in _PICTURES:
        if body[at : at + len(start)] == start:
            return kind
    raise FetchError("source.no_picture", f"begins {body[:16]!r}", status=SourceStatus.BLOCKED)
