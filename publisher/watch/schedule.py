"""When a source is looked at again. Pure: the answer is stored, so a restart polls nothing early."""

import hashlib
from datetime import datetime, timedelta

INTERVAL = timedelta(minutes=15)
LONGEST = timedelta(hours=24)
LONGEST_WAIT = timedelta(hours=48)
"""However long a server asks us to stay away."""
SPREAD = 0.1
"""The part of the interval over which sources with the same interval are spread."""


def next_check(
    url: str,
    now: datetime,
    *,
    interval: timedelta = INTERVAL,
    failures: int = 0,
    not_before: datetime | None = None,
) -> datetime:
    """The next look at the source `url` after the one at `now`.

    A steady interval, a little longer by an amount that is the source's own; doubled for each failure in a row, up to a
    day (or the interval, if that is longer); and never before `not_before`, the time the server asked for.
    """
    longest = max(LONGEST, interval)
    # A million times a second is 12 days: more doublings than 20 change nothing.
    wait = min(interval * (1 << min(failures, 20)), longest)
    due = now + wait * (1 + SPREAD * _share(url))
    if not_before is None:
        return due
    asked = min(not_before, now + LONGEST_WAIT)
    return max(due, asked)


def _share(url: str) -> float:
    """A fixed number from 0 to 1 for each address."""
    return int.from_bytes(hashlib.sha256(url.encode("utf-8", "replace")).digest()[:4], "big") / 2**32
