from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.enums import Precision
from publisher.watch.dates import Moment, parse_date, settle, zone_of


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fri, 02 Oct 2026 11:00:00 GMT", "2026-10-02T11:00"),
        ("Thu, 03 Sep 2026 16:40:13 +0200", "2026-09-03T14:40:13"),
        ("Fri, 01 Apr 2022 00:01:55 -0400", "2022-04-01T04:01:55"),
        ("Fri, 02 Oct 2026 11:05:00 CEST", "2026-10-02T09:05"),
        ("Fri, 02 Oct 2026 11:05:00 MESZ", "2026-10-02T09:05"),
        ("Mon, 02 Nov 2026 11:05:00 CET", "2026-11-02T10:05"),
        ("Fri, 02 Oct 2026 11:05:00 EST", "2026-10-02T16:05"),
        ("02 Oct 2026 11:05:00 UT", "2026-10-02T11:05"),
        ("2026-09-15T08:00:00Z", "2026-09-15T08:00"),
        ("2026-09-18T09:47:46.000+02:00", "2026-09-18T07:47:46"),
        ("2026-10-08T11:29:21+01:00", "2026-10-08T10:29:21"),
        ("2026-10-02 11:05", "2026-10-02T11:05"),
        ("20181025 12:17", "2018-10-25T12:17"),
        ("20181025T121700Z", "2018-10-25T12:17"),
        ("02.10.2026 11:05", "2026-10-02T11:05"),
        ("02.10.2026, 11:05 Uhr", "2026-10-02T11:05"),
        ("Freitag, 2. Oktober 2026, 11:05 Uhr", "2026-10-02T11:05"),
        ("vendredi 2 octobre 2026 à 11h05", "2026-10-02T11:05"),
        ("Fri, 02 October 2026 11:00", "2026-10-02T11:00"),
        ("October 2, 2026 at 11:05", "2026-10-02T11:05"),
        ("05-10-2023 - 12:53", "2023-10-05T12:53"),
    ],
)
def test_an_instant_is_read(text: str, expected: str) -> None:
    found = parse_date(text)
    assert found is not None
    assert (found.utc, found.precision) == (at(expected), Precision.INSTANT)


@pytest.mark.parametrize(
    "text",
    [
        "02.10.2026", "2.10.2026", "2026-10-02", "2026/10/02", "20261002", "02-10-2026", "02/10/2026", "2 October 2026",
        "2nd October 2026", "October 2, 2026", "Fri, 02 Oct 2026", "2. Oktober 2026", "2 octobre 2026",
        "2 de octubre de 2026", "Oct 2 2026",
    ],
)  # fmt: skip
def test_a_day_is_read_and_stays_a_day(text: str) -> None:
    assert parse_date(text, "Europe/Brussels") == Moment(at("2026-10-02T00:00"), Precision.DAY)


@pytest.mark.parametrize(
    "text",
    ["", " ", "yesterday", "31 Feb 2026", "Mon, 31 Feb 2026 11:05:00 GMT", "2026-13-01", "99.99.9999", "0000-00-00"],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_what_does_not_fit_the_calendar_is_none(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "zone", "floating"),
    [
        ("2026-12-01T10:00", "UTC", True),
        ("2026-12-01T10:00", "Europe/Brussels", False),
        ("2026-12-01T10:00Z", "UTC", False),
        ("1 Dec 2026 10:00 CET", "UTC", False),
    ],
)
def test_clock_whose_zone_nobody_knows_floats(text: str, zone: str, floating: bool) -> None:
    found = parse_date(text, zone)
    assert found is not None
    assert found.floating is floating


def test_a_clock_without_zone_is_the_institution_s() -> None:
    found = parse_date("2023-10-05T12:53:00", zone_of("https://www.europarl.europa.eu/news/en/x"))
    assert found is not None
    assert found.utc == at("2023-10-05T10:53")


@pytest.mark.parametrize(
    ("text", "zone", "only", "expected"),
    [
        ("Fri, 02 Oct 2026 00:00:00 +0200", "UTC", False, "2026-10-02"),
        ("Thu, 01 Oct 2026 22:00:00 GMT", "Europe/Brussels", False, "2026-10-02"),
        ("Thu, 01 Oct 2026 22:00:00 GMT", "UTC", False, ""),
        ("2024-03-31T12:00:00Z", "UTC", True, "2024-03-31"),
        ("2024-03-31T12:00:00Z", "UTC", False, ""),
    ],
)
def test_placeholders_for_a_day(text: str, zone: str, only: bool, expected: str) -> None:
    found = settle(parse_date(text), zone, only_placeholders=only)
    assert found is not None
    assert (found.utc.isoformat()[:10] if found.precision is Precision.DAY else "") == expected


@given(
    st.text(max_size=40)
    | st.from_regex(r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{1,5} \d\d:\d\d(:\d\d)? [A-Z+-]\w{0,5}")
)
def test_any_text_is_a_moment_in_utc_or_none(text: str) -> None:
    found = parse_date(text, "Europe/Brussels")
    assert found is None or found.utc.tzinfo is UTC
