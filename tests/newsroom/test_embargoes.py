"""An embargo is a floor below every path, and two people lift it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from publisher.enums import PostState, RuleMode
from publisher.errors import InvalidInput, NotAllowed
from publisher.models import Channel, Document, Event, Post, Proposal, Rule, Source, User
from publisher.newsroom.approval import embargoes, pairs, review
from publisher.newsroom.drafts import drafting
from publisher.newsroom.sending import claiming, delivery
from publisher.types import Entry
from publisher.watch.feed import parse
from tests.newsroom.acts import approved, on_the_network
from tests.newsroom.conftest import bring

Waiting = Callable[..., Post]


@pytest.fixture
def ends() -> datetime:
    return timezone.now().replace(microsecond=0) + timedelta(hours=2)


@pytest.fixture
def post(waiting: Waiting, ends: datetime) -> Post:
    return waiting(embargo_until=ends)


@pytest.mark.parametrize(
    ("written", "site", "means"),
    [
        ("2027-06-01T10:00", "https://example.org", "2027-06-01T22:00Z"),  # the last place on earth where it is ten
        ("2027-06-01T10:00", "https://ec.europa.eu", "2027-06-01T08:00Z"),
        ("2027-06-01T10:00+02:00", "https://example.org", "2027-06-01T08:00Z"),
        ("2027-06-01", "https://example.org", "2027-06-01T12:00Z"),
        ("2027-06-01", "https://ec.europa.eu", "2027-05-31T22:00Z"),
    ],
    ids=["zone unknown", "zone of the institution", "zone written", "day, zone unknown", "day of the institution"],
)
def test_unknown_zone_fails_closed(
    source: Source, channel: Channel, approver: User, written: str, site: str, means: str
) -> None:
    """A date ahead counts as the latest instant that it can mean."""
    Rule.objects.create(name="Everything goes out", mode=RuleMode.AUTOMATIC)
    with time_machine.travel(datetime(2027, 5, 29, 10, 0, tzinfo=UTC), tick=False) as clock:
        (shown,) = read_feed(site, written)
        (document_id,) = bring(source, shown).new
        assert Document.objects.get(pk=document_id).embargo == datetime.fromisoformat(means)
        (post,) = drafting.draft(document_id)
        assert post.state == PostState.REVIEW
        clock.move_to(datetime.fromisoformat(means) - timedelta(minutes=1))
        delivery.deliver(approved(Post.objects.get(pk=post.pk), approver).pk)
        assert on_the_network() == []


def read_feed(site: str, date: str) -> tuple[Entry, ...]:
    item = f"<title>Statement</title><link>{site}/a</link><dc:date>{date}</dc:date>"
    head = '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>News</title>'
    return parse(f"{head}<item>{item}</item></channel></rss>".encode(), url=f"{site}/feed.xml").entries


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
    assert (claiming.due(), post.due_at, post.reason) == (
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
