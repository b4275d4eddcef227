"""RSS 2.0 with nothing but what most of it has: read straight from its elements, as feedparser would. Pure.

feedparser takes ten times as long as finding the elements does (docs/performance.md), because it must be ready for
everything that a feed may hold. Where a feed holds anything besides what is named here, there is no answer, and
feedparser reads it; where there is one, it is what feedparser gives (tests/watch/test_plainrss.py holds them together).
"""

import re
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from publisher.watch.split import Split, name_of

if TYPE_CHECKING:
    from lxml.etree import _Element

_TEXTS = {
    "title": "title",
    "guid": "id",
    "pubDate": "published",
    "description": "summary",
    "author": "author",
    "{http://purl.org/dc/elements/1.1/}creator": "author",
    "{http://purl.org/rss/1.0/modules/content/}encoded": "content",
}
"""What an item has once, and feedparser's names for it."""
_IDLE = frozenset({
    "comments", "{http://purl.org/rss/1.0/modules/slash/}comments", "{http://wellformedweb.org/CommentAPI/}commentRss",
})  # fmt: skip
"""What nothing is read from."""
_NESTED = frozenset({"image", "textinput", "skiphours", "skipdays"})
"""What in a feed's head may hold elements of its own."""
_ATTRIBUTES = {"guid": {"isPermaLink"}, "category": {"domain"}, "enclosure": {"url", "length", "type"}}
_ADDRESS = re.compile(r"https?://[^\s/;]+[^\s;]*")
"""An address that needs no mending."""
_WINDOWS = re.compile("[\x80-\x9f]")


def read(feed: Split, wanted: Collection[str]) -> tuple[str, str, list[dict[str, Any]]] | None:
    """Title and language of the feed, and its `wanted` items by their marks; each with what feedparser calls so.

    None where feedparser must read it.
    """
    if feed.root.tag != "rss" or set(feed.root.attrib) - {"version"} or not feed.items:
        return None
    channel = feed.items[0].getparent()
    head = None if channel is None or channel.attrib else _head(channel)
    if head is None:
        return None
    items = []
    for element, mark in zip(feed.items, feed.marks, strict=True):
        if mark in wanted:
            item = _item(element)
            if item is None:
                return None
            items.append(item)
    return *head, items


def _head(channel: "_Element") -> tuple[str, str] | None:
    """Title and language. A picture's title before the feed's own, or a second one, is a case for feedparser."""
    head = [child for child in channel if name_of(child) not in {"item", "entry"} and isinstance(child.tag, str)]
    own = {child.tag: child for child in head if name_of(child) in {"title", "language"}}
    titled = [child.tag for child in head if name_of(child) in {"title", "image", "textinput"}]
    if titled[:1] != ["title"] or own.keys() - {"title", "language"}:
        return None
    if sum(name_of(child) in {"title", "language"} for child in head) != len(own):
        return None
    if any(len(child) and name_of(child) not in _NESTED for child in head):
        return None
    if any(child.attrib or _needs_repair(_text(child)) for child in own.values()):
        return None
    return _text(own["title"]), _text(own["language"]) if "language" in own else ""


def _item(element: "_Element") -> dict[str, Any] | None:
    """One item; None where it holds anything that is not certain."""
    if element.attrib or element.tag != "item":
        return None
    found: dict[str, Any] = {}
    for child in element:
        tag, text = child.tag, _text(child)
        if len(child) or not isinstance(tag, str) or set(map(str, child.attrib)) - _ATTRIBUTES.get(tag, set()):
            return None
        if not _take(found, tag, text, child) or _needs_repair(text):
            return None
    if "content" in found:
        found.setdefault("summary", found["content"][0]["value"])
    return found


def _take(found: dict[str, Any], tag: str, text: str, element: "_Element") -> bool:
    """Note one element of an item; False where it is not certain what feedparser makes of it."""
    name = _TEXTS.get(tag)
    if tag == "category":
        found.setdefault("tags", []).append({"term": text})
        return bool(text)
    if tag == "enclosure":
        picture = {"href": element.get("url", ""), "type": element.get("type", "")}
        found.setdefault("enclosures", []).append(picture)
        return not text and bool(picture["href"])
    if tag == "link":
        certain = "links" not in found and _ADDRESS.fullmatch(text) is not None
        found["links"] = [{"href": text}]
        return certain
    if name is None:
        return tag in _IDLE
    certain = name not in found and bool(text or name == "summary")
    if name == "id":
        certain = certain and ("://" not in text or _ADDRESS.fullmatch(text) is not None)
    if name == "summary":
        certain = certain and "content" not in found  # in this order feedparser may take the one for the other
    found[name] = [{"value": text}] if name == "content" else text
    return certain


def _text(element: "_Element") -> str:
    return (element.text or "").strip()


def _needs_repair(text: str) -> bool:
    """Whether feedparser would take it for encoded twice, or for the letters of Windows."""
    if text.isascii():
        return False
    if _WINDOWS.search(text):
        return True
    try:
        text.encode("iso-8859-1").decode()
    except UnicodeError:
        return False
    return True
