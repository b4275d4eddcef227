"""One document from its page: what the page says of itself to machines, and its text by selectors from pages.toml.

Good enough to read a page that somebody points at; watching listings of pages is another matter.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from publisher.enums import SourceStatus
from publisher.errors import FetchError
from publisher.types import Alternate, Entry, Image
from publisher.watch.blocked import TINY, is_challenge, is_error_title
from publisher.watch.data import table
from publisher.watch.dates import Moment, parse_date, settle, zone_of
from publisher.watch.decode import decode
from publisher.watch.entries import Shown, to_entry
from publisher.watch.general import article_of
from publisher.watch.languages import language_tag
from publisher.watch.linked import Linked
from publisher.watch.nesting import is_too_deep
from publisher.watch.prose import NOTHING, Prose, is_picture, read_html, tidy_text, title_of
from publisher.watch.urls import absolute, canonical, is_front, is_host

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

GENERAL = "general"
"""The name of no recipe: the site is not in pages.toml."""
_LONG_NAME = 8
"""Characters of a picture's name that no two pictures on a page share by chance."""
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
    prose, recipe = page.prose(text)
    if is_challenge(text) and len(prose.text) < _SHORT:
        raise FetchError("source.blocked", f"begins {text[:80]!r}", status=SourceStatus.BLOCKED)
    title = title_of(page.title())
    if not title or len(text) < TINY:
        raise FetchError("source.no_document", f"begins {text[:80]!r}", status=SourceStatus.MALFORMED)
    if is_error_title(title):
        raise FetchError("source.error_page", f"titled {title[:80]!r}", status=SourceStatus.BLOCKED)
    picture = page.picture()
    return to_entry(
        Shown(
            title=title,
            link=page.address,
            summary=Prose(page.lead()),
            content=prose,
            published=page.published(),
            updated=page.moment(page.linked.text("dateModified") or page.meta("article:modified_time")),
            languages=[page.attribute("html", "lang"), page.linked.text("inLanguage"), page.meta("og:locale")],
            categories=[page.text("category"), page.linked.text("articleSection")],
            byline=page.linked.text("author") or page.meta("author"),
            pictures=[picture] if picture else [],
            video=page.meta("og:video") if re.search("youtu|audiovisual", page.meta("og:video")) else "",
            speakers=page.texts("speakers"),
            alternates=page.alternates(),
            topics=page.texts("topics") or page.linked.texts("keywords") or page.metas("article:tag"),
            reading_minutes=page.minutes(),
            withdrawn=bool(page.texts("withdrawn")),
            recipe=recipe,
        ),
        url,
    )


class _Page:
    """A parsed page and the rules that hold for its site."""

    def __init__(self, tree: "LexborHTMLParser", url: str) -> None:
        self._tree = tree
        self.linked = Linked(tree)
        self.address = self._address(url)
        sites = [site for site in table("pages")["site"] if is_host(self.address, site["host"])]
        self._rules: list[dict[str, Any]] = [*sites, table("pages")["any"]]
        self._zone = zone_of(self.address)

    def _address(self, url: str) -> str:
        """The page's canonical address, unless it names the front page of the site for every page."""
        own = absolute(self.attribute('link[rel="canonical"]', "href") or self.meta("og:url"), url)
        return canonical(own if own and not (is_front(own) and url) else url)

    def meta(self, name: str) -> str:
        for kind in ("property", "name", "itemprop"):
            if value := self.attribute(f'meta[{kind}="{name}"]', "content"):
                return value
        return ""

    def attribute(self, selector: str, name: str) -> str:
        node = self._tree.css_first(selector)
        return " ".join((node.attributes.get(name) or "").split()) if node is not None else ""

    def metas(self, name: str) -> list[str]:
        found = self._tree.css(f'meta[property="{name}"]')
        return [text for node in found if (text := " ".join((node.attributes.get("content") or "").split()))]

    def text(self, part: str) -> str:
        """The text of the first element that a rule for `part` finds."""
        for rules in self._rules:
            for selector in rules.get(part, ()):
                for node in self._tree.css(selector):
                    if found := " ".join(node.text(separator=" ").split()):
                        return found
        return ""

    def texts(self, part: str) -> list[str]:
        """The text of each element that the first fitting selector for `part` finds."""
        for rules in self._rules:
            for selector in rules.get(part, ()):
                found = [" ".join(node.text(separator=" ").split()) for node in self._tree.css(selector)]
                if any(found):
                    return list(filter(None, found))
        return []

    def title(self) -> str:
        heading, shared = self.text("title"), self.meta("og:title") or self.linked.text("headline")
        if heading and (not shared or heading in shared or len(self._rules) > 1):
            return heading
        node = self._tree.css_first("title")
        title = shared or heading or (node.text() if node is not None else "")
        site = self.meta("og:site_name")
        return re.sub(rf"\s+[|–—-]\s+{re.escape(site)}\s*$", "", title) if site else title

    def lead(self) -> str:
        described = self.meta("og:description") or self.meta("description") or self.linked.text("description")
        return tidy_text(self.text("lead") or described)

    def prose(self, source: str) -> tuple[Prose, str]:
        """The page's text, and the name of the recipe that found it; of other sites what looks like an article."""
        for rules in self._rules[:-1]:
            if found := self._body(rules):
                return found, rules["name"]
        article = article_of(source, self.address)
        return article if article.text else self._body(self._rules[-1]) or NOTHING, GENERAL

    def _body(self, rules: dict[str, Any]) -> Prose | None:
        for selector in rules.get("body", ()):
            nodes = [node for node in self._tree.css(selector) if node.text(strip=True)]
            if nodes:
                return read_html("".join(node.html or "" for node in nodes), self.address)
        return None

    def alternates(self) -> list[Alternate]:
        own = [selector for rules in self._rules for selector in rules.get("alternates", ())]
        links = self._tree.css(", ".join(['link[rel="alternate"][hreflang]', *own]))
        named = [(node.attributes.get("hreflang") or "", node.attributes.get("href") or "") for node in links]
        found = {language_tag(language): canonical(url, self.address) for language, url in named}
        return [Alternate(language=language, url=url) for language, url in found.items() if language and url]

    def minutes(self) -> int:
        """Minutes of reading, as the page or its maker's plug-in says ("9 min read", "9 minutes"); else 0."""
        shown = [*self.texts("minutes"), self.meta("twitter:data1"), self.meta("twitter:data2")]
        for text in shown:
            if found := re.fullmatch(r"(\d{1,3})\s*(?:min|minutes?|Minuten?)(?: read| de lecture)?", text):
                return int(found[1])
        return self.linked.minutes()

    def published(self) -> Moment | None:
        for text in self._dates():
            if moment := self.moment(text):
                return moment
        return None

    def _dates(self) -> Iterator[str]:
        for rules in self._rules[:-1]:
            yield from self._times(rules)
        yield self.linked.text("datePublished")
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
        """The picture that the page gives to those who link to it."""
        linked = self.linked.image(self.address)
        url = absolute(self.meta("og:image"), self.address) or (linked.url if linked else "")
        if not is_picture(url):
            return None
        same = linked if linked and linked.url == url else Image(url=url)
        alt = self.meta("og:image:alt") or same.alt or self._described(url)
        named = re.fullmatch(r"(.*?)\s*(©.*)", alt)
        if named and not same.credit:
            return Image(url=url, alt=named[1], credit=named[2])
        return Image(url=url, alt=alt, credit=same.credit)

    def _described(self, url: str) -> str:
        """What the page says of the same picture in another size: of one whose name begins alike, number and all."""
        name = re.split(r"[-_.]", url.rsplit("/", 1)[-1])[0]
        for node in self._tree.css("img[alt]"):
            source = (node.attributes.get("src") or "").rsplit("/", 1)[-1]
            if len(name) >= _LONG_NAME and re.split(r"[-_.]", source)[0] == name:
                return " ".join((node.attributes.get("alt") or "").split())
        return ""
