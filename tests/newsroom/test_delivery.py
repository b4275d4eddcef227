"""Delivery against the sandbox network over real HTTP: at most one post, and always the right state and sentence."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from publisher.enums import ChannelHealth, HoldScope, Outcome, PostState
from publisher.errors import InvalidInput, NotAllowed, StaleState
from publisher.models import (
    Approval,
    Attempt,
    Channel,
    Document,
    Hold,
    Post,
    Rule,
    SandboxAccount,
    SandboxPost,
    Source,
    User,
)
from publisher.models.sandbox import SandboxFailure
from publisher.newsroom.approval import review
from publisher.newsroom.drafts import drafting
from publisher.newsroom.sending import delivery, follow_up, holds, lookups, workers
from publisher.newsroom.workflow import move
from publisher.types import Part
from tests.factories import make_user
from tests.newsroom.conftest import bring, entry

Waiting = Callable[..., Post]


def fail_with(account: SandboxAccount, failure: SandboxFailure) -> None:
    SandboxAccount.objects.set_failure(account.handle, failure)


def approved(post: Post, user: User, **more: Any) -> Post:
    assert post.revision_id is not None
    return review.approve(post.pk, user, revision_id=post.revision_id, **more)


def thread(post: Post, user: User, *texts: str) -> Post:
    assert post.revision_id is not None
    return review.edit(post.pk, user, revision_id=post.revision_id, parts=[Part(text=text) for text in texts])


def lift(hold: Hold, user: User) -> None:
    """As many people as it takes."""
    if holds.lift(hold.pk, user).lifted_at is None:
        holds.lift(hold.pk, make_user("approver"))


def outcomes(post: Post) -> list[str]:
    return list(post.attempts.order_by("id").values_list("outcome", flat=True))


def on_the_network() -> list[str]:
    return list(SandboxPost.objects.order_by("id").values_list("text", flat=True))


def test_approved_post_goes_out_once_as_approved(waiting: Waiting, approver: User) -> None:
    post = approved(waiting(), approver)
    assert post.revision is not None
    delivery.deliver(post.pk)
    delivery.deliver(post.pk)
    post.refresh_from_db()
    assert post.state == PostState.PUBLISHED
    assert on_the_network() == [post.revision.parts[0]["text"]]
    assert outcomes(post) == [Outcome.PUBLISHED]


def test_post_that_nobody_approved_is_not_sent(waiting: Waiting) -> None:
    post = waiting()
    assert delivery.claim(post.pk) is None
    assert on_the_network() == []


def test_post_waits_for_its_time(waiting: Waiting, approver: User) -> None:
    post = approved(waiting(), approver, at=timezone.now() + timedelta(hours=1))
    assert (delivery.due(), delivery.claim(post.pk)) == ([], None)


def test_approval_of_another_revision_is_refused(waiting: Waiting, approver: User) -> None:
    post = waiting()
    seen = post.revision_id
    thread(post, approver, "Another text")
    assert seen is not None
    with pytest.raises(StaleState):
        review.approve(post.pk, approver, revision_id=seen)
    assert Approval.objects.count() == 0


def test_viewer_may_not_approve(waiting: Waiting, viewer: User) -> None:
    with pytest.raises(NotAllowed):
        approved(waiting(), viewer)


def test_text_that_is_too_long_cannot_be_approved(waiting: Waiting, approver: User) -> None:
    post = thread(waiting(), approver, "x" * 301)
    with pytest.raises(InvalidInput) as caught:
        approved(post, approver)
    assert caught.value.sentence == "The post cannot go out like this: The text is too long: 301 of 300."


def test_edit_takes_an_approved_post_back_to_review(waiting: Waiting, approver: User) -> None:
    post = approved(waiting(), approver, at=timezone.now() + timedelta(hours=1))
    post = thread(post, approver, "Another text")
    assert post.state == PostState.REVIEW
    assert delivery.claim(post.pk) is None


@pytest.mark.parametrize("scope", list(HoldScope))
def test_hold_stops_and_lifting_lets_go(waiting: Waiting, approver: User, channel: Channel, scope: HoldScope) -> None:
    post = approved(waiting(), approver)
    ends = timezone.now() + timedelta(hours=1) if scope in {HoldScope.TOPIC, HoldScope.PERIOD} else None
    hold = holds.set(
        approver,
        scope=scope,
        reason="Mourning",
        channel_id=channel.pk,
        document_id=post.document_id,
        words=["Measure"],
        ends_at=ends,
    )
    delivery.deliver(post.pk)
    post.refresh_from_db()
    assert (post.state, post.reason) == (PostState.SCHEDULED, "Sending is stopped by bob@example.org: Mourning")
    lift(hold, approver)
    delivery.deliver(post.pk)
    assert Post.objects.get(pk=post.pk).state == PostState.PUBLISHED


def test_stopped_channel_does_not_stand_in_the_way_of_the_others(
    waiting: Waiting, approver: User, channel: Channel
) -> None:
    post = approved(waiting(), approver)
    hold = holds.set(approver, scope=HoldScope.CHANNEL, channel_id=channel.pk)
    assert delivery.due() == []
    lift(hold, approver)
    assert delivery.due() == [post.pk]


def test_hold_of_another_channel_stops_nothing_here(waiting: Waiting, approver: User, channel: Channel) -> None:
    post = approved(waiting(), approver)
    other = Channel.objects.create(network="sandbox", name="Other", credentials="")
    holds.set(approver, scope=HoldScope.CHANNEL, channel_id=other.pk)
    delivery.deliver(post.pk)
    assert len(on_the_network()) == 1


def test_paused_channel_keeps_its_posts(waiting: Waiting, approver: User, channel: Channel) -> None:
    post = approved(waiting(), approver)
    Channel.objects.filter(pk=channel.pk).update(active=False)
    delivery.deliver(post.pk)
    assert (Post.objects.get(pk=post.pk).state, on_the_network()) == (PostState.SCHEDULED, [])


def test_embargo_is_a_floor(waiting: Waiting, approver: User) -> None:
    ends = timezone.now() + timedelta(hours=3)
    post = waiting(embargo_until=ends)
    assert post.revision_id is not None
    with pytest.raises(InvalidInput):
        review.approve(post.pk, approver, revision_id=post.revision_id, at=ends - timedelta(minutes=1))
    assert approved(post, approver).due_at == ends


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
    delivery.claim(post.pk)
    assert lookups.lose_dead_claims() == 0
    assert Post.objects.get(pk=post.pk).claimed_by == workers.me()


def test_answer_that_comes_after_the_claim_was_given_up_still_counts(waiting: Waiting, approver: User) -> None:
    post = approved(waiting(), approver)
    claimed = delivery.claim(post.pk)
    assert claimed is not None
    answer = delivery.call(claimed)
    Post.objects.filter(pk=post.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))
    lookups.lose_dead_claims()
    delivery.record(claimed, answer)
    assert (Post.objects.get(pk=post.pk).state, len(on_the_network())) == (PostState.PUBLISHED, 1)


def test_two_workers_send_one_post(waiting: Waiting, approver: User) -> None:
    post = approved(waiting(), approver)
    first = delivery.claim(post.pk)
    assert (first is not None, delivery.claim(post.pk)) == (True, None)


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
    assert delivery.due() == []


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
    claimed = delivery.claim(post.pk)
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


def half_refused(post: Post, account: SandboxAccount) -> None:
    """Its first part goes out, its second is refused."""
    claimed = delivery.claim(post.pk)
    assert claimed is not None
    following = delivery.record(claimed, delivery.call(claimed))
    assert following is not None
    fail_with(account, SandboxFailure.REFUSED)
    delivery.record(following, delivery.call(following))
    fail_with(account, SandboxFailure.NONE)


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
    claimed = delivery.claim(post.pk)
    assert claimed is not None
    answer = delivery.call(claimed)
    hold = holds.set(approver, scope=HoldScope.EVERYTHING, reason="Stop")
    assert delivery.record(claimed, answer) is None
    assert (Post.objects.get(pk=post.pk).state, on_the_network()) == (PostState.SCHEDULED, ["One."])
    lift(hold, approver)
    delivery.deliver(post.pk)
    assert on_the_network() == ["One.", "Two."]


def test_person_settles_what_cannot_be_looked_up(waiting: Waiting, approver: User, account: SandboxAccount) -> None:
    out, not_out = approved(waiting(1), approver), approved(waiting(2), approver)
    fail_with(account, SandboxFailure.LOST_ANSWER)
    delivery.deliver(out.pk)
    delivery.deliver(not_out.pk)
    assert review.decide(out.pk, approver, out=True, url="https://example.org/1").state == PostState.PUBLISHED
    assert review.decide(not_out.pk, approver, out=False).state == PostState.FAILED


def test_withdrawn_post_is_off_the_network(waiting: Waiting, approver: User) -> None:
    post = approved(waiting(), approver)
    delivery.deliver(post.pk)
    assert follow_up.withdraw(post.pk, approver).state == PostState.WITHDRAWN
    assert on_the_network() == []


def test_post_whose_number_on_the_network_is_unknown_is_not_called_withdrawn(
    waiting: Waiting, approver: User, account: SandboxAccount
) -> None:
    post = approved(waiting(), approver)
    fail_with(account, SandboxFailure.LOST_ANSWER)
    delivery.deliver(post.pk)
    review.decide(post.pk, approver, out=True, url="https://example.org/1")
    with pytest.raises(InvalidInput):
        follow_up.withdraw(post.pk, approver)
    assert Post.objects.get(pk=post.pk).state == PostState.PUBLISHED


def test_rule_sends_a_press_release_by_itself(source: Source, channel: Channel) -> None:
    Rule.objects.create(name="Press releases", kinds=["press_release"], mode="automatic")
    (document_id,) = bring(source, entry(1)).to_draft
    (post,) = drafting.draft(document_id)
    assert (post.state, Approval.objects.get().by) == (PostState.SCHEDULED, "rule: Press releases")
    delivery.deliver(post.pk)
    assert len(on_the_network()) == 1


def test_draft_made_twice_is_one_post(source: Source, channel: Channel, review_all: Rule) -> None:
    (document_id,) = bring(source, entry(1)).to_draft
    drafting.draft(document_id)
    Document.objects.filter(pk=document_id).update(drafted_at=None)  # as after a crash before it was written down
    drafting.draft(document_id)
    assert Post.objects.count() == 1


def test_lost_task_queue_loses_no_post(waiting: Waiting, approver: User) -> None:
    """Nothing but the rows is asked: the queue's file could be gone."""
    post = approved(waiting(), approver)
    assert delivery.due() == [post.pk]


def test_failing_database_after_the_call_leaves_a_claim_that_ends_uncertain(
    waiting: Waiting, approver: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full when the answer is to be written: nothing is lost, and nothing is sent again."""
    post = approved(waiting(), approver)
    claimed = delivery.claim(post.pk)
    assert claimed is not None
    answer = delivery.call(claimed)

    def full(*_: object, **__: object) -> None:
        raise OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Attempt.objects, "filter", full)
        with pytest.raises(OperationalError):
            delivery.record(claimed, answer)
    Post.objects.filter(pk=post.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))
    lookups.lose_dead_claims()
    lookups.settle(post.pk)
    assert (Post.objects.get(pk=post.pk).state, len(on_the_network())) == (PostState.PUBLISHED, 1)


def test_hold_is_lifted_once(approver: User) -> None:
    hold = holds.set(approver, scope=HoldScope.EVERYTHING)
    lift(hold, approver)
    with pytest.raises(StaleState):
        lift(hold, approver)
    assert Hold.objects.get().lifted_by == "bob@example.org"


def test_post_in_another_state_is_not_settled_by_a_person(waiting: Waiting, approver: User) -> None:
    with pytest.raises(StaleState):
        review.decide(waiting().pk, approver, out=True)


def test_rejected_post_can_be_reopened(waiting: Waiting, approver: User) -> None:
    post = waiting()
    move(post, "reject", actor=approver.email, reason="No")
    assert review.reopen(post.pk, approver).state == PostState.REVIEW
