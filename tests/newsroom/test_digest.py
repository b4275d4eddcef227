"""The daily digest: once a day, at an hour of the newsroom, with what stands where."""

from datetime import UTC, datetime, timedelta

import pytest

from publisher.enums import ChannelHealth, PostState
from publisher.models import Notice, User
from publisher.newsroom.alerts import digest, letters, outbox
from tests.factories import make_channel, make_post, make_source
from tests.peers.sinks import Mailbox, use

SEVEN = datetime(2026, 11, 24, 6, 59, tzinfo=UTC)  # 7:59 in Brussels
EIGHT = SEVEN + timedelta(minutes=1)


def test_digest_is_written_once_a_day_at_its_hour_in_the_newsroom(db: None) -> None:
    days = [digest.write_due(SEVEN), digest.write_due(EIGHT), digest.write_due(EIGHT + timedelta(hours=2))]
    assert days == [False, True, False]
    assert digest.write_due(EIGHT + timedelta(days=1))


def test_service_that_starts_late_writes_it_within_six_hours_or_not_at_all(db: None) -> None:
    assert not digest.write_due(EIGHT + timedelta(hours=6))
    assert digest.write_due(EIGHT + timedelta(hours=5))


@pytest.mark.parametrize("hours", [23, 25])
def test_clock_that_changes_neither_doubles_nor_drops_a_digest(db: None, hours: int) -> None:
    spring = datetime(2026, 3, 28, 7, tzinfo=UTC)  # the night after, Brussels loses an hour
    autumn = datetime(2026, 10, 24, 6, tzinfo=UTC)
    start = spring if hours == 23 else autumn
    written = [minute for minute in range(0, 46 * 60, 15) if digest.write_due(start + timedelta(minutes=minute))]
    assert written == [0, hours * 60]


def test_digest_can_be_turned_off(db: None, settings_back: None, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, digest_hour=-1)
    assert not digest.write_due(EIGHT)


def test_digest_says_what_stands_where(mailbox: Mailbox, editor: User) -> None:
    make_post(state=PostState.REVIEW)
    make_post(state=PostState.FAILED)
    make_post(state=PostState.PUBLISHED, published_at=EIGHT - timedelta(hours=3))
    make_post(state=PostState.PUBLISHED, published_at=EIGHT - timedelta(hours=30))
    make_source(problem="It cannot be read.")
    ends = (EIGHT + timedelta(days=5, hours=1)).isoformat()
    make_channel(name="X of the press office", health=ChannelHealth.BLOCKED, account={
        "id": "1", "handle": "press", "expires_at": ends,
    })  # fmt: skip
    digest.write_due(EIGHT)
    outbox.run()
    assert mailbox.subjects == ["[Publisher] Daily digest: 24 November 2026"]
    assert mailbox.texts[0].splitlines()[1:10] == [
        "How things stand on 24 November 2026.",
        "Posts that did not go out: 1",
        "Channels that need to be reconnected: 1",
        "Sources in trouble: 1",
        "X of the press office: access ends in 5 days, on 29 November 2026",
        "Posts that wait for review: 1",
        "Published since yesterday: 1",
        "What to do: Open the desk.",
        "http://127.0.0.1:8000/",
    ]


def test_quiet_newsroom_gets_a_digest_all_the_same(db: None) -> None:
    digest.write_due(EIGHT)
    assert letters.lines(Notice.objects.get()) == ["Posts that wait for review: 0", "Published since yesterday: 0"]
