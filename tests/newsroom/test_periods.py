"""Sensitive periods: what a rule would send by itself falls to review, with the reason shown."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from publisher.enums import PostState, RuleMode
from publisher.errors import InvalidInput, NotAllowed, StaleState
from publisher.models import Channel, Event, Post, Rule, Source, User
from publisher.newsroom.approval import review
from publisher.newsroom.drafts import drafting, periods
from tests.factories import make_channel
from tests.newsroom.conftest import bring, entry


@pytest.fixture
def automatic(db: None) -> Rule:
    return Rule.objects.create(name="Automatic", mode=RuleMode.AUTOMATIC)


def mourning(user: User, **fields: Any) -> None:
    now = timezone.now()
    given: dict[str, Any] = {"name": "State mourning", "starts_at": now - timedelta(hours=1)}
    periods.add(user, **{**given, "ends_at": now + timedelta(days=3), **fields})


def drafted(source: Source, **fields: Any) -> Post:
    (document_id,) = bring(source, entry(1, **fields)).new
    (post,) = drafting.draft(document_id)
    return Post.objects.get(pk=post.pk)


def test_rule_alone_sends_nothing_and_the_post_says_why(
    source: Source, channel: Channel, automatic: Rule, editor: User
) -> None:
    mourning(editor)
    post = drafted(source)
    assert (post.state, post.reason) == (
        PostState.REVIEW,
        "It is a sensitive time (State mourning), so a person looks at this first.",
    )


@pytest.mark.parametrize(
    ("scope", "state"),
    [
        ({"kinds": ["press_release"]}, PostState.REVIEW),
        ({"kinds": ["speech"]}, PostState.SCHEDULED),
        ({"words": ["MEASURE"]}, PostState.REVIEW),
        ({"words": ["election"]}, PostState.SCHEDULED),
    ],
)
def test_scope_is_by_kind_and_word(
    source: Source, channel: Channel, automatic: Rule, editor: User, scope: dict[str, Any], state: str
) -> None:
    mourning(editor, **scope)
    assert drafted(source).state == state


@pytest.mark.parametrize("here", [True, False])
def test_scope_is_by_channel(source: Source, channel: Channel, automatic: Rule, editor: User, here: bool) -> None:
    other = make_channel(active=False)
    mourning(editor, channel_ids=[channel.pk if here else other.pk])
    assert drafted(source).state == (PostState.REVIEW if here else PostState.SCHEDULED)


def test_period_to_come_counts_for_what_a_cool_off_puts_into_it(
    source: Source, channel: Channel, automatic: Rule, editor: User
) -> None:
    starts = timezone.now() + timedelta(days=1)
    mourning(editor, starts_at=starts, ends_at=starts + timedelta(days=1))
    automatic.cool_off = 25 * 60
    automatic.save()
    assert drafted(source).state == PostState.REVIEW


def test_period_that_was_ended_counts_no_more(
    source: Source, channel: Channel, automatic: Rule, editor: User, approver: User
) -> None:
    mourning(editor)
    (period,) = periods.coming()
    with pytest.raises(NotAllowed):
        periods.end(period.pk, editor)
    periods.end(period.pk, approver)
    with pytest.raises(StaleState):
        periods.end(period.pk, approver)
    assert (drafted(source).state, list(periods.coming())) == (PostState.SCHEDULED, [])
    assert list(Event.objects.filter(subject="period").values_list("verb", flat=True)) == ["set", "end"]


@pytest.mark.parametrize(("name", "ends"), [(" ", timedelta(days=1)), ("Mourning", timedelta(days=-1))])
def test_period_has_a_name_and_an_end_ahead(editor: User, name: str, ends: timedelta) -> None:
    now: datetime = timezone.now()
    with pytest.raises(InvalidInput):
        periods.add(editor, name=name, starts_at=now, ends_at=now + ends)
    assert not Event.objects.filter(subject="period").exists()


def test_viewer_sets_none(viewer: User) -> None:
    with pytest.raises(NotAllowed):
        mourning(viewer)


def test_what_a_rule_has_scheduled_into_it_is_taken_back_and_what_a_person_approved_is_not(
    source: Source, channel: Channel, automatic: Rule, editor: User, approver: User
) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    automatic.cool_off = 24 * 60
    automatic.save()
    by_rule = drafted(source)
    automatic.mode = RuleMode.REVIEW
    automatic.save()
    (document_id,) = bring(source, entry(2)).new
    (post,) = drafting.draft(document_id)
    by_person = review.approve(post.pk, approver, revision_id=post.revision_id or 0, at=tomorrow)
    assert by_rule.state == PostState.SCHEDULED
    mourning(editor)
    by_rule.refresh_from_db()
    by_person.refresh_from_db()
    assert (by_rule.state, by_person.state) == (PostState.REVIEW, PostState.SCHEDULED)
    assert by_rule.reason == "It is a sensitive time (State mourning), so a person looks at this first."
