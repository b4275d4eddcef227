"""What a visit leaves in a source's row: how it went, what the server asked for, when to come again."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from publisher.enums import SourceStatus
from publisher.errors import FetchError
from publisher.models import Source
from publisher.newsroom import audit
from publisher.watch.fetch import Fetched
from publisher.watch.reading import Reading
from publisher.watch.schedule import INTERVAL, next_check


def went_well(source: Source, answer: Fetched, reading: Reading | None = None) -> None:
    """The answer was understood (or there was nothing new). `reading` is None where nothing had to be read."""
    changes: dict[str, object] = {} if reading is None else {"items": list(reading.items)}
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
            source.url, answer.fetched_at, interval=_interval(source), not_before=answer.not_before
        ),
        **changes,
    )


def went_wrong(source: Source, error: FetchError) -> None:
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
                source.url, now, interval=_interval(source), failures=failures, not_before=error.retry_after
            ),
        )
        if gone:
            audit.record(audit.SERVICE, "source", source.pk, "stop", reason=error.sentence)


def _interval(source: Source) -> timedelta:
    return timedelta(seconds=source.interval) if source.interval else INTERVAL
