"""Calendars: a stream of its own, off by default, drafted on the day where a rule names it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from publisher.enums import DocumentKind, RuleMode, SourceKind
from publisher.models import Channel, Document, Post, Rule, Source
from publisher.newsroom.drafts import drafting
from publisher.newsroom.feeds import events, watching
from publisher.types import Entry
from tests.factories import make_channel, make_source
from tests.newsroom.conftest import bring

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 11, 24, 7, tzinfo=UTC)
"""Eight o'clock in Brussels."""


@pytest.fixture
def calendar() -> Source:
    return make_source(kind=SourceKind.CALENDAR)


@pytest.fixture
def channel() -> Channel:
    return make_channel()


@pytest.fixture
def rule(calendar: Source) -> Rule:
    rule = Rule.objects.create(name="Today", mode=RuleMode.REVIEW)
    rule.sources.add(calendar)
    return rule


def event(starts_at: datetime, **fields: Any) -> Entry:
    guid = f"{starts_at:%d%H%M}"
    given = {"url": f"https://press.example.org/event/{guid}", "title": f"Event {guid}", "guid": guid, "language": "en"}
    return Entry(**{**given, "kind": DocumentKind.EVENT, "starts_at": starts_at, **fields})  # type: ignore[arg-type]


def seen(source: Source, *entries: Entry) -> list[int]:
    stored = bring(source, *entries, at=MORNING - timedelta(days=3))
    for document_id in stored.to_draft:
        drafting.draft(document_id)
    return list(stored.new)


def test_new_event_is_remembered_and_not_drafted_by_a_rule_for_everything(
    calendar: Source, channel: Channel, review_all: Rule
) -> None:
    (document_id,) = seen(calendar, event(MORNING + timedelta(hours=3)))
    assert Document.objects.get(pk=document_id).baseline
    assert watching.undrafted() == []
    assert (events.draft_due(MORNING), Post.objects.count()) == ([], 0)


def test_event_of_today_is_drafted_once_where_a_rule_names_its_calendar(
    calendar: Source, channel: Channel, rule: Rule
) -> None:
    seen(calendar, event(MORNING + timedelta(hours=3)))
    assert [post.channel for post in events.draft_due(MORNING)] == [channel]
    assert (events.draft_due(MORNING + timedelta(hours=1)), Post.objects.count()) == ([], 1)


@pytest.mark.parametrize(
    ("starts_at", "drafted"),
    [
        (datetime(2026, 11, 23, 22, 59, tzinfo=UTC), 0),  # yesterday in Brussels
        (datetime(2026, 11, 23, 23, 0, tzinfo=UTC), 1),  # midnight there: an event of the whole day
        (datetime(2026, 11, 24, 22, 59, tzinfo=UTC), 1),
        (datetime(2026, 11, 24, 23, 0, tzinfo=UTC), 0),  # tomorrow
    ],
)
def test_today_is_the_newsrooms_day(
    calendar: Source, channel: Channel, rule: Rule, starts_at: datetime, drafted: int
) -> None:
    seen(calendar, event(starts_at))
    assert len(events.draft_due(MORNING)) == drafted


def test_nothing_is_drafted_before_the_morning(calendar: Source, channel: Channel, rule: Rule) -> None:
    seen(calendar, event(MORNING + timedelta(hours=3)))
    assert events.draft_due(MORNING - timedelta(hours=2)) == []
    assert len(events.draft_due(MORNING - timedelta(hours=1))) == 1


def test_cancelled_event_is_not_drafted(calendar: Source, channel: Channel, rule: Rule) -> None:
    seen(calendar, event(MORNING, withdrawn=True))
    assert events.draft_due(MORNING) == []


def test_event_moved_to_another_day_is_not_drafted_on_the_old_one(
    calendar: Source, channel: Channel, rule: Rule
) -> None:
    seen(calendar, event(MORNING, guid="x", url="https://press.example.org/event/x", title="Council"))
    later = event(MORNING + timedelta(days=1), guid="x", url="https://press.example.org/event/x", title="Council")
    seen(calendar, later)
    assert events.draft_due(MORNING) == []
    assert len(events.draft_due(MORNING + timedelta(days=1))) == 1


def test_rule_that_is_off_drafts_no_event(calendar: Source, channel: Channel, rule: Rule) -> None:
    Rule.objects.update(active=False)
    seen(calendar, event(MORNING))
    assert events.draft_due(MORNING) == []
    Rule.objects.update(active=True)
    assert len(events.draft_due(MORNING)) == 1


def test_rule_for_everything_takes_no_event_beside_the_rule_that_names_the_calendar(
    calendar: Source, channel: Channel, rule: Rule, review_all: Rule
) -> None:
    rule.channels.add(channel)
    make_channel()
    seen(calendar, event(MORNING))
    assert [post.channel for post in events.draft_due(MORNING)] == [channel]


def test_death_between_waking_and_drafting_loses_nothing(calendar: Source, channel: Channel, rule: Rule) -> None:
    (document_id,) = seen(calendar, event(MORNING))
    Document.objects.filter(pk=document_id).update(baseline=False)  # and then the process died
    assert watching.undrafted() == [document_id]
