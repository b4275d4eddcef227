"""What is too late: posts whose time passed while they could not go out, or before anybody approved them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine

from publisher import config
from publisher.enums import LatePolicy, NoticeKind, PostState, Role
from publisher.errors import InvalidInput
from publisher.models import Channel, Notice, Post, User
from publisher.newsroom.approval import review
from publisher.newsroom.sending import claiming, late
from publisher.types import Part
from tests.factories import make_channel, make_document, make_post, make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=config.get().zone)
SLOT = NOW + timedelta(hours=2)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def approver() -> User:
    return make_user(Role.APPROVER)


def waiting(**fields: object) -> Post:
    return make_post(make_document(kind="statement"), make_channel(**fields))


def approve(post: Post, user: User, at: datetime | None = None, *, now: bool = False) -> Post:
    post = Post.objects.get(pk=post.pk)
    assert post.revision_id is not None
    return review.approve(post.pk, user, revision_id=post.revision_id, at=at, now=now)


# --- the service was down over its time --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "becomes"),
    [
        (LatePolicy.ASK, PostState.REVIEW),
        (LatePolicy.EXPIRE, PostState.EXPIRED),
        (LatePolicy.SEND, PostState.SENDING),
    ],
)
def test_post_that_is_too_late_follows_the_policy(
    approver: User, clock: time_machine.Traveller, policy: LatePolicy, becomes: PostState
) -> None:
    post = approve(waiting(late=policy), approver)
    clock.shift(timedelta(seconds=config.get().late_after + 1))
    claimed = claiming.claim(post.pk)
    assert (Post.objects.get(pk=post.pk).state, claimed is not None) == (becomes, policy is LatePolicy.SEND)


def test_policy_of_its_kind_goes_before_that_of_the_channel(approver: User, clock: time_machine.Traveller) -> None:
    post = approve(waiting(late="send", late_by_kind={"statement": "expire"}), approver)
    clock.shift(timedelta(days=1))
    assert claiming.claim(post.pk) is None
    assert Post.objects.get(pk=post.pk).state == PostState.EXPIRED


def test_post_that_is_asked_about_says_so_and_people_hear_of_it_until_somebody_decides(
    approver: User, clock: time_machine.Traveller
) -> None:
    post = approve(waiting(), approver)
    clock.shift(timedelta(days=1))
    claiming.claim(post.pk)
    post.refresh_from_db()
    told = (
        "Its time, 24 November, 12:00, passed before it could go out. Approve it to send it now, or choose another "
        "time."
    )
    assert (post.reason, post.due_at, post.approved_revision) == (told, None, None)
    notice = Notice.objects.get(kind=NoticeKind.EXPIRED)
    assert notice.over_at is None
    assert approve(post, approver).due_at == NOW + timedelta(days=1)
    notice.refresh_from_db()
    assert notice.over_at is not None


# --- approved after its time --------------------------------------------------------------------------------------


@pytest.fixture
def slotted(approver: User) -> Post:
    """Was approved for two o'clock; then somebody edited it, and it waits for review with its time."""
    return slot_of(waiting(), approver)


def slot_of(post: Post, approver: User) -> Post:
    post = approve(post, approver, SLOT)
    assert post.revision_id is not None
    return review.edit(post.pk, approver, revision_id=post.revision_id, parts=[Part(text="Other words.")])


def test_post_that_is_approved_before_its_time_keeps_it(approver: User, slotted: Post) -> None:
    assert approve(slotted, approver).due_at == SLOT


def test_person_may_send_it_before_its_time(approver: User, slotted: Post) -> None:
    assert approve(slotted, approver, now=True).due_at == NOW


def test_approval_after_its_time_asks_for_another(approver: User, slotted: Post, clock: time_machine.Traveller) -> None:
    clock.shift(timedelta(hours=3))
    with pytest.raises(InvalidInput) as caught:
        approve(slotted, approver)
    assert caught.value.sentence == "Its time, 14:00, has passed. Send it now, or choose another time."
    assert Post.objects.get(pk=slotted.pk).state == PostState.REVIEW
    assert approve(slotted, approver, now=True).due_at == NOW + timedelta(hours=3)


def test_approval_after_its_time_lets_it_expire_where_the_channel_says_so(
    approver: User, slotted: Post, clock: time_machine.Traveller
) -> None:
    Channel.objects.update(late=LatePolicy.EXPIRE)
    clock.shift(timedelta(hours=3))
    post = approve(slotted, approver)
    assert (post.state, post.reason) == (PostState.EXPIRED, "Its time, 14:00, passed before it was approved.")
    assert claiming.due() == []


def test_approval_after_its_time_sends_where_the_channel_says_so(
    approver: User, slotted: Post, clock: time_machine.Traveller
) -> None:
    Channel.objects.update(late=LatePolicy.SEND)
    clock.shift(timedelta(hours=3))
    assert approve(slotted, approver).due_at == NOW + timedelta(hours=3)


def test_second_approval_after_the_time_that_the_first_chose_is_no_surprise(
    approver: User, clock: time_machine.Traveller
) -> None:
    post, second = waiting(approvals=2), make_user(Role.APPROVER)
    assert approve(post, approver, SLOT).state == PostState.REVIEW
    clock.shift(timedelta(hours=1))
    assert late.own_time(Post.objects.get(pk=post.pk), NOW) == SLOT
    clock.shift(timedelta(hours=2))
    with pytest.raises(InvalidInput):
        approve(post, second)
    assert approve(post, second, now=True).due_at == NOW + timedelta(hours=3)


def test_time_that_had_come_before_the_post_went_back_is_not_its_own_any_more(
    approver: User, clock: time_machine.Traveller
) -> None:
    post = approve(waiting(), approver)
    assert post.revision_id is not None
    clock.shift(timedelta(hours=1))
    post = review.edit(post.pk, approver, revision_id=post.revision_id, parts=[Part(text="Other words.")])
    assert approve(post, approver).due_at == NOW + timedelta(hours=1)


# --- the next free best hour --------------------------------------------------------------------------------------


def test_next_free_best_hours_are_given_one_to_each(approver: User) -> None:
    channel = make_channel(slots={"tue": ["09:00", "14:00", "16:30"], "wed": ["09:00"]})
    posts = [make_post(channel=channel) for _ in range(3)]
    given = [review.approve(post.pk, approver, revision_id=post.revision_id or 0, slot=True).due_at for post in posts]
    assert given == [SLOT, SLOT + timedelta(hours=2, minutes=30), NOW.replace(day=25, hour=9)]
    review.unschedule(posts[0].pk, approver)
    assert review.reschedule(posts[2].pk, approver).due_at == SLOT


def test_channel_without_best_hours_says_so(approver: User) -> None:
    post = waiting(name="Press on X")
    assert post.revision_id is not None
    with pytest.raises(InvalidInput) as caught:
        review.approve(post.pk, approver, revision_id=post.revision_id, slot=True)
    assert caught.value.sentence == "Press on X names no best hours. Enter them under Channels, or choose a time."
