"""An embargo is a floor below every path, and two people lift it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from publisher.errors import InvalidInput, NotAllowed
from publisher.models import Document, Event, Post, Proposal, User
from publisher.newsroom.approval import embargoes, pairs, review
from publisher.newsroom.sending import delivery
from tests.newsroom.acts import approved, on_the_network

Waiting = Callable[..., Post]


@pytest.fixture
def ends() -> datetime:
    return timezone.now().replace(microsecond=0) + timedelta(hours=2)


@pytest.fixture
def post(waiting: Waiting, ends: datetime) -> Post:
    return waiting(embargo_until=ends)


def test_two_people_lift_it_and_a_third_step_sends(
    post: Post, approver: User, administrator: User, ends: datetime
) -> None:
    post = approved(post, approver)
    assert embargoes.lift(post.document_id, approver, reason="Leaked").embargo is not None
    with pytest.raises(NotAllowed):
        embargoes.lift(post.document_id, approver, reason="Leaked")
    assert embargoes.lift(post.document_id, administrator, reason="Yes").embargo is None
    event = Event.objects.get(verb="lift embargo")
    assert (event.reason, event.actor) == ("Leaked", administrator.email)
    post.refresh_from_db()
    assert (delivery.due(), post.due_at, post.reason) == (
        [],
        ends,
        "The embargo is lifted, but the post was approved for this time. Send it now if it should go out earlier.",
    )
    review.reschedule(post.pk, approver, at=timezone.now())
    delivery.deliver(post.pk)
    assert len(on_the_network()) == 1


def test_embargo_that_moved_meanwhile_stands(post: Post, approver: User, administrator: User, ends: datetime) -> None:
    embargoes.lift(post.document_id, approver, reason="Leaked")
    later = ends + timedelta(hours=1)
    Document.objects.filter(pk=post.document_id).update(embargo_until=later)
    with pytest.raises(InvalidInput) as caught:
        pairs.confirm(Proposal.objects.get().pk, administrator)
    assert (caught.value.key, Document.objects.get(pk=post.document_id).embargo) == ("embargo.other", later)
    assert Proposal.objects.get().closed_at is None


def test_new_embargo_after_one_was_lifted_counts(post: Post, approver: User, administrator: User) -> None:
    embargoes.lift(post.document_id, approver, reason="Leaked")
    embargoes.lift(post.document_id, administrator, reason="Yes")
    later = timezone.now() + timedelta(days=1)
    Document.objects.filter(pk=post.document_id).update(embargo_until=later)
    assert Document.objects.get(pk=post.document_id).embargo == later


def test_embargo_is_not_lifted_by_editors_nor_without_a_reason(post: Post, editor: User, approver: User) -> None:
    with pytest.raises(NotAllowed):
        embargoes.lift(post.document_id, editor, reason="Leaked")
    with pytest.raises(InvalidInput):
        embargoes.lift(post.document_id, approver, reason=" ")
    assert not Proposal.objects.exists()
