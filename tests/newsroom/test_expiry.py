"""Channels that will not let us in: known before a post is due, and before the access ends."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from publisher.enums import ChannelHealth, PostState
from publisher.models import Channel, Notice, Post, SandboxAccount, User
from publisher.models.sandbox import SandboxFailure
from publisher.newsroom import channels, expiry
from publisher.newsroom.alerts import notify
from tests.factories import make_channel, make_post

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def ending(after: timedelta) -> Channel:
    channel = make_channel()
    Channel.objects.update(account={**channel.account, "expires_at": (NOW + after).isoformat()})
    return channels.get(channel.pk)


def told() -> list[str]:
    return list(Notice.objects.order_by("id").values_list("cause", flat=True))


def steps() -> list[str]:
    return [cause.rpartition(":")[2] for cause in told()]


def test_end_of_access_is_told_thirty_seven_and_one_days_ahead_once_each(db: None) -> None:
    ending(timedelta(days=32))
    seen = []
    for hour in range(0, 33 * 24, 6):
        now = NOW + timedelta(hours=hour)
        with time_machine.travel(now, tick=False):
            before = len(told())
            expiry.look(now)
            seen += [(hour / 24, step) for step in steps()[before:]]
    assert seen == [(2, "30"), (25, "7"), (31, "1")]


@pytest.mark.parametrize(("left", "expected"), [(40, []), (30, ["30"]), (6, ["7"]), (1, ["1"]), (0, []), (-3, [])])
def test_only_the_nearest_step_is_told_of_an_end_that_is_met_late(db: None, left: int, expected: list[str]) -> None:
    ending(timedelta(days=left))
    expiry.look(NOW)
    assert steps() == expected


def test_new_end_after_reconnecting_counts_anew(db: None) -> None:
    channel = ending(timedelta(days=6))
    expiry.look(NOW)
    Channel.objects.update(account={**channel.account, "expires_at": (NOW + timedelta(days=29)).isoformat()})
    expiry.look(NOW)
    assert (steps(), Notice.objects.filter(over_at=None).count()) == (["7", "30"], 1)


def test_channel_that_is_removed_needs_nobody_any_more(db: None, administrator: User) -> None:
    channel = ending(timedelta(days=6))
    expiry.look(NOW)
    channels.remove(channel.pk, administrator)
    assert Notice.objects.filter(over_at=None).count() == 0


def test_countdown_tells_whole_days(db: None) -> None:
    channel = ending(timedelta(days=6, hours=23))
    found = expiry.countdown(channel, NOW)
    assert found is not None
    assert (found.days, found.soon) == (6, True)
    assert expiry.countdown(make_channel(), NOW) is None


# --- before a post is due ---------------------------------------------------------------------------------------------


def due_in(minutes: int, channel: Channel) -> Post:
    return make_post(channel=channel, state=PostState.SCHEDULED, due_at=NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("minutes", "checked", "asked"),
    [
        (29, 24 * 60, True),
        (29, 1, False),
        (31, 24 * 60, False),
        (20, 25, True),
        (20, 5, False),
        (4, 24, True),
        (4, 2, True),
        (4, 1, False),
        (0, 60, False),
    ],
)
def test_channel_is_asked_half_an_hour_and_five_minutes_before_a_post(
    db: None, minutes: int, checked: int, asked: bool
) -> None:
    channel = make_channel(checked_at=NOW - timedelta(minutes=checked))
    post = due_in(minutes, channel)
    expected = {channel.pk: post.due_at} if asked else {}
    assert channels.unchecked_before_posts(NOW) == expected


def test_paused_channel_is_not_asked_before_a_post(db: None) -> None:
    due_in(10, make_channel(active=False))
    assert channels.unchecked_before_posts(NOW) == {}


def test_account_that_is_blocked_is_told_before_the_post_is_due(channel: Channel, account: SandboxAccount) -> None:
    SandboxAccount.objects.set_failure(account.handle, SandboxFailure.BAD_TOKEN)
    channels.check(channel.pk, due_at=NOW)
    channels.check(channel.pk, due_at=NOW)
    assert told() == [f"channel:{channel.pk}:blocked"]


def test_network_that_does_not_answer_is_told_only_when_a_post_is_due(channel: Channel) -> None:
    Channel.objects.update(problem="The network could not be reached.")
    notify.channel_checked(channels.get(channel.pk))
    assert told() == []
    notify.channel_checked(channels.get(channel.pk), due_at=NOW)
    assert told() == [f"channel:{channel.pk}:unreachable"]
    Channel.objects.update(problem="", health=ChannelHealth.OK)
    notify.channel_checked(channels.get(channel.pk))
    assert Notice.objects.filter(over_at=None).count() == 0
