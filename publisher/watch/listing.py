"""Listing pages: a page that lists documents, read by the selectors of its recipe. Pure.

A page on which the selectors find nothing has been rebuilt: that is an error with a sentence of its own, never "no
news". Titles repeat on such pages (each Council has its doorstep), so a document is known by its address alone.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from publisher.enums import DocumentKind, Severity, SourceStatus
from publisher.errors import FetchError, InvalidInput
from publisher.types import Entry, Image, Issue
from publisher.watch.blocked import is_challenge
from publisher.watch.dates import Moment, parse_date, settle, zone_of
from publisher.watch.decode import decode
from publisher.watch.entries import Feed, Shown, tell_apart, to_entry
from publisher.watch.kinds import kind_of
from publisher.watch.languages import language_of_url, language_tag
from publisher.watch.nesting import is_too_deep
from publisher.watch.prose import Prose, is_picture, tidy_text, title_of
from publisher.watch.recipe import Recipe, recipe_of, shipped, split
from publisher.watch.urls import absolute, canonical

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

MOST_ITEMS = 500
"""Documents read from one page."""
_MINUTES = re.compile(r"\b(\d{1,3})\s*(?:-\s*)?min", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """One document of the list; `reading_minutes` and `place` have no place in what a feed shows."""

    shown: Shown
    minutes: int = 0
    place: str = ""


def parse(body: bytes, content_type: str = "", url: str = "", recipe: Mapping[str, Any] | None = None) -> Feed:
    """The documents that the page at `url` lists, in its order; by the shipped recipe where none is given.

    Raises FetchError: MALFORMED with `source.layout` where the recipe no longer fits the page, BLOCKED for a challenge.
    """
    from selectolax.lexbor import SelectolaxError  # slow import

    text = decode(body, content_type)
    page = open_page(text)
    try:
        rules = recipe_of(recipe or shipped(url))
        if not rules.item:
            raise FetchError("source.no_recipe", status=SourceStatus.MALFORMED)
        nodes = find_items(page, rules)
        base = _base(page, url)
        items = [item for node in nodes[:MOST_ITEMS] if (item := _read(node, rules, base)) is not None]
        _fits_still(page, rules, len(nodes), items, text)
    except (InvalidInput, SelectolaxError, ValueError) as error:
        raise FetchError("source.recipe_broken", str(error)[:300], status=SourceStatus.MALFORMED) from error
    wanted = [item for item in items if rules.admits(canonical(item.shown.link, base))]
    entries = _entries(
        [item for item in wanted if item.shown.title and item.shown.link], url, _attribute(page, "html@lang")
    )
    issues = []
    if entries and (rules.date or rules.meta) and not any(entry.published_at for entry in entries):
        issues.append(Issue(field="date", key="listing.no_dates", severity=Severity.WARNING))
    return Feed(title_of(_title(page)), language_tag(_attribute(page, "html@lang")), tell_apart(entries), tuple(issues))


def open_page(text: str) -> "LexborHTMLParser":
    """The page as a tree. Raises FetchError where it is empty or dangerous."""
    from selectolax.lexbor import LexborHTMLParser  # slow import

    if not text.strip():
        raise FetchError("source.empty", status=SourceStatus.BLOCKED)
    if is_too_deep(text):
        raise FetchError("source.dangerous", "elements nested too deep", status=SourceStatus.MALFORMED)
    return LexborHTMLParser(text)


def find_items(page: "LexborHTMLParser", rules: Recipe) -> "list[LexborNode]":
    """The elements that hold one document each. An item within another (a card in a card) is part of that one."""
    found: dict[int, LexborNode] = {}
    for selector in rules.item:
        for node in page.css(selector):
            found.setdefault(node.mem_id, node)
    nodes = [node for node in found.values() if not _excepted(node, rules)]
    return [node for node in nodes if not _lies_in(node, found)]


def _lies_in(node: "LexborNode", items: "Mapping[int, LexborNode]") -> bool:
    above = node.parent
    while above is not None:
        if above.mem_id in items:
            return True
        above = above.parent
    return False


def _excepted(node: "LexborNode", rules: Recipe) -> bool:
    for selector in rules.except_:
        if selector.startswith(":has(") and selector.endswith(")"):
            # A selector is looked for inside its element, so what the element itself must have is asked for directly.
            if node.css_first(selector[5:-1]) is not None:
                return True
        elif node.css_matches(selector):
            return True
    return False


def _fits_still(page: "LexborHTMLParser", rules: Recipe, count: int, items: list[_Item], text: str) -> None:
    """Raises FetchError where the page no longer is what the recipe was made for."""
    named = sum(1 for item in items if item.shown.title and item.shown.link)
    if items and named * 2 >= len(items):
        return
    if not items and any(page.css_first(selector) is not None for selector in rules.empty):
        return
    if is_challenge(text):
        raise FetchError("source.blocked", f"begins {text[:80]!r}", status=SourceStatus.BLOCKED)
    found = f"{count} items, {named} with title and link; begins {text[:80]!r}"
    raise FetchError("source.layout", found, status=SourceStatus.MALFORMED)


def _read(node: "LexborNode", rules: Recipe, base: str) -> _Item | None:
    language = language_tag(_first(node, rules.language) or _first(node, ("[hreflang]@hreflang",)))
    link = absolute(_link(node, rules), base)
    zone = zone_of(link or base)
    meta = list(_meta(node, rules, zone))
    kind = _first(node, rules.kind) or next((text for text, sort in meta if sort == "kind"), "")
    dates = [*_all(node, rules.date), *(text for text, sort in meta if sort == "date")]
    minutes = next((int(found[1]) for text, sort in meta if sort == "minutes" and (found := _MINUTES.search(text))), 0)
    shown = Shown(
        title=_first(node, rules.title) or (_text(node) if not rules.title else ""),
        link=link,
        summary=Prose(tidy_text(_first(node, rules.lead))),
        published=next((moment for text in dates if (moment := parse_date(text, zone))), None),
        languages=[language],
        categories=[kind] if kind else [],
        pictures=[picture] if (picture := _picture(node, rules, base)) else [],
    )
    return _Item(shown=shown, minutes=minutes, place=_first(node, rules.place))


def _entries(items: list[_Item], url: str, page_language: str) -> list[Entry]:
    moments = [item.shown.published for item in items if item.shown.published]
    only_placeholders = all(moment.is_placeholder for moment in moments)
    return [_entry(item, url, page_language, only_placeholders=only_placeholders) for item in items]


def _entry(item: _Item, url: str, page_language: str, *, only_placeholders: bool) -> Entry:
    # A list in one language shows documents in others, and their addresses say so.
    languages = [*item.shown.languages, language_of_url(item.shown.link), page_language]
    published: Moment | None = settle(
        item.shown.published, zone_of(item.shown.link), only_placeholders=only_placeholders
    )
    entry = to_entry(replace(item.shown, published=published, languages=languages), url)
    return replace(entry, reading_minutes=item.minutes, place=item.place)


def _link(node: "LexborNode", rules: Recipe) -> str:
    if found := _first(node, rules.link):
        return found
    own = (node.attributes.get("href") or "") if node.tag == "a" else ""
    return own or _first(node, ("a[href]@href",))


def _meta(node: "LexborNode", rules: Recipe, zone: str) -> Iterator[tuple[str, str]]:
    """The meta elements of an item with what each of them is: date, minutes or kind."""
    for selector in rules.meta:
        for element in node.css(selector):
            time = element.css_first("time[datetime]")
            text = (time.attributes.get("datetime") or "") if time is not None else _text(element)
            if parse_date(text, zone):
                yield text, "date"
            elif _MINUTES.search(text):
                yield text, "minutes"
            elif text and (kind_of("", "", [text]) is not DocumentKind.OTHER or not re.search(r"\d", text)):
                yield text, "kind"


def _picture(node: "LexborNode", rules: Recipe, base: str) -> Image | None:
    for selector in rules.image:
        css, attribute = split(selector)
        for element in node.css(css):
            url = absolute(element.attributes.get(attribute or "src") or "", base)
            if is_picture(url):
                return Image(url=url, alt=" ".join((element.attributes.get("alt") or "").split()))
    return None


def _first(node: "LexborNode", selectors: tuple[str, ...]) -> str:
    return next(_all(node, selectors), "")


def _all(node: "LexborNode", selectors: tuple[str, ...]) -> Iterator[str]:
    """What the selectors find in an element, in their order: an attribute, or the text a reader sees."""
    for selector in selectors:
        css, attribute = split(selector)
        found = [node] if not css else node.css(css)
        for element in found:
            value = " ".join((element.attributes.get(attribute) or "").split()) if attribute else _text(element)
            if value:
                yield value


def _attribute(page: "LexborHTMLParser", selector: str) -> str:
    css, attribute = split(selector)
    element = page.css_first(css)
    return (element.attributes.get(attribute) or "") if element is not None else ""


def _text(node: "LexborNode") -> str:
    return " ".join(node.text(separator=" ").split())


def _title(page: "LexborHTMLParser") -> str:
    element = page.css_first("title") or page.css_first("h1")
    return element.text() if element is not None else ""


def _base(page: "LexborHTMLParser", url: str) -> str:
    return absolute(_attribute(page, "base@href"), url) or url
