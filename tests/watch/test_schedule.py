from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from publisher.watch.schedule import next_check

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
