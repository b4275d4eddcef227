"""Sitemaps (sitemaps.org 0.9) and their news extension: addresses with the day each was last changed. Pure.

A sitemap rarely gives titles: they are made from the address then, until the document's own page gives the true one.
"""

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from publisher.enums import SourceStatus
from publisher.errors import FetchError, InvalidInput
from publisher.types import Image
from publisher.watch.blocked import is_challenge, is_page
from publisher.watch.dates import Moment, parse_date, settle, zone_of
from publisher.watch.decode import decode
from publisher.watch.entries import Feed, Shown, tell_apart, to_entry
from publisher.watch.mend import mend
from publisher.watch.recipe import Recipe, recipe_of
from publisher.watch.urls import absolute, canonical

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_ENTRIES = 1000
"""The newest of a sitemap; the protocol allows 50,000."""
MOST_CHILDREN = 5
"""Sitemaps of an index that are read in one visit, those changed last."""
LARGEST = 20_000_000
"""Bytes after decompression."""
_NO_TITLE = re.compile(r"[-_](?:[a-z]{2})$|\.(?:html?|aspx?|php)$|[-_]?\d{4}-\d\d-\d\d", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Child:
    """One sitemap that an index names."""

    url: str
    changed_at: datetime | None = None


def parse(body: bytes, content_type: str = "", url: str = "", recipe: Mapping[str, Any] | None = None) -> Feed:
    """The documents of the sitemap `body`, newest first. `recipe` may say which addresses count (only, not).

    An index is a sitemap without documents; `children` names its sitemaps. Raises FetchError.
    """
    try:
        rules = recipe_of(recipe)
    except InvalidInput as error:
        raise FetchError("source.recipe_broken", str(error)[:300], status=SourceStatus.MALFORMED) from error
    root = _root(body, content_type)
    if _name(root) == "sitemapindex":
        return Feed(urlsplit(url).hostname or "", "", ())
    zone = zone_of(url)
    shown = [_shown(node, zone, url) for node in root if _name(node) == "url"]
    wanted = [item for item in shown if item.link and _counts(item, rules, url)]
    wanted.sort(key=lambda item: item.published.utc.timestamp() if item.published else 0, reverse=True)
    entries = [to_entry(item, url) for item in wanted[:MOST_ENTRIES]]
    return Feed(urlsplit(url).hostname or "", "", tell_apart(entries))


def children(body: bytes, content_type: str = "", url: str = "") -> tuple[Child, ...]:
    """The sitemaps that an index names, those changed last first; empty for a plain sitemap. Raises FetchError."""
    root = _root(body, content_type)
    if _name(root) != "sitemapindex":
        return ()
    found = []
    for node in root:
        address = absolute(_child(node, "loc"), url)
        if _name(node) == "sitemap" and address:
            moment = parse_date(_child(node, "lastmod"), zone_of(url))
            found.append(Child(address, moment.utc if moment else None))
    # Those without a date stay in the order of the index, behind those that tell theirs.
    found.sort(key=lambda child: child.changed_at.timestamp() if child.changed_at else 0, reverse=True)
    return tuple(found)


def worth_reading(index: Sequence[Child], since: datetime | None) -> tuple[Child, ...]:
    """Which sitemaps of an index to read now: a few, and none that says it has not changed `since` the last look."""
    changed = [child for child in index if since is None or child.changed_at is None or child.changed_at >= since]
    return tuple(changed[:MOST_CHILDREN])


def merge(bodies: Sequence[tuple[bytes, str]]) -> bytes:
    """Several sitemaps (body and content type) as one. Raises FetchError."""
    from lxml import etree  # slow import

    whole = etree.Element("urlset")
    for body, content_type in bodies:
        whole.extend([node for node in _root(body, content_type) if _name(node) == "url"])
    return etree.tostring(whole)


def _counts(item: Shown, rules: Recipe, base: str) -> bool:
    return rules.admits(canonical(item.link, base))


def _root(body: bytes, content_type: str) -> "_Element":
    from lxml import etree  # slow import

    text = decode(_unpacked(body), content_type).lstrip("\ufeff \t\r\n")
    if not text:
        raise FetchError("source.empty", status=SourceStatus.BLOCKED)
    if is_page(text):
        key = "source.blocked" if is_challenge(text) else "source.no_sitemap"
        raise FetchError(key, f"begins {text[:80]!r}", status=SourceStatus.BLOCKED)
    clean = mend(text)  # refuses entity bombs and deep nesting
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(clean.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FetchError("source.malformed", str(error)[:300], status=SourceStatus.MALFORMED) from error
    if _name(root) not in {"urlset", "sitemapindex"}:
        raise FetchError("source.no_sitemap", f"root {_name(root)!r}", status=SourceStatus.BLOCKED)
    return root


def _unpacked(body: bytes) -> bytes:
    """Sitemaps are often files packed with gzip, whatever the transfer does."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    opened = zlib.decompressobj(wbits=31)
    try:
        text = opened.decompress(body, LARGEST)
    except zlib.error as error:
        raise FetchError("source.broken", str(error)[:300], status=SourceStatus.MALFORMED) from error
    if opened.unconsumed_tail:
        raise FetchError("source.too_large", status=SourceStatus.OVERSIZE, limit=LARGEST // 1_000_000)
    if not opened.eof:
        raise FetchError("source.broken", "gzip ends too soon", status=SourceStatus.MALFORMED)
    return text


def _shown(node: "_Element", zone: str, base: str) -> Shown:
    link = absolute(_child(node, "loc"), base)
    news = next((child for child in node if _name(child) == "news"), None)
    published = parse_date(_child(news, "publication_date"), zone) if news is not None else None
    changed = parse_date(_child(node, "lastmod"), zone)
    publication = next((child for child in news if _name(child) == "publication"), None) if news is not None else None
    picture = next((child for child in node if _name(child) == "image"), None)
    return Shown(
        title=_child(news, "title") or _title_of(link),
        link=link,
        published=_settled(published or changed, zone),
        updated=_settled(changed, zone),
        languages=[_child(publication, "language")],
        categories=[word.strip() for word in _child(news, "keywords").split(",") if word.strip()],
        pictures=list(_pictures(picture, base)),
    )


def _settled(moment: Moment | None, zone: str) -> Moment | None:
    return settle(moment, zone, only_placeholders=False)


def _pictures(node: "_Element | None", base: str) -> Iterator[Image]:
    if node is not None and (url := absolute(_child(node, "loc"), base)):
        yield Image(url=url, alt=_child(node, "title") or _child(node, "caption"), type="image/*")


def _title_of(link: str) -> str:
    """`…/joint-statement-high-representative_en` as `Joint statement high representative`."""
    name = unquote(urlsplit(link).path).rstrip("/").rpartition("/")[2]
    for _ in range(3):
        name = _NO_TITLE.sub("", name)
    words = " ".join(re.split(r"[-_+\s]+", name)).strip()
    return words[:1].upper() + words[1:]


def _child(node: "_Element | None", name: str) -> str:
    """The text of the first child of that name, in whatever namespace."""
    if node is None:
        return ""
    return next((" ".join((child.text or "").split()) for child in node if _name(child) == name), "")


def _name(node: "_Element") -> str:
    return str(node.tag).rpartition("}")[2]
