"""Where a page leads: the addresses at which it, or a site of its make, may offer something to watch. Pure.

Nothing is fetched here; `discover` tries what is named.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from publisher.enums import SourceKind
from publisher.watch import calendar, presscorner
from publisher.watch.blocked import is_page
from publisher.watch.decode import decode
from publisher.watch.languages import language_of_url
from publisher.watch.listing import open_page
from publisher.watch.recipe import shipped
from publisher.watch.urls import absolute, host_of, is_host

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

MOST_LINKS = 8
"""Links of one page that are followed because of how they look."""
_FEEDS = re.compile(
    r"^application/(?:rss\+xml|atom\+xml|feed\+json|rdf\+xml)\b|^application/json\b.*feed", re.IGNORECASE
)
_LIKE_A_FEED = re.compile(r"(?:^|[/._=-])(?:rss|atom|feeds?)(?:$|[/._?&=-]|\d)|\.rss$|rss_[a-z]{2}$", re.IGNORECASE)
_KNOWN_PATHS = ("feed/", "rss.xml", "atom.xml", "feed.xml")
_GOVUK = re.compile(r"^/(?:search/|government/organisations/|government/people/|world/)")


class Hope(IntEnum):
    """How likely an address brings something; the less likely are tried only when the likelier brought nothing."""

    SAID = 0
    """The page or the address itself says that it is there."""
    LINKED = 1
    """The page links to it, and it looks like one."""
    USUAL = 2
    """Sites of its make usually have one there."""
    LAST = 3


@dataclass(frozen=True, slots=True)
class Lead:
    url: str
    kind: SourceKind
    hope: Hope
    title: str = ""
    """What the page calls it."""
    recipe: dict[str, Any] = field(default_factory=dict)


def kind_of_answer(body: bytes, content_type: str = "") -> SourceKind | None:
    """What an answer most likely is, or None for a web page."""
    text = decode(body[:200_000], content_type).lstrip("\ufeff \t\r\n")
    if calendar.is_icalendar(text):
        return SourceKind.CALENDAR
    if body.startswith(b"\x1f\x8b") or re.search(r"<(?:\w+:)?(?:urlset|sitemapindex)\b", text[:2000]):
        return SourceKind.SITEMAP
    return None if is_page(text) else SourceKind.FEED


def leads_of(body: bytes, content_type: str, url: str) -> tuple[Lead, ...]:
    """Where the page `body`, found at `url`, leads; the likeliest first, each address once. Raises FetchError."""
    page = open_page(decode(body, content_type))
    found: dict[str, Lead] = {}
    for lead in (*by_address(url), *_said(page, url), *_linked(page, url), *_usual(page, url)):
        found.setdefault(lead.url, lead)
    return tuple(sorted(found.values(), key=lambda lead: lead.hope))


def by_address(url: str) -> Iterator[Lead]:
    """What is known of the site, whatever its page says."""
    parts = urlsplit(url)
    if is_press_corner(url):
        yield Lead(_press_corner(url), SourceKind.PRESS_CORNER, Hope.SAID, "Press Corner")
    elif is_host(url, "gov.uk") and _GOVUK.match(parts.path) and not parts.path.endswith((".atom", ".json")):
        query = f"?{parts.query}" if parts.query else ""
        yield Lead(f"https://{host_of(url)}{parts.path.rstrip('/')}.atom{query}", SourceKind.FEED, Hope.SAID)
    if recipe := shipped(url):
        yield Lead(url, SourceKind.LISTING, Hope.LINKED, str(recipe.get("name", "")), recipe)


def is_press_corner(url: str) -> bool:
    return is_host(url, "ec.europa.eu") and "/presscorner" in urlsplit(url).path


def sitemaps_in(robots: str, url: str) -> tuple[str, ...]:
    """The sitemaps that a robots.txt names, the news ones first."""
    named = [absolute(line, url) for line in re.findall(r"(?im)^\s*sitemap\s*:\s*(\S+)", robots)]
    return tuple(sorted(filter(None, dict.fromkeys(named)), key=lambda each: "news" not in each.lower()))[:3]


def _press_corner(url: str) -> str:
    """The feed of the Press Corner in the language of `url`, long enough for a busy day; other parameters stay."""
    parts = urlsplit(url)
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()} if "/api/rss" in parts.path else {}
    language = language_of_url(url) or "en"
    return f"{presscorner.SITE}/api/rss?{urlencode({'language': language, 'pagesize': '30', **asked})}"


def _said(page: "LexborHTMLParser", url: str) -> Iterator[Lead]:
    for link in page.css("link[rel~=alternate][href]"):
        kind = link.attributes.get("type") or ""
        address = absolute(link.attributes.get("href") or "", url)
        title = " ".join((link.attributes.get("title") or "").split())
        if address and _FEEDS.match(kind):
            yield Lead(address, SourceKind.FEED, Hope.SAID, title)
        elif address and kind.lower().startswith("text/calendar"):
            yield Lead(address, SourceKind.CALENDAR, Hope.SAID, title)


def _linked(page: "LexborHTMLParser", url: str) -> Iterator[Lead]:
    count = 0
    for link in page.css("a[href]"):
        target = re.sub(r"^webcal:", "https:", (link.attributes.get("href") or "").strip(), flags=re.IGNORECASE)
        address = absolute(target, url).partition("#")[0]
        path = f"{urlsplit(address).path}?{urlsplit(address).query}".rstrip("?")
        if not address or address == url or count >= MOST_LINKS:
            continue
        title = " ".join(link.text(separator=" ").split())[:200]
        if re.search(r"\.ics(?:$|\?)|[/=]ical(?:$|[/?&])", path, re.IGNORECASE):
            count += 1
            yield Lead(address, SourceKind.CALENDAR, Hope.LINKED, title)
        elif _LIKE_A_FEED.search(path) and host_of(address):
            count += 1
            yield Lead(address, SourceKind.FEED, Hope.LINKED, title)


def _usual(page: "LexborHTMLParser", url: str) -> Iterator[Lead]:
    """Known paths beside the page and, for a Drupal site, the feed of the page itself."""
    folder = url.partition("?")[0].partition("#")[0]
    folder = folder if folder.endswith("/") else f"{folder}/"
    generator = page.css_first('meta[name="generator" i]')
    made_by = (generator.attributes.get("content") or "") if generator is not None else ""
    language = language_of_url(url) or "en"
    if "drupal" in made_by.lower() or is_host(url, "europa.eu"):
        short = page.css_first('link[rel="shortlink"][href]')
        node = re.search(r"/node/\d+", (short.attributes.get("href") or "") if short is not None else "")
        if node:
            yield Lead(urljoin(url, f"{node[0]}/rss_{language}"), SourceKind.FEED, Hope.USUAL)
        yield Lead(urljoin(url, f"/rss_{language}"), SourceKind.FEED, Hope.USUAL)
    for path in _KNOWN_PATHS:
        yield Lead(urljoin(folder, path), SourceKind.FEED, Hope.USUAL)
    for path in _KNOWN_PATHS if urlsplit(url).path.strip("/") else ():
        yield Lead(urljoin(url, f"/{path}"), SourceKind.FEED, Hope.USUAL)
