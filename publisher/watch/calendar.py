"""Calendars: events to come, from iCalendar (RFC 5545) or from a feed whose titles begin with a day. Pure.

Events are no news: each is an Entry of the kind event with `starts_at`, and nothing of when it was published. An event
that lasts whole days begins at midnight of the institution's zone and has the precision DAY.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from publisher.enums import DocumentKind, Precision, Severity, SourceStatus
from publisher.errors import FetchError, InvalidInput
from publisher.types import Entry, Issue
from publisher.watch import feed
from publisher.watch.data import table
from publisher.watch.dates import zone_of
from publisher.watch.decode import decode
from publisher.watch.entries import Feed, Shown, tell_apart, to_entry
from publisher.watch.mend import mend
from publisher.watch.prose import Prose, tidy_text
from publisher.watch.recipe import Recipe, recipe_of
from publisher.watch.urls import is_host

AHEAD = timedelta(days=60)
"""How far repeated events are followed."""
BEHIND = timedelta(days=1)
MOST_TIMES = 50
"""Occurrences of one repeated event."""
MOST_EVENTS = 2000
_STEPS = 20_000
"""Occurrences that are counted through from the first one: 54 years of days."""
_OFTEN = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
_BROKEN = (ValueError, KeyError, AttributeError, TypeError, OverflowError, RecursionError)
"""icalendar fails in as many ways as there are broken calendars."""
_DAY_FIRST = re.compile(r"^(\d{4})-(\d\d)-(\d\d)\s+[-–—]\s+(.+)$", re.DOTALL)


def parse(
    body: bytes,
    content_type: str = "",
    url: str = "",
    recipe: Mapping[str, Any] | None = None,
    *,
    now: datetime | None = None,
) -> Feed:
    """The events of a calendar. `recipe` may say whose (owner). Raises FetchError."""
    try:
        rules = recipe_of(recipe)
    except InvalidInput as error:
        raise FetchError("source.recipe_broken", str(error)[:300], status=SourceStatus.MALFORMED) from error
    text = decode(body, content_type).lstrip("\ufeff \t\r\n")
    if is_icalendar(text):
        return _icalendar(text, url, rules, now or datetime.now(UTC))
    return _of_feed(feed.parse(body, content_type, url), text, url, rules)


def is_icalendar(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n")[:15].upper() == "BEGIN:VCALENDAR"


# --- a feed of events -------------------------------------------------------------------------------------------------


def _of_feed(found: Feed, text: str, url: str, rules: Recipe) -> Feed:
    shift = next((row["shift_days"] for row in table("listings")["calendar"] if is_host(url, row["host"])), 0)
    owners = _owners(text) if rules.owner else {}
    entries = [
        _dated(entry, zone_of(entry.url or url), shift)
        for entry in found.entries
        if not rules.owner or _owned(owners.get(entry.guid) or owners.get(entry.title) or "", rules)
    ]
    return Feed(found.title, found.language, tuple(entries), found.issues)


def _dated(entry: Entry, zone: str, shift: int) -> Entry:
    """The event of an entry titled `2025-05-07 - Meeting …`; without such a title it begins when it says it is out."""
    if (named := _DAY_FIRST.match(entry.title)) is None:
        starts, title = entry.published_at, entry.title
        precision = entry.precision
    else:
        year, month, day, title = named.groups()
        try:
            on = date(int(year), int(month), int(day)) + timedelta(days=shift)
        except (ValueError, OverflowError):
            return replace(entry, kind=DocumentKind.EVENT, published_at=None)
        starts, precision = _midnight(on, zone).astimezone(UTC), Precision.DAY
    return replace(
        entry,
        title=title,
        kind=DocumentKind.EVENT,
        starts_at=starts,
        precision=precision,
        published_at=None,
        zone=zone,
        speakers=(),
    )


def _owners(text: str) -> dict[str, str]:
    """The categories of each item of an RSS feed by its guid and by its title: feeds keep them apart from the text."""
    import feedparser  # slow import

    parsed = feedparser.parse(mend(text), sanitize_html=False, resolve_relative_uris=False)
    named = {}
    for item in parsed.entries:
        words = " ".join(f"{tag.get('term') or ''} {tag.get('scheme') or ''}" for tag in item.get("tags", ()))
        named[" ".join(item.get("id", "").split())] = named[item.get("title", "")] = words
    return named


def _owned(words: str, rules: Recipe) -> bool:
    return any(owner.casefold() in words.casefold() for owner in rules.owner)


# --- iCalendar --------------------------------------------------------------------------------------------------------


def _icalendar(text: str, url: str, rules: Recipe, now: datetime) -> Feed:
    from icalendar import Calendar  # slow import

    try:
        calendar = Calendar.from_ical(text)
        zone = _known_zone(str(calendar.get("X-WR-TIMEZONE", ""))) or zone_of(url)
        name = str(calendar.get("X-WR-CALNAME", ""))
        events: list[Any] = list(islice(calendar.walk("VEVENT"), MOST_EVENTS))
    except _BROKEN as error:
        diagnostic = f"{type(error).__name__}: {error}"[:300]
        raise FetchError("source.malformed", diagnostic, status=SourceStatus.MALFORMED) from error
    # An occurrence that was moved or called off has an event of its own beside the one that repeats.
    own = {_occurrence(event, zone) for event in events if "RECURRENCE-ID" in event}
    entries: list[Entry] = []
    issues: list[Issue] = []
    for event in events:
        try:
            if not rules.owner or _owned(_words(event), rules):
                entries.extend(_entries(event, url, zone, own, now))
        except _BROKEN:
            params = {"title": str(event.get("SUMMARY", ""))}
            issues.append(Issue(field="feed", key="calendar.event_broken", params=params, severity=Severity.WARNING))
    return Feed(name, "", tell_apart(entries), tuple(issues))


def _occurrence(event: Any, zone: str) -> tuple[str, str]:
    try:
        return str(event.get("UID", "")), _key(_start_of(event["RECURRENCE-ID"].dt, zone))
    except _BROKEN:
        return "", ""


def _entries(event: Any, url: str, zone: str, own: set[tuple[str, str]], now: datetime) -> Iterator[Entry]:
    if "DTSTART" not in event:
        return
    first = event["DTSTART"].dt
    whole_days = not isinstance(first, datetime)
    start = _start_of(first, zone)
    length = _length(event, start, zone)
    entry = _entry(event, url, zone, whole_days=whole_days)
    if "RRULE" not in event:
        moved = f" {_key(_start_of(event['RECURRENCE-ID'].dt, zone))}" if "RECURRENCE-ID" in event else ""
        yield _at(entry, start, length, f"{entry.guid}{moved}")
        return
    for begins in _repeated(event, start, now):
        if (entry.guid, _key(begins)) not in own:
            yield _at(entry, begins, length, f"{entry.guid} {_key(begins)}")


def _entry(event: Any, url: str, zone: str, *, whole_days: bool) -> Entry:
    changed = event["LAST-MODIFIED"].dt if "LAST-MODIFIED" in event else None
    shown = Shown(
        title=str(event.get("SUMMARY", "")),
        link=str(event.get("URL", "")),
        guid=str(event.get("UID", "")),
        summary=Prose(tidy_text(str(event.get("DESCRIPTION", "")))),
        languages=[str(event["SUMMARY"].params.get("LANGUAGE", "")) if "SUMMARY" in event else ""],
    )
    return replace(
        to_entry(shown, url),
        kind=DocumentKind.EVENT,
        place=" ".join(str(event.get("LOCATION", "")).split()),
        zone=zone,
        precision=Precision.DAY if whole_days else Precision.INSTANT,
        updated_at=changed.astimezone(UTC) if isinstance(changed, datetime) else None,
        withdrawn=str(event.get("STATUS", "")).upper() == "CANCELLED",
        speakers=(),
    )


def _at(entry: Entry, start: datetime, length: timedelta | None, guid: str) -> Entry:
    ends = (start + length).astimezone(UTC) if length else None
    return replace(entry, guid=guid.strip(), starts_at=start.astimezone(UTC), ends_at=ends)


def _repeated(event: Any, start: datetime, now: datetime) -> Iterator[datetime]:
    """When a repeated event takes place, around now. Counted on the clock of its zone, so that nine o'clock stays nine
    o'clock when the clocks change.
    """
    from dateutil.rrule import rrulestr  # slow import

    rule = event["RRULE"]
    rule = rule[0] if isinstance(rule, list) else rule
    if _OFTEN & {str(value).upper() for value in rule.get("FREQ", ())}:
        yield start
        return
    naive = {name: value for name, value in rule.items() if name != "UNTIL"}
    until = next(iter(rule.get("UNTIL", ())), None)
    last = _start_of(until, str(start.tzinfo)) if until is not None else None
    if last is not None and not isinstance(until, datetime):
        last = last.replace(hour=23, minute=59)
    left_out = {_key(_start_of(each.dt, str(start.tzinfo))) for each in _dates(event, "EXDATE")}
    spelled = type(rule)(naive).to_ical().decode()
    times = 0
    for local in islice(rrulestr(spelled, dtstart=start.replace(tzinfo=None)), _STEPS):
        begins = local.replace(tzinfo=start.tzinfo)
        if begins > now + AHEAD or (last is not None and begins > last) or times >= MOST_TIMES:
            return
        if begins >= now - BEHIND and _key(begins) not in left_out:
            times += 1
            yield begins


def _dates(event: Any, name: str) -> Iterator[Any]:
    given = event.get(name, ())
    for each in given if isinstance(given, list) else [given] if given else []:
        yield from each.dts


def _length(event: Any, start: datetime, zone: str) -> timedelta | None:
    if "DTEND" in event:
        return max(_start_of(event["DTEND"].dt, zone) - start, timedelta())
    return event["DURATION"].dt if "DURATION" in event else None


def _start_of(value: date | datetime, zone: str) -> datetime:
    """A moment with a zone: a day begins at midnight, and a time without zone is on the institution's clock."""
    if not isinstance(value, datetime):
        return _midnight(value, zone)
    return value if value.tzinfo else value.replace(tzinfo=ZoneInfo(zone))


def _midnight(on: date, zone: str) -> datetime:
    return datetime.combine(on, time(), ZoneInfo(zone))


def _key(start: datetime) -> str:
    return start.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _known_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key if name else ""
    except (ValueError, OSError, KeyError):  # a ZoneInfoNotFoundError is a KeyError
        return ""


def _words(event: Any) -> str:
    given = event.get("CATEGORIES", ())
    groups = given if isinstance(given, list) else [given] if given else []
    words = " ".join(str(word) for group in groups for word in group.cats)
    return f"{words} {event.get('ORGANIZER', '')}"
