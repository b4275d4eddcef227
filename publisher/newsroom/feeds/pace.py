"""How many documents a source usually brings in a week, by the dates of those that it brought."""

from datetime import datetime, timedelta

from publisher.models import Document, Source

PERIOD = timedelta(days=28)
_ENOUGH = 3
"""Fewer documents tell nothing."""


def per_week(source: Source, now: datetime) -> float | None:
    """None where too little is known. A source that was loud once and is silent now becomes slow again."""
    dates = [
        published or seen
        for published, seen, baseline in Document.objects.filter(source=source)
        .order_by("-first_seen_at")
        .values_list("published_at", "first_seen_at", "baseline")[:500]
        if published is not None or not baseline  # all of a first sight was first seen at once
    ]
    dates = [date for date in dates if date <= now]
    if len(dates) < _ENOUGH:
        return None
    recent = [date for date in dates if date > now - PERIOD]
    # A feed shows its last few items only: before the oldest of them, nothing is known.
    span = min(PERIOD, max(now - min(dates), timedelta(days=1)))
    return len(recent) / (span / timedelta(days=7))
