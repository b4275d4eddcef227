"""When a channel may send: the minutes between two posts, the posts of a day, and its best hours.

The clock of all this has no seconds: a post of 14:20:40 and one of 14:35:00 are fifteen minutes apart.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.db.models.functions import Coalesce, Greatest

from publisher import config
from publisher.enums import Outcome, PostState
from publisher.models import Attempt, Channel, Post

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MORNING = time(8)
"""When the next day begins for what the number of a day has put off, where the channel names no best hours."""
MINUTE = timedelta(minutes=1)
BEGUN = ("", Outcome.PUBLISHED, Outcome.PENDING, Outcome.UNCERTAIN)
"""Attempts that brought a post out, or may have."""
LOOK_AHEAD = 400
"""Days in which a best hour is looked for."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What a channel asks for, as values: everything below is pure."""

    spacing: timedelta
    daily: int
    """0 = as many as there are."""
    slots: Mapping[str, Iterable[str]]
    """Best hours by weekday, as `Channel.slots` keeps them."""
    zone: ZoneInfo

    @classmethod
    def of(cls, channel: Channel) -> "Rhythm":
        return cls(timedelta(minutes=channel.spacing), channel.daily_cap, channel.slots, config.get().zone)

    def hours(self, day: date) -> list[datetime]:
        """The best hours of one day, first to last (UTC, in which alone hours can be added)."""
        named = self.slots.get(WEEKDAYS[day.weekday()], ())
        return sorted(self._at(day, time.fromisoformat(hour)) for hour in named)

    def opens(self, day: date) -> datetime:
        """When the first post of a day may go out that another day has put off to it."""
        return next(iter(self.hours(day)), self._at(day, MORNING))

    def best(self, moment: datetime) -> Iterator[datetime]:
        """The best hours from `moment` on."""
        first = moment.astimezone(self.zone).date()
        for ahead in range(LOOK_AHEAD):
            yield from (hour for hour in self.hours(first + timedelta(days=ahead)) if hour >= moment)

    def _at(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, self.zone).astimezone(UTC)


@dataclass(slots=True)
class Taken:
    """The moments at which posts went out on a channel, or are to."""

    rhythm: Rhythm
    minutes: list[datetime]
    days: Counter[date] = field(init=False)

    def __post_init__(self) -> None:
        self.minutes = sorted(map(_minute, self.minutes))
        self.days = Counter(at.astimezone(self.rhythm.zone).date() for at in self.minutes)

    def first_fit(self, moment: datetime) -> datetime:
        """The first moment from `moment` on with room before and after it, on a day with room."""
        at = moment.astimezone(UTC)
        while True:
            fits = max(self._day_fits(at), at)
            fits = max(self._space_fits(fits), fits)
            if fits == at:
                return at
            at = fits

    def is_free(self, moment: datetime) -> bool:
        """Whether that very moment fits, and nothing is to go out in its minute."""
        minute = _minute(moment)
        index = bisect_right(self.minutes, minute) - 1
        return self.first_fit(moment) == moment and (index < 0 or self.minutes[index] != minute)

    def _day_fits(self, at: datetime) -> datetime:
        day = at.astimezone(self.rhythm.zone).date()
        if not self.rhythm.daily or self.days[day] < self.rhythm.daily:
            return at
        while self.days[day] >= self.rhythm.daily:
            day += timedelta(days=1)
        return self.rhythm.opens(day)

    def _space_fits(self, at: datetime) -> datetime:
        """The end of the space around the posts near `at`; `at` itself where none is near."""
        spacing, minute = self.rhythm.spacing, _minute(at)
        index = bisect_right(self.minutes, minute - spacing)
        while index < len(self.minutes) and self.minutes[index] < minute + spacing:
            at = minute = self.minutes[index] + spacing
            index = bisect_right(self.minutes, minute - spacing)
        return at


def earliest(channel: Channel, moment: datetime, *, besides: Post | None = None) -> datetime:
    """The first moment from `moment` on for another post on this channel: its next free best hour, or where it names
    none the first one that leaves enough space and stays within the number of the day.

    What is out, on its way or scheduled there counts; `besides` does not (the post that the moment is for). The channel
    is not locked: who writes the moment down calls `lock` first, in the same transaction.
    """
    rhythm = Rhythm.of(channel)
    taken = Taken(rhythm, [*sent(channel, moment), *scheduled(channel, besides)])
    hours = (hour for hour in rhythm.best(moment) if taken.is_free(hour))
    return next(hours, None) or taken.first_fit(moment)


def room(post: Post, moment: datetime) -> datetime:
    """When `post`, which is due, may go out by its channel's spacing and number of the day: `moment`, or later.

    What is out or on its way counts, and what waits before it in the queue; so each that waits has a place of its own.
    """
    taken = [*sent(post.channel, moment), *ahead(post, moment)]
    return Taken(Rhythm.of(post.channel), taken).first_fit(moment)


def lock(channel_id: int) -> Channel:
    """The channel with its row locked: who looks for room and takes it does both behind this lock.

    It does not stand in the way of those who only refer to the channel.
    """
    return Channel.objects.select_for_update(of=("self",), no_key=True).get(pk=channel_id)


def sent(channel: Channel, moment: datetime) -> list[datetime]:
    """When posts went out, or may have, within the spacing before `moment` and on its day. A thread is one post; new
    words for one that is out are none."""
    zone = config.get().zone
    midnight = datetime.combine(moment.astimezone(zone).date(), time(), zone)
    since = min(midnight, moment - timedelta(minutes=channel.spacing + 1))
    begun = Attempt.objects.filter(started_at__gte=since, part=0, outcome__in=BEGUN)
    return list(begun.filter(post__channel=channel, post__edits=None).values_list("started_at", flat=True))


def scheduled(channel: Channel, besides: Post | None = None) -> list[datetime]:
    """The moments for which posts are approved."""
    found = channel.posts.filter(state=PostState.SCHEDULED, edits=None)
    if besides is not None:
        found = found.exclude(pk=besides.pk)
    return list(found.annotate(at=_place()).values_list("at", flat=True))


def ahead(post: Post, moment: datetime) -> list[datetime]:
    """The places of the posts that wait before this one: due earlier, and put off to a moment still to come."""
    before = Q()  # a post that is not scheduled yet would come last
    if post.state == PostState.SCHEDULED:
        before = Q(due_at__lt=post.due_at) | Q(due_at=post.due_at, pk__lt=post.pk)
    found = post.channel.posts.filter(before, state=PostState.SCHEDULED, edits=None, not_before__gt=moment)
    return list(found.annotate(at=_place()).values_list("at", flat=True))


def _place() -> Greatest:
    return Greatest("due_at", Coalesce("not_before", "due_at"))


def _minute(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)
