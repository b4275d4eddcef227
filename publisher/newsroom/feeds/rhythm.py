"""A source's usual rhythm, learned from when its documents came: how many on which day of the week, at which hours.

Pure. Silence is measured by it: a quiet Sunday counts for little where Sundays are always quiet.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from publisher.enums import Precision

WINDOW = timedelta(weeks=8)
"""How far back from its newest document a source's rhythm is learned …"""
LONG_WINDOW = timedelta(weeks=26)
"""… and where that holds too few documents."""
ENOUGH = 20
"""Documents in the shorter window with which it is used."""
FEWEST = 4
"""Documents below which a source has no rhythm."""
SHORTEST = timedelta(days=10)
"""Between the first document and the last: fewer days tell nothing of weeks."""
ALIKE = 3.0
"""How far a day of the week is taken to be like the others, in weeks: of few documents each falls on some day."""
BY_CHANCE_EVERY = 18.0
"""Weeks: in documents that come by chance, a silence as long as this allows happens once in that time."""
LEAST = 2.0
"""Documents that must be missing before a silence is one, however quiet the source."""
LONGEST_SILENCE = timedelta(days=366)
_FIRST_HOUR, _LAST_HOUR = 9, 18
"""An office's hours, where the documents themselves have days only."""
_FIXED_REST = frozenset({(1, 1), (1, 2), (5, 1), (8, 15), (11, 1), *((12, day) for day in range(24, 32))})
_EASTER_REST = frozenset({-3, -2, 1, 39, 40, 50})
"""Days from Easter: Maundy Thursday, Good Friday, Easter Monday, Ascension and the day after, Whit Monday."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When a document came."""

    at: datetime
    precision: Precision = Precision.INSTANT


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What a source usually brings. Days and hours are those of `zone`."""

    days: tuple[float, ...]
    """Documents on a Monday, …, on a Sunday; holidays count as Sundays."""
    hours: tuple[float, ...]
    """The part of a day's documents that comes in each of its 24 hours."""
    zone: ZoneInfo

    @property
    def per_week(self) -> float:
        return sum(self.days)

    @property
    def per_working_day(self) -> float:
        """Documents on a day on which some usually come."""
        working = [each for each in self.days if each > max(self.days) / 5]
        return sum(working) / len(working) if working else 0.0


def learn(moments: Sequence[Moment], zone: ZoneInfo) -> Rhythm | None:
    """The rhythm of a source that brought something at these moments (oldest first); None while too little is known.

    The time since the last of them does not count, so that a silence does not become the rhythm.
    """
    recent = _within(moments, WINDOW)
    if len(recent) < ENOUGH:
        recent = _within(moments, LONG_WINDOW)
    if len(recent) < FEWEST or recent[-1].at - recent[0].at < SHORTEST:
        return None
    came = Counter(_kind_of_day(moment.at.astimezone(zone).date()) for moment in recent)
    passed = Counter(
        map(_kind_of_day, _dates(recent[0].at.astimezone(zone).date(), recent[-1].at.astimezone(zone).date()))
    )
    # Both ends of the time are documents: n of them tell of n - 1 waits.
    share = (len(recent) - 1) / len(recent)
    days = []
    for group in (range(5), range(5, 7)):
        usual = sum(came[day] for day in group) / max(sum(passed[day] for day in group), 1)
        days += [share * (came[day] + ALIKE * usual) / (passed[day] + ALIKE) for day in group]
    return Rhythm(tuple(days), _hours(recent, zone), zone)


def expected(rhythm: Rhythm, start: datetime, end: datetime) -> float:
    """How many documents usually come between two moments."""
    first, last = start.astimezone(rhythm.zone), end.astimezone(rhythm.zone)
    if last <= first:
        return 0.0
    total = sum(rhythm.days[_kind_of_day(day)] for day in _dates(first.date(), last.date()))
    before = rhythm.days[_kind_of_day(first.date())] * _part_of_day(rhythm, first)
    after = rhythm.days[_kind_of_day(last.date())] * (1 - _part_of_day(rhythm, last))
    return max(total - before - after, 0.0)


def overdue_at(rhythm: Rhythm, moments: Sequence[Moment]) -> datetime:
    """From when on it is a silence that nothing came after the last of `moments` (oldest first).

    As many documents must be missing as are missing by chance once in `BY_CHANCE_EVERY` weeks, were they independent
    of each other (no document while `n` are expected has the probability e^-n); and more than in the second longest
    wait of the past, for in truth they come in bursts, and one long wait may have been a silence itself.
    """
    missing = max(math.log(max(rhythm.per_week, 1e-9) * BY_CHANCE_EVERY), LEAST)
    times = [moment.at for moment in _within(moments, WINDOW)]
    waits = sorted(expected(rhythm, one, other) for one, other in pairwise(times))
    if len(waits) > 1:
        missing = max(missing, waits[-2] * 1.2)
    return _when_missing(rhythm, moments[-1].at, missing)


def _when_missing(rhythm: Rhythm, since: datetime, documents: float) -> datetime:
    """When `documents` are expected to have come since then, to the hour."""
    day = since
    latest = since + LONGEST_SILENCE
    while day < latest and expected(rhythm, since, day + timedelta(days=1)) < documents:
        day += timedelta(days=1)
    hours = (day + timedelta(hours=hour) for hour in range(1, 25))
    return next((hour for hour in hours if expected(rhythm, since, hour) >= documents), latest)


def is_rest(day: date) -> bool:
    """Whether it is a holiday in most of Europe's institutions, whatever the day of the week."""
    return (day.month, day.day) in _FIXED_REST or (day - _easter(day.year)).days in _EASTER_REST


@lru_cache(maxsize=16)
def _easter(year: int) -> date:
    from dateutil.easter import easter  # slow import

    found: date = easter(year)
    return found


def _within(moments: Sequence[Moment], window: timedelta) -> list[Moment]:
    return [moment for moment in moments if moment.at >= moments[-1].at - window]


@lru_cache(maxsize=4096)
def _kind_of_day(day: date) -> int:
    """0 for a Monday … 6 for a Sunday or a holiday."""
    return 6 if is_rest(day) else day.weekday()


def _dates(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _hours(moments: Sequence[Moment], zone: ZoneInfo) -> tuple[float, ...]:
    exact = [moment.at.astimezone(zone).hour for moment in moments if moment.precision is Precision.INSTANT]
    came = Counter(exact or range(_FIRST_HOUR, _LAST_HOUR))
    return tuple(came[hour] / came.total() for hour in range(24))


def _part_of_day(rhythm: Rhythm, at: datetime) -> float:
    """The part of its day's documents that have usually come by then."""
    return sum(rhythm.hours[: at.hour]) + rhythm.hours[at.hour] * (at.minute * 60 + at.second) / 3600
