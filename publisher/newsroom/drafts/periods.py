"""Sensitive periods: while one stands, what a rule would send by itself waits for a person, with the reason shown."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from publisher import messages
from publisher.enums import DocumentKind
from publisher.errors import InvalidInput, StaleState
from publisher.models import Channel, Post, SensitivePeriod, User
from publisher.newsroom import access
from publisher.newsroom.drafts import take_back, topics
from publisher.newsroom.record import audit
from publisher.types import Entry, entry_from_json


def add(
    user: User,
    *,
    name: str,
    starts_at: datetime,
    ends_at: datetime,
    channel_ids: Sequence[int] = (),
    kinds: Sequence[str] = (),
    words: Sequence[str] = (),
) -> SensitivePeriod:
    """From `starts_at` until `ends_at`, on these channels, for these kinds, about these words; none takes all.

    It only makes things stricter, so whoever may stop may set one.
    """
    access.require(user, "stop")
    if not name.strip():
        raise InvalidInput("period.name_missing")
    if ends_at <= starts_at or ends_at <= timezone.now():
        raise InvalidInput("period.times")
    unknown = [kind for kind in kinds if kind not in {str(known) for known in DocumentKind}]
    if unknown:
        raise InvalidInput("rule.unknown_kind", kind=unknown[0], known=", ".join(DocumentKind))
    for missing in {*channel_ids} - {*Channel.objects.in_bulk(channel_ids)}:
        raise InvalidInput("channel.unknown", id=missing)
    with transaction.atomic():
        made = SensitivePeriod.objects.create(
            name=name.strip()[:200],
            starts_at=starts_at,
            ends_at=ends_at,
            kinds=list(kinds),
            words=topics.cleaned(words),
            set_by=user.email,
        )
        made.channels.set(channel_ids)
        told = {"from": starts_at.isoformat(), "until": ends_at.isoformat(), "channels": list(channel_ids)}
        data = told | {"kinds": made.kinds, "words": made.words}
        audit.record(user.email, "period", made.pk, "set", reason=made.name, data=data)
        _take_back(made)
    return made


def end(period_id: int, user: User) -> SensitivePeriod:
    """It is over now. What waits in review still waits for a person. Who may not approve may not end it."""
    access.require(user, "approve")
    with transaction.atomic():
        made = SensitivePeriod.objects.select_for_update(of=("self",)).filter(pk=period_id).first()
        if made is None:
            raise InvalidInput("period.unknown", id=period_id)
        now = timezone.now()
        if made.ends_at <= now:
            raise StaleState("period.over")
        made.ends_at, made.starts_at = now, min(made.starts_at, now)
        made.save(update_fields=["ends_at", "starts_at"])
        audit.record(user.email, "period", made.pk, "end", reason=made.name)
    return made


def coming() -> "QuerySet[SensitivePeriod]":
    """Those that stand, and those to come."""
    return SensitivePeriod.objects.filter(ends_at__gt=timezone.now()).prefetch_related("channels")


def over_lately(limit: int = 20) -> list[SensitivePeriod]:
    """The newest of those that are over."""
    return list(SensitivePeriod.objects.filter(ends_at__lte=timezone.now()).order_by("-ends_at", "-id")[:limit])


def _take_back(made: SensitivePeriod) -> None:
    """What only rules have said yes to, and would go out in the period, waits for a person from now on."""
    now = timezone.now()
    for post in take_back.by_rules_alone(Q(due_at__lt=made.ends_at)):
        assert post.revision is not None
        version = post.revision.version or post.document.current
        if over(post, entry_from_json(version.entry), max(now, post.due_at or now)) is not None:
            take_back.take_back(post, messages.sentence("period.over_it", name=made.name))


def between(since: datetime, until: datetime) -> list[SensitivePeriod]:
    """Those that stand at any moment of this time. Two queries."""
    found = SensitivePeriod.objects.filter(starts_at__lte=until, ends_at__gt=since)
    return list(found.prefetch_related("channels"))


def over(
    post: Post, entry: Entry, at: datetime, among: Sequence[SensitivePeriod] | None = None
) -> SensitivePeriod | None:
    """The period in whose scope this post would go out at `at`, if any. `among`: as `between` found them."""
    said = f"{entry.title}\n{entry.lead}\n{entry.body}"
    for period in between(at, at) if among is None else among:
        if not period.starts_at <= at < period.ends_at:
            continue
        there = {channel.pk for channel in period.channels.all()}
        if there and post.channel_id not in there:
            continue
        if period.kinds and post.document.kind not in period.kinds:
            continue
        if not period.words or topics.mentions(period.words, said):
            return period
    return None
