"""Two at one moment: workers, people, one of each. Of each pair one waits for the other, and then sees what it did."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from publisher.enums import HoldScope, PostState
from publisher.errors import StaleState
from publisher.models import Approval, Attempt, Channel, Document, Event, Post, User
from publisher.newsroom.approval import embargoes, pairs, policy, review
from publisher.newsroom.sending import claiming, delivery, holds
from publisher.types import Part
from tests.factories import make_user
from tests.field.conftest import desk_of, seen
from tests.field.racing import POSTGRESQL, race
from tests.newsroom.acts import approved, on_the_network

pytestmark = [POSTGRESQL, pytest.mark.django_db(transaction=True)]

Waiting = Callable[..., Post]


def approving(post: Post, user: User) -> Callable[[], Any]:
    return lambda: review.approve(post.pk, user, revision_id=post.revision_id or 0)


def editing(post: Post, user: User) -> Callable[[], Any]:
    return lambda: review.edit(post.pk, user, revision_id=post.revision_id or 0, parts=[Part(text="Other words.")])


def kinds(results: tuple[Any, Any]) -> list[type]:
    return [type(result) for result in results]


def test_two_workers_on_one_post_make_one_claim(waiting: Waiting, approver: User) -> None:
    post = approved(waiting(), approver)
    raced = race(lambda: claiming.claim(post.pk), lambda: claiming.claim(post.pk))
    assert (raced.waited, kinds(raced.results)) == (True, [claiming.Claim, type(None)])
    assert Attempt.objects.count() == 1
    delivery.record(raced.results[0], delivery.call(raced.results[0]))
    assert len(on_the_network()) == 1


def test_approval_that_comes_first_falls_with_the_edit_that_waited_for_it(
    strict: Channel, waiting: Waiting, approver: User
) -> None:
    """Acceptance test 10, under a race: the approver becomes the author while approving, and nobody's yes is left."""
    post = waiting()
    raced = race(approving(post, approver), editing(post, approver))
    assert (raced.waited, kinds(raced.results)) == (True, [Post, Post])
    post.refresh_from_db()
    assert post.revision is not None
    assert (post.state, post.revision.number, post.approved_revision_id == post.revision_id) == ("review", 2, False)
    delivery.deliver(post.pk)
    assert on_the_network() == []


def test_edit_that_comes_first_voids_the_approval_that_waited_for_it(
    strict: Channel, waiting: Waiting, approver: User
) -> None:
    """Acceptance test 10, the other way round."""
    post = waiting()
    raced = race(editing(post, approver), approving(post, approver))
    assert (raced.waited, kinds(raced.results)) == (True, [Post, StaleState])
    assert (Post.objects.get().state, Approval.objects.count()) == (PostState.REVIEW, 0)


def test_two_first_approvals_at_once_are_two(
    channel: Channel, waiting: Waiting, approver: User, administrator: User
) -> None:
    Channel.objects.update(approvals=2)
    post = waiting()
    raced = race(approving(post, approver), approving(post, administrator))
    assert (raced.waited, [result.state for result in raced.results]) == (True, ["review", "scheduled"])


def test_double_click_on_approve_is_one_approval(waiting: Waiting, approver: User) -> None:
    post = waiting()

    def click() -> int:
        return desk_of(approver).post(f"/posts/{post.pk}/approve/", seen(post)).status_code

    raced = race(click, click)
    assert (raced.waited, raced.results) == (True, (302, 409))
    assert (Approval.objects.count(), Event.objects.filter(verb="approve").count()) == (1, 1)


def test_stop_that_comes_while_a_claim_is_made_stops_the_call(waiting: Waiting, approver: User) -> None:
    """The claim has looked for stops already, and finds this one when it looks once more before the call."""
    post = approved(waiting(), approver)
    raced = race(
        lambda: delivery.deliver(post.pk),
        lambda: holds.set(approver, scope=HoldScope.EVERYTHING, reason="Now"),
        at="SELECT publisher_hold",
    )
    post.refresh_from_db()
    assert (raced.waited, post.state, on_the_network()) == (False, PostState.SCHEDULED, [])
    assert (post.reason, post.attempts.get().outcome) == ("Sending is stopped by bob@example.org: Now", "retry")


def test_embargo_that_is_being_lifted_stands_until_it_is_lifted(
    waiting: Waiting, approver: User, administrator: User
) -> None:
    post = approved(waiting(), approver)
    Document.objects.update(embargo_until=timezone.now() + timedelta(hours=2))  # the source names it only now
    embargoes.lift(post.document_id, approver, reason="Leaked")
    sent_meanwhile: list[str] = []

    def work() -> None:
        delivery.deliver(post.pk)
        sent_meanwhile.extend(on_the_network())

    raced = race(
        lambda: embargoes.lift(post.document_id, administrator, reason="Yes"), work, at="UPDATE publisher_document"
    )
    assert (raced.waited, sent_meanwhile, Document.objects.get().embargo) == (False, [], None)
    delivery.deliver(post.pk)
    assert len(on_the_network()) == 1


def test_two_people_who_lift_an_embargo_at_once_are_the_two_that_it_takes(
    waiting: Waiting, approver: User, administrator: User
) -> None:
    document = waiting(embargo_until=timezone.now() + timedelta(hours=2)).document_id
    raced = race(
        lambda: embargoes.lift(document, approver, reason="Leaked"),
        lambda: embargoes.lift(document, administrator, reason="Leaked"),
        at="SELECT publisher_document",
    )
    assert (raced.waited, [result.embargo is None for result in raced.results]) == (True, [False, True])


def test_proposal_that_two_confirm_at_once_is_done_once(channel: Channel, administrator: User) -> None:
    Channel.objects.update(four_eyes=True)
    proposal = policy.set(channel.pk, administrator, four_eyes=False, approvals=1, by_kind={})
    assert proposal is not None
    second, third = make_user("administrator"), make_user("administrator")
    raced = race(
        lambda: pairs.confirm(proposal.pk, second),
        lambda: pairs.confirm(proposal.pk, third),
        at="SELECT publisher_proposal",
        nth=2,  # the first one only says which act it is
    )
    assert (raced.waited, kinds(raced.results)) == (True, [type(proposal), StaleState])
    assert Event.objects.filter(verb__in=["confirm: relax approval", "approval policy"]).count() == 2
    assert Channel.objects.get().four_eyes is False
