"""Credentials that end: the countdown, and telling people 30, 7 and 1 days ahead."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from publisher import config
from publisher.enums import NoticeKind
from publisher.models import Channel, Notice
from publisher.newsroom import channels
from publisher.newsroom.alerts import notify

DAYS = (1, 7, 30)
"""Before the end, people are told; the nearest first."""


@dataclass(frozen=True, slots=True)
class Countdown:
    channel: Channel
    ends_at: datetime
    days: int
    """Whole days that are left; negative when it is over."""

    @property
    def soon(self) -> bool:
        return self.days < DAYS[-1]


def countdown(channel: Channel, now: datetime | None = None) -> Countdown | None:
    """None where the network tells no end."""
    ends_at = channels.identity(channel).expires_at
    if ends_at is None:
        return None
    return Countdown(channel, ends_at, (ends_at - (now or timezone.now())) // timedelta(days=1))


def countdowns(now: datetime | None = None) -> list[Countdown]:
    """Of all channels whose access ends, the nearest first."""
    found = (countdown(channel, now) for channel in Channel.objects.filter(active=True))
    return sorted((each for each in found if each), key=lambda each: each.ends_at)


def look(now: datetime | None = None) -> None:
    """Tell of what ends within 30, 7 or 1 days, once for each. A new end, after reconnecting, counts anew."""
    now = now or timezone.now()
    for each in countdowns(now):
        _forget_earlier_ends(each)
        left = each.ends_at - now
        step = next((days for days in DAYS if left <= timedelta(days=days)), None)
        if step is None or left <= timedelta():
            continue  # what is over is seen by the check of the channel
        notify.tell(
            _cause(each, step),
            NoticeKind.EXPIRING,
            "notice.expiring_tomorrow" if each.days < 1 else "notice.expiring",
            subject=each.channel.name,
            params={"channel": each.channel.name, "date": day(each.ends_at), "days": each.days},
            link="/channels/",
        )


def day(at: datetime) -> str:
    """A date on the newsroom's calendar, as a message writes it."""
    return at.astimezone(config.get().zone).strftime("%-d %B %Y")


def _cause(each: Countdown, step: int) -> str:
    return f"channel:{each.channel.pk}:ends:{each.ends_at:%Y-%m-%dT%H:%M}:{step}"


def _forget_earlier_ends(each: Countdown) -> None:
    with transaction.atomic():
        earlier = Notice.objects.filter(cause__startswith=f"channel:{each.channel.pk}:ends:", over_at=None)
        notify.over(*earlier.exclude(cause__in=[_cause(each, step) for step in DAYS]).values_list("cause", flat=True))
