"""The daily digest: how things stand, at an hour of the newsroom's day. Written once a day, whoever asks."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from publisher import config
from publisher.enums import ChannelHealth, HoldScope, NoticeKind, PostState
from publisher.models import Alarm, Channel, Hold, Notice, Post, Source
from publisher.newsroom import expiry
from publisher.newsroom.alerts import notify, outbox
from publisher.newsroom.record import anchors
from publisher.newsroom.sending import by_hand

LATEST = 6
"""Hours after its hour at which a digest that could not be written is no longer of use."""
STATES = (PostState.REVIEW, PostState.SCHEDULED, PostState.FAILED, PostState.UNCERTAIN, PostState.EXPIRED)

Line = tuple[str, dict[str, object]]


def write_due(now: datetime | None = None) -> bool:
    """Write today's digest when its hour has come. Whether it was written now."""
    now = now or timezone.now()
    settings = config.get()
    local = now.astimezone(settings.zone)
    hour = settings.digest_hour
    if hour < 0 or not hour <= local.hour < hour + LATEST:
        return False
    cause = f"digest:{local.date().isoformat()}"
    if Notice.objects.filter(cause=cause).exists():
        return False
    date = expiry.day(now)
    params = {"date": date, "lines": [list(line) for line in lines(now)]}
    notify.tell(cause, NoticeKind.DIGEST, "notice.digest", subject=date, params=params, link="/", wait=timedelta())
    return True


def lines(now: datetime) -> Iterator[Line]:
    """What stands where, most pressing first; what is nought is left out, save what went out and what waits."""
    if Hold.objects.standing().filter(scope=HoldScope.EVERYTHING).exists():
        yield "digest.stopped", {}
    states = {state: Post.objects.filter(state=state).count() for state in STATES}
    for state in (PostState.UNCERTAIN, PostState.FAILED, PostState.EXPIRED):
        yield from _unless_none(f"digest.{state}", states[state])
    yield from _unless_none("digest.by_hand", by_hand.waiting().count())
    yield from _unless_none("digest.alarms", Alarm.objects.filter(closed_at=None).count())
    blocked = Channel.objects.filter(active=True, health=ChannelHealth.BLOCKED)
    yield from _unless_none("digest.blocked", blocked.count())
    yield from _unless_none("digest.sources", Source.objects.filter(active=True).exclude(problem="").count())
    for each in expiry.countdowns(now):
        if each.soon:
            told = {"channel": each.channel.name, "days": max(each.days, 0), "date": expiry.day(each.ends_at)}
            yield "digest.expiring", told
    yield from _unless_none("digest.untold", outbox.waiting_count())
    yield "digest.review", {"count": states[PostState.REVIEW]}
    yield from _unless_none("digest.scheduled", states[PostState.SCHEDULED])
    since = now - timedelta(days=1)
    yield "digest.published", {"count": Post.objects.filter(published_at__gt=since, published_at__lte=now).count()}
    if anchor := anchors.head():
        yield "digest.anchor", {"anchor": anchor.text}


def _unless_none(key: str, count: int) -> Iterator[Line]:
    if count:
        yield key, {"count": count}
