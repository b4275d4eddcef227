"""What goes out: once, when it may, and not by surprise; an unclear answer is never a reason to send again."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from publisher.enums import HoldScope, Lookup, Outcome, PostState
from publisher.errors import InvalidInput
from publisher.models import Hold, Post, SandboxPost, User
from publisher.newsroom.approval import emergencies, review
from publisher.newsroom.sending import claiming, delivery, holds, lookups
from publisher.types import Part
from tests.cli.conftest import Publisher
from tests.field.conftest import Account, desk_of, seen
from tests.newsroom.acts import approved, deliver_whole, dressed, on_the_network
from tests.peers.faults import answer

Waiting = Callable[..., Post]


def test_death_after_the_network_accepted_leaves_uncertain_and_a_look_settles_it(
    waiting: Waiting, approver: User
) -> None:
    """Acceptance test 6."""
    post = approved(waiting(), approver)
    claimed = claiming.claim(post.pk)
    assert claimed is not None
    delivery.call(claimed)  # the post is out; then the process dies before it can write that down
    Post.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    lookups.lose_dead_claims()
    post.refresh_from_db()
    assert (post.state, post.attempts.get().outcome) == (PostState.UNCERTAIN, Outcome.UNCERTAIN)
    delivery.deliver(post.pk)
    assert (claiming.due(), len(on_the_network())) == ([], 1)
    lookups.settle(post.pk)
    post.refresh_from_db()
    assert (post.state, post.attempts.get().outcome) == (PostState.PUBLISHED, Outcome.PUBLISHED)
    assert post.url.endswith(f"/timeline/commission/{SandboxPost.objects.get().pk}")


@pytest.mark.urls("publisher.sandbox.urls")
def test_504_with_the_post_out_is_looked_up_and_not_sent_again(connected: Account) -> None:
    """Acceptance test 8, on every network."""
    place = connected.place
    post = connected.approved(dressed(place, Part(text="Europe stands by its word.")))
    place.proxy.fail(answer(504, "{}", after_forwarding=True), path=place.posting, method=place.method)
    post = deliver_whole(place, post)
    assert post.state in ({PostState.UNCERTAIN, PostState.PUBLISHED} if place.settles else {PostState.UNCERTAIN})
    Post.objects.update(claimed_until=None)  # the look is due
    delivery.deliver(post.pk)
    if place.network.limits.lookup is Lookup.NONE:  # a person looks instead
        review.decide(post.pk, connected.chief, out=True)
    lookups.settle(post.pk)
    post.refresh_from_db()
    assert (post.state, [one.text for one in place.standing()]) == (PostState.PUBLISHED, ["Europe stands by its word."])
    assert len(place.posted()) == 1


class Steps:
    """The statements of an act, outside its transactions; before one of them, something else happens."""

    def __init__(self, at: int, what: Callable[[], object]) -> None:
        self.at, self.what, self.count = at, what, 0
        self.after: list[str] = []
        """What was asked of the database from then on."""

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if not connection.in_atomic_block:
            self.count += 1
            if self.count == self.at:
                self.what()
        if 0 < self.at <= self.count:
            self.after.append(sql)
        return execute(sql, *rest)


@pytest.mark.parametrize(
    "stop",
    [
        {"scope": HoldScope.EVERYTHING},
        {"scope": HoldScope.TOPIC, "words": ["measure"]},
        {"scope": HoldScope.PERIOD, "ends_at": datetime(2099, 1, 1, tzinfo=UTC)},
    ],
    ids=["everything", "topic", "period"],
)
def test_stop_between_the_lock_and_the_call_lets_no_call_be_made(
    waiting: Waiting, approver: User, stop: dict[str, Any]
) -> None:
    """Acceptance test 9, for a stop before each step from the claim on: it is obeyed as long as it can still be read.

    What has been read for the last time before the call is the stop's own table.
    """

    def run(number: int, at: int) -> tuple[str, bool, int]:
        """The state, whether the stop was read after it had been set, and the number of steps."""
        Hold.objects.filter(lifted_at=None).update(lifted_at=timezone.now())
        before = len(on_the_network())
        post = approved(waiting(number), approver)
        claimed = claiming.claim(post.pk)
        assert claimed is not None
        steps = Steps(at, lambda: holds.set(approver, reason="Now", **stop))
        with connection.execute_wrapper(steps):
            result = delivery.call(claimed)
        delivery.record(claimed, result)
        assert len(on_the_network()) - before == (Post.objects.get(pk=post.pk).state == PostState.PUBLISHED)
        read = any('FROM "publisher_hold"' in sql for sql in steps.after)
        return Post.objects.get(pk=post.pk).state, read, steps.count

    _, _, count = run(1, at=0)
    ends = [run(1 + at, at) for at in range(1, count + 1)]
    assert {read: state for state, read, _ in ends} == {True: PostState.SCHEDULED, False: PostState.PUBLISHED}
    assert [state for state, read, _ in ends if read] == [PostState.SCHEDULED] * sum(read for _, read, _ in ends)


@pytest.mark.parametrize("how", ["verb", "desk", "command"])
def test_approval_for_a_time_that_has_passed_is_refused_and_nothing_goes_out(
    waiting: Waiting, approver: User, publisher: Publisher, how: str
) -> None:
    """Acceptance test 19: who says yes too late is asked for another time."""
    post, passed = waiting(), timezone.now() - timedelta(hours=1)
    if how == "verb":
        with pytest.raises(InvalidInput) as caught:
            approved(post, approver, at=passed)
        said = caught.value.sentence
    elif how == "desk":
        page = desk_of(approver).post(f"/posts/{post.pk}/schedule/", seen(post, at=f"{passed:%Y-%m-%dT%H:%M}"))
        said = "That time has passed. Choose a later one."
        assert said in page.content.decode()
    else:
        said = publisher("queue", "approve", post.pk, "--at", passed.isoformat(), "--as", approver.email).refusal
    delivery.deliver(post.pk)
    post.refresh_from_db()
    assert (post.state, on_the_network()) == (PostState.REVIEW, [])
    assert said.startswith("That time has passed.")


def test_approved_post_whose_time_passed_long_ago_asks_again(waiting: Waiting, approver: User) -> None:
    """Acceptance test 19, by default: a person decides anew."""
    post = approved(waiting(), approver)
    Post.objects.update(due_at=timezone.now() - timedelta(hours=7))
    delivery.deliver(post.pk)
    post.refresh_from_db()
    assert (post.state, post.due_at, on_the_network()) == (PostState.REVIEW, None, [])


@pytest.mark.parametrize("how", ["verb", "desk", "command"])
def test_approval_after_the_posts_own_time_follows_the_policy_and_is_no_surprise(
    waiting: Waiting, approver: User, publisher: Publisher, how: str
) -> None:
    """Acceptance test 19: it had a time, went back to review, and is approved when that has passed."""
    post = waiting()
    Post.objects.update(due_at=timezone.now() - timedelta(hours=1))
    if how == "verb":
        with pytest.raises(InvalidInput):
            approved(post, approver)
    elif how == "desk":
        assert desk_of(approver).post(f"/posts/{post.pk}/approve/", seen(post)).status_code == 422
    else:
        assert publisher("queue", "approve", post.pk, "--as", approver.email).status == 1
    assert (Post.objects.get(pk=post.pk).state, claiming.due()) == (PostState.REVIEW, [])


def test_publish_now_and_emergency_are_refused_before_the_end_of_an_embargo(
    waiting: Waiting, approver: User, publisher: Publisher
) -> None:
    """Acceptance test 20."""
    ends = timezone.now().replace(microsecond=0) + timedelta(hours=2)
    post = approved(waiting(embargo_until=ends), approver)
    assert post.due_at == ends
    with pytest.raises(InvalidInput):
        review.reschedule(post.pk, approver, at=timezone.now())
    page = desk_of(approver).post(f"/posts/{post.pk}/send-now/")
    assert (page.status_code, "under embargo" in page.content.decode()) == (422, True)
    now = (timezone.now() + timedelta(minutes=1)).isoformat()
    assert "under embargo" in publisher("queue", "schedule", post.pk, "--at", now, "--as", approver.email).refusal
    post = review.unschedule(post.pk, approver)
    post = emergencies.publish(post.pk, approver, revision_id=post.revision_id or 0, reason="Leaked")
    assert post.due_at == ends
    Post.objects.update(due_at=timezone.now())  # even behind everybody's back
    delivery.deliver(post.pk)
    assert on_the_network() == []
