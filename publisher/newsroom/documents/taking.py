"""Taking in: from what an answer showed to the queue, one document after the other, oldest first.

Whatever lies outside (the document's own page, its picture) is fetched first; then everything of a document goes into
one transaction: document, version, names, sightings, posts, revisions, events, approvals by rule. A process that dies
leaves all of a document or nothing of it, and because the source's row is written last, the next visit finds the rest.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from asgiref.sync import sync_to_async

from publisher import config
from publisher.enums import SourceKind
from publisher.errors import FetchError, InvalidInput, Refused
from publisher.models import Document, Source
from publisher.networks.media import fit_image
from publisher.newsroom import engine
from publisher.newsroom.documents import intake, screening
from publisher.newsroom.documents.changes import on_change
from publisher.newsroom.documents.intake import Kept, Whole
from publisher.newsroom.documents.sifting import Found, Verdict, sift
from publisher.newsroom.drafts import drafting, links, pictures, videos
from publisher.newsroom.drafts.pictures import Pictures, Wanted
from publisher.newsroom.feeds import archive
from publisher.types import Entry
from publisher.watch import workbench
from publisher.watch.complete import address_of, complete
from publisher.watch.fetch import PICTURE_LIMIT, PICTURES, Fetched, Request, Web
from publisher.watch.reading import Reading

log = logging.getLogger(__name__)

PATIENCE = 20.0
"""Seconds for one page or picture, waiting for a turn included; then the document comes without it."""
_WITH_PAGE = frozenset({Verdict.NEW, Verdict.LANGUAGE, Verdict.CHANGED})


@dataclass(slots=True)
class Brought:
    """Ids of documents."""

    new: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    whole: bool = True
    """False: this process was asked to stop in the middle, and the rest is for the next visit."""


async def bring(
    web: Web, source: Source, reading: Reading, answer: Fetched, *, patience: float = PATIENCE, all_at_once: bool = True
) -> Brought:
    """Take in what `answer` showed. Rows are read and written in the caller's thread.

    `all_at_once`: the answer is the whole source, not a delivery of what is new in it. Raises what storing raised,
    once everything else is stored.
    """
    brought = Brought()
    brought.new, found, gap = await sync_to_async(_weigh)(source, reading, answer, whole=all_at_once)
    await _keep_all(web, source, found, answer, patience, brought)
    if all_at_once and brought.whole:
        await complete_from_archive(web, source, answer, brought, gap=gap)
    return brought


async def complete_from_archive(
    web: Web, source: Source, answer: Fetched, brought: Brought, *, gap: bool = False
) -> None:
    """Take in what the institution's archive has and the source did not show, after a gap and every hour: also when
    the source's answer was the one that we know already."""
    if not (gap or archive.is_due(source, answer.fetched_at)):
        return
    missed = await archive.missing(web, source, answer.fetched_at)
    if missed is None:
        return
    found = await sync_to_async(_weigh_missed)(source, missed, answer, gap=gap)
    await _keep_all(web, source, found, answer, PATIENCE, brought)
    if brought.whole:
        await sync_to_async(archive.done)(source, answer.fetched_at)


async def _keep_all(
    web: Web, source: Source, found: Sequence[Found], answer: Fetched, patience: float, brought: Brought
) -> None:
    trouble: Exception | None = None
    for each in found:
        if engine.stopping.is_set():
            brought.whole = False
            return
        try:
            whole = await _whole(web, source, each, answer, patience)
            kept = await take(web, source, each, whole, patience=patience)
        except Exception as error:  # one document must not cost a source its others; the next visit tries it again
            log.exception("an entry of source %s could not be stored: %s", source.pk, each.entry.url)
            trouble = error
            continue
        if kept is not None and kept.verdict is Verdict.NEW:
            brought.new.append(kept.document.pk)
        elif kept is not None and kept.before is not None:
            brought.changed.append(kept.document.pk)
    if trouble is not None:
        raise trouble


async def take(web: Web, source: Source, found: Found, whole: Whole, *, patience: float = PATIENCE) -> Kept | None:
    """Store one document that is complete, with all that follows, once what its drafts will show has been fetched."""
    shown = await _pictures(web, source, found, whole.entry, patience)
    await _shorten(source, found, whole.entry)
    return await sync_to_async(_store)(source, found, whole, shown)


def _weigh(source: Source, reading: Reading, answer: Fetched, *, whole: bool) -> tuple[list[int], list[Found], bool]:
    """What is only remembered is stored here. Gives its ids, what is to be kept one by one, and whether there is a gap
    between this answer and the last one.
    """
    now, place = answer.fetched_at, answer.url
    entries = [entry if entry.source == source.url else replace(entry, source=source.url) for entry in reading.entries]
    if source.baseline_at is None:
        with intake.alone(source):
            ids, left = intake.first_sight(source, sift(source, entries, now), fetched_at=now, fetched_from=place)
        source.baseline_at = now
        return ids, _to_keep(left), False
    found = sift(source, entries, now)
    if source.kind == SourceKind.CALENDAR:  # events to come: drafted on their day, by `events`
        return intake.remember(source, found, fetched_at=now, fetched_from=place), [], False
    news = [each for each in found if each.verdict is Verdict.NEW]
    gap = False
    if whole and (reading.items or found):
        at = screening.situation(source, reading, found, now)
        gap = screening.is_gap(at)
        if gap:
            # Before anything is stored: once it is, nothing shows any more that something was missed.
            screening.tell_gap(source)
        if why := screening.why_not_news(news, at, now):
            ids = screening.quarantine(source, news, why, shown=at.shown, fetched_at=now, fetched_from=place)
            return ids, _to_keep([each for each in found if each.verdict is not Verdict.NEW]), gap
    return [], _to_keep(found), gap


def _weigh_missed(source: Source, missed: Sequence[Entry], answer: Fetched, *, gap: bool) -> list[Found]:
    """What of an archive is to be kept: what the source never showed. Its words are not those of the feed, so they
    tell of no change. What stood there when it was first asked is remembered; very much at once waits for a person.
    """
    now, place = answer.fetched_at, answer.url
    never_seen = {Verdict.NEW, Verdict.LANGUAGE}
    found = [each for each in sift(source, missed, now) if each.verdict in never_seen]
    if source.completed_at is None and not gap:
        intake.remember(source, found, fetched_at=now, fetched_from=place)
        return []
    if len(found) > screening.MISSED:
        screening.quarantine(source, found, "alarm.after_outage", shown=len(missed), fetched_at=now, fetched_from=place)
        return []
    return found


def _to_keep(found: Sequence[Found]) -> list[Found]:
    return [each for each in found if each.verdict is not Verdict.KNOWN]


async def _whole(web: Web, source: Source, found: Found, answer: Fetched, patience: float) -> Whole:
    """The document as its own page completes it."""
    shown = intake.as_shown(source, found.entry, fetched_at=answer.fetched_at, fetched_from=answer.url)
    wanted = found.verdict in _WITH_PAGE and source.read_pages and not source.sample
    address = address_of(found.entry) if wanted else ""
    if not address:
        return shown
    try:
        async with asyncio.timeout(patience):
            page = await web.page(address)
        entry = await workbench.run(complete, found.entry, page.body, content_type=page.content_type, url=page.url)
    except (FetchError, TimeoutError) as error:
        log.info("no page for a document of source %s: %s", source.pk, error)
        return replace(shown, has_page=True, missed=True)
    return Whole(
        entry=intake.dated(entry, source, answer.fetched_at),
        fetched_at=answer.fetched_at,
        fetched_from=page.url,
        etag=page.validators.etag,
        last_modified=page.validators.last_modified,
        has_page=True,
    )


async def _pictures(web: Web, source: Source, found: Found, entry: Entry, patience: float) -> Pictures:
    """What the drafts of this document will show, fetched and drawn before there is a transaction."""
    kept = Pictures(fetch=False)
    if found.verdict is Verdict.RESURFACED:
        return kept
    wanted = await sync_to_async(_wanted)(source, found, entry)
    for url in wanted.urls:
        try:
            async with asyncio.timeout(patience):
                answer = await web.get(Request(url), limit=PICTURE_LIMIT, accept=PICTURES)
            fitted = await asyncio.to_thread(fit_image, answer.body, pictures.KEPT)
            pictures.keep(kept, url, fitted)
        except (FetchError, Refused, OSError) as error:  # TimeoutError is an OSError
            log.warning("no picture for a card: %s", error)
    if wanted.film:
        try:
            async with asyncio.timeout(patience):
                answer = await web.get(Request(wanted.film), limit=videos.most_bytes(), accept=videos.ACCEPT)
            kept.kept[wanted.film] = await asyncio.to_thread(videos.keep, wanted.film, answer.body)
        except (FetchError, InvalidInput, OSError) as error:
            log.warning("no video for a draft: %s", error)
    if wanted.cards:
        await asyncio.to_thread(pictures.draw_cards, kept, wanted.cards)
    return kept


def _wanted(source: Source, found: Found, entry: Entry) -> Wanted:
    known = found.known if found.verdict in {Verdict.SIGHTED, Verdict.TWIN} else None
    return pictures.wanted(source, entry, Document.objects.get(pk=known.id) if known else None)


async def _shorten(source: Source, found: Found, entry: Entry) -> None:
    """The short addresses that the drafts will have, asked for before there is a transaction."""
    if found.verdict is Verdict.RESURFACED or not config.get().shortener_url:
        return
    for url in await sync_to_async(links.wanted)(source, entry):
        if short := await asyncio.to_thread(links.ask, url):
            await sync_to_async(links.keep)(url, short)


def _store(source: Source, found: Found, whole: Whole, shown: Pictures) -> Kept | None:
    def then(kept: Kept) -> None:
        document_id = kept.document.pk
        if kept.verdict is Verdict.NEW:
            drafting.draft_new(kept.document, shown)
        elif kept.verdict is Verdict.LANGUAGE:
            drafting.draft_language(document_id, kept.language, shown)
        elif kept.verdict in {Verdict.SIGHTED, Verdict.TWIN} and not kept.again:
            drafting.draft_for_source(document_id, source.pk, shown)
        elif kept.before is not None and kept.after is not None:
            on_change(kept.document, kept.before, kept.after, shown)

    try:
        return intake.keep(source, found, whole, then)
    except Exception:
        if found.verdict is not Verdict.NEW:
            raise  # what follows from a change must follow: the next visit tries it again
        # A fault in a template or a rule must not keep a document out: the sweep drafts it again.
        log.exception("an entry of source %s could not be drafted now: %s", source.pk, found.entry.url)
        return intake.keep(source, found, whole)
