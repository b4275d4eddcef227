"""Documents read again after publication: an hour, a day and a week later, and whenever somebody asks for it.

Politely: in turn with everything else we ask of a host, with the validators that the page gave, spread over time.
"""

import asyncio
import logging
from datetime import datetime, timedelta

from asgiref.sync import async_to_sync, sync_to_async
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from publisher.enums import SourceStatus
from publisher.errors import FetchError
from publisher.models import Document, Version
from publisher.newsroom import engine
from publisher.newsroom.documents import vanished
from publisher.newsroom.documents.changes import on_change
from publisher.newsroom.feeds import claims, outside
from publisher.newsroom.record import audit, seals
from publisher.text.diff import is_change
from publisher.text.languages import primary
from publisher.types import Entry, entry_from_json, entry_to_json
from publisher.watch import complete, workbench
from publisher.watch.fetch import PAGES, Fetched, Request, Validators, Web
from publisher.watch.schedule import share

__all__ = ["adopt", "on_change", "read_again", "read_due", "something_is_due", "soon", "store"]

log = logging.getLogger(__name__)

AFTER = (timedelta(hours=1), timedelta(hours=24), timedelta(days=7))
"""How long after publication a document is read again."""
SPREAD = 0.1
"""Part of that time over which documents of one moment are spread."""
AGAIN = timedelta(hours=1)
"""After which a page is asked again that could not be read this time."""
GIVE_UP = timedelta(days=9)
"""After publication: a page that never answers is left alone then."""
FURTHEST = timedelta(days=9)
"""No look is planned further ahead: a clock that was wrong set what is."""
AT_ONCE = 100
"""Documents in one round; the rest wait for the next."""
_TAKEN_DOWN = ("source.not_found", "source.gone")


def next_time(document: Document, now: datetime) -> datetime | None:
    """When the page is read again after `now`; None when it no longer is."""
    began = document.published_at or document.first_seen_at
    if began > now:  # announced for later
        began = document.first_seen_at
    if document.vanished_at is not None:
        began = document.vanished_at
    times = (began + after * (1 + SPREAD * share(document.url)) for after in AFTER)
    return next((when for when in times if when > now), None)


def adopt(limit: int = 500) -> int:
    """Give each new document its first time. Returns how many got one."""
    now = timezone.now()
    fresh = Document.objects.filter(first_seen_at__gte=now - AFTER[-1], baseline=False, sample=False)
    found = list(fresh.filter(recheck_at=None, rechecks=0)[:limit])
    for document in found:
        url = complete.address_of(entry_from_json(document.current.entry)) if document.versions.exists() else ""
        when = next_time(document, now) if url else None
        # One that has no page of its own is done with.
        Document.objects.filter(pk=document.pk, recheck_at=None).update(recheck_at=when, rechecks=0 if when else 1)
    return len(found)


def soon(document_id: int) -> None:
    """Read it again with the next round: a feed says that it changed."""
    Document.objects.filter(pk=document_id).update(recheck_at=timezone.now())
    engine.enqueue("recheck")


def something_is_due() -> bool:
    return _due(timezone.now()).exists()


def read_due() -> int:
    """One round over the documents whose time has come. Each is claimed, so that two workers never ask twice."""
    now = timezone.now()
    claimed = []
    for document in _due(now).order_by("recheck_at")[:AT_ONCE]:
        same = Document.objects.filter(pk=document.pk, recheck_at=document.recheck_at)
        if same.update(recheck_at=now + claims.LASTS):
            claimed.append(document)
    read_again(claimed)
    return len(claimed)


def read_again(documents: list[Document]) -> None:
    """Read the pages of these documents now."""
    if documents:
        async_to_sync(_read_all)(documents)


def _due(now: datetime) -> "QuerySet[Document]":
    return Document.objects.filter(Q(recheck_at__lte=now) | Q(recheck_at__gt=now + FURTHEST))


async def _read_all(documents: list[Document]) -> None:
    unread = {document.pk for document in documents}

    def claim_the_rest() -> None:
        until = timezone.now() + claims.LASTS
        Document.objects.filter(pk__in=unread, recheck_at__lt=until).update(recheck_at=until)

    async with outside.web() as web, claims.kept(claim_the_rest):
        await asyncio.gather(*(_read(web, document, unread) for document in documents))


async def _read(web: Web, document: Document, unread: set[int]) -> None:
    """A document in each language that we speak of it in. One that fails stops no other."""
    later: datetime | None = None
    for version in await sync_to_async(_versions)(document):
        if engine.stopping.is_set():
            return  # its claim runs out, and the next start reads it
        try:
            await _compare(web, document, version)
        except FetchError as error:
            if error.key in _TAKEN_DOWN and _is_main(document, version) and not _is_to_come(document, version):
                await sync_to_async(vanished.gone)(document)
                continue
            later = max(error.retry_after or timezone.now(), timezone.now() + AGAIN)
        except Exception:
            log.exception("document %s could not be read again", document.pk)
            later = timezone.now() + AGAIN
    await sync_to_async(_advance)(document, later)
    unread.discard(document.pk)


async def _compare(web: Web, document: Document, version: Version) -> None:
    entry = entry_from_json(version.entry)
    url = complete.address_of(entry)
    if not url:
        return
    main = _is_main(document, version)
    known = Validators(document.page_etag, document.page_last_modified) if main else Validators()
    answer = await web.get(Request(url, known), accept=PAGES)
    found = entry
    if answer.status is SourceStatus.OK:
        found = await workbench.run(
            complete.complete, entry, answer.body, content_type=answer.content_type, url=answer.url
        )
    await sync_to_async(_take)(document, version, found, answer, main)


def _take(document: Document, version: Version, found: Entry, answer: Fetched, main: bool) -> None:
    """Store what the page says now, if a reader would notice, together with all that follows from it."""
    with transaction.atomic():
        if main:
            if not found.withdrawn:
                vanished.back(document)
            Document.objects.filter(pk=document.pk).update(
                page_etag=answer.validators.etag, page_last_modified=answer.validators.last_modified
            )
        newest = document.current_in(version.language) or version
        if newest.pk == version.pk and is_change(entry_from_json(version.entry), found):
            after = store(document, found, fetched_at=answer.fetched_at, fetched_from=answer.url)
            on_change(document, version, after)


def store(document: Document, entry: Entry, *, fetched_at: datetime, fetched_from: str) -> Version:
    """The next version of a document, and what its row shows of it where it is in the main language."""
    Document.objects.select_for_update().get(pk=document.pk)
    last = document.versions.order_by("-number").first()
    version = Version.objects.create(
        document=document,
        number=last.number + 1 if last else 1,
        language=entry.language,
        hash=entry.hash,
        entry=entry_to_json(entry),
        fetched_at=fetched_at,
        fetched_from=fetched_from[:2000],
    )
    shown: dict[str, object] = {"changed_at": timezone.now()}
    if primary(entry.language) == primary(document.language):
        shown |= {"title": entry.title, "lead": entry.lead, "embargo_until": entry.embargo_until}
    Document.objects.filter(pk=document.pk).update(**shown)
    document.refresh_from_db()
    told = {"version": version.number, "hash": version.hash, seals.KEY: seals.of_versions([version])}
    audit.record(audit.SERVICE, "document", document.pk, "change", data=told)
    return version


def _versions(document: Document) -> list[Version]:
    """The newest version in the main language and in each in which there is a post."""
    languages = set(document.posts.values_list("revision__language", flat=True)) - {None, ""}
    found = {document.current.pk: document.current}
    for language in languages:
        version = document.current_in(language)
        if version is not None:
            found.setdefault(version.pk, version)
    return list(found.values())


def _is_main(document: Document, version: Version) -> bool:
    return primary(version.language) in {primary(document.language), ""}


def _is_to_come(document: Document, version: Version) -> bool:
    """Whether its page may not be there yet: some feeds are ahead of their sites by minutes."""
    return not version.entry.get("recipe") and timezone.now() - document.first_seen_at < AFTER[0]


def _advance(document: Document, later: datetime | None) -> None:
    """When to come again: at the next of the times, or `later` where this look failed."""
    document.refresh_from_db()
    now = timezone.now()
    began = document.published_at or document.first_seen_at
    if later is None:
        Document.objects.filter(pk=document.pk).update(recheck_at=next_time(document, now), rechecks=F("rechecks") + 1)
    else:
        Document.objects.filter(pk=document.pk).update(recheck_at=later if now - began < GIVE_UP else None)
