from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.watch.hosts import manners_of
from publisher.watch.schedule import interval_of, next_check
from publisher.watch.urls import host_of

NOW = datetime(2026, 10, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
URL = "https://example.org/feed.xml"


def test_the_interval_is_steady() -> None:
    first = next_check(URL, NOW) - NOW
    assert HOUR <= first < HOUR * 1.1
    assert next_check(URL, NOW + timedelta(days=3)) - (NOW + timedelta(days=3)) == first


def test_sources_are_spread() -> None:
    due = {next_check(f"https://example.org/{number}.xml", NOW) for number in range(100)}
    assert len(due) == 100


def test_each_failure_doubles_the_wait_up_to_a_day() -> None:
    once = next_check(URL, NOW) - NOW
    waits = [next_check(URL, NOW, failures=failures) - NOW for failures in range(12)]
    assert [round(wait / once, 3) for wait in waits[:4]] == [1, 2, 4, 8]
    assert waits[-1] <= timedelta(days=1) * 1.1
    assert waits == sorted(waits)


def test_an_interval_longer_than_a_day_stays() -> None:
    assert next_check(URL, NOW, interval=timedelta(days=7), failures=5) >= NOW + timedelta(days=7)


def test_the_server_s_wish_is_obeyed_up_to_two_days() -> None:
    assert next_check(URL, NOW, not_before=NOW + timedelta(hours=6)) == NOW + timedelta(hours=6)
    assert next_check(URL, NOW, not_before=NOW + timedelta(days=30)) == NOW + timedelta(hours=48)
    assert next_check(URL, NOW, not_before=NOW - timedelta(hours=6)) == next_check(URL, NOW)


@given(
    st.text(max_size=30),
    st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(days=30)),
    st.integers(0, 10_000),
    st.none() | st.timedeltas(timedelta(days=-9), timedelta(days=99)).map(NOW.__add__),
)
def test_never_early_never_never(url: str, interval: timedelta, failures: int, not_before: datetime | None) -> None:
    due = next_check(url, NOW, interval=interval, failures=failures, not_before=not_before)
    assert NOW + interval <= due <= NOW + max(interval, timedelta(hours=48)) * 1.1
    if not_before and not_before <= NOW + timedelta(hours=48):
        assert due >= not_before


# --- the source's own rhythm ------------------------------------------------------------------------------------------

AT_WORK = datetime(2026, 10, 6, 9, 0, tzinfo=UTC)  # a Tuesday, eleven in Brussels
AT_NIGHT = datetime(2026, 10, 6, 23, 0, tzinfo=UTC)
ON_SATURDAY = datetime(2026, 10, 10, 9, 0, tzinfo=UTC)
PRESS_CORNER = "https://ec.europa.eu/commission/presscorner/api/rss?language=en&pagesize=30"
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("url", "now", "per_week", "expected"),
    [
        (URL, AT_WORK, None, 60 * MINUTE),
        (URL, AT_WORK, 500.0, 60 * MINUTE),
        (URL, AT_WORK, 10.0, 90 * MINUTE),
        (URL, AT_WORK, 0.0, 120 * MINUTE),
        (URL, AT_NIGHT, 500.0, 180 * MINUTE),
        (URL, AT_NIGHT, 0.0, 360 * MINUTE),
        (PRESS_CORNER, AT_WORK, None, 10 * MINUTE),
        (PRESS_CORNER, AT_WORK, 150.0, 10 * MINUTE),
        (PRESS_CORNER, AT_WORK, 60.0, 15 * MINUTE),
        (PRESS_CORNER, ON_SATURDAY, 60.0, 45 * MINUTE),
    ],
)
def test_the_interval_follows_the_source_s_rhythm_within_what_its_host_tolerates(
    url: str, now: datetime, per_week: float | None, expected: timedelta
) -> None:
    assert interval_of(url, now, per_week=per_week) == expected


def test_the_interval_is_halved_after_a_gap_down_to_five_minutes() -> None:
    assert interval_of(URL, AT_WORK, halved=True) == 30 * MINUTE
    assert interval_of(PRESS_CORNER, AT_WORK, per_week=900.0, halved=True) == 5 * MINUTE


def test_office_hours_are_those_of_the_source_s_own_zone() -> None:
    seven_in_washington = datetime(2026, 10, 6, 11, 0, tzinfo=UTC)
    url = "https://www.state.gov/rss-feed/press-releases/feed/"
    assert interval_of(url, seven_in_washington, per_week=100.0) == 180 * MINUTE
    assert interval_of(url, seven_in_washington + timedelta(hours=1), per_week=100.0) == 60 * MINUTE


def test_a_long_night_ends_when_the_office_opens() -> None:
    due = next_check(PRESS_CORNER, AT_NIGHT, interval=timedelta(hours=18), adaptive=True)
    opening = datetime(2026, 10, 7, 6, 0, tzinfo=UTC)
    assert opening <= due <= opening + 10 * MINUTE


def test_a_long_weekend_ends_on_monday() -> None:
    due = next_check(URL, ON_SATURDAY, interval=timedelta(hours=90), adaptive=True)
    opening = datetime(2026, 10, 12, 6, 0, tzinfo=UTC)
    assert opening <= due <= opening + 60 * MINUTE


@given(
    st.sampled_from([URL, PRESS_CORNER, "https://www.whitehouse.gov/news/feed/"]),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # given a zone
    st.none() | st.floats(0, 10_000),
    st.booleans(),
)
def test_the_interval_stays_between_five_minutes_and_a_day(
    url: str, now: datetime, per_week: float | None, halved: bool
) -> None:
    assert 5 * MINUTE <= interval_of(url, now, per_week=per_week, halved=halved) <= timedelta(days=1)
    if not halved:
        due = next_check(url, now, interval=interval_of(url, now, per_week=per_week), adaptive=True)
        assert due - now >= manners_of(host_of(url)).shortest
