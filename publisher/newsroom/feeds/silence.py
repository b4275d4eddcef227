"""Silence: a source that usually brings something brings nothing, or cannot be read for a day. Settles itself."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby, islice

from django.db.models import Max, QuerySet
from django.utils import timezone

from publisher import config
from publisher.enums import AlarmKind, Precision, SourceKind
from publisher.errors import StaleState
from publisher.models import Alarm, Sighting, Source
from publisher.newsroom.alerts import alarms
from publisher.newsroom.feeds import rhythm
from publisher.newsroom.feeds.rhythm import Moment, Rhythm
from publisher.newsroom.record import audit

FAILING_AFTER = timedelta(hours=24)
"""Without a good look at a source; shorter troubles pass by themselves and are shown beside the source."""
TOO_SOON = timedelta(hours=6)
"""A shorter silence is none, however much a source brings: its rhythm is not even looked at."""
BATCH = 500
MOST_BATCHES = 4
"""In one round; sources beyond that have their turn in the next."""
NEVER = datetime.max.replace(tzinfo=UTC)
_NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)


@dataclass(frozen=True, slots=True)
class _Learned:
    """What is known of a source until it brings something again."""

    shown_at: datetime
    """When it last showed a document that it had not shown before."""
    last_at: datetime
    """When it last brought something: for what stood there at first sight, when that was published."""
    overdue_at: datetime
    usual: Rhythm | None
    """None while too little has come to tell."""


_learned: dict[int, _Learned] = {}
"""By source. Only a saving: what is not here is learned anew from the rows."""


def look(now: datetime | None = None) -> None:
    """Raise and settle the alarms of all sources. What a person has closed stays closed until something comes."""
    now = now or timezone.now()
    watched = Source.objects.filter(active=True, sample=False).exclude(kind=SourceKind.CALENDAR)
    sources = {source.pk: source for source in watched}
    open_alarms = {alarm.source_id: alarm for alarm in _alarms().filter(closed_at=None)}
    failing = {pk: source for pk, source in sources.items() if is_failing(source, now)}
    silent = _silent([source for source in sources.values() if not source.failures], now)
    closed = _closed_by_people([*failing, *silent])
    for pk, source in failing.items():
        since = source.last_success_at or source.created_at
        if closed.get(pk, since) <= since:
            params = {"time": in_words(now - since), "problem": source.problem}
            alarms.raise_alarm(AlarmKind.SILENCE, "alarm.failing", source=source, params=params)
    for pk, learned in silent.items():
        source = sources[pk]
        assert source.last_success_at is not None
        assert learned.usual is not None
        if closed.get(pk, learned.last_at) <= learned.last_at:
            params = {"usual": _usually(learned.usual), "time": in_words(source.last_success_at - learned.last_at)}
            alarms.raise_alarm(AlarmKind.SILENCE, "alarm.silence", source=source, params=params)
    for source_id, alarm in open_alarms.items():
        found = sources.get(source_id) if source_id else None
        if found is None:
            _close(alarm, "The source is no longer watched.")
        elif not found.failures and found.pk not in silent:
            _close(alarm, "The source brings what it usually does again.")


def is_failing(source: Source, now: datetime) -> bool:
    """Whether no look at the source went well for a day."""
    return source.failures > 0 and (source.last_success_at or source.created_at) <= now - FAILING_AFTER


def in_words(time: timedelta) -> str:
    """48 hours, 9 days."""
    hours = int(time.total_seconds() // 3600)
    return f"{hours} hours" if hours < 72 else f"{hours // 24} days"


def _usually(usual: Rhythm) -> str:
    a_day = round(usual.per_working_day)
    return f"{_number(a_day)} a day" if a_day >= 1 and usual.per_week >= 4 else _how_often(usual.per_week)


def _how_often(per_week: float) -> str:
    if per_week >= 50:
        return f"about {round(per_week / 7)} a day"
    if per_week >= 0.75:
        return f"about {_number(round(per_week))} a week"
    if per_week >= 0.15:
        return f"about {_number(round(per_week * 52 / 12))} a month"
    return f"about {_number(max(round(per_week * 52), 1))} a year"


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


# --- finding the silent ones ------------------------------------------------------------------------------------------


def _silent(sources: list[Source], now: datetime) -> dict[int, _Learned]:
    """Those of `sources` that are silent. Silence is measured up to the last good look: later, nobody has looked."""
    shown = dict(
        Sighting.objects.filter(first_seen_at__gte=now - rhythm.LONG_WINDOW)
        .order_by()
        .values_list("source_id")
        .annotate(Max("first_seen_at"))
    )
    unknown = [source for source in sources if source.pk in shown and _must_be_learned(source, shown[source.pk])]
    unknown.sort(key=lambda source: shown[source.pk])
    _learn(unknown[: BATCH * MOST_BATCHES], shown, now)
    found = {}
    for source in sources:
        learned = _learned.get(source.pk)
        if learned is None or learned.shown_at != shown.get(source.pk) or source.last_success_at is None:
            continue
        if source.last_success_at >= learned.overdue_at:
            found[source.pk] = learned
    return found


def _must_be_learned(source: Source, shown_at: datetime) -> bool:
    learned = _learned.get(source.pk)
    if learned is not None and learned.shown_at == shown_at:
        return False
    return source.last_success_at is not None and source.last_success_at - shown_at >= TOO_SOON


def _learn(sources: list[Source], shown: dict[int, datetime], now: datetime) -> None:
    waiting = iter(sources)
    while batch := list(islice(waiting, BATCH)):
        moments = dict(_moments([source.pk for source in batch], now))
        for source in batch:
            came = moments.get(source.pk, [])
            usual = rhythm.learn(came, config.get().zone)
            if usual is None:
                _learned[source.pk] = _Learned(shown[source.pk], shown[source.pk], NEVER, None)
                continue
            due = rhythm.overdue_at(usual, came)
            _learned[source.pk] = _Learned(shown[source.pk], came[-1].at, due, usual)


def _moments(source_ids: Iterable[int], now: datetime) -> Iterator[tuple[int, list[Moment]]]:
    """By source: when its documents came, oldest first. What stood there at first sight came when it was published."""
    rows = (
        Sighting.objects.filter(source_id__in=source_ids, first_seen_at__gte=now - rhythm.LONG_WINDOW)
        .order_by("source_id", "document_id", "first_seen_at")
        .values_list(
            "source_id",
            "document_id",
            "first_seen_at",
            "document__baseline",
            "document__published_at",
            "document__precision",
        )
    )
    for source_id, group in groupby(rows.iterator(chunk_size=5000), key=lambda row: row[0]):
        came, last = [], None
        for _, document_id, shown_at, baseline, published_at, precision in group:
            if document_id == last:
                continue  # the same in another language
            last = document_id
            if not baseline:
                came.append(Moment(shown_at))
            elif published_at is not None and published_at <= now:
                came.append(Moment(published_at, Precision(precision)))
        yield source_id, sorted(came, key=lambda moment: moment.at)


def _alarms() -> "QuerySet[Alarm]":
    return Alarm.objects.filter(kind=AlarmKind.SILENCE, source__isnull=False, document=None)


def _closed_by_people(source_ids: list[int]) -> dict[int, datetime]:
    """When an alarm that a person has closed since was raised last, by source."""
    closed = _alarms().filter(source_id__in=source_ids, closed_at__isnull=False).exclude(closed_by=audit.SERVICE)
    return dict(closed.order_by().values_list("source_id").annotate(Max("raised_at")))


def _close(alarm: Alarm, outcome: str) -> None:
    with suppress(StaleState):  # a person closed it at this moment
        alarms.close(alarm.pk, audit.SERVICE, outcome)
