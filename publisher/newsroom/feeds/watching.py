"""Watching: ask the sources that are due, take in what is new, draft it. One failing source never stops another."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from asgiref.sync import async_to_sync, sync_to_async
from django.db import transaction
from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from publisher.enums import SourceKind, SourceStatus
from publisher.errors import FetchError, PublisherError
from publisher.models import Document, Source
from publisher.newsroom import database, engine
from publisher.newsroom.documents.taking import Brought, bring, complete_from_archive
from publisher.newsroom.feeds import claims, outside, push, visits
from publisher.newsroom.feeds.visits import Visit
from publisher.watch import sitemaps, workbench
from publisher.watch.fetch import Fetched, Web
from publisher.watch.reading import Reading, read_source

log = logging.getLogger(__name__)

PUSH_PATIENCE = 3.0
"""Seconds for each page while a hub waits."""
FURTHEST = timedelta(days=9)
"""No look is planned further ahead: a person may ask for a week between two, which is spread a little."""
AT_ONCE = 500
"""Sources in one round; the rest wait for the next."""


def something_is_due() -> bool:
    return _due(timezone.now()).exists()


def next_due_at() -> datetime | None:
    due: datetime | None = Source.objects.filter(active=True).aggregate(Min("next_check_at"))["next_check_at__min"]
    return due


def active() -> list[Source]:
    return list(Source.objects.filter(active=True).order_by("next_check_at"))


def undrafted(limit: int = 200) -> list[int]:
    """Documents that were stored but not drafted: a worker died in between."""
    since = timezone.now() - timedelta(seconds=30)
    waiting = Document.objects.filter(drafted_at=None, baseline=False, first_seen_at__lt=since)
    return list(waiting.order_by("first_seen_at").values_list("pk", flat=True)[:limit])


def poll_due(only: Source | None = None) -> list[dict[str, Any]]:
    """One round over the sources whose time has come. Each is claimed first, so that two workers never ask twice."""
    now = timezone.now()
    due = _due(now).order_by("next_check_at")
    with transaction.atomic():
        claimed = list((due if only is None else due.filter(pk=only.pk)).select_for_update(skip_locked=True)[:AT_ONCE])
        Source.objects.filter(pk__in=[source.pk for source in claimed]).update(next_check_at=now + claims.LASTS)
    return poll(claimed)


def poll(sources: Iterable[Source]) -> list[dict[str, Any]]:
    """Ask these sources now, whatever their time. Gives what each brought: id, name, status, problem, new, changed."""
    with database.made_again():  # what a visit wrote and a power cut took, the next visit finds again
        return async_to_sync(_poll)(list(sources))


def _due(now: datetime) -> QuerySet[Source]:
    """Those whose time has come, and those whose time nobody can have meant: a clock that was wrong set it."""
    come = Q(next_check_at__lte=now) | Q(next_check_at__gt=now + FURTHEST)
    return Source.objects.filter(come, active=True)


def take(source: Source, answer: Fetched) -> dict[str, Any] | None:
    """Take in an answer that is there already, as if a poll had brought it: what a person has just tried out."""

    async def visit() -> dict[str, Any] | None:
        async with outside.web() as web:
            done = _Done([source])
            found = await _visit(web, source, done, answer)
            await done.write()
            return found

    return async_to_sync(visit)()


def take_pushed(source: Source, answer: Fetched) -> None:
    """Take in what a hub delivered: some entries of the source. Its row keeps the validators and the pace of polls.

    A hub waits for our answer, so pages get little time; one that is not read then is read again soon.
    """

    async def visit() -> None:
        async with outside.web() as web:
            reading = await _read(web, source, answer)
            await bring(web, source, reading, answer, patience=PUSH_PATIENCE, all_at_once=False)

    async_to_sync(visit)()


async def _poll(sources: list[Source]) -> list[dict[str, Any]]:
    done = _Done(sources)
    async with outside.web() as web, claims.kept(done.claim_the_rest):
        found = await asyncio.gather(*(_visit(web, source, done) for source in sources))
        await done.write()
    return [each for each in found if each is not None]


class _Done:
    """The visits of a round that went well, written many at a time: their rows come last, and none waits for one."""

    MANY = 100

    def __init__(self, sources: Iterable[Source]) -> None:
        self._visits: list[Visit] = []
        self._open = {source.pk for source in sources}
        """Those whose rows do not say yet when to come again."""

    def claim_the_rest(self) -> None:
        """No other worker takes them while this round lasts."""
        until = timezone.now() + claims.LASTS
        Source.objects.filter(pk__in=self._open, next_check_at__lt=until).update(next_check_at=until)

    async def add(self, visit: Visit) -> None:
        self._visits.append(visit)
        if len(self._visits) >= self.MANY:
            await self.write()

    async def write(self) -> None:
        written, self._visits = self._visits, []
        if written:
            await sync_to_async(_write)(written)
        self._open -= {visit.source.pk for visit in written}

    async def fail(self, source: Source, failure: FetchError) -> None:
        await sync_to_async(_note)(source, failure)
        self._open.discard(source.pk)


def _write(written: Sequence[Visit]) -> None:
    try:
        visits.all_went_well(written)
    except Exception:
        log.exception("%s visits could not be written down together", len(written))
        for visit in written:  # one source must not stop the others
            try:
                visits.went_well(visit.source, visit.answer, visit.reading)
            except Exception as failure:
                log.exception("the visit to source %s could not be written down", visit.source.pk)
                _note(visit.source, _fault(failure))
    for visit in written:
        try:
            push.notice(visit.source, visit.answer)
        except Exception:
            log.exception("the hub of source %s could not be looked after", visit.source.pk)


def _note(source: Source, failure: FetchError) -> None:
    """Write down that a visit failed. Where that fails too (a locked database), the claim on the source runs out."""
    try:
        visits.went_wrong(source, failure)
    except Exception:  # one source must not stop the others
        log.exception("the failure of source %s could not be written down", source.pk)


def _fault(failure: Exception) -> FetchError:
    return FetchError("source.not_stored", type(failure).__name__, status=SourceStatus.ERROR)


async def _visit(web: Web, source: Source, done: _Done, answer: Fetched | None = None) -> dict[str, Any] | None:
    """One source from request (unless its answer is there already) to queue.

    Rows are read and written in the caller's thread, and so one after another. The source's own row comes last: what
    was not stored is new again at the next visit.
    """
    brought = Brought()
    error: PublisherError | None = None
    try:
        if answer is None:
            answer = await web.get(visits.request(source))
        if engine.stopping.is_set():
            return None
        reading: Reading | None = None
        if answer.status is SourceStatus.OK and not visits.is_known(source, answer):
            reading = await _read(web, source, answer)
            brought = await bring(web, source, reading, answer)
        else:
            await complete_from_archive(web, source, answer, brought)
        if not brought.whole:
            return None
        await done.add(Visit(source, answer, reading))
        status = answer.status
    except FetchError as failure:
        error, status = failure, SourceStatus(failure.status)
        await done.fail(source, failure)
    except Exception as failure:  # one source must not stop the others; it is logged and shown
        log.exception("source %s could not be taken in", source.pk)
        error = fault = _fault(failure)
        status = SourceStatus.ERROR
        await done.fail(source, fault)
    return {
        "id": source.pk,
        "name": source.name,
        "status": status.value,
        "problem": error.sentence if error else "",
        "new": len(brought.new),
        "changed": len(brought.changed),
    }


async def _read(web: Web, source: Source, answer: Fetched) -> Reading:
    is_sitemap = source.kind == SourceKind.SITEMAP
    return await workbench.run(
        read_source,
        SourceKind(source.kind),
        await sitemaps.whole(web, answer, source.last_success_at) if is_sitemap else answer.body,
        content_type=answer.content_type,
        url=answer.url,
        recipe=source.recipe,
        known=source.items,
    )
