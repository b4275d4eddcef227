"""When a source is looked at again. Pure: the answer is stored, so a restart polls nothing early.

An interval comes from the source's own rhythm and its office hours; what the server wishes always comes first.
"""

import hashlib
from datetime import datetime, timedelta

from publisher.watch.hosts import Manners, manners_of
from publisher.watch.urls import host_of

INTERVAL = timedelta(minutes=60)
"""For a source whose rhythm is not known, at a host of which we know nothing."""
SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(hours=24)
LONGEST_AT_WORK = timedelta(hours=2)
"""In office hours: what an institution rarely puts out is news all the same."""
LONGEST_WAIT = timedelta(hours=48)
"""However long a server asks us to stay away."""
LOOKS = 4
"""How often a source is looked at for each document that it usually brings in its office hours."""
AT_REST = 3
"""How many times longer the interval is at night and at weekends."""
SPREAD = 0.1
"""The part of the interval over which sources with the same interval are spread."""


def interval_of(url: str, now: datetime, *, per_week: float | None = None, halved: bool = False) -> timedelta:
    """How long to wait after a look at `now`, by the rhythm of the source: `per_week` documents, None if unknown.

    Never less than its host tolerates; `halved` after something may have been missed, down to five minutes.
    """
    manners = manners_of(host_of(url))
    at_work = manners.is_open(now)
    if per_week is None:
        interval = manners.shortest
    else:
        hours = 5 * (manners.closes - manners.opens)
        longest = LONGEST_AT_WORK if at_work else LONGEST
        interval = min(timedelta(hours=hours) / max(LOOKS * per_week, 0.01), LONGEST_AT_WORK)
        interval = min(max(interval, manners.shortest), longest)
    if not at_work:
        interval = min(interval * AT_REST, LONGEST)
    return max(interval / 2, SHORTEST) if halved else max(interval, SHORTEST)


def next_check(
    url: str,
    now: datetime,
    *,
    interval: timedelta = INTERVAL,
    failures: int = 0,
    not_before: datetime | None = None,
    adaptive: bool = False,
) -> datetime:
    """The next look at the source `url` after the one at `now`.

    A steady interval, a little longer by an amount that is the source's own; doubled for each failure in a row, up to a
    day (or the interval, if that is longer); and never before `not_before`, the time the server asked for. An
    `adaptive` one does not sleep through the hour at which its office opens.
    """
    longest = max(LONGEST, interval)
    # A million times a second is 12 days: more doublings than 20 change nothing.
    wait = min(interval * (1 << min(failures, 20)), longest)
    due = now + wait * (1 + SPREAD * share(url))
    if adaptive and not failures:
        due = _at_opening(url, now, due, manners_of(host_of(url)))
    if not_before is None:
        return due
    asked = min(not_before, now + LONGEST_WAIT)
    return max(due, asked)


def _at_opening(url: str, now: datetime, due: datetime, manners: Manners) -> datetime:
    """`due`, or the first minutes of the next day of work where that comes before."""
    opening = manners.opening_after(now) + manners.shortest * share(url)
    return min(due, max(opening, now + manners.shortest))


def share(url: str) -> float:
    """A fixed number from 0 to 1 for each address."""
    return int.from_bytes(hashlib.sha256(url.encode("utf-8", "replace")).digest()[:4], "big") / 2**32
