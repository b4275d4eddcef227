"""Which parts of a page could be its list of documents: suggestions for a recipe, from what repeats on it. Pure.

Items of a list look alike: the same element with the same classes, each with one link of its own. Among such groups
those with dates and with long titles, outside of menus, are most likely what a press officer means.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from publisher.watch.dates import parse_date
from publisher.watch.decode import decode
from publisher.watch.listing import open_page
from publisher.watch.urls import absolute

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MOST = 3
"""Suggestions for one page."""
FEWEST_ITEMS = 3
_MOST_LINKS = 2000
_UPWARDS = 6
"""Elements above a link that may be its item."""
_MENUS = frozenset({"nav", "footer", "header", "form"})
_NO_ITEMS = frozenset({"body", "html", "main"}) | _MENUS
_TAG = re.compile(r"[a-z][a-z0-9-]*")
_CLASS = re.compile(r"-?[A-Za-z_][\w-]*")
_CHANGING = re.compile(
    r"\d{3,}|^(?:first|last|odd|even|active|is-|has-|js-|u-|views-row-\d|col-|row-\d)|--(?:first|last|odd|even|active)|ecl-u-"
)
"""Classes that items of one list do not share, or that say only how they are laid out."""
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass(frozen=True, slots=True)
class Suggestion:
    recipe: dict[str, Any]
    count: int
    dated: int
    """How many of the items have a date that can be read."""
    titles: tuple[str, ...]
    """Of the first few items."""


def suggest(body: bytes, content_type: str = "", url: str = "") -> tuple[Suggestion, ...]:
    """What could be the list on this page, the likeliest first. Raises FetchError."""
    page = open_page(decode(body, content_type))
    groups: dict[str, dict[int, LexborNode]] = {}
    for link in page.css("a[href]")[:_MOST_LINKS]:
        if absolute(link.attributes.get("href") or "", url) and len(_text(link)) >= 8:
            for selector, node in _above(link):
                groups.setdefault(selector, {}).setdefault(node.mem_id, node)
    rated = []
    for selector, nodes in groups.items():
        made = _suggestion(selector, list(nodes.values()), len(page.css(selector)), url)
        if made is not None:
            rated.append(made)
    rated.sort(key=lambda pair: pair[0], reverse=True)
    kept: list[Suggestion] = []
    for _, suggestion in rated:
        if all(suggestion.titles != other.titles for other in kept):
            kept.append(suggestion)
    return tuple(kept[:MOST])


def _above(link: "LexborNode") -> Iterator[tuple[str, "LexborNode"]]:
    """The elements that could be the item of a link, each with a selector."""
    node: LexborNode | None = link
    for _ in range(_UPWARDS):
        if node is None or node.tag in _NO_ITEMS or not _TAG.fullmatch(node.tag or ""):
            return
        yield selector_of(node), node
        node = node.parent


def selector_of(node: "LexborNode") -> str:
    """`article.card.card--news`; an element without classes of its own is named within its parent: `ul.news > li`."""
    own = _own(node)
    parent = node.parent
    if "." in own or parent is None or parent.tag in {"body", "html"} or not _TAG.fullmatch(parent.tag or ""):
        return own
    return f"{_own(parent)} > {own}"


def _own(node: "LexborNode") -> str:
    classes = [name for name in (node.attributes.get("class") or "").split() if _CLASS.fullmatch(name)]
    stable = [name for name in classes if not _CHANGING.search(name)][:3]
    tag = node.tag or ""
    return ".".join([tag if _TAG.fullmatch(tag) else "*", *stable])


def _suggestion(
    selector: str, nodes: "Sequence[LexborNode]", found: int, url: str
) -> tuple[tuple[float, ...], Suggestion] | None:
    if len(nodes) < FEWEST_ITEMS or found > len(nodes) * 2:
        return None
    links = [_main_link(node) for node in nodes]
    addresses = {absolute(link.attributes.get("href") or "", url) for link in links if link is not None}
    titles = [_text(link) for link in links if link is not None]
    if len(addresses) < len(nodes) * 0.8 or _crowded(nodes):
        return None
    above = [list(_ancestors(node)) for node in nodes[:3]]
    in_menu = any(_is_menu(node) for nodes_above in above for node in nodes_above)
    date, dated = _date_selector(nodes)
    recipe: dict[str, Any] = {"item": selector, **_title_and_link([link for link in links if link is not None], nodes)}
    if date:
        recipe["date"] = date
    length = sum(min(len(title), 100) for title in titles) / len(titles)
    # Of two that hold the same links the outer one holds more of the entry.
    rating = (not in_menu, dated * 2 >= len(nodes), length >= 25, min(len(nodes), 50) * length, -len(above[0]))
    return rating, Suggestion(recipe, len(nodes), dated, tuple(titles[:5]))


def _crowded(nodes: "Sequence[LexborNode]") -> bool:
    """Whether these are boxes around several items each rather than items."""
    return sum(len(node.css("h2, h3, h4, h5, h6")) for node in nodes) > len(nodes) * 1.5


def _main_link(node: "LexborNode") -> "LexborNode | None":
    """The link in a heading, else the one with most to say."""
    for heading in _HEADINGS:
        if (link := node.css_first(f"{heading} a[href]")) is not None:
            return link
    links = [node] if node.tag == "a" else node.css("a[href]")
    return max(links, key=lambda link: len(_text(link)), default=None)


def _title_and_link(links: "Sequence[LexborNode]", nodes: "Sequence[LexborNode]") -> dict[str, str]:
    if all(node.tag == "a" for node in nodes):
        return {"title": "h2, h3, h4"} if all(node.css_first("h2, h3, h4") is not None for node in nodes) else {}
    parents = Counter(_own(link.parent) for link in links if link.parent is not None)
    heading = parents.most_common(1)[0][0] if parents else ""
    inside = all(node.css_first(f"{heading} a[href]") is not None for node in nodes) if heading else False
    selector = f"{heading} a" if inside else "a"
    return {"title": selector, "link": f"{selector}@href"}


def _date_selector(nodes: "Sequence[LexborNode]") -> tuple[str, int]:
    """How the date of an item is found, and in how many items it is."""
    timed = sum(node.css_first("time[datetime]") is not None for node in nodes)
    if timed * 2 >= len(nodes):
        return "time@datetime", timed
    found: Counter[str] = Counter()
    for node in nodes[:50]:
        here = set()
        for element in node.css("*")[:200]:
            text = _text(element)
            if 6 <= len(text) <= 40 and parse_date(text) and "." in _own(element):
                here.add(_own(element))
        found.update(here)
    if not found:
        return "", 0
    most = max(found.values())
    selector = min((name for name, count in found.items() if count == most), key=len)
    return selector, most


def _ancestors(node: "LexborNode") -> "Iterator[LexborNode]":
    above = node.parent
    while above is not None and above.tag != "-undef":
        yield above
        above = above.parent


def _is_menu(node: "LexborNode") -> bool:
    role = node.attributes.get("role") or ""
    return node.tag in _MENUS or role in {"navigation", "menu", "banner", "contentinfo"}


def _text(node: "LexborNode") -> str:
    return " ".join(node.text(separator=" ").split())
