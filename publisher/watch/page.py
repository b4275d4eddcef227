"""One document from its page: what the page says of itself to machines, and its text by selectors from pages.toml.

Good enough to read a page that somebody points at; watching listings of pages is another matter.
"""

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from publisher.enums import SourceStatus
from publisher.errors import FetchError
from publisher.types import Entry, Image
from publisher.watch.blocked import TINY, is_challenge
from publisher.watch.data import table
from publisher.watch.dates import Moment, parse_date, settle, zone_of
from publisher.watch.decode import decode
from publisher.watch.entries import Shown, to_entry
from publisher.watch.nesting import is_too_deep
from publisher.watch.prose import NOTHING, Prose, is_picture, read_html, tidy_text
from publisher.watch.urls import absolute, canonical, is_host

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_SHORT = 400
"""Characters of text; a page with marks of a challenge and no more text than this is one."""


def parse_page(body: bytes, url: str = "", content_type: str = "") -> Entry:
    """The document on the page `body`, found at `url`.

    Raises FetchError: BLOCKED for a challenge or an error page, MALFORMED where no document can be made out.
    """
    from selectolax.lexbor import LexborHTMLParser  # slow import

    text = decode(body, content_type)
    if not text.strip():
        raise FetchError("source.empty", status=SourceStatus.BLOCKED)
    if is_too_deep(text):
        raise FetchError("source.dangerous", "elements nested too deep", status=SourceStatus.MALFORMED)
    page = _Page(LexborHTMLParser(text), url)
    prose = page.prose()
    if is_challenge(text) and len(prose.text) < _SHORT:
        raise FetchError("source.blocked", f"begins {text[:80]!r}", status=SourceStatus.BLOCKED)
    title = page.title()
    if not title or len(text) < TINY:
        raise FetchError("source.no_document", f"begins {text[:80]!r}", status=SourceStatus.MALFORMED)
    picture = page.picture()
    return to_entry(
        Shown(
            title=title,
            link=page.address,
            summary=Prose(page.lead()),
            content=prose,
            published=page.published(),
            updated=page.moment(page.linked("dateModified") or page.meta("article:modified_time")),
            languages=[page.attribute("html", "lang"), page.linked("inLanguage"), page.meta("og:locale")],
            categories=[page.text("category")],
            pictures=[picture] if picture else [],
            video=page.meta("og:video") if re.search("youtu|audiovisual", page.meta("og:video")) else "",
        ),
        url,
    )


class _Page:
    """A parsed page and the rules that hold for its site."""

    def __init__(self, tree: "LexborHTMLParser", url: str) -> None:
        self._tree = tree
        self._linked = next(_articles(tree), {})
        self.address = self._address(url)
        sites = [site for site in table("pages")["site"] if is_host(self.address, site["host"])]
        self._rules: list[dict[str, Any]] = [*sites, table("pages")["any"]]
        self._zone = zone_of(self.address)

    def _address(self, url: str) -> str:
        """The page's canonical address, unless it names the front page of the site for every page."""
        own = absolute(self.attribute('link[rel="canonical"]', "href") or self.meta("og:url"), url)
        front = re.fullmatch(r"https?://[^/]+/?(?:[a-z]{2}/?)?", own) is not None
        return canonical(own if own and not (front and url) else url)

    def meta(self, name: str) -> str:
        for kind in ("property", "name", "itemprop"):
            if value := self.attribute(f'meta[{kind}="{name}"]', "content"):
                return value
        return ""

    def attribute(self, selector: str, name: str) -> str:
        node = self._tree.css_first(selector)
        return " ".join((node.attributes.get(name) or "").split()) if node is not None else ""

    def linked(self, name: str) -> str:
        """A field of the page's JSON-LD article."""
        value = self._linked.get(name)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, dict):
            value = value.get("url") or value.get("name")
        return value if isinstance(value, str) else ""

    def text(self, part: str) -> str:
        """The text of the first element that a rule for `part` finds."""
        for rules in self._rules:
            for selector in rules.get(part, ()):
                for node in self._tree.css(selector):
                    if found := " ".join(node.text(separator=" ").split()):
                        return found
        return ""

    def title(self) -> str:
        heading, shared = self.text("title"), self.meta("og:title") or self.linked("headline")
        if heading and (not shared or heading in shared or len(self._rules) > 1):
            return heading
        node = self._tree.css_first("title")
        title = shared or heading or (node.text() if node is not None else "")
        site = self.meta("og:site_name")
        return re.sub(rf"\s+[|–—-]\s+{re.escape(site)}\s*$", "", title) if site else title

    def lead(self) -> str:
        described = self.meta("og:description") or self.meta("description") or self.linked("description")
        return tidy_text(self.text("lead") or described)

    def prose(self) -> Prose:
        for rules in self._rules:
            for selector in rules.get("body", ()):
                nodes = [node for node in self._tree.css(selector) if node.text(strip=True)]
                if nodes:
                    return read_html("".join(node.html or "" for node in nodes), self.address)
        return NOTHING

    def published(self) -> Moment | None:
        for text in self._dates():
            if moment := self.moment(text):
                return moment
        return None

    def _dates(self) -> Iterator[str]:
        for rules in self._rules[:-1]:
            yield from self._times(rules)
        yield self.linked("datePublished")
        yield self.meta("article:published_time")
        yield self.meta("datePublished")
        yield from self._times(self._rules[-1])

    def _times(self, rules: dict[str, Any]) -> Iterator[str]:
        for selector in rules.get("date", ()):
            for node in self._tree.css(selector):
                yield node.attributes.get("datetime") or node.text()

    def moment(self, text: str) -> Moment | None:
        return settle(parse_date(text, self._zone), self._zone, only_placeholders=True)

    def picture(self) -> Image | None:
        url = absolute(self.meta("og:image") or self.linked("image"), self.address)
        return Image(url=url, alt=self.meta("og:image:alt")) if is_picture(url) else None


def _articles(tree: "LexborHTMLParser") -> Iterator[dict[str, Any]]:
    """The articles among the page's JSON-LD (schema.org)."""
    for script in tree.css('script[type="application/ld+json"]'):
        try:
            data = json.loads(script.text())
        except (ValueError, RecursionError):
            continue
        graph = data.get("@graph") if isinstance(data, dict) else None
        for item in graph if isinstance(graph, list) else data if isinstance(data, list) else [data]:
            if isinstance(item, dict) and re.search("Article|Report|BlogPosting|Statement", str(item.get("@type"))):
                yield item
