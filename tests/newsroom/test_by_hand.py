"""Posts that a person puts out: they wait for their word, however long, and nothing else ends them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from publisher.enums import ChannelHealth, Outcome, PostState
from publisher.errors import Held, InvalidInput, NotAllowed, StaleState
from publisher.models import Alarm, Channel, Event, Notice, Post, User
from publisher.newsroom import channels
from publisher.newsroom.alerts import digest, letters
from publisher.newsroom.approval import review
from publisher.newsroom.documents import unposted
from publisher.newsroom.sending import by_hand, claiming, delivery, holds, lookups
from tests.factories import make_document, make_post, make_source
from tests.newsroom.acts import outcomes

LINK = "https://whatsapp.com/channel/0029Va/142"
S = PostState


@pytest.fixture
def place(administrator: User) -> Channel:
    given = {"place": "WhatsApp channel", "url": "https://whatsapp.com/channel/0029Va", "text_limit": "700"}
    made = channels.add(administrator, network="manual", credentials=given)
    Channel.objects.filter(pk=made.pk).update(four_eyes=False)
    return made


@pytest.fixture
def due(place: Channel, approver: User) -> Post:
    """Approved, and its time has come."""
    then = timezone.now() - timedelta(minutes=40)
    document = make_document(make_source(), first_seen_at=then, published_at=then)
    post = make_post(document, channels.get(place.pk))
    assert post.revision_id is not None
    review.approve(post.pk, approver, revision_id=post.revision_id)
    delivery.deliver(post.pk)
    return Post.objects.get(pk=post.pk)


def test_channel_by_hand_has_a_name_and_a_limit_of_its_own(place: Channel) -> None:
    assert (place.name, place.health, channels.limits(place).text) == ("WhatsApp channel", ChannelHealth.OK, 700)
    assert channels.check(place.pk).health == ChannelHealth.OK


def test_post_waits_for_a_person_when_its_time_has_come(due: Post) -> None:
    assert (due.state, due.claimed_by, due.claimed_until) == (S.PROCESSING, "", None)
    assert due.reason == "It waits to be posted by hand. Copy it from its page, and say there when it is done."
    assert outcomes(due) == [Outcome.PENDING]
    assert list(by_hand.waiting()) == [due]


def test_nothing_but_a_person_ends_the_waiting(due: Post) -> None:
    Post.objects.update(changed_at=timezone.now() - timedelta(days=30))
    lookups.lose_dead_claims()
    assert (lookups.waiting(S.PROCESSING), lookups.resume(due.pk), lookups.settle(due.pk)) == ([], None, None)
    assert claiming.due() == []
    assert Post.objects.get(pk=due.pk).state == S.PROCESSING


def test_done_is_published_with_its_link_and_who_said_so(due: Post, approver: User) -> None:
    after = by_hand.done(due.pk, approver, url=f" {LINK} ")
    assert (after.state, after.url, outcomes(after)) == (S.PUBLISHED, LINK, [Outcome.PUBLISHED])
    event = Event.objects.filter(subject="post", subject_id=due.pk).latest("id")
    assert (event.verb, event.actor, event.before, event.after) == (
        "publish",
        approver.email,
        S.PROCESSING,
        S.PUBLISHED,
    )
    with pytest.raises(StaleState):
        by_hand.done(due.pk, approver, url=LINK)


def test_place_without_links_is_done_without_one(due: Post, approver: User) -> None:
    assert (by_hand.done(due.pk, approver).state, Post.objects.get(pk=due.pk).url) == (S.PUBLISHED, "")


def test_correction_of_a_post_without_a_link_waits_to_be_posted_by_hand_too(due: Post, approver: User) -> None:
    out = by_hand.done(due.pk, approver)
    correction = make_post(channel=due.channel, reply_to=out)
    assert correction.revision_id is not None
    review.approve(correction.pk, approver, revision_id=correction.revision_id)
    delivery.deliver(correction.pk)
    assert Post.objects.get(pk=correction.pk).state == S.PROCESSING


def test_link_that_is_no_web_address_is_not_taken(due: Post, approver: User) -> None:
    with pytest.raises(InvalidInput):
        by_hand.done(due.pk, approver, url="javascript:alert(1)")
    assert Post.objects.get(pk=due.pk).state == S.PROCESSING


def test_not_done_fails_with_the_reason_and_can_be_sent_again(due: Post, approver: User) -> None:
    after = by_hand.not_done(due.pk, approver, reason="The phone was lost.")
    assert (after.state, after.reason, outcomes(after)) == (S.FAILED, "The phone was lost.", [Outcome.REFUSED])
    review.retry(due.pk, approver)
    delivery.deliver(due.pk)
    assert by_hand.done(due.pk, approver, url=LINK).state == S.PUBLISHED
    assert outcomes(due) == [Outcome.REFUSED, Outcome.PUBLISHED]


def test_post_that_is_stopped_cannot_be_marked_done(due: Post, approver: User) -> None:
    holds.set(approver, scope="everything", reason="Mourning")
    with pytest.raises(Held):
        by_hand.done(due.pk, approver, url=LINK)
    assert (Post.objects.get(pk=due.pk).state, outcomes(due)) == (S.PROCESSING, [Outcome.PENDING])


def test_stopped_post_is_not_put_before_a_person(place: Channel, approver: User) -> None:
    post = make_post(channel=channels.get(place.pk))
    assert post.revision_id is not None
    review.approve(post.pk, approver, revision_id=post.revision_id)
    holds.set(approver, scope="everything", reason="Mourning")
    delivery.deliver(post.pk)
    assert Post.objects.get(pk=post.pk).state == S.SCHEDULED


def test_who_may_not_approve_cannot_say_that_it_is_done(due: Post, editor: User) -> None:
    for say in (by_hand.done, by_hand.not_done):
        with pytest.raises(NotAllowed):
            say(due.pk, editor)


def test_post_of_another_network_is_never_done_by_hand(approver: User) -> None:
    post = make_post(state=S.PROCESSING)
    with pytest.raises(StaleState):
        by_hand.done(post.pk, approver)


def test_team_is_told_once_and_no_more_when_it_is_done(due: Post, approver: User) -> None:
    notice = Notice.objects.get(cause=f"post:{due.pk}:by-hand")
    assert (notice.over_at, notice.link) == (None, f"/posts/{due.pk}/by-hand/")
    assert letters.step(notice) == (
        "Open the page, copy the text and the pictures, post them, and say there that it is done."
    )
    by_hand.done(due.pk, approver)
    notice.refresh_from_db()
    assert notice.over_at is not None


def test_digest_counts_what_waits_to_be_posted_by_hand(due: Post) -> None:
    assert ("digest.by_hand", {"count": 1}) in list(digest.lines(timezone.now()))


def test_document_that_waits_to_be_posted_by_hand_is_not_yet_on_our_channels(due: Post, approver: User) -> None:
    unposted.look()
    assert [alarm.document for alarm in Alarm.objects.filter(closed_at=None)] == [due.document]
    unposted.look()
    assert Alarm.objects.filter(closed_at=None).count() == 1
    by_hand.done(due.pk, approver)
    unposted.look()
    assert Alarm.objects.filter(closed_at=None).count() == 0
