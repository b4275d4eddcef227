"""What a visit leaves in a source's row: how it went, what the server asked for, when to come again."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast

from django.db import connection, transaction
from django.utils import timezone

from publisher.enums import AlarmKind, SourceKind, SourceStatus
from publisher.errors import FetchError
from publisher.models import Alarm, Source
from publisher.newsroom.feeds import layouts, moves, pace, push
from publisher.watch.fetch import Fetched, Request, Validators
from publisher.watch.reading import Reading
from publisher.watch.schedule import interval_of, next_check
from publisher.watch.waiting import hint

if TYPE_CHECKING:
    from django.db.models import Field

HALVED_FOR = timedelta(days=7)
"""How long a source is looked at twice as often after something may have been missed."""


def request(source: Source) -> Request:
    """The next polite request: with the validators for the address that gave them."""
    return Request(source.url, Validators(source.etag, source.last_modified), source.answered_from)


def is_known(source: Source, answer: Fetched) -> bool:
    """Whether these very bytes were understood before: a server without validators sends them again and again."""
    return bool(source.body_hash) and source.body_hash == _digest(answer)


def went_well(source: Source, answer: Fetched, reading: Reading | None = None) -> None:
    """The answer was understood (or there was nothing new). `reading` is None where nothing had to be read."""
    changes: dict[str, object] = moves.seen(source, answer)
    if reading is not None:
        changes["items"] = list(reading.items)
    if answer.status is SourceStatus.OK:
        source.patience = _seconds(answer)
        source.hint = int(hint(answer.body).total_seconds())
        changes |= {"body_hash": _digest(answer), "patience": source.patience, "hint": source.hint}
    if reading is not None or source.per_week is None or not _seen_today(source, answer.fetched_at):
        source.per_week = pace.per_week(source, answer.fetched_at)
        changes["per_week"] = source.per_week
    Source.objects.filter(pk=source.pk).update(
        next_check_at=_next_check(source, answer.fetched_at, answer.not_before),
        **{**_fine(source, answer), **changes},
    )
    if reading is not None and source.kind == SourceKind.LISTING:
        layouts.mended(source)


def _fine(source: Source, answer: Fetched) -> dict[str, object]:
    return {
        "etag": answer.validators.etag,
        "last_modified": answer.validators.last_modified,
        "answered_from": answer.url if answer.url != source.url else "",
        "status": answer.status,
        "problem": "",
        "diagnostic": "",
        "failures": 0,
        "last_checked_at": answer.fetched_at,
        "last_success_at": answer.fetched_at,
    }


def nothing_new(visits: Sequence[tuple[Source, Fetched]]) -> None:
    """What most visits come to, written in one go: the server says that nothing has changed (304)."""
    now, ids = timezone.now(), [source.pk for source, _ in visits]
    halved, pushed = _with_gaps(ids, now), push.trusted(ids, now)
    rows = []
    for source, answer in visits:
        if answer.moved_to or source.moves_to or not _seen_today(source, answer.fetched_at):
            went_well(source, answer)
            continue
        due = _next_check(
            source,
            answer.fetched_at,
            answer.not_before,
            halved=source.pk in halved,
            pushed=source.pk in pushed,
        )
        rows.append((source.pk, {**_fine(source, answer), "next_check_at": due}))
    if rows:
        _update(rows)


def _update(rows: Sequence[tuple[int, Mapping[str, object]]]) -> None:
    """Write values into the rows of sources; all name the same fields. Django's own way takes ten times as long."""
    table = Source._meta  # noqa: SLF001 (its public name for what a model is made of)
    fields = {name: cast("Field[Any, Any]", table.get_field(name)) for name in rows[0][1]}
    sets = ", ".join(f"{connection.ops.quote_name(str(field.column))} = %s" for field in fields.values())
    values = [[*(fields[name].get_db_prep_save(new[name], connection) for name in fields), pk] for pk, new in rows]
    statement = f"UPDATE {connection.ops.quote_name(table.db_table)} SET {sets} WHERE id = %s"  # noqa: S608 (names of our own columns)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(statement, values)


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
