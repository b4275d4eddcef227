"""Calendars: iCalendar and feeds of events."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from publisher.enums import DocumentKind, Precision
from publisher.errors import FetchError
from publisher.types import Entry
from publisher.watch import calendar

COUNCIL = "https://www.consilium.europa.eu/calendar.ics"
COMMISSION = "https://commission.europa.eu/node/33084/rss_en"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
RSS = b"""<rss version="2.0"><channel><title>Calendar</title>
<item><title>2025-05-06 - Visit to Warsaw, Poland</title><link>https://commission.europa.eu/calendar/visit_en</link>
<guid>77</guid><category
 domain="http://publications.europa.eu/resource/authority/political-leader/COM_0001/0002">Kaja Kallas</category></item>
<item><title>2025-05-07 - Meeting</title><link>https://commission.europa.eu/calendar/meeting_en</link><guid>78</guid>
<category domain="http://publications.europa.eu/resource/authority/political-leader/COM_0002">Another</category></item>
<item><title>No day in front</title><guid>79</guid><pubDate>Wed, 07 May 2025 10:30:00 +0200</pubDate></item>
</channel></rss>"""


def events(body: bytes, url: str = COUNCIL) -> tuple[Entry, ...]:
    return calendar.parse(body, "text/calendar", url, now=NOW).entries


def of(title: str) -> list[Entry]:
    body = (Path(__file__).parent / "lists" / "council.ics").read_bytes()
    return [entry for entry in events(body) if entry.title == title]


def ics(*lines: str) -> bytes:
    text = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//a//b", "BEGIN:VEVENT", "UID:1", *lines, "END:VEVENT"]
    return "\r\n".join([*text, "END:VCALENDAR", ""]).encode()


# --- iCalendar


def test_event_of_whole_days_begins_at_midnight_of_its_zone() -> None:
    (summit,) = of("Summit")
    assert (summit.kind, summit.starts_at, summit.ends_at, summit.precision, summit.zone) == (
        DocumentKind.EVENT,
        datetime(2026, 11, 24, 23, tzinfo=UTC),
        datetime(2026, 11, 26, 23, tzinfo=UTC),
        Precision.DAY,
        "Europe/Brussels",
    )
    assert (summit.place, summit.url) == ("Brussels", "https://www.consilium.europa.eu/en/meetings/1/")


def test_event_was_not_published_when_it_begins() -> None:
    assert [entry.published_at for entry in of("Summit")] == [None]


def test_repeated_event_keeps_its_hour_and_leaves_out_what_was_taken_out_or_moved() -> None:
    assert [entry.starts_at for entry in of("Weekly")] == [
        datetime(2026, 11, 24, 8, tzinfo=UTC),
        datetime(2026, 12, 15, 8, tzinfo=UTC),
        datetime(2026, 12, 22, 8, tzinfo=UTC),
    ]
    assert [entry.starts_at for entry in of("Weekly moved")] == [datetime(2026, 12, 8, 10, tzinfo=UTC)]


def test_occurrence_has_an_identity_of_its_own() -> None:
    ids = [entry.id for entry in [*of("Weekly"), *of("Weekly moved")]]
    assert len(set(ids)) == 4


def test_hour_stays_when_the_clocks_change() -> None:
    found = calendar.parse(
        ics("DTSTART;TZID=Europe/Brussels:20261020T090000", "RRULE:FREQ=WEEKLY;COUNT=2", "SUMMARY:x"),
        now=datetime(2026, 10, 20, tzinfo=UTC),
    )
    assert [entry.starts_at for entry in found.entries] == [
        datetime(2026, 10, 20, 7, tzinfo=UTC),
        datetime(2026, 10, 27, 8, tzinfo=UTC),
    ]


def test_time_without_a_zone_is_on_the_institutions_clock() -> None:
    (entry,) = events(ics("DTSTART:20261126T130000", "SUMMARY:x"))
    assert entry.starts_at == datetime(2026, 11, 26, 12, tzinfo=UTC)


def test_cancelled_event_is_withdrawn() -> None:
    assert [entry.withdrawn for entry in of("Off")] == [True]


def test_event_repeated_within_the_day_counts_once() -> None:
    assert len(events(ics("DTSTART:20261126T090000", "RRULE:FREQ=SECONDLY", "SUMMARY:x"))) == 1


@pytest.mark.parametrize("rule", ["FREQ=DAILY", "FREQ=DAILY;UNTIL=99991231"])
def test_endless_repetition_is_bounded(rule: str) -> None:
    assert len(events(ics("DTSTART:20261101T090000", f"RRULE:{rule}", "SUMMARY:x"))) <= calendar.MOST_TIMES


def test_calendar_that_breaks_off_is_refused() -> None:
    with pytest.raises(FetchError) as caught:
        events(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n")
    assert caught.value.key == "source.malformed"


def test_damaged_event_costs_the_calendar_nothing_but_itself() -> None:
    body = ics("DTSTART:99991231T235900Z", "DURATION:P9999D", "SUMMARY:Bad").replace(
        b"END:VCALENDAR",
        b"BEGIN:VEVENT\r\nUID:2\r\nDTSTART:20261126T130000Z\r\nSUMMARY:Good\r\nEND:VEVENT\r\nEND:VCALENDAR",
    )
    found = calendar.parse(body, "text/calendar", COUNCIL, now=NOW)
    assert [entry.title for entry in found.entries] == ["Good"]
    assert [issue.message for issue in found.issues] == ["The event “Bad” of this calendar is damaged and is left out."]


# --- a feed of events


def test_day_in_the_title_is_when_the_event_begins_and_the_shift_of_the_commission_is_undone() -> None:
    visit = events(RSS, COMMISSION)[0]
    assert (visit.title, visit.kind, visit.starts_at, visit.precision, visit.published_at) == (
        "Visit to Warsaw, Poland",
        DocumentKind.EVENT,
        datetime(2025, 5, 6, 22, tzinfo=UTC),  # the 7th in Brussels
        Precision.DAY,
        None,
    )


def test_feed_of_another_institution_means_the_day_it_says() -> None:
    assert events(RSS, "https://press.example.org/rss")[1].starts_at == datetime(2025, 5, 6, 22, tzinfo=UTC)


def test_event_without_a_day_begins_when_it_is_dated() -> None:
    assert events(RSS, COMMISSION)[2].starts_at == datetime(2025, 5, 7, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(("owner", "count"), [("COM_0001", 1), ("Kaja Kallas", 1), ("COM_000", 2), ("COM_0009", 0)])
def test_only_the_owners_events_count(owner: str, count: int) -> None:
    assert len(calendar.parse(RSS, "", COMMISSION, {"owner": owner}).entries) == count
