"""Discovery: given any page's address, what can be watched there, tried out, the most useful first.

Each address is asked once and one after another on each host; what is only a guess is asked only when nothing better
was found. Nothing is stored here.
"""

import asyncio
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

MOST_TRIED = 12
"""Requests for one page, its own not counted."""
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
    try:
        first = await web.get(Request(url))
    except FetchError:
        # A page may be closed to us while the feed of its site is open (Council, Press Corner).
        found, asked = await _try(web, [lead for lead in known if lead.kind is not SourceKind.LISTING], {})
        if found:
            return Discovery(url=url, offers=_ordered(found), tried=asked)
        raise
    kind: SourceKind | None = await workbench.run(kind_of_answer, first.body, first.content_type)
    if kind is not None:
        lead = next((each for each in known if each.kind is SourceKind.PRESS_CORNER and each.url == url), None)
        made = await _offer(lead or Lead(url, kind, Hope.SAID), first)
        return Discovery(url=url, offers=(made,))
    leads = await workbench.run(leads_of, first.body, first.content_type, first.url)
    answers = {url: first, first.url: first}
    offers: list[Offer] = []
    tried = 0
    for hopes in ((Hope.SAID, Hope.LINKED), (Hope.USUAL,)):
        now = [lead for lead in leads if lead.hope in hopes][: MOST_TRIED - tried]
        found, asked = await _try(web, now, answers, enough=hopes == (Hope.USUAL,))
        offers += found
        tried += asked
        if offers:
            break
    if not offers and tried < MOST_TRIED:
        found, asked = await _by_sitemap(web, first.url)
        offers += found
        tried += asked
    return Discovery(url=url, offers=_ordered(offers), page=first, tried=tried)


async def _try(
    web: Web, leads: Sequence[Lead], answers: dict[str, Fetched], *, enough: bool = False
) -> tuple[list[Offer], int]:
    """What these leads bring, and how many requests that took. With `enough`, the first that brings something only."""
    if not enough:
        found = await asyncio.gather(*(_one(web, lead, answers) for lead in leads))
        return [offer for offer in found if offer is not None], sum(lead.url not in answers for lead in leads)
    for number, lead in enumerate(leads, 1):
        if (offer := await _one(web, lead, answers)) is not None:
            return [offer], number
    return [], len(leads)


async def _one(web: Web, lead: Lead, answers: dict[str, Fetched]) -> Offer | None:
    try:
        answer = answers.get(lead.url) or await web.get(Request(lead.url))
        return await _offer(lead, answer)
    except FetchError:
        return None


async def _offer(lead: Lead, answer: Fetched) -> Offer:
    """Raises FetchError where the answer is not what the lead promised."""
    kind = lead.kind
    if kind is SourceKind.FEED:
        seen: SourceKind | None = await workbench.run(kind_of_answer, answer.body, answer.content_type)
        kind = seen or kind
    reading: Reading = await workbench.run(
        read_source, kind, answer.body, content_type=answer.content_type, url=answer.url, recipe=lead.recipe
    )
    return Offer(
        url=lead.url,
        kind=kind,
        title=reading.title if kind is not SourceKind.LISTING else (reading.title or lead.title),
        language=reading.language,
        entries=newest(reading.entries),
        count=len(reading.entries),
        recipe=lead.recipe,
        answer=answer,
    )


async def _by_sitemap(web: Web, url: str) -> tuple[list[Offer], int]:
    """The sitemaps that robots.txt names; one at the usual place where it names none."""
    asked = 1
    try:
        robots = await web.get(Request(urljoin(url, "/robots.txt")))
        named = sitemaps_in(robots.body[:500_000].decode("utf-8", "replace"), url)
    except FetchError:
        named = ()
    leads = [Lead(each, SourceKind.SITEMAP, Hope.LAST) for each in named or (urljoin(url, "/sitemap.xml"),)]
    offers, more = await _try(web, leads, {})
    return offers, asked + more


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
