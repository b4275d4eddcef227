"""One address per document: without tracking, in one spelling, and still one that opens. Pure."""

import re
from functools import cache, lru_cache
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

from publisher.watch.data import table

_PLAIN = re.compile(r"https?://[a-z0-9]+(?:[.-][a-z0-9]+)*/[A-Za-z0-9/_.~-]*")
"""An address in which there is nothing to encode, to lower or to leave out: most are."""


def absolute(url: str, base: str = "") -> str:
    """`url` resolved against `base` if that makes an http(s) address with a host, else blank; blank for a blank."""
    url = url.strip()
    try:
        joined = urljoin(base, url) if url and is_web(base) else url
    except ValueError:
        return ""
    return joined if is_web(joined) else ""


def is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


@lru_cache(maxsize=4096)  # asked for each rule of each table
def host_of(url: str) -> str:
    """The host in lower case, without port; blank if there is none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def is_host(url: str, host: str) -> bool:
    """Whether `url` lies at `host` or a host below it; a blank `host` is every host."""
    return not host or host_of(url) == host or host_of(url).endswith(f".{host}")


def is_front(url: str) -> bool:
    """Whether `url` is a site's front page, in one of its languages or before they part (`/`, `/fr`, `/en-gb/`)."""
    return re.fullmatch(r"https?://[^/?#]+(?:/(?:[a-z]{2}(?:[-_][a-z]{2})?/?)?)?", url, re.IGNORECASE) is not None


def canonical(url: str, base: str = "") -> str:
    """The address under which a document is known and linked; blank if `url` is no http(s) address.

    Tracking parameters, fragments (but not `#!` and `#/` routes) and default ports go; scheme and host are
    lower case; whatever may not stand in an address is encoded. The order of parameters stays: it can matter.
    """
    from w3lib.url import safe_url_string  # slow import

    url = absolute(url, base)
    if not url:
        return ""
    for rule in _rewrites():
        url = rule["pattern"].sub(rule["replace"], url)
    if _PLAIN.fullmatch(url):
        return url
    try:
        parts = urlsplit(safe_url_string(url))
        host, port = (parts.hostname or "").lower(), parts.port
    except (ValueError, UnicodeError):
        return ""
    if ":" in host:
        host = f"[{host}]"
    if port and port != {"http": 80, "https": 443}[parts.scheme.lower()]:
        host = f"{host}:{port}"
    query = "&".join(field for field in parts.query.split("&") if field and not _is_tracking(field, host))
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    return urlunsplit((parts.scheme.lower(), host, parts.path or "/", query, fragment))


def _is_tracking(field: str, host: str) -> bool:
    name = unquote(field.partition("=")[0]).lower()
    tracking = table("tidy")["tracking"]
    return (
        name in tracking["names"]
        or name.startswith(tuple(tracking["prefixes"]))
        or any(name in names and is_host(f"https://{host}", at) for at, names in tracking["hosts"].items())
    )


@cache
def _rewrites() -> list[dict[str, Any]]:
    return [{**rule, "pattern": re.compile(rule["pattern"])} for rule in table("tidy")["rewrite"]]
