"""Threads: part by part, on after the last one known to be out, and what can be done with half of one."""

import pytest

from publisher.enums import HoldScope, PostState
from publisher.errors import StaleState
from publisher.models import (
    Post,
    SandboxAccount,
    SandboxPost,
    User,
)
from publisher.models.sandbox import SandboxFailure
from publisher.newsroom.approval import review
from publisher.newsroom.sending import claiming, delivery, follow_up, holds, lookups
from tests.newsroom.acts import Waiting, approved, fail_with, lift, on_the_network, thread


def half_refused(post: Post, account: SandboxAccount) -> None:
    """Its first part goes out, its second is refused."""
    claimed = claiming.claim(post.pk)
    assert claimed is not None
    following = delivery.record(claimed, delivery.call(claimed))
    assert following is not None
    fail_with(account, SandboxFailure.REFUSED)
    delivery.record(following, delivery.call(following))
    fail_with(account, SandboxFailure.NONE)


def test_thread_goes_out_in_order_each_part_a_reply_to_the_one_before(waiting: Waiting, approver: User) -> None:
    post = approved(thread(waiting(), approver, "One.", "Two.", "Three."), approver)
    delivery.deliver(post.pk)
    sent = list(SandboxPost.objects.order_by("id"))
    assert [item.text for item in sent] == ["One.", "Two.", "Three."]
    assert [item.reply_to_id for item in sent] == [None, sent[0].pk, sent[1].pk]


def test_thread_resumes_after_the_last_part_that_is_out(
    waiting: Waiting, approver: User, account: SandboxAccount
) -> None:
    post = approved(thread(waiting(), approver, "One.", "Two.", "Three."), approver)
    claimed = claiming.claim(post.pk)
    assert claimed is not None
    following = delivery.record(claimed, delivery.call(claimed))
    assert following is not None
    fail_with(account, SandboxFailure.LOST_ANSWER)
    delivery.record(following, delivery.call(following))
    assert Post.objects.get(pk=post.pk).state == PostState.UNCERTAIN
    fail_with(account, SandboxFailure.NONE)
    lookups.settle(post.pk)
    delivery.deliver(post.pk)
    assert (Post.objects.get(pk=post.pk).state, on_the_network()) == (PostState.PUBLISHED, ["One.", "Two.", "Three."])


def test_thread_whose_second_part_is_refused_says_so_and_offers_what_can_be_done(
    waiting: Waiting, approver: User, account: SandboxAccount
) -> None:
    post = approved(thread(waiting(), approver, "One.", "Two."), approver)
    half_refused(post, account)
    post.refresh_from_db()
    assert (post.state, on_the_network()) == (PostState.FAILED, ["One."])
    assert post.reason == (
        "1 of 2 parts are out; the next one was refused: The text breaks a rule of this network. Post the rest by hand "
        "and leave it so, or withdraw what is out."
    )
    left = review.leave(post.pk, approver)
    assert (left.state, left.url) == (PostState.PUBLISHED, post.attempts.order_by("id")[0].receipt["url"])


def test_first_part_of_a_thread_that_was_refused_can_be_withdrawn(
    waiting: Waiting, approver: User, account: SandboxAccount
) -> None:
    post = approved(thread(waiting(), approver, "One.", "Two."), approver)
    half_refused(post, account)
    assert (follow_up.withdraw(post.pk, approver).state, on_the_network()) == (PostState.WITHDRAWN, [])


def test_post_of_which_nothing_is_out_cannot_be_left_as_it_is(
    waiting: Waiting, approver: User, account: SandboxAccount
) -> None:
    post = approved(waiting(), approver)
    fail_with(account, SandboxFailure.REFUSED)
    delivery.deliver(post.pk)
    for act in (review.leave, follow_up.withdraw):
        with pytest.raises(StaleState):
            act(post.pk, approver)
    assert Post.objects.get(pk=post.pk).state == PostState.FAILED


def test_hold_set_in_the_middle_of_a_thread_stops_the_next_part(waiting: Waiting, approver: User) -> None:
    post = approved(thread(waiting(), approver, "One.", "Two."), approver)
    claimed = claiming.claim(post.pk)
    assert claimed is not None
    answer = delivery.call(claimed)
    hold = holds.set(approver, scope=HoldScope.EVERYTHING, reason="Stop")
    assert delivery.record(claimed, answer) is None
    assert (Post.objects.get(pk=post.pk).state, on_the_network()) == (PostState.SCHEDULED, ["One."])
    lift(hold, approver)
    delivery.deliver(post.pk)
    assert on_the_network() == ["One.", "Two."]
