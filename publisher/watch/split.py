"""A feed taken apart into its items, so that only those that are new need to be read. Pure.

Reading an item costs twenty times what finding it costs (docs/performance.md), and of twenty items nineteen are known.
So lxml finds the items, each gets a mark made of its bytes and of what the feed says for all of them, and feedparser
gets the feed with nothing but the new items left in it.

Where it is not certain that both ways give the same documents there is no Split, and the whole feed is read.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

MARK = 16
"""Characters of a mark: 64 bits, for the few dozen items of one feed."""
_ITEMS = {"item", "entry"}
_ROOTS = {"rss", "rdf", "feed"}


@dataclass(frozen=True, slots=True)
class Split:
    root: "_Element"
    items: Sequence["_Element"]
    marks: tuple[str, ...]
    """One for each item, in their order: the same bytes in the same feed give the same mark."""

    def only(self, wanted: Collection[str]) -> str:
        """The feed as XML, without the items whose mark is not `wanted`. Use it once: the others are gone then."""
        from lxml import etree  # slow import

        for item, mark in zip(self.items, self.marks, strict=True):
            parent = item.getparent()
            if mark not in wanted and parent is not None:
                parent.remove(item)
        return etree.tostring(self.root, encoding="unicode")


def split(xml: str, url: str) -> Split | None:
    """The items of the feed `xml`, read at `url`; None where they cannot be told apart with certainty.

    `xml` is `mend`ed: without a DOCTYPE, with no entities but XML's own.
    """
    from lxml import etree  # slow import

    if "xml:base" in xml:
        return None  # an address may then mean something else in each place
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(xml.encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    place = _place_of_items(root)
    if place is None or len(parser.error_log):
        return None
    items = [child for child in place if name_of(child) in _ITEMS]
    if len(items) != sum(name_of(element) in _ITEMS for element in root.iter(etree.Element)):
        return None  # items within items
    context = _context(root, place, url)
    marks = (hashlib.sha256(context + etree.tostring(item, with_tail=False)).hexdigest()[:MARK] for item in items)
    return Split(root, items, tuple(marks))


def _place_of_items(root: "_Element") -> "_Element | None":
    """The element whose children the items are."""
    name = name_of(root)
    if name not in _ROOTS:
        return None
    if name != "rss":
        return root
    channels = [child for child in root if name_of(child) == "channel"]
    return channels[0] if len(channels) == 1 else None


def _context(root: "_Element", place: "_Element", url: str) -> bytes:
    """What items take from their feed: languages, the address that theirs are relative to, its kind."""
    heads = [
        child for child in (*root, *place) if name_of(child) == "language" or (name_of(child) == "link" and not url)
    ]
    said = [(name_of(head), (head.text or "").strip(), head.get("href", "")) for head in heads]
    lent = [sorted(map(str, element.attrib.items())) for element in (root, place)]
    return repr((url, root.tag, place.tag, lent, said)).encode()


def name_of(element: "_Element") -> str:
    """The name without its namespace, lower case as feedparser reads it; blank for comments and the like."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""
