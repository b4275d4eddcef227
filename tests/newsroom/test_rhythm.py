"""When silence is one: learned from a source's own weeks, proportionate, and never for a quiet Sunday."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.enums import Precision
from publisher.newsroom.feeds.rhythm import Moment, Rhythm, expected, is_rest, learn, overdue_at

BRUSSELS = ZoneInfo("Europe/Brussels")


def at(day: str, hour: int = 12) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=BRUSSELS)


def office(
    last: str, *, weeks: int = 8, hours: tuple[int, ...] = (10, 13, 16), days: tuple[int, ...] = (0, 1, 2, 3, 4)
) -> list[Moment]:
    """What an office brings at these hours of these days of the week, up to and with `last`; nothing on holidays."""
    end = date.fromisoformat(last)
    dates = (end - timedelta(days=back) for back in range(weeks * 7, -1, -1))
    return [
        Moment(datetime(day.year, day.month, day.day, hour, tzinfo=BRUSSELS).astimezone(UTC))
        for day in dates
        if day.weekday() in days and not is_rest(day)
        for hour in hours
    ]


def known(moments: list[Moment]) -> Rhythm:
    found = learn(moments, BRUSSELS)
    assert found is not None
    return found


def overdue(moments: list[Moment]) -> datetime:
    return overdue_at(known(moments), moments).astimezone(BRUSSELS)


def test_three_a_day_and_nothing_for_two_working_days_is_silence() -> None:
    moments = office("2026-11-17")  # a Tuesday
    assert known(moments).per_working_day == pytest.approx(3, rel=0.05)
    assert at("2026-11-19", 10) <= overdue(moments) <= at("2026-11-19", 17)


def test_weekend_is_no_silence() -> None:
    moments = office("2026-11-20")  # a Friday
    assert at("2026-11-24", 9) <= overdue(moments) <= at("2026-11-24", 17)


def test_source_that_works_on_all_days_is_silent_at_the_weekend_too() -> None:
    moments = office("2026-11-20", days=range(7))
    assert at("2026-11-22", 9) <= overdue(moments) <= at("2026-11-22", 18)


@pytest.mark.parametrize(
    ("last", "back"),
    [("2026-04-01", "2026-04-07"), ("2025-12-23", "2026-01-05"), ("2026-05-13", "2026-05-18")],
    ids=["Easter", "Christmas", "Ascension"],
)
def test_holidays_are_no_silence(last: str, back: str) -> None:
    """The source brings its last before the holidays and would bring the next at 10 o'clock of the day `back`."""
    assert overdue(office(last)) > at(back, 10)


def test_one_a_month_is_silent_after_months_only() -> None:
    moments = [Moment(datetime(2026, month, 10, 11, tzinfo=UTC)) for month in range(4, 10)]
    wait = overdue(moments) - moments[-1].at
    assert timedelta(weeks=6) < wait < timedelta(weeks=16)


def test_weekly_bulletin_is_silent_soon_after_it_fails_to_come() -> None:
    moments = office("2026-11-17", weeks=12, hours=(11, 11, 11, 11, 11), days=(1,))
    assert at("2026-11-24", 11) <= overdue(moments) <= at("2026-12-01", 18)


def test_source_that_often_pauses_for_a_week_is_not_silent_after_three_days() -> None:
    moments = [moment for moment in office("2026-11-17") if moment.at.isocalendar().week % 2]
    moments += [Moment(at("2026-11-17"))]
    assert overdue(moments) > at("2026-11-25")


def test_one_earlier_silence_does_not_make_the_next_go_unheard() -> None:
    outage = (at("2026-10-19"), at("2026-10-31"))
    moments = [moment for moment in office("2026-11-17") if not outage[0] < moment.at < outage[1]]
    assert overdue(moments) <= at("2026-11-20", 18)


@pytest.mark.parametrize(
    "moments",
    [
        [],
        office("2026-11-17", weeks=1),
        [Moment(at("2026-01-01")), Moment(at("2026-05-01")), Moment(at("2026-11-01"))],
        [Moment(at("2025-01-01")), Moment(at("2025-02-01")), Moment(at("2026-11-01")), Moment(at("2026-11-20"))],
    ],
)
def test_source_of_which_little_is_known_has_no_rhythm(moments: list[Moment]) -> None:
    assert learn(moments, BRUSSELS) is None


def test_days_without_an_hour_count_as_office_hours() -> None:
    moments = [Moment(moment.at.replace(hour=0), Precision.DAY) for moment in office("2026-11-17", hours=(10,))]
    hours = known(moments).hours
    assert [hour for hour, part in enumerate(hours) if part] == list(range(9, 18))


def test_summer_and_winter_time_make_no_difference_to_what_is_expected() -> None:
    rhythm = known(office("2026-11-17"))
    one = expected(rhythm, at("2026-10-19"), at("2026-10-26"))
    other = expected(rhythm, at("2026-11-02"), at("2026-11-09"))
    assert one == pytest.approx(other)


moments_of_a_source = st.lists(
    st.integers(min_value=0, max_value=60 * 24 * 7 * 26), min_size=4, max_size=120, unique=True
).map(lambda minutes: [Moment(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=each)) for each in sorted(minutes)])


@given(moments_of_a_source)
def test_whatever_came_silence_begins_later_than_the_last_and_within_a_year(moments: list[Moment]) -> None:
    rhythm = learn(moments, BRUSSELS)
    if rhythm is not None:
        wait = overdue_at(rhythm, moments) - moments[-1].at
        assert timedelta(0) < wait <= timedelta(days=367)


@given(moments_of_a_source, st.lists(st.integers(min_value=0, max_value=5000), min_size=3, max_size=3))
def test_what_is_expected_adds_up_and_is_never_negative(moments: list[Moment], hours: list[int]) -> None:
    rhythm = learn(moments, BRUSSELS)
    if rhythm is None:
        return
    start = datetime(2026, 2, 1, tzinfo=UTC)
    one, two, three = (start + timedelta(hours=hour) for hour in sorted(hours))
    assert expected(rhythm, one, two) >= 0
    assert expected(rhythm, one, two) + expected(rhythm, two, three) == pytest.approx(expected(rhythm, one, three))


@given(st.integers(min_value=2000, max_value=2100), st.integers(min_value=0, max_value=364))
def test_at_most_one_day_in_ten_is_a_holiday(year: int, start: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(365)]
    assert 12 <= sum(map(is_rest, days)) <= 36


@pytest.mark.parametrize("per_week", [2, 15])
def test_by_chance_alone_an_alarm_is_rare(per_week: int) -> None:
    """Two years of documents that come independently of each other on working days: six are what the rule allows."""
    random = Random(per_week)  # noqa: S311  # chance for a test, not for a key
    start = datetime(2024, 1, 8, tzinfo=UTC)
    hours = [start + timedelta(hours=hour) for hour in range(24 * 7 * 104)]
    working = [hour for hour in hours if hour.weekday() < 5 and 8 <= hour.hour < 18 and not is_rest(hour.date())]
    moments = [Moment(hour) for hour in working if random.random() < per_week / 50]
    alarms = 0
    for number in range(per_week * 10, len(moments) - 1):
        known_then = [each for each in moments[: number + 1] if each.at > moments[number].at - timedelta(weeks=26)]
        rhythm = learn(known_then, BRUSSELS)
        if rhythm is not None and expected(rhythm, moments[number].at, moments[number + 1].at) > 2:
            alarms += overdue_at(rhythm, known_then) < moments[number + 1].at
    assert alarms <= 9
