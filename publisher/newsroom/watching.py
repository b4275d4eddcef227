"""Watching: ask the sources that are due, take in what is new, draft it. One failing source never stops another."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from publisher import config
from publisher.enums import SourceStatus
from publisher.errors import FetchError, PublisherError
from publisher.models import Document, Source
from publisher.newsroom import audit, drafting, engine, intake
from publisher.watch.feed import parse
from publisher.watch.fetch import Fetched, Request, Validators, fetch_many, user_agent
from publisher.watch.schedule import next_check

log = logging.getLogger(__name__)

AT_ONCE = 500
"""Sources in one round; the rest wait for the next."""


def something_is_due() -> bool:
    return Source.objects.filter(active=True, next_check_at__lte=timezone.now()).exists()


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
    claimed = []
    due = Source.objects.filter(active=True, next_check_at__lte=now).order_by("next_check_at")
    for source in (due if only is None else due.filter(pk=only.pk))[:AT_ONCE]:
        later = now + timedelta(seconds=source.interval)
        mine = Source.objects.filter(pk=source.pk, next_check_at=source.next_check_at).update(next_check_at=later)
        if mine:
            claimed.append(source)
    return poll(claimed)


def poll(sources: Iterable[Source]) -> list[dict[str, Any]]:
    """Ask these sources now, whatever their time. Gives what each brought: id, name, status, problem, new, changed."""
    asked = list(sources)
    requests = [Request(source.url, Validators(source.etag, source.last_modified)) for source in asked]
    answers = fetch_many(requests, agent=user_agent(config.get().contact))
    found = []
    for source, answer in zip(asked, answers, strict=True):
        if engine.stopping.is_set():
            break
        found.append(_take(source, answer))
    return found


def _take(source: Source, answer: Fetched | FetchError) -> dict[str, Any]:
    stored = intake.Stored()
    error: PublisherError | None = None
    try:
        if isinstance(answer, FetchError):
            raise answer
        if answer.status is SourceStatus.OK:
            feed = parse(answer.body, answer.content_type, answer.url)
            entries = [replace(entry, source=source.url) for entry in feed.entries]
            stored = intake.take_in(source, entries, fetched_at=answer.fetched_at, fetched_from=answer.url)
        _went_well(source, answer)
        status = answer.status
    except FetchError as failure:
        error, status = failure, SourceStatus(failure.status)
        _went_wrong(source, failure)
    except Exception as failure:  # one source must not stop the others; it is logged and shown
        log.exception("source %s could not be taken in", source.pk)
        error = FetchError("source.not_stored", type(failure).__name__, status=SourceStatus.ERROR)
        status = SourceStatus.ERROR
        _went_wrong(source, error)
    for document_id in (*stored.to_draft, *stored.changed):
        if engine.stopping.is_set():
            break  # the documents are stored; the sweep drafts them after the next start
        _draft(document_id, changed=document_id in stored.changed)
    return {
        "id": source.pk,
        "name": source.name,
        "status": status.value,
        "problem": error.sentence if error else "",
        "new": len(stored.new),
        "changed": len(stored.changed),
    }


def _draft(document_id: int, *, changed: bool) -> None:
    try:
        if changed:
            drafting.redraft(document_id)
        else:
            drafting.draft(document_id)
    except Exception:  # the document is stored; the sweep drafts it again
        log.exception("document %s could not be drafted now", document_id)


def _went_well(source: Source, answer: Fetched) -> None:
    Source.objects.filter(pk=source.pk).update(
        etag=answer.validators.etag,
        last_modified=answer.validators.last_modified,
        status=answer.status,
        problem="",
        diagnostic="",
        failures=0,
        last_checked_at=answer.fetched_at,
        last_success_at=answer.fetched_at,
        next_check_at=next_check(
            source.url,
            answer.fetched_at,
            interval=timedelta(seconds=source.interval),
            not_before=answer.not_before,
        ),
    )


def _went_wrong(source: Source, error: FetchError) -> None:
    now = timezone.now()
    failures = source.failures + 1
    gone = error.status == SourceStatus.GONE
    with transaction.atomic():
        Source.objects.filter(pk=source.pk).update(
            status=error.status,
            problem=error.sentence,
            diagnostic=error.diagnostic[:2000],
            failures=failures,
            last_checked_at=now,
            active=source.active and not gone,
            next_check_at=next_check(
                source.url,
                now,
                interval=timedelta(seconds=source.interval),
                failures=failures,
                not_before=error.retry_after,
            ),
        )
        if gone:
            audit.record(audit.SERVICE, "source", source.pk, "stop", reason=error.sentence)
