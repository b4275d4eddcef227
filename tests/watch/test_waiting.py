from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.watch.waiting import fresh_until, hint, retry_after

NOW = datetime(2026, 10, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "120"}, 120),
        ({"Retry-After": "0"}, 0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "99999999"}, 48 * 3600),
        ({"Retry-After": "Fri, 02 Oct 2026 10:00:00 GMT"}, 3600),
        # The server's own clock is an hour behind ours: its date is meant by its clock.
        ({"Retry-After": "Fri, 02 Oct 2026 09:00:00 GMT", "Date": "Fri, 02 Oct 2026 08:00:00 GMT"}, 3600),
        ({"Retry-After": "Thu, 01 Oct 2026 10:00:00 GMT"}, 0),
        ({"Retry-After": "Sat, 02 Oct 2027 10:00:00 GMT"}, 48 * 3600),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: int | None) -> None:
    assert retry_after(headers, NOW) == (None if seconds is None else NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Cache-Control": "public, max-age=43200"}, 43200),
        ({"Cache-Control": 'max-age="60"'}, 60),
        ({"Cache-Control": "s-maxage=9000"}, None),
        ({"Cache-Control": "max-age=0"}, None),
        ({"Cache-Control": "no-cache, max-age=43200"}, None),
        ({"Cache-Control": "max-age=31536000"}, 24 * 3600),
        ({"Expires": "Fri, 02 Oct 2026 10:00:00 GMT"}, 3600),
        ({"Expires": "0"}, None),
        ({"Expires": "Thu, 19 Nov 1981 08:52:00 GMT"}, None),
        ({"Cache-Control": "max-age=60", "Expires": "Fri, 02 Oct 2026 10:00:00 GMT"}, 60),
    ],
)
def test_freshness(headers: dict[str, str], seconds: int | None) -> None:
    assert fresh_until(headers, NOW) == (None if seconds is None else NOW + timedelta(seconds=seconds))


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_no_header_breaks_it_or_keeps_us_away_for_more_than_two_days(one: str, two: str, three: str) -> None:
    headers = {"Retry-After": one, "Cache-Control": two, "Expires": three, "Date": three}
    for until in (retry_after(headers, NOW), fresh_until(headers, NOW)):
        assert until is None or NOW <= until <= NOW + timedelta(hours=48)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("", timedelta()),
        ("<ttl>60</ttl>", timedelta(hours=1)),
        ("<ttl> 180\n</ttl>", timedelta(hours=3)),
        ("<ttl>99999</ttl>", timedelta(hours=24)),
        ("<ttl>soon</ttl>", timedelta()),
        ("<sy:updatePeriod>\n\thourly\t</sy:updatePeriod>", timedelta(hours=1)),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", timedelta(hours=6)),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", timedelta(hours=24)),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><ttl>120</ttl>", timedelta(hours=2)),
    ],
)
def test_a_feed_says_how_often_it_wants_to_be_asked(head: str, expected: timedelta) -> None:
    assert hint(f"<rss><channel>{head}<item></item></channel></rss>".encode()) == expected


def test_what_an_item_says_is_no_wish_of_the_feed() -> None:
    assert hint(b"<rss><channel><item><description><ttl>600</ttl></description></item></channel></rss>") == timedelta()
