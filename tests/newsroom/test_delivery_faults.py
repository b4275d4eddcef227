"""Whatever the network answers: at most one post, and always the right state and sentence."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from publisher.enums import ChannelHealth, Outcome, PostState
from publisher.errors import StaleState
from publisher.models import (
    Channel,
    Event,
    Post,
    SandboxAccount,
    SandboxPost,
    User,
)
from publisher.models.sandbox import SandboxFailure
from publisher.newsroom.approval import review
from publisher.newsroom.sealing import seal, unseal
from publisher.newsroom.sending import claiming, delivery, lookups, workers
from tests.newsroom.acts import Waiting, approved, fail_with, on_the_network, outcomes

NOBODY = "http://127.0.0.1:9"
"""Where nothing listens."""


@pytest.mark.parametrize(
    ("failure", "state", "sent"),
    [
        (SandboxFailure.REFUSED, PostState.FAILED, 0),
        (SandboxFailure.BAD_TOKEN, PostState.FAILED, 0),
        (SandboxFailure.SUSPENDED, PostState.FAILED, 0),
        (SandboxFailure.RATE_LIMITED, PostState.SCHEDULED, 0),
        (SandboxFailure.SERVER_ERROR_BEFORE, PostState.UNCERTAIN, 0),
        (SandboxFailure.SERVER_ERROR_AFTER, PostState.UNCERTAIN, 1),
        (SandboxFailure.LOST_ANSWER, PostState.UNCERTAIN, 1),
        (SandboxFailure.HTML_PAGE, PostState.UNCERTAIN, 1),
        (SandboxFailure.EMPTY_ANSWER, PostState.UNCERTAIN, 1),
        (SandboxFailure.PROCESSING, PostState.PROCESSING, 1),
    ],
)
def test_failing_network_leaves_the_right_state(
    waiting: Waiting, approver: User, account: SandboxAccount, failure: SandboxFailure, state: PostState, sent: int
) -> None:
    post = approved(waiting(), approver)
    fail_with(account, failure)
    delivery.deliver(post.pk)
    post.refresh_from_db()
    assert (post.state, len(on_the_network())) == (state, sent)
    assert state == PostState.PROCESSING or post.reason.endswith(".")


@pytest.mark.parametrize(
    "failure", [SandboxFailure.SERVER_ERROR_AFTER, SandboxFailure.LOST_ANSWER, SandboxFailure.HTML_PAGE]
)
def test_uncertain_post_that_is_out_is_found_and_not_sent_again(
    waiting: Waiting, approver: User, account: SandboxAccount, failure: SandboxFailure
) -> None:
    post = approved(waiting(), approver)
    fail_with(account, failure)
    delivery.deliver(post.pk)
    fail_with(account, SandboxFailure.NONE)
    assert lookups.waiting(PostState.UNCERTAIN) == [post.pk]
    lookups.settle(post.pk)
    post.refresh_from_db()
    assert (post.state, len(on_the_network()), outcomes(post)) == (PostState.PUBLISHED, 1, [Outcome.PUBLISHED])
    assert post.url.endswith(f"/timeline/commission/{SandboxPost.objects.get().pk}")


def test_uncertain_post_that_is_not_out_is_sent_again_with_the_same_key(
    waiting: Waiting, approver: User, account: SandboxAccount
) -> None:
    post = approved(waiting(), approver)
    fail_with(account, SandboxFailure.SERVER_ERROR_BEFORE)
    delivery.deliver(post.pk)
    fail_with(account, SandboxFailure.NONE)
    lookups.settle(post.pk)
    delivery.deliver(post.pk)
    post.refresh_from_db()
    assert (post.state, len(on_the_network())) == (PostState.PUBLISHED, 1)
    assert outcomes(post) == [Outcome.ABSENT, Outcome.PUBLISHED]
    assert len({(attempt.key, attempt.stamp) for attempt in post.attempts.all()}) == 1


def test_uncertain_post_stays_so_while_the_network_cannot_be_asked(
    waiting: Waiting, approver: User, account: SandboxAccount
) -> None:
    post = approved(waiting(), approver)
    fail_with(account, SandboxFailure.LOST_ANSWER)
    delivery.deliver(post.pk)
    fail_with(account, SandboxFailure.BAD_TOKEN)
    lookups.settle(post.pk)
    assert Post.objects.get(pk=post.pk).state == PostState.UNCERTAIN


def test_living_worker_keeps_its_claim(waiting: Waiting, approver: User) -> None:
    post = approved(waiting(), approver)
    claiming.claim(post.pk)
    assert lookups.lose_dead_claims() == 0
    assert Post.objects.get(pk=post.pk).claimed_by == workers.me()


def test_answer_that_comes_after_the_claim_was_given_up_still_counts(waiting: Waiting, approver: User) -> None:
    post = approved(waiting(), approver)
    claimed = claiming.claim(post.pk)
    assert claimed is not None
    answer = delivery.call(claimed)
    Post.objects.filter(pk=post.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))
    lookups.lose_dead_claims()
    delivery.record(claimed, answer)
    assert (Post.objects.get(pk=post.pk).state, len(on_the_network())) == (PostState.PUBLISHED, 1)


def test_answer_that_comes_after_a_person_decided_leaves_what_was_said(waiting: Waiting, approver: User) -> None:
    post = approved(waiting(), approver)
    claimed = claiming.claim(post.pk)
    assert claimed is not None
    result = delivery.call(claimed)
    Post.objects.filter(pk=post.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert lookups.lose_dead_claims() == 1
    review.decide(post.pk, approver, out=True, url="https://example.org/seen")
    assert delivery.record(claimed, result) is None
    post.refresh_from_db()
    assert (post.state, post.url, len(on_the_network())) == (PostState.PUBLISHED, "https://example.org/seen", 1)
    assert [attempt.receipt for attempt in post.attempts.all()] == [{}]
    assert Event.objects.latest("pk").verb == "late answer"


def test_two_workers_send_one_post(waiting: Waiting, approver: User) -> None:
    post = approved(waiting(), approver)
    first = claiming.claim(post.pk)
    assert (first is not None, claiming.claim(post.pk)) == (True, None)


def test_shut_out_account_pauses_its_channel_and_the_others_wait(
    waiting: Waiting, approver: User, account: SandboxAccount, channel: Channel
) -> None:
    first, second = approved(waiting(1), approver), approved(waiting(2), approver)
    fail_with(account, SandboxFailure.BAD_TOKEN)
    delivery.deliver(first.pk)
    delivery.deliver(second.pk)
    channel.refresh_from_db()
    assert channel.health == ChannelHealth.BLOCKED
    assert Post.objects.get(pk=second.pk).state == PostState.SCHEDULED
    assert claiming.due() == []


def test_each_wait_is_longer_and_none_is_like_another(waiting: Waiting, approver: User, channel: Channel) -> None:
    Channel.objects.filter(pk=channel.pk).update(credentials=seal({**unseal(channel.credentials), "base_url": NOBODY}))
    post, waits = approved(waiting(), approver), []
    for _ in range(8):
        Post.objects.filter(pk=post.pk).update(not_before=None)
        before = timezone.now()
        delivery.deliver(post.pk)
        post.refresh_from_db()
        assert post.not_before is not None
        waits.append((post.not_before - before).total_seconds())
    floors = [60, 60, 81, 256, 625, 1296, 2401, 4096]
    assert [floor <= wait < floor * 1.25 + 5 for wait, floor in zip(waits, floors, strict=True)] == [True] * 8
    assert waits[0] != waits[1]


def test_rate_limit_puts_off_without_counting_a_try(waiting: Waiting, approver: User, account: SandboxAccount) -> None:
    post = approved(waiting(), approver)
    fail_with(account, SandboxFailure.RATE_LIMITED)
    delivery.deliver(post.pk)
    post.refresh_from_db()
    assert post.tries == 0
    assert post.not_before is not None
    assert post.not_before > timezone.now()


def test_failed_post_goes_out_when_retried(waiting: Waiting, approver: User, account: SandboxAccount) -> None:
    post = approved(waiting(), approver)
    fail_with(account, SandboxFailure.REFUSED)
    delivery.deliver(post.pk)
    fail_with(account, SandboxFailure.NONE)
    review.retry(post.pk, approver)
    delivery.deliver(post.pk)
    assert (Post.objects.get(pk=post.pk).state, len(on_the_network())) == (PostState.PUBLISHED, 1)


def test_processing_post_is_resumed_until_it_is_out(waiting: Waiting, approver: User, account: SandboxAccount) -> None:
    post = approved(waiting(), approver)
    fail_with(account, SandboxFailure.PROCESSING)
    delivery.deliver(post.pk)
    while Post.objects.get(pk=post.pk).state == PostState.PROCESSING:
        Post.objects.filter(pk=post.pk).update(claimed_until=None)  # the next look is due
        lookups.resume(post.pk)
    assert (Post.objects.get(pk=post.pk).state, len(on_the_network())) == (PostState.PUBLISHED, 1)


def test_person_settles_what_cannot_be_looked_up(waiting: Waiting, approver: User, account: SandboxAccount) -> None:
    out, not_out = approved(waiting(1), approver), approved(waiting(2), approver)
    fail_with(account, SandboxFailure.LOST_ANSWER)
    delivery.deliver(out.pk)
    delivery.deliver(not_out.pk)
    assert review.decide(out.pk, approver, out=True, url="https://example.org/1").state == PostState.PUBLISHED
    assert review.decide(not_out.pk, approver, out=False).state == PostState.FAILED


def test_lost_task_queue_loses_no_post(waiting: Waiting, approver: User) -> None:
    """Nothing but the rows is asked: the queue's file could be gone."""
    post = approved(waiting(), approver)
    assert claiming.due() == [post.pk]


def test_failing_database_after_the_call_leaves_a_claim_that_ends_uncertain(waiting: Waiting, approver: User) -> None:
    """The disk is full when the answer is to be written: nothing is lost, and nothing is sent again."""
    post = approved(waiting(), approver)
    claimed = claiming.claim(post.pk)
    assert claimed is not None
    answer = delivery.call(claimed)

    def full(execute: Callable[..., object], sql: str, *rest: object) -> object:
        if sql.startswith("UPDATE"):
            raise OperationalError("database or disk is full")
        return execute(sql, *rest)

    with connection.execute_wrapper(full), pytest.raises(OperationalError):
        delivery.record(claimed, answer)
    Post.objects.filter(pk=post.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))
    lookups.lose_dead_claims()
    lookups.settle(post.pk)
    assert (Post.objects.get(pk=post.pk).state, len(on_the_network())) == (PostState.PUBLISHED, 1)


def test_post_in_another_state_is_not_settled_by_a_person(waiting: Waiting, approver: User) -> None:
    with pytest.raises(StaleState):
        review.decide(waiting().pk, approver, out=True)
