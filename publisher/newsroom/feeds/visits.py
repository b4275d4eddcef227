"""What a visit leaves in a source's row: how it went, what the server asked for, when to come again."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from publisher.enums import AlarmKind, SourceKind, SourceStatus
from publisher.errors import FetchError
from publisher.models import Alarm, Source
from publisher.newsroom import rows
from publisher.newsroom.feeds import layouts, moves, pace, push
from publisher.watch.fetch import Fetched, Request, Validators
from publisher.watch.reading import Reading
from publisher.watch.schedule import interval_of, next_check
from publisher.watch.waiting import hint

HALVED_FOR = timedelta(days=7)
"""How long a source is looked at twice as often after something may have been missed."""


def request(source: Source) -> Request:
    """The next polite request: with the validators for the address that gave them."""
    return Request(source.url, Validators(source.etag, source.last_modified), source.answered_from)


def is_known(source: Source, answer: Fetched) -> bool:
    """Whether these very bytes were understood before: a server without validators sends them again and again."""
    return bool(source.body_hash) and source.body_hash == _digest(answer)


@dataclass(frozen=True, slots=True)
class Visit:
    """One look that went well. `reading` is None where nothing had to be read."""

    source: Source
    answer: Fetched
    reading: Reading | None = None


def went_well(source: Source, answer: Fetched, reading: Reading | None = None) -> None:
    """The answer was understood (or there was nothing new)."""
    all_went_well([Visit(source, answer, reading)])


def all_went_well(visits: Sequence[Visit]) -> None:
    """Many such looks at once: nearly all find nothing new, and what they leave differs in times only."""
    now, ids = timezone.now(), [visit.source.pk for visit in visits]
    halved, pushed = _with_gaps(ids, now), push.trusted(ids, now)
    with transaction.atomic():
        changes = [(visit.source.pk, _changes(visit, halved, pushed)) for visit in visits]
        rows.update(Source, changes)
        for visit in visits:
            if visit.reading is not None and visit.source.kind == SourceKind.LISTING:
                layouts.mended(visit.source)


def _changes(visit: Visit, halved: Container[int], pushed: Container[int]) -> dict[str, object]:
    """What differs in the source's row after a visit."""
    source, answer, reading = visit.source, visit.answer, visit.reading
    seen_today = _seen_today(source, answer.fetched_at)
    moved = moves.seen(source, answer)  # first: where it has moved, its address is another one now
    new = {**_fine(source, answer), **moved}
    if reading is not None:
        new["items"] = list(reading.items)
    if answer.status is SourceStatus.OK:
        source.patience = _seconds(answer)
        source.hint = int(hint(answer.body).total_seconds())
        new |= {"body_hash": _digest(answer), "patience": source.patience, "hint": source.hint}
    if reading is not None or source.per_week is None or not seen_today:
        source.per_week = pace.per_week(source, answer.fetched_at)
        new["per_week"] = source.per_week
    is_halved, is_pushed = source.pk in halved, source.pk in pushed
    due = _next_check(source, answer.fetched_at, answer.not_before, halved=is_halved, pushed=is_pushed)
    return {**new, "next_check_at": due, "last_checked_at": answer.fetched_at, "last_success_at": answer.fetched_at}


def _fine(source: Source, answer: Fetched) -> dict[str, object]:
    """What says that all is well, without what the row said before: then it is the same for nearly all."""
    fine = {
        "etag": answer.validators.etag,
        "last_modified": answer.validators.last_modified,
        "answered_from": answer.url if answer.url != source.url else "",
        "status": answer.status.value,
        "problem": "",
        "diagnostic": "",
        "failures": 0,
    }
    return {name: value for name, value in fine.items() if getattr(source, name) != value}


def went_wrong(source: Source, error: FetchError) -> None:
    now = timezone.now()
    if error.key == "source.held":  # it was not asked: nothing is known of it that was not known before
        Source.objects.filter(pk=source.pk).update(next_check_at=_next_check(source, now, error.retry_after))
        return
    failures = source.failures + 1
    # A server that asks us to wait is well, and said when to come: only when it goes on do we ask less often.
    slower = failures - 1 if error.status == SourceStatus.RATE_LIMITED else failures
    gone = error.status == SourceStatus.GONE
    with transaction.atomic():
        if moves.lost(source, error):
            return
        Source.objects.filter(pk=source.pk).update(
            status=error.status,
            problem=error.sentence,
            diagnostic=error.diagnostic[:2000],
            failures=failures,
            last_checked_at=now,
            active=source.active and not gone,
            next_check_at=_next_check(source, now, error.retry_after, slower),
        )
        if gone:
            moves.ended(source, error)
        layouts.noticed(source, error)


def _next_check(
    source: Source,
    now: datetime,
    not_before: datetime | None,
    failures: int = 0,
    *,
    halved: bool | None = None,
    pushed: bool | None = None,
) -> datetime:
    """By a person's interval if there is one, else by the source's rhythm and its own hint; by the server first."""
    if source.patience and not failures:
        patient = now + timedelta(seconds=source.patience)
        not_before = max(not_before or patient, patient)
    if source.interval:
        interval = timedelta(seconds=source.interval)
    else:
        halved = bool(_with_gaps([source.pk], now)) if halved is None else halved
        pushed = bool(push.trusted([source.pk], now)) if pushed is None else pushed
        interval = interval_of(source.url, now, per_week=source.per_week, halved=halved)
        interval = push.stretched(max(interval, timedelta(seconds=source.hint)), pushed=pushed)
    adaptive = not (source.interval or source.hint)
    return next_check(source.url, now, interval=interval, failures=failures, not_before=not_before, adaptive=adaptive)


def _with_gaps(sources: Iterable[int], now: datetime) -> set[int]:
    """Those that may have missed something not long ago."""
    gaps = Alarm.objects.filter(source__in=list(sources), kind=AlarmKind.GAP, raised_at__gt=now - HALVED_FOR)
    return {source for source in gaps.values_list("source_id", flat=True) if source is not None}


def _seen_today(source: Source, now: datetime) -> bool:
    return source.last_checked_at is not None and source.last_checked_at.date() == now.date()


def _seconds(answer: Fetched) -> int:
    return int((answer.not_before - answer.fetched_at).total_seconds()) if answer.not_before else 0


def _digest(answer: Fetched) -> str:
    return sha256(answer.body).hexdigest()
