"""Delivery against the sandbox network over real HTTP: once, as approved, when it is time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from publisher.enums import Outcome, PostState
from publisher.errors import InvalidInput, NotAllowed, StaleState
from publisher.models import (
    Approval,
    Channel,
    Document,
    Post,
    Rule,
    SandboxAccount,
    Source,
    User,
)
from publisher.models.sandbox import SandboxFailure
from publisher.newsroom.approval import review
from publisher.newsroom.drafts import drafting
from publisher.newsroom.sending import claiming, delivery, follow_up
from publisher.newsroom.workflow import move
from tests.newsroom.acts import Waiting, approved, fail_with, on_the_network, outcomes, thread
from tests.newsroom.conftest import bring, entry


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
    assert claiming.claim(post.pk) is None
    assert on_the_network() == []


def test_post_waits_for_its_time(waiting: Waiting, approver: User) -> None:
    post = approved(waiting(), approver, at=timezone.now() + timedelta(hours=1))
    assert (claiming.due(), claiming.claim(post.pk)) == ([], None)


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
    assert claiming.claim(post.pk) is None


def test_rejected_post_can_be_reopened(waiting: Waiting, approver: User) -> None:
    post = waiting()
    move(post, "reject", actor=approver.email, reason="No")
    assert review.reopen(post.pk, approver).state == PostState.REVIEW
