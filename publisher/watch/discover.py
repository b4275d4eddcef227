"""Discovery: given any page's address, what can be watched there, tried out, the most useful first.

Each address is asked once and one after another on each host; what is only a guess is asked only when nothing better
was found. Nothing is stored here.
"""

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

from publisher.enums import SourceKind
from publisher.errors import FetchError
from publisher.types import Entry
from publisher.watch import workbench
from publisher.watch.fetch import Fetched, Request, Web
from publisher.watch.leads import Hope, Lead, by_address, kind_of_answer, leads_of, sitemaps_in
from publisher.watch.reading import Reading, read_source
from publisher.watch.sitemaps import whole

LONGEST = 45.0
"""Seconds for everything after the page itself: a person waits."""
MOST_TRIED = 12
"""Requests for one page, its own not counted."""
_ROBOTS = 500_000
"""Bytes of a robots.txt that are read (RFC 9309 asks for as many)."""
SHOWN = 3
"""Entries shown of each offer."""
_ORDER = {
    SourceKind.PRESS_CORNER: 0,
    SourceKind.FEED: 1,
    SourceKind.LISTING: 2,
    SourceKind.CALENDAR: 3,
    SourceKind.SITEMAP: 4,
}
_AGES_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One thing that can be watched, as it answered just now."""

    url: str
    kind: SourceKind
    title: str
    language: str = ""
    entries: tuple[Entry, ...] = ()
    """The newest few, newest first where dates tell."""
    count: int = 0
    """How many it shows in all."""
    recipe: dict[str, Any] = field(default_factory=dict)
    answer: Fetched


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What was found for an address. `page` is the answer there when it is a web page, for picking its parts."""

    url: str
    offers: tuple[Offer, ...] = ()
    page: Fetched | None = None
    tried: int = 0


async def discover(web: Web, url: str) -> Discovery:
    """What can be watched at `url` or where it leads. Raises FetchError where nothing answers there and nothing is
    known of the site.
    """
    known = list(by_address(url))
    search = _Search(web)
    try:
        first = await web.get(Request(url))
    except FetchError:
        # A page may be closed to us while the feed of its site is open (Press Corner, GOV.UK).
        offers = await search.all_of([lead for lead in known if lead.kind is not SourceKind.LISTING])
        if offers:
            return Discovery(url=url, offers=_ordered(offers), tried=search.tried)
        raise
    kind: SourceKind | None = await workbench.run(kind_of_answer, first.body, first.content_type)
    if kind is not None:
        lead = next((each for each in known if each.kind is SourceKind.PRESS_CORNER and each.url == url), None)
        return Discovery(url=url, offers=(await _offer(web, lead or Lead(url, kind, Hope.SAID), first),))
    leads = await workbench.run(leads_of, first.body, first.content_type, first.url)
    search.answers |= {url: first, first.url: first}
    offers = await search.all_of([lead for lead in leads if lead.hope in {Hope.SAID, Hope.LINKED}])
    offers = offers or await search.first_of([lead for lead in leads if lead.hope is Hope.USUAL])
    offers = offers or await search.all_of(await search.sitemaps(first.url))
    return Discovery(url=url, offers=_ordered(offers), page=first, tried=search.tried)


class _Search:
    """What is tried for one page, with the limits on it."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._until = time.monotonic() + LONGEST
        self.answers: dict[str, Fetched] = {}
        """Answers that are there already, by address."""
        self.tried = 0

    async def all_of(self, leads: Sequence[Lead]) -> list[Offer]:
        """What these leads bring, side by side; on one host one after another, as `Web` sees to."""
        found = await asyncio.gather(*map(self._one, leads))
        return [offer for offer in found if offer is not None]

    async def first_of(self, leads: Sequence[Lead]) -> list[Offer]:
        """What the first of these guesses brings that brings something."""
        for lead in leads:
            if (offer := await self._one(lead)) is not None:
                return [offer]
        return []

    async def sitemaps(self, url: str) -> list[Lead]:
        """The sitemaps that robots.txt names; one at the usual place where it names none."""
        robots = await self._get(urljoin(url, "/robots.txt"))
        named = sitemaps_in(robots.body[:_ROBOTS].decode("utf-8", "replace"), url) if robots else ()
        return [Lead(each, SourceKind.SITEMAP, Hope.LAST) for each in named or (urljoin(url, "/sitemap.xml"),)]

    async def _one(self, lead: Lead) -> Offer | None:
        answer = self.answers.get(lead.url) or await self._get(lead.url)
        try:
            return await _offer(self._web, lead, answer) if answer else None
        except FetchError:
            return None

    async def _get(self, url: str) -> Fetched | None:
        if self.tried >= MOST_TRIED:
            return None
        self.tried += 1
        try:
            async with asyncio.timeout(self._until - time.monotonic()):
                return await self._web.get(Request(url))
        except (FetchError, TimeoutError):
            return None


async def _offer(web: Web, lead: Lead, answer: Fetched) -> Offer:
    """Raises FetchError where the answer is not what the lead promised."""
    kind = lead.kind
    if kind is SourceKind.FEED:
        seen: SourceKind | None = await workbench.run(kind_of_answer, answer.body, answer.content_type)
        kind = seen or kind
    body = await whole(web, answer) if kind is SourceKind.SITEMAP else answer.body
    reading: Reading = await workbench.run(
        read_source, kind, body, content_type=answer.content_type, url=answer.url, recipe=lead.recipe
    )
    return Offer(
        url=lead.url,
        kind=kind,
        title=reading.title or lead.title,
        language=reading.language,
        entries=newest(reading.entries),
        count=len(reading.entries),
        recipe=lead.recipe,
        answer=answer,
    )


def newest(entries: Iterable[Entry], count: int = SHOWN) -> tuple[Entry, ...]:
    """The newest few; where a source gives no dates, the first ones it shows."""
    return tuple(
        sorted(entries, key=lambda entry: entry.published_at or entry.starts_at or _AGES_AGO, reverse=True)[:count]
    )


def _ordered(offers: Sequence[Offer]) -> tuple[Offer, ...]:
    """Most useful first; the same documents in a second form (RSS beside Atom) only once; comments last."""
    kept: dict[tuple[object, ...], Offer] = {}
    for offer in offers:
        same = tuple(entry.url or entry.title for entry in offer.entries) or (offer.url,)
        kept.setdefault((offer.kind, *same), offer)
    return tuple(sorted(kept.values(), key=_usefulness))


def _usefulness(offer: Offer) -> tuple[object, ...]:
    youngest = max((entry.published_at or _AGES_AGO for entry in offer.entries), default=_AGES_AGO)
    return ("/comments" in offer.url, not offer.entries, _ORDER[offer.kind], -youngest.timestamp())
