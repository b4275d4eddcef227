"""How long a server asks us to stay away: Retry-After, Cache-Control, Expires. Pure."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST_RETRY = timedelta(hours=48)
LONGEST_FRESH = timedelta(hours=24)


def retry_after(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Not before this time, by Retry-After (RFC 9110 10.2.3): seconds, or a date read against the server's own clock.

    At most 48 hours ahead.
    """
    value = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,9}", value):
        wait = timedelta(seconds=int(value))
    elif (until := _date(value)) is not None:
        wait = until - (_date(headers.get("Date", "")) or now)
    else:
        return None
    return now + min(max(wait, timedelta()), LONGEST_RETRY)


def fresh_until(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Until when the answer is fresh, by Cache-Control and Expires (RFC 9111); at most 24 hours ahead."""
    control = headers.get("Cache-Control", "").lower()
    if re.search(r"\bno-(?:cache|store)\b", control):
        return None
    if found := re.search(r"(?<![\w-])max-age\s*=\s*\"?(\d{1,9})", control):
        wait = timedelta(seconds=int(found[1]))
    elif (until := _date(headers.get("Expires", ""))) is not None:
        wait = until - (_date(headers.get("Date", "")) or now)
    else:
        return None
    return now + min(wait, LONGEST_FRESH) if wait > timedelta() else None


def _date(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


_HEAD = 20_000
"""Bytes of a feed in which its own words about itself stand."""
_ITEM = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]")
_TTL = re.compile(rb"<ttl>\s*(\d{1,6})\s*</ttl>", re.IGNORECASE)
_PERIOD = re.compile(rb"<sy:updatePeriod>\s*(hourly|daily|weekly|monthly|yearly)\s*</", re.IGNORECASE)
_FREQUENCY = re.compile(rb"<sy:updateFrequency>\s*(\d{1,4})\s*</", re.IGNORECASE)
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}
"""Hours."""


def hint(body: bytes) -> timedelta:
    """How long a feed says that it need not be asked again: RSS's ttl (minutes), the syndication module's period.

    At most 24 hours; nothing where it says nothing. A weblog's software says "hourly" without being asked.
    """
    head = body[:_HEAD]
    if first := _ITEM.search(head):
        head = head[: first.start()]
    waits = [timedelta(minutes=int(found[1])) for found in [_TTL.search(head)] if found]
    if period := _PERIOD.search(head):
        frequency = _FREQUENCY.search(head)
        times = max(int(frequency[1]) if frequency else 1, 1)
        waits.append(timedelta(hours=_PERIODS[period[1].decode().lower()]) / times)
    return min(max(waits, default=timedelta()), LONGEST_FRESH)
