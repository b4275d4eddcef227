"""Approval that holds: other eyes than those that wrote it, enough of them, for exactly what is sent."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from publisher.enums import PostState, RuleMode
from publisher.errors import InvalidInput, NotAllowed, StaleState
from publisher.models import Approval, Channel, Emergency, Event, Notice, Post, Rule, Source, User, guards
from publisher.newsroom import access, channels
from publisher.newsroom.approval import emergencies, pairs, policy, review
from publisher.newsroom.drafts import drafting, rules
from publisher.newsroom.drafts.terms import Terms
from publisher.newsroom.sending import delivery
from tests.factories import make_user
from tests.newsroom.acts import approved, on_the_network, thread
from tests.newsroom.conftest import bring, entry

Waiting = Callable[..., Post]


@pytest.fixture
def strict(channel: Channel) -> Channel:
    """The channel of the press office, with four eyes."""
    Channel.objects.filter(pk=channel.pk).update(four_eyes=True)
    channel.refresh_from_db()
    return channel


def two_needed(channel: Channel, **by_kind: int) -> None:
    given: dict[str, Any] = {"approvals_by_kind": by_kind} if by_kind else {"approvals": 2}
    Channel.objects.filter(pk=channel.pk).update(**given)


def test_owner_of_the_rule_cannot_approve_what_it_made(
    strict: Channel, waiting: Waiting, approver: User, administrator: User, review_all: Rule
) -> None:
    post = waiting()
    rules.update(review_all.pk, administrator, Terms(name="Mine now"))
    with pytest.raises(NotAllowed) as caught:
        approved(post, administrator)
    assert caught.value.sentence == "You own the rule that made this post, so somebody else must approve it."
    assert approved(post, approver).state == PostState.SCHEDULED


def test_without_four_eyes_the_author_approves(waiting: Waiting, approver: User) -> None:
    assert approved(thread(waiting(), approver, "Other words."), approver).state == PostState.SCHEDULED


def test_command_line_without_a_name_neither_writes_nor_approves(strict: Channel, waiting: Waiting) -> None:
    post = waiting()
    for act in (lambda: approved(post, access.operator()), lambda: thread(post, access.operator(), "Words.")):
        with pytest.raises(NotAllowed) as caught:
            act()
        assert caught.value.key == "approval.say_who"


def test_editor_with_a_role_nowhere_gets_nothing_out(waiting: Waiting, editor: User) -> None:
    post = waiting()
    with pytest.raises(NotAllowed):
        approved(post, editor)
    with pytest.raises(NotAllowed):
        emergencies.publish(post.pk, editor, revision_id=post.revision_id or 0, reason="Now")
    assert Approval.objects.count() == 0


def test_first_of_two_approvals_waits_for_the_second(
    channel: Channel, waiting: Waiting, approver: User, administrator: User
) -> None:
    two_needed(channel)
    post = approved(waiting(), approver)
    assert (post.state, post.reason) == (
        PostState.REVIEW,
        "Approved by bob@example.org; one more person must say yes.",
    )
    assert delivery.deliver(post.pk) is not None
    assert (approved(post, approver).state, on_the_network()) == (PostState.REVIEW, [])  # twice the same person is one
    post = approved(post, administrator)
    delivery.deliver(post.pk)
    assert (Post.objects.get(pk=post.pk).state, len(on_the_network())) == (PostState.PUBLISHED, 1)


def test_number_of_approvals_is_of_the_kind(channel: Channel, waiting: Waiting, approver: User) -> None:
    two_needed(channel, statement=2)
    assert approved(waiting(1, kind="press_release"), approver).state == PostState.SCHEDULED
    assert approved(waiting(2, kind="statement"), approver).state == PostState.REVIEW


def test_later_of_two_times_counts(channel: Channel, waiting: Waiting, approver: User, administrator: User) -> None:
    two_needed(channel)
    later = timezone.now() + timedelta(hours=3)
    post = approved(waiting(), approver, at=later)
    assert approved(post, administrator).due_at == later


def test_first_approval_falls_with_an_edit(
    channel: Channel, waiting: Waiting, approver: User, administrator: User, editor: User
) -> None:
    two_needed(channel)
    post = thread(approved(waiting(), approver), editor, "Other words.")
    assert approved(post, administrator).state == PostState.REVIEW


@pytest.mark.parametrize("verb", ["unschedule", "too late", "reject and reopen"])
def test_approval_of_an_earlier_round_counts_no_more(
    channel: Channel, waiting: Waiting, approver: User, administrator: User, verb: str
) -> None:
    """The same words, but somebody had taken them back."""
    two_needed(channel)
    post = approved(waiting(), approver)
    assert post.revision_id is not None
    if verb == "reject and reopen":
        review.reject(post.pk, administrator, revision_id=post.revision_id, reason="No")
        post = review.reopen(post.pk, administrator)
    else:
        post = approved(post, administrator, at=timezone.now() + timedelta(hours=1))
        if verb == "unschedule":
            post = review.unschedule(post.pk, approver)
        else:
            Post.objects.filter(pk=post.pk).update(due_at=timezone.now() - timedelta(days=9))
            delivery.deliver(post.pk)
    assert approved(post, administrator).state == PostState.REVIEW


@pytest.mark.parametrize("change", ["alt", "account", "reply"])
def test_whatever_was_signed_and_changed_voids_the_approval(
    channel: Channel, waiting: Waiting, approver: User, change: str
) -> None:
    post, other = waiting(1), waiting(2)
    post = approved(post, approver)
    if change == "alt":
        guards.lower_all(connection)  # the database would refuse it
        parts = [{**part, "text": part["text"] + "!"} for part in post.revision.parts]
        type(post.revision).objects.filter(pk=post.revision_id).update(parts=parts)
    elif change == "account":
        Channel.objects.filter(pk=channel.pk).update(account={**channel.account, "id": "somebody else"})
    else:
        Post.objects.filter(pk=post.pk).update(reply_to=other)
    delivery.deliver(post.pk)
    post.refresh_from_db()
    assert (post.state, on_the_network()) == (PostState.SCHEDULED, [])
    assert post.reason == "The post is not the one that was approved. Approve it again."


def test_due_time_moved_behind_the_approval_sends_nothing(waiting: Waiting, approver: User) -> None:
    post = approved(waiting(), approver, at=timezone.now() + timedelta(hours=5))
    Post.objects.filter(pk=post.pk).update(due_at=timezone.now())
    delivery.deliver(post.pk)
    assert (Post.objects.get(pk=post.pk).state, on_the_network()) == (PostState.SCHEDULED, [])


def test_earlier_time_is_signed_by_whoever_chooses_it(
    strict: Channel, waiting: Waiting, approver: User, administrator: User
) -> None:
    post = thread(waiting(), approver, "Other words.")
    post = approved(post, administrator, at=timezone.now() + timedelta(hours=5))
    with pytest.raises(NotAllowed):
        review.reschedule(post.pk, approver, at=timezone.now())
    review.reschedule(post.pk, approver, at=timezone.now() + timedelta(hours=9))  # later is covered
    review.reschedule(post.pk, administrator, at=timezone.now())
    delivery.deliver(post.pk)
    assert on_the_network() == ["Other words."]


def test_one_of_two_cannot_bring_the_time_forward(
    channel: Channel, waiting: Waiting, approver: User, administrator: User
) -> None:
    two_needed(channel)
    later = timezone.now() + timedelta(hours=5)
    post = approved(approved(waiting(), approver, at=later), administrator, at=later)
    with pytest.raises(InvalidInput) as caught:
        review.reschedule(post.pk, administrator, at=timezone.now())
    assert (caught.value.key, Post.objects.get(pk=post.pk).due_at) == ("approval.earlier", later)


def test_rule_alone_is_one_of_two(source: Source, channel: Channel, approver: User) -> None:
    two_needed(channel)
    Rule.objects.create(name="Automatic", mode=RuleMode.AUTOMATIC)
    (post,) = drafting.draft(bring(source, entry()).new[0])
    assert (post.state, Post.objects.get(pk=post.pk).reason) == (
        PostState.REVIEW,
        "The rule says yes; a person must too before this goes out.",
    )
    assert approved(post, approver).state == PostState.SCHEDULED


def test_policy_that_became_stricter_holds_for_what_is_scheduled(waiting: Waiting, approver: User) -> None:
    post = approved(thread(waiting(), approver, "Words."), approver)
    Channel.objects.update(four_eyes=True)
    delivery.deliver(post.pk)
    assert (Post.objects.get(pk=post.pk).state, on_the_network()) == (PostState.SCHEDULED, [])


# --- emergency


def test_emergency_needs_a_reason(strict: Channel, waiting: Waiting, approver: User) -> None:
    post = thread(waiting(), approver, "Evacuate.")
    with pytest.raises(InvalidInput) as caught:
        emergencies.publish(post.pk, approver, revision_id=post.revision_id or 0, reason="  ")
    assert caught.value.key == "emergency.no_reason"


def test_emergency_goes_out_alone_and_stays_on_the_list_until_a_second_person_looked(
    strict: Channel, waiting: Waiting, approver: User, administrator: User
) -> None:
    two_needed(strict)
    post = thread(waiting(), approver, "Evacuate.")
    emergencies.publish(post.pk, approver, revision_id=post.revision_id or 0, reason="Flood at night")
    delivery.deliver(post.pk)
    assert on_the_network() == ["Evacuate."]
    event = Event.objects.get(subject="post", subject_id=post.pk, verb="approve")
    assert (event.reason, event.data["alone"]) == ("Flood at night", True)
    (notice,) = Notice.objects.filter(kind="emergency")
    assert (notice.key, notice.link, notice.people) == ("notice.emergency", "/second/", [])  # to all who approve
    (listed,) = emergencies.waiting()
    with pytest.raises(NotAllowed):
        emergencies.look(listed.pk, approver)
    seen = emergencies.look(listed.pk, administrator, "Was right.")
    assert (seen.reviewed_by, seen.note, list(emergencies.waiting())) == ("alice@example.org", "Was right.", [])
    with pytest.raises(StaleState):
        emergencies.look(listed.pk, administrator)
    assert Emergency.objects.count() == 1


# --- policy


def test_new_channel_has_four_eyes_as_soon_as_two_people_write(
    live_server: Any, account: Any, administrator: User, approver: User
) -> None:
    credentials = {"base_url": live_server.url, "account": account.handle, "token": account.token}
    assert channels.add(administrator, network="sandbox", credentials=credentials).four_eyes


def test_newsroom_of_one_has_none(live_server: Any, account: Any, administrator: User, viewer: User) -> None:
    credentials = {"base_url": live_server.url, "account": account.handle, "token": account.token}
    assert not channels.add(administrator, network="sandbox", credentials=credentials).four_eyes


def _policy(channel: Channel, user: User, **changes: Any) -> Any:
    now = {"four_eyes": channel.four_eyes, "approvals": channel.approvals, "by_kind": channel.approvals_by_kind}
    return policy.set(channel.pk, user, **{**now, **changes})


def test_one_administrator_makes_it_stricter(channel: Channel, administrator: User) -> None:
    assert _policy(channel, administrator, four_eyes=True, approvals=2) is None
    channel.refresh_from_db()
    assert (channel.four_eyes, channel.approvals) == (True, 2)


@pytest.mark.parametrize("laxer", [{"four_eyes": False}, {"approvals": 1}, {"by_kind": {"statement": 1}}])
def test_two_administrators_make_it_laxer(strict: Channel, administrator: User, laxer: dict[str, Any]) -> None:
    two_needed(strict)
    strict.refresh_from_db()
    second = make_user("administrator")
    proposal = _policy(strict, administrator, **laxer)
    strict.refresh_from_db()
    assert policy.Policy.of(strict) == policy.Policy(four_eyes=True, approvals=2, by_kind={})
    with pytest.raises(NotAllowed):
        pairs.confirm(proposal.pk, administrator)
    with pytest.raises(NotAllowed):
        pairs.confirm(proposal.pk, make_user("approver"))
    pairs.confirm(proposal.pk, second)
    strict.refresh_from_db()
    wanted = policy.Policy(**{"four_eyes": True, "approvals": 2, "by_kind": {}} | laxer)
    assert policy.Policy.of(strict) == wanted
    with pytest.raises(StaleState):
        pairs.confirm(proposal.pk, second)


def test_proposal_grows_old(strict: Channel, administrator: User) -> None:
    proposal = _policy(strict, administrator, four_eyes=False)
    type(proposal).objects.update(ends_at=timezone.now())
    with pytest.raises(StaleState) as caught:
        pairs.confirm(proposal.pk, make_user("administrator"))
    assert caught.value.key == "proposal.too_old"
    assert _policy(strict, administrator, four_eyes=False).pk != proposal.pk
