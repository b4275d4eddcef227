"""When a channel may send: minutes between two posts, posts of a day, best hours."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.models import Channel, Post, User
from publisher.newsroom.approval import review
from publisher.newsroom.sending import when
from publisher.newsroom.sending.when import Rhythm, Taken

Waiting = Callable[..., Post]
BRUSSELS = ZoneInfo("Europe/Brussels")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=BRUSSELS)
WEEKDAYS_AT_NINE = {day: ["09:00"] for day in ("mon", "tue", "wed", "thu", "fri")}


def rhythm(minutes: int = 0, daily: int = 0, slots: dict[str, list[str]] | None = None) -> Rhythm:
    return Rhythm(timedelta(minutes=minutes), daily, slots or {}, BRUSSELS)


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    return MONDAY.replace(hour=hour, minute=minute, second=second)


def test_moment_with_room_is_kept_to_the_second() -> None:
    assert Taken(rhythm(15), [at(9)]).first_fit(at(9, 15, 40)) == at(9, 15, 40)


def test_minutes_are_counted_without_seconds() -> None:
    assert Taken(rhythm(15), [at(9, 0, 50)]).first_fit(at(9, 2)) == at(9, 15)


def test_space_is_kept_before_what_is_scheduled_too() -> None:
    assert Taken(rhythm(15), [at(9), at(9, 20)]).first_fit(at(9, 1)) == at(9, 35)


def test_full_day_puts_off_to_the_next_morning() -> None:
    assert Taken(rhythm(daily=2), [at(9), at(10)]).first_fit(at(11)) == at(8) + timedelta(days=1)


def test_full_day_puts_off_to_the_first_best_hour_where_there_is_one() -> None:
    taken = Taken(rhythm(daily=2, slots={"tue": ["14:30", "09:30"]}), [at(9), at(10)])
    assert taken.first_fit(at(11)) == at(9, 30) + timedelta(days=1)


def test_day_is_that_of_the_newsroom() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # past midnight in Brussels
    assert Taken(rhythm(daily=1), [at(9)]).first_fit(late) == late


def test_best_hour_is_the_same_on_the_clock_when_the_clock_changes() -> None:
    saturday = datetime(2026, 10, 24, 12, 0, tzinfo=BRUSSELS)
    hours = rhythm(slots={"sat": ["09:00"], "sun": ["09:00"], "mon": ["09:00"]}).best(saturday)
    assert [next(hours).isoformat() for _ in range(2)] == ["2026-10-25T08:00:00+00:00", "2026-10-26T08:00:00+00:00"]


@given(
    st.integers(0, 90),
    st.integers(0, 4),
    st.lists(st.integers(0, 3 * 86_400), max_size=30),
    st.integers(0, 3 * 86_400),
)
def test_first_fit_keeps_space_and_number_and_is_the_first(spacing: int, daily: int, sent: list[int], now: int) -> None:
    start = datetime(2026, 10, 24, tzinfo=UTC)  # a weekend on which the clock changes
    moment = start + timedelta(seconds=now)
    taken = Taken(rhythm(spacing, daily), [start + timedelta(seconds=second) for second in sent])

    def fits(one: datetime) -> bool:
        minute = one.replace(second=0, microsecond=0)
        spaced = all(abs(minute - other) >= timedelta(minutes=spacing) for other in taken.minutes)
        return spaced and (not daily or taken.days[one.astimezone(BRUSSELS).date()] < daily)

    found = taken.first_fit(moment)
    assert found >= moment
    assert fits(found)
    if found.astimezone(BRUSSELS).date() == moment.astimezone(BRUSSELS).date() and found > moment:
        before = int((found - moment) / timedelta(minutes=1))
        assert not any(fits(moment + timedelta(minutes=step)) for step in range(before))


@pytest.fixture
def paced(channel: Channel) -> Channel:
    Channel.objects.filter(pk=channel.pk).update(spacing=15, slots=WEEKDAYS_AT_NINE)
    channel.refresh_from_db()
    return channel


def test_next_free_best_hour_leaves_out_what_is_taken(waiting: Waiting, approver: User, paced: Channel) -> None:
    moment = datetime(2099, 1, 1, 12, 0, tzinfo=UTC)  # a Thursday
    friday = datetime(2099, 1, 2, 9, 0, tzinfo=when.config.get().zone)
    assert when.earliest(paced, moment) == friday
    post = waiting()
    assert post.revision_id is not None
    post = review.approve(post.pk, approver, revision_id=post.revision_id, at=friday + timedelta(minutes=5))
    assert when.earliest(paced, moment) == friday + timedelta(days=3)
    assert when.earliest(paced, moment, besides=post) == friday


def test_without_best_hours_it_is_the_first_moment_with_room(
    waiting: Waiting, approver: User, channel: Channel
) -> None:
    Channel.objects.filter(pk=channel.pk).update(spacing=30)
    channel.refresh_from_db()
    moment = datetime(2099, 1, 1, 12, 0, tzinfo=UTC)
    post = waiting()
    assert post.revision_id is not None
    review.approve(post.pk, approver, revision_id=post.revision_id, at=moment)
    assert when.earliest(channel, moment) == moment + timedelta(minutes=30)
