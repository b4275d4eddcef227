"""WebSub (W3C Recommendation, 23 January 2018): a feed's hub pushes what is new. Offers, requests, signatures.

Knows neither rows nor sources. Section numbers are those of the Recommendation.
"""

import asyncio
import hashlib
import hmac
import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

import aiohttp

from publisher.enums import SourceStatus
from publisher.errors import FetchError
from publisher.watch.guard import PUBLIC, Guard
from publisher.watch.urls import is_web

LEASE = timedelta(days=10)
"""What we ask a hub for; it grants what it likes."""
LONGEST_LEASE = timedelta(days=30)
"""However long a hub grants: a forgotten subscription ends by itself."""
RENEW_AFTER = 0.8
"""The part of a lease after which it is renewed."""
SOONEST_RENEWAL = timedelta(minutes=1)
"""After the request before, however short a lease is: a hub that grants a second must not keep us busy."""
MOST_REDIRECTS = 3
_LONGEST_ADDRESS = 2000
_ALGORITHMS = ("sha512", "sha384", "sha256", "sha1")
"""Strongest first (8: a hub may use any of these)."""
_SHOWN_PART = 65_536
"""Bytes at each end of a feed in which its own links stand; the entries between are not searched."""
_UNREAD = re.compile(rb"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)", re.DOTALL)
"""Comments and quoted markup: an address in them is not an offer."""
_ENTRY_OPENS = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_ENTRY_CLOSES = re.compile(rb"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_LINK_ELEMENT = re.compile(rb"<(?:[\w.-]+:)?link\s([^<>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<![\w:-])(rel|href)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_LINK_VALUE = re.compile(r"""<([^>]*)>((?:\s*;\s*[\w*-]+\s*(?:=\s*(?:"[^"]*"|[^\s;,"]*))?)*)""")
_REL_PARAMETER = re.compile(r"""(?:^|;)\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Offer:
    """Where pushes of a feed may be asked for, and the name by which the hub knows the feed."""

    hub: str
    topic: str


def offered(headers: Mapping[str, str], body: bytes, url: str) -> Offer | None:
    """The hub that an answer from `url` names (4): in its Link headers, else in the feed itself. None without one.

    Of several hubs the first is taken. A feed that does not say its own name is called by `url`.
    """
    links = {**_in_body(body), **_in_header(headers.get("Link", ""))}
    hub, topic = (urljoin(url, links.get(name, "")) for name in ("hub", "self"))
    if "hub" not in links or not _is_usable(hub):
        return None
    topic = topic.partition("#")[0]
    return Offer(hub, topic if _is_usable(topic) else url)


def _is_usable(url: str) -> bool:
    return is_web(url) and "@" not in urlsplit(url).netloc and len(url) <= _LONGEST_ADDRESS


def _in_header(value: str) -> dict[str, str]:
    """The first address of each relation in a Link header (RFC 8288)."""
    found: dict[str, str] = {}
    for target, parameters in _LINK_VALUE.findall(value):
        relation = _REL_PARAMETER.search(parameters)
        for name in (relation[1] or relation[2] or "").lower().split() if relation else ():
            found.setdefault(name, target.strip())
    return {name: found[name] for name in ("hub", "self") if name in found}


def _in_body(body: bytes) -> dict[str, str]:
    """What the feed's own elements say: `atom:link`, or in JSON Feed `hubs` and `feed_url`."""
    start = body[:_SHOWN_PART].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"{"):
        return _in_json(body) if b'"hubs"' in body else {}
    found: dict[str, str] = {}
    for part in (_before_entries(start), _after_entries(body)):
        for element in _LINK_ELEMENT.findall(_UNREAD.sub(b"", part)):
            pairs = _ATTRIBUTE.findall(element.decode("utf-8", "replace"))
            attributes = {name.lower(): html.unescape(one or other).strip() for name, one, other in pairs}
            for name in attributes.get("rel", "").lower().split():
                if name in {"hub", "self"} and attributes.get("href"):
                    found.setdefault(name, attributes["href"])
    return found


def _before_entries(body: bytes) -> bytes:
    first = _ENTRY_OPENS.search(body)
    return body[: first.start()] if first else body


def _after_entries(body: bytes) -> bytes:
    end = body[-_SHOWN_PART:]
    closed = [found.end() for found in _ENTRY_CLOSES.finditer(end)]
    return end[closed[-1] :] if closed else b""


def _in_json(body: bytes) -> dict[str, str]:
    try:
        feed = json.loads(body)
        hubs = [hub["url"] for hub in feed["hubs"] if str(hub.get("type", "")).lower() == "websub"]
        links = {"hub": hubs[0], "self": feed.get("feed_url", "")}
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}
    return {name: link for name, link in links.items() if isinstance(link, str) and link}


# --- what we ask of a hub ---------------------------------------------------------------------------------------------


def subscription_form(mode: str, offer: Offer, callback: str, secret: str = "") -> dict[str, str]:
    """The body of a request to subscribe or unsubscribe (5.1). `mode` is the Recommendation's word."""
    form = {"hub.mode": mode, "hub.topic": offer.topic, "hub.callback": callback}
    if mode == "subscribe":
        form |= {"hub.lease_seconds": str(int(LEASE.total_seconds())), "hub.secret": secret}
    return form


async def ask(session: aiohttp.ClientSession, hub: str, form: Mapping[str, str], guard: Guard = PUBLIC) -> None:
    """Send a request to a hub. Raises FetchError where it does not take it, or where `guard` forbids its address.

    What the hub makes of it comes as a question of its own to the callback. A hub may send us on by 307 or 308 (5.1).
    """
    try:
        async with asyncio.timeout(session.timeout.total):
            await _post(session, hub, form, guard)
    except FetchError:
        raise
    except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
        diagnostic = f"{type(error).__name__}: {error}"[:300]
        raise FetchError("push.hub_unreachable", diagnostic, status=SourceStatus.UNREACHABLE) from error


async def _post(session: aiohttp.ClientSession, hub: str, form: Mapping[str, str], guard: Guard) -> None:
    url = hub
    for _ in range(MOST_REDIRECTS + 1):
        if not _is_usable(url):
            break
        guard.check(url)
        async with session.post(url, data=form, allow_redirects=False) as response:
            if response.status in {307, 308} and response.headers.get("Location"):
                url = urljoin(url, response.headers["Location"])
                continue
            if 200 <= response.status < 300:
                return
            raise FetchError("push.hub_refused", f"HTTP {response.status}", status=SourceStatus.ERROR)
    raise FetchError("push.hub_refused", "redirects", status=SourceStatus.ERROR)


# --- leases and signatures --------------------------------------------------------------------------------------------


def lease_of(seconds: str) -> timedelta:
    """The lease that a hub grants with `hub.lease_seconds`; where it does not say a number, what we asked for."""
    if not re.fullmatch(r"[0-9]{1,12}", seconds):
        return LEASE
    return min(timedelta(seconds=int(seconds)), LONGEST_LEASE)


def renew_at(asked_at: datetime, lease_until: datetime) -> datetime:
    """When to ask again for a lease that was asked for at `asked_at`."""
    return asked_at + max((lease_until - asked_at) * RENEW_AFTER, SOONEST_RENEWAL)


def is_signed(headers: Mapping[str, str], body: bytes, secret: str) -> bool:
    """Whether a delivery is signed with our secret (7.1), by the strongest of the signatures that it bears."""
    given = f"{headers.get('X-Hub-Signature', '')},{headers.get('X-Hub-Signature-256', '')}".lower()
    signatures: dict[str, str] = {}
    for each in given.split(","):
        method, _, value = each.strip().partition("=")
        signatures.setdefault(method, value)
    method = next((name for name in _ALGORITHMS if name in signatures), "")
    if not method or not secret:
        return False
    expected = hmac.new(secret.encode(), body, getattr(hashlib, method)).hexdigest()
    return hmac.compare_digest(expected.encode(), signatures[method].encode("utf-8", "replace"))
