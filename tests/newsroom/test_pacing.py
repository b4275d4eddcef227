"""A channel's pace at the claim: who waits, until when, in which words; and the person who sends one anyway."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from publisher import config
from publisher.enums import NoticeKind, Outcome, Pace, PostState, Role
from publisher.errors import InvalidInput, NotAllowed, StaleState
from publisher.models import Channel, Event, Notice, Post, User
from publisher.newsroom.approval import emergencies, review
from publisher.newsroom.sending import claiming, delivery, hours, pacing, spend
from publisher.newsroom.sending.pacing import Pacing
from publisher.newsroom.sending.when import WEEKDAYS
from publisher.types import Media, Part
from tests.factories import make_attempt, make_channel, make_post, make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 14, 10, tzinfo=config.get().zone)
LINKED = Part(text="A statement. https://press.example.org/detail/1")
PLAIN = Part(text="A statement.")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def approver() -> User:
    return make_user(Role.APPROVER)


def sent(channel: Channel, at: datetime, outcome: str = Outcome.PUBLISHED, **fields: Any) -> Post:
    post = make_post(channel=channel, state=PostState.PUBLISHED)
    make_attempt(post, outcome=outcome, started_at=at, ended_at=at, **fields)
    return post


def approved(channel: Channel, user: User, *parts: Part) -> Post:
    post = make_post(channel=channel, parts=parts or (LINKED,))
    assert post.revision_id is not None
    return review.approve(post.pk, user, revision_id=post.revision_id)


def said(channel: Channel, now: datetime = NOW, *parts: Part) -> str:
    """What a post that is to go out there now is told."""
    found = pacing.waits(make_post(channel=channel, parts=parts or (LINKED,)), now)
    return found.sentence if found else ""


# --- minutes between two posts, posts of a day -------------------------------------------------------------------


def test_post_waits_for_the_minutes_between_two_and_says_until_when() -> None:
    channel = make_channel(spacing=15)
    sent(channel, NOW - timedelta(minutes=5))
    assert said(channel) == "Waits until 14:20: 15 minutes between two posts."
    assert said(channel, NOW + timedelta(minutes=10)) == ""


def test_post_of_another_channel_does_not_count() -> None:
    sent(make_channel(spacing=15), NOW)
    assert said(make_channel(spacing=15)) == ""


@pytest.mark.parametrize("outcome", [Outcome.RETRY, Outcome.REFUSED, Outcome.ABSENT])
def test_what_did_not_go_out_does_not_count(outcome: str) -> None:
    channel = make_channel(spacing=15)
    sent(channel, NOW, outcome)
    assert said(channel) == ""


@pytest.mark.parametrize("outcome", [Outcome.PENDING, Outcome.UNCERTAIN])
def test_what_may_be_out_counts(outcome: str) -> None:
    channel = make_channel(spacing=15)
    sent(channel, NOW, outcome)
    assert said(channel) == "Waits until 14:25: 15 minutes between two posts."


def test_thread_is_one_post_of_the_day() -> None:
    channel = make_channel(daily_cap=2)
    make_attempt(sent(channel, NOW), outcome=Outcome.PUBLISHED, part=1)
    assert said(channel) == ""


def test_new_words_for_a_post_that_is_out_are_no_post_and_do_not_wait() -> None:
    channel = make_channel(daily_cap=1)
    first = sent(channel, NOW - timedelta(days=2))
    edit = make_post(channel=channel, state=PostState.PUBLISHED, edits=first)
    make_attempt(edit, outcome=Outcome.PUBLISHED)
    assert said(channel) == ""
    sent(channel, NOW)
    assert pacing.waits(make_post(channel=channel, edits=first), NOW) is None


def test_full_day_puts_off_to_the_next_morning() -> None:
    channel = make_channel(daily_cap=1)
    sent(channel, NOW - timedelta(hours=3))
    assert said(channel) == "Waits until 25 November, 08:00: no more than 1 a day go out here, and they are taken."
    assert said(channel, NOW + timedelta(days=1)) == ""


def test_rest_of_a_thread_that_has_begun_does_not_wait() -> None:
    channel = make_channel(spacing=15, daily_cap=1)
    post = make_post(channel=channel, state=PostState.SCHEDULED, parts=(PLAIN, PLAIN))
    make_attempt(post, outcome=Outcome.PUBLISHED)
    assert pacing.waits(post, NOW) is None


def test_those_that_must_wait_stay_scheduled_each_with_a_place_of_its_own(approver: User) -> None:
    channel = make_channel(spacing=15)
    first, *others = [approved(channel, approver) for _ in range(3)]
    assert claiming.claim(first.pk) is not None
    for number, post in enumerate(others, start=1):
        assert claiming.claim(post.pk) is None
        post.refresh_from_db()
        assert (post.state, post.pace) == (PostState.SCHEDULED, Pace.WAITS)
        assert post.not_before == NOW + number * timedelta(minutes=15)
    assert claiming.due() == []
    waited = Event.objects.filter(subject="post", verb="wait").order_by("id").values_list("subject_id", flat=True)
    assert list(waited) == [post.pk for post in others]


def test_post_goes_when_its_place_has_come(approver: User, clock: time_machine.Traveller) -> None:
    channel = make_channel(spacing=15)
    sent(channel, NOW)
    post, later = approved(channel, approver), approved(channel, approver)
    assert [claiming.claim(one.pk) for one in (post, later)] == [None, None]
    clock.shift(timedelta(minutes=15, seconds=20))
    assert claiming.due() == [post.pk]
    assert claiming.claim(post.pk) is not None
    assert Post.objects.get(pk=post.pk).pace == ""
    clock.shift(timedelta(minutes=15))
    assert claiming.claim(later.pk) is not None


# --- a person's word ----------------------------------------------------------------------------------------------


def test_person_sends_one_anyway_and_it_counts(approver: User) -> None:
    channel = make_channel(spacing=15)
    sent(channel, NOW - timedelta(minutes=1))
    post = approved(channel, approver)
    assert claiming.claim(post.pk) is None
    pacing.send_anyway(post.pk, approver, reason="Breaking news")
    event = Event.objects.filter(subject="post", verb="send anyway").get()
    assert (event.subject_id, event.reason) == (post.pk, "Breaking news")
    assert event.data["waited"] == "Waits until 14:24: 15 minutes between two posts."
    assert claiming.claim(post.pk) is not None
    assert said(channel) == "Waits until 14:25: 15 minutes between two posts."


def test_emergency_waits_for_no_pace(approver: User) -> None:
    channel = make_channel("x", spacing=15, daily_cap=1, spend_cap="0.10")
    sent(channel, NOW)
    post = make_post(channel=channel, parts=(LINKED,))
    emergencies.publish(post.pk, approver, revision_id=post.revision_id or 0, reason="Flood")
    assert claiming.claim(post.pk) is not None


def test_what_does_not_wait_for_its_pace_is_not_sent_anyway(approver: User) -> None:
    with pytest.raises(StaleState):
        pacing.send_anyway(approved(make_channel(spacing=15), approver).pk, approver)


def test_who_may_not_approve_does_not_send_anyway(approver: User) -> None:
    channel = make_channel(spacing=15)
    sent(channel, NOW)
    post = approved(channel, approver)
    assert claiming.claim(post.pk) is None
    with pytest.raises(NotAllowed):
        pacing.send_anyway(post.pk, make_user(Role.EDITOR))


# --- the money of a month -----------------------------------------------------------------------------------------


def test_cost_is_that_of_the_price_list() -> None:
    flag = Media(sha256="a", alt="A flag")
    posts = [
        (PLAIN,),
        (LINKED,),
        (Part(text="See example.org"),),
        (Part(text="A flag", media=(flag,)),),
        (PLAIN, LINKED),
    ]
    channel = make_channel("x")
    costs = [spend.estimate(make_post(channel=channel, parts=parts)) for parts in posts]
    assert [f"{cost:.3f}" for cost in costs] == ["0.015", "0.200", "0.200", "0.020", "0.215"]
    assert spend.estimate(make_post(channel=make_channel("mastodon"))) == 0


def test_month_is_that_of_the_calendar(approver: User) -> None:
    channel = make_channel("x")
    sent(channel, NOW.replace(day=1, hour=0, minute=0), cost="0.20")
    sent(channel, NOW.replace(day=1, hour=0, minute=0) - timedelta(seconds=1), cost="5")
    found = spend.of(channel)
    assert found is not None
    assert (found.spent, found.cap, found.prices.source) == (
        Decimal("0.20"),
        None,
        "https://docs.x.com/x-api/getting-started/pricing",
    )
    assert spend.of(make_channel("bluesky")) is None


def test_claim_writes_down_what_it_costs_and_a_refusal_takes_it_back(approver: User) -> None:
    channel = make_channel("x")
    post = approved(channel, approver)
    claimed = claiming.claim(post.pk)
    assert claimed is not None
    assert spend.spent(channel, NOW) == Decimal("0.20")
    delivery.attempts.close_all(claimed.attempts, Outcome.REFUSED)
    assert spend.spent(channel, NOW) == 0


def test_limit_of_the_month_makes_posts_wait_for_a_person_and_people_hear_of_it(
    approver: User, clock: time_machine.Traveller
) -> None:
    channel = make_channel("x", spend_cap="10", name="Press on X")
    sent(channel, NOW - timedelta(days=2), cost="9.90")
    posts = [approved(channel, approver) for _ in range(2)]
    assert [claiming.claim(post.pk) for post in posts] == [None, None]
    told = (
        "Waits for a person: this month about $9.90 of $10.00 are spent on Press on X, and this post costs about $0.20 "
        "more. Send it anyway, or raise the limit of the channel."
    )
    for post in posts:
        post.refresh_from_db()
        assert (post.state, post.pace, post.reason) == (PostState.SCHEDULED, Pace.ASKS, told)
    notice = Notice.objects.get()
    assert (notice.kind, notice.subject, notice.over_at) == (NoticeKind.SPEND, "Press on X", None)
    assert claiming.due() == []
    clock.shift(timedelta(days=10))
    assert claiming.claim(posts[0].pk) is None  # another month, and still only a person lets it go
    pacing.send_anyway(posts[0].pk, approver)
    assert claiming.claim(posts[0].pk) is not None


def test_cheaper_post_still_fits(approver: User) -> None:
    channel = make_channel("x", spend_cap="10")
    sent(channel, NOW, cost="9.90")
    assert said(channel, NOW, PLAIN) == ""


def test_higher_limit_lets_go_what_waits(approver: User) -> None:
    channel = make_channel("x", spend_cap="0.10")
    post = approved(channel, approver)
    assert claiming.claim(post.pk) is None
    pacing.set(channel.pk, make_user(Role.ADMINISTRATOR), changed(channel, spend_cap=Decimal(5)))
    assert claiming.due() == [post.pk]
    assert claiming.claim(post.pk) is not None
    assert Notice.objects.filter(over_at=None).count() == 0


# --- the settings -------------------------------------------------------------------------------------------------


def changed(channel: Channel, **fields: Any) -> Pacing:
    now = Pacing.of(channel)
    return Pacing(**{**{name: getattr(now, name) for name in Pacing.__slots__}, **fields})


def test_settings_are_kept_with_an_event() -> None:
    channel, chief = make_channel(), make_user(Role.ADMINISTRATOR)
    wanted = Pacing(
        spacing=15,
        daily_cap=8,
        slots={"mon": ["09:00"]},
        spend_cap=Decimal("49.90"),
        late="expire",
        late_by_kind={"speech": "send"},
    )
    assert Pacing.of(pacing.set(channel.pk, chief, wanted)) == wanted
    assert Event.objects.get(subject="channel", verb="pace").data == wanted.as_data()


@pytest.mark.parametrize(
    "wrong",
    [
        {"spacing": -1},
        {"spacing": 1441},
        {"daily_cap": 1001},
        {"spend_cap": Decimal(-1)},
        {"late": "perhaps"},
        {"late_by_kind": {"poem": "ask"}},
        {"late_by_kind": {"speech": "perhaps"}},
    ],
)
def test_settings_that_mean_nothing_are_refused(wrong: dict[str, Any]) -> None:
    channel = make_channel()
    with pytest.raises(InvalidInput):
        pacing.set(channel.pk, make_user(Role.ADMINISTRATOR), changed(channel, **wrong))


def test_only_who_manages_a_channel_sets_its_pace(approver: User) -> None:
    channel = make_channel()
    with pytest.raises(NotAllowed):
        pacing.set(channel.pk, approver, changed(channel, spacing=0))


def test_hours_are_read_as_people_write_them() -> None:
    found = hours.read(["Mon-Fri: 9:00, 14:30", "", "sat 10:00", "mon 08:00"])
    assert found == {
        "mon": ["08:00", "09:00", "14:30"],
        **{day: ["09:00", "14:30"] for day in ("tue", "wed", "thu", "fri")},
        "sat": ["10:00"],
    }
    assert hours.write(found) == ["mon 08:00, 09:00, 14:30", "tue-fri 09:00, 14:30", "sat 10:00"]


@pytest.mark.parametrize("line", ["9:00", "someday 9:00", "fri-mon 9:00", "mon 25:00", "mon", "mon ,"])
def test_line_without_hours_is_named(line: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        hours.read(["mon 09:00", line])
    assert caught.value.params == {"line": line}


HOURS = st.lists(st.times().map(lambda at: at.strftime("%H:%M")), min_size=1, unique=True).map(sorted)


@given(st.dictionaries(st.sampled_from(WEEKDAYS), HOURS))
def test_hours_that_are_written_read_the_same(slots: dict[str, list[str]]) -> None:
    assert hours.read(hours.write(slots)) == slots
