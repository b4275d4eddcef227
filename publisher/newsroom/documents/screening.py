"""Screening: whether what an answer brings may be taken as news. What may not waits for a person, remembered.

| What is seen | What it may mean | What is done |
| --- | --- | --- |
| most of a known source is suddenly new | a new web site, other guids | remembered, alarm MASS_CHANGE |
| news after a week away, or more than 20 after a day | a long outage, a paused source | remembered, alarm MASS_CHANGE |
| nothing of what was shown last time | something may have been missed | taken in, alarm GAP; the archive is asked |
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from publisher.enums import AlarmKind, Origin, SourceKind
from publisher.errors import InvalidInput
from publisher.models import Alarm, Document, Sighting, Source, User
from publisher.newsroom import access
from publisher.newsroom.alerts import alarms
from publisher.newsroom.documents import intake
from publisher.newsroom.documents.sifting import Found
from publisher.newsroom.drafts import drafting
from publisher.newsroom.record import audit
from publisher.watch.reading import Reading

MOSTLY = 0.6
"""The part of a source that must be new before that is a mass change …"""
AT_LEAST = 5
"""… and the least number of entries for it."""
LONG_AWAY = timedelta(days=7)
"""Whatever is new after this long without an answer is no news any more."""
AWAY = timedelta(days=1)
MISSED = 20
"""More new entries than this after more than AWAY are no news either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What must be known of a source and its answer to judge the answer as a whole."""

    shown: int
    """Items that it shows, known or not."""
    overlaps: bool
    """Something in it was there before."""
    single: bool = False
    """It shows one item at a time."""
    known: bool
    """The source has shown something before."""
    away: timedelta
    """Since its last good answer."""
    per_week: float | None
    calendar: bool = False


def situation(source: Source, reading: Reading, found: Sequence[Found], now: datetime) -> Situation:
    last = source.last_success_at or source.baseline_at or now
    before = set(source.items)
    overlaps = any(item in before for item in reading.items) or any(each.known is not None for each in found)
    known = bool(before) or overlaps or Sighting.objects.filter(source=source).exists()
    return Situation(
        shown=max(len(reading.items), len(found)),
        overlaps=overlaps,
        single=len(reading.items) == len(source.items) == 1,
        known=known,
        away=now - last,
        per_week=source.per_week,
        calendar=source.kind == SourceKind.CALENDAR,
    )


def why_not_news(news: Sequence[Found], at: Situation, now: datetime) -> str:
    """The sentence's key for why these new entries must wait for a person; blank when they are news. Pure."""
    if not at.known or at.calendar or not news:
        return ""
    if at.away > LONG_AWAY or (at.away > AWAY and len(news) > MISSED):
        return "alarm.after_outage"
    if len(news) >= AT_LEAST and len(news) > MOSTLY * at.shown and not _is_busy(news, at, now):
        return "alarm.mass_change"
    return ""


def is_gap(at: Situation) -> bool:
    """Nothing of what the last answer showed is in this one. Where there is one item at a time, that is so by nature.
    Pure."""
    return at.known and at.shown > 0 and not (at.overlaps or at.single or at.calendar)


def _is_busy(news: Sequence[Found], at: Situation, now: datetime) -> bool:
    """Whether so much news is like this source: all dated since the last look, at times of their own, and no more than
    three times what it usually brings in such a time.
    """
    if at.per_week is None:
        return False
    dates = [each.entry.published_at for each in news]
    since = now - at.away - timedelta(hours=1)
    fresh = all(date is not None and since <= date <= now + timedelta(hours=1) for date in dates)
    return fresh and len(set(dates)) == len(dates) and len(news) <= 3 * at.per_week * (at.away / timedelta(days=7))


def quarantine(
    source: Source, news: Sequence[Found], why: str, *, shown: int, fetched_at: datetime, fetched_from: str
) -> list[int]:
    """Remember these and raise the alarm that offers to queue them, in one transaction. Gives their ids."""

    def also(ids: list[int]) -> None:
        waiting = alarms.standing(AlarmKind.MASS_CHANGE, source=source)
        documents = [*(waiting.data.get("documents", ()) if waiting else ()), *ids]
        alarms.raise_alarm(
            AlarmKind.MASS_CHANGE,
            why,
            source=source,
            params={"source": source.name, "count": len(documents), "shown": shown},
            data={"documents": documents},
        )
        audit.record(audit.SERVICE, "source", source.pk, "quarantine", data={"documents": ids})

    return intake.remember(source, news, fetched_at=fetched_at, fetched_from=fetched_from, also=also)


def tell_gap(source: Source) -> None:
    alarms.raise_alarm(AlarmKind.GAP, "alarm.gap", source=source, params={"source": source.name})


def queue_remembered(alarm_id: int, user: User) -> list[int]:
    """Have what an alarm holds drafted for review, never automatically; closes the alarm. Gives the ids."""
    access.require(user, "write")
    found = _open(alarm_id)
    documents = _still_remembered(found)
    for document_id in documents:
        drafting.draft_by_hand(document_id, user, why="rule.many_at_once", also_ignored=False)
    alarms.close(alarm_id, user.email, f"{len(documents)} queued for review")
    return documents


def remembered(alarm: Alarm, limit: int) -> list[Document]:
    """The first of what an alarm holds, for a person to look at."""
    return list(Document.objects.filter(pk__in=_still_remembered(alarm)).order_by("-published_at", "-pk")[:limit])


def _open(alarm_id: int) -> Alarm:
    found = Alarm.objects.filter(pk=alarm_id, kind=AlarmKind.MASS_CHANGE, closed_at=None).first()
    if found is None:
        raise InvalidInput("alarm.unknown", id=alarm_id)
    return found


def _still_remembered(alarm: Alarm) -> list[int]:
    ids = alarm.data.get("documents", [])
    return list(
        Document.objects.filter(pk__in=ids, baseline=True)
        .exclude(posts__origin=Origin.RULE)
        .order_by("published_at", "pk")
        .values_list("pk", flat=True)
    )
