"""How a source is doing: the facts behind the sentence that the desk and the command show. Reading only."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Max
from django.utils import timezone

from publisher.enums import SourceStatus, SubscriptionState
from publisher.models import Alarm, Document, Event, Host, Source, Subscription

PUSH_GRACE = timedelta(hours=1)
"""A push subscription whose lease ended this long ago is no longer counted on."""
_AT_ONCE = timedelta(minutes=1)
"""What a look brings is stored within this time of its answer."""


class Condition(StrEnum):
    """In one word."""

    NEW = "new"
    FINE = "fine"
    HELD = "held"
    """Its host asked us to stay away for a while."""
    FAILING = "failing"
    STOPPED = "stopped"
    """Gone for good, or ended."""
    PAUSED = "paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    condition: Condition
    held_until: datetime | None = None
    next_at: datetime | None = None
    """When it is looked at next; None when it is not."""
    brought: bool = False
    """Whether the last look brought something new."""
    brought_at: datetime | None = None
    """When it last did."""
    first_sight: bool = False
    """Whether the last look was the first."""
    per_day: float | None = None
    """How many documents it usually brings; None while that is not known."""
    pushed: bool = False
    """Whether a hub tells us of what is new."""
    pushed_at: datetime | None = None
    push_problem: str = ""
    """A sentence where the hub of its feed does not do what it should."""
    moves_to: str = ""
    alarms: tuple[Alarm, ...] = ()
    """Those that are open."""
    former: tuple[str, ...] = field(default=())
    """Addresses that it had before."""


def of(source: Source) -> Health:
    return of_all([source])[source.pk]


def of_all(sources: Iterable[Source]) -> dict[int, Health]:
    """The health of each source by its number, in five queries."""
    sources = list(sources)
    now = timezone.now()
    numbers = [source.pk for source in sources]
    named = {source.host for source in sources if source.host}
    held = dict(Host.objects.filter(name__in=named, held_until__gt=now).values_list("name", "held_until"))
    wanted = Subscription.objects.filter(source__in=numbers).exclude(state=SubscriptionState.ENDED)
    pushes = {each.source_id: each for each in wanted}
    new = Document.objects.filter(source__in=numbers, baseline=False).order_by().values("source")
    brought = dict(new.annotate(newest=Max("first_seen_at")).values_list("source", "newest"))
    alarms: dict[int, list[Alarm]] = {}
    for alarm in Alarm.objects.filter(source__in=numbers, document=None, closed_at=None).order_by("-raised_at"):
        alarms.setdefault(alarm.source_id or 0, []).append(alarm)
    moves: dict[int, list[str]] = {}
    for event in Event.objects.filter(subject="source", verb="move", subject_id__in=numbers).order_by("-id"):
        moves.setdefault(event.subject_id, []).append(event.before or str(event.data.get("from", "")))
    return {
        source.pk: _health(
            source,
            held.get(source.host),
            pushes.get(source.pk),
            brought.get(source.pk),
            now,
            tuple(alarms.get(source.pk, ())),
            tuple(filter(None, moves.get(source.pk, ()))),
        )
        for source in sources
    }


def _health(
    source: Source,
    held: datetime | None,
    push: Subscription | None,
    brought_at: datetime | None,
    now: datetime,
    alarms: tuple[Alarm, ...],
    former: tuple[str, ...],
) -> Health:
    looked, first = source.last_checked_at, source.baseline_at
    return Health(
        condition=_condition(source, held),
        held_until=held,
        next_at=source.next_check_at if source.active else None,
        brought=bool(brought_at and looked and brought_at >= looked - _AT_ONCE),
        brought_at=brought_at,
        first_sight=bool(first and looked and first >= looked - _AT_ONCE),
        per_day=None if source.per_week is None else source.per_week / 7,
        pushed=push is not None and _holds(push, now),
        pushed_at=push.pushed_at if push else None,
        push_problem=push.problem if push and source.active else "",
        moves_to=source.moves_to,
        alarms=alarms,
        former=former,
    )


def _holds(push: Subscription, now: datetime) -> bool:
    """Whether the hub has promised pushes, and not so long ago that the promise is over."""
    live = push.lease_until is None or push.lease_until > now - PUSH_GRACE
    return push.state == SubscriptionState.ACTIVE and live


def _condition(source: Source, held: datetime | None) -> Condition:
    if source.status == SourceStatus.GONE:
        return Condition.STOPPED
    if not source.active:
        return Condition.PAUSED
    if held or source.status == SourceStatus.RATE_LIMITED:
        return Condition.HELD
    if source.problem:
        return Condition.FAILING
    return Condition.NEW if source.last_checked_at is None else Condition.FINE
