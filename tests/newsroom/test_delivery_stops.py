"""Stops, pauses and embargoes: read before each call, and nothing goes out past them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from publisher.enums import HoldScope, PostState
from publisher.errors import InvalidInput, StaleState
from publisher.models import (
    Channel,
    Hold,
    Post,
    User,
)
from publisher.newsroom.approval import review
from publisher.newsroom.sending import claiming, delivery, holds
from tests.newsroom.acts import Waiting, approved, lift, on_the_network


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
    assert claiming.due() == []
    lift(hold, approver)
    assert claiming.due() == [post.pk]


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


def test_hold_is_lifted_once(approver: User) -> None:
    hold = holds.set(approver, scope=HoldScope.EVERYTHING)
    lift(hold, approver)
    with pytest.raises(StaleState):
        lift(hold, approver)
    assert Hold.objects.get().lifted_by == "bob@example.org"
