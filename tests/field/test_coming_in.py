"""What comes in: nothing lost, nothing twice, and nothing posted that only looks new."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from publisher.enums import AlarmKind, PostState, RuleMode, SourceStatus
from publisher.models import Alarm, Channel, Document, Event, Post, Rule, Source, User
from publisher.newsroom.approval import review
from publisher.newsroom.feeds import silence
from publisher.newsroom.sending import delivery
from tests.field.conftest import desk_of
from tests.newsroom.office import Item, Office, poll, watch
from tests.watch.server import Answer

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "It was agreed on Monday that the measure number {} enters into force in the spring of next year."


def item(number: int, **fields: Any) -> Item:
    given = {"title": f"Measure {number} is adopted", "path": f"/doc/{number}", "guid": f"g{number}"}
    return Item(**{**given, "text": TEXT.format(number), **fields})


def items(*numbers: int) -> list[Item]:
    return [item(number) for number in numbers]


@pytest.fixture
def known(office: Office, channel: Channel) -> Source:
    """A source that has shown the first measure, and whose news go to one channel."""
    made = watch(office.feed(*items(1)))
    poll(made)
    return made


def drafted() -> list[str]:
    return list(Post.objects.order_by("pk").values_list("document__title", flat=True))


def test_two_items_in_one_poll_make_two_drafts_oldest_first(known: Source, office: Office, review_all: Rule) -> None:
    """Acceptance test 1."""
    office.feed(*items(3, 2, 1))
    poll(known)
    assert drafted() == ["Measure 2 is adopted", "Measure 3 is adopted"]


def test_edited_title_makes_no_new_post_and_one_correction_task(
    known: Source, office: Office, review_all: Rule, approver: User
) -> None:
    """Acceptance test 2."""
    office.feed(*items(2, 1))
    poll(known)
    post = Post.objects.get()
    review.approve(post.pk, approver, revision_id=post.revision_id or 0)
    delivery.deliver(post.pk)
    for _ in range(2):
        office.feed(item(2, title="Measure 2 is rejected"), item(1))
        poll(known)
    post.refresh_from_db()
    assert (drafted(), post.state) == (["Measure 2 is rejected"], PostState.PUBLISHED)
    assert [(alarm.kind, alarm.data["posts"]) for alarm in Alarm.objects.all()] == [(AlarmKind.CORRECTION, [post.pk])]


def test_same_text_under_another_guid_and_address_is_flagged_and_not_posted_again(
    known: Source, office: Office, review_all: Rule
) -> None:
    """Acceptance test 3."""
    office.feed(*items(2, 1))
    poll(known)
    office.feed(item(2, guid="new", path="/moved/2"), item(1))
    poll(known)
    assert (Document.objects.count(), drafted()) == (2, ["Measure 2 is adopted"])
    assert Event.objects.get(verb="duplicate").data["url"] == office.server.url("/moved/2")


@pytest.mark.parametrize(
    "date",
    [None, "last Tuesday or so", datetime(2099, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)],
    ids=["none", "bad", "2099", "1970"],
)
def test_entry_with_an_odd_date_is_drafted_once(
    known: Source, office: Office, review_all: Rule, date: datetime | str | None
) -> None:
    """Acceptance test 4."""
    for number in (1, 2, 3):
        office.feed(item(2, date=date), item(1, title=f"Another title, number {number}"))  # each answer is another one
        poll(known)
    assert drafted() == ["Measure 2 is adopted"]


def test_first_look_at_five_hundred_items_posts_none_and_leaves_the_choice(
    office: Office, channel: Channel, administrator: User
) -> None:
    """Acceptance test 5."""
    Rule.objects.create(name="All by itself", mode=RuleMode.AUTOMATIC)
    poll(watch(office.feed(*items(*range(500, 0, -1)))))
    assert (Document.objects.filter(baseline=True).count(), Post.objects.count()) == (500, 0)
    chosen = Document.objects.get(title="Measure 500 is adopted")
    desk_of(administrator).post(f"/documents/{chosen.pk}/draft/")
    assert list(Post.objects.values_list("document", "state")) == [(chosen.pk, PostState.REVIEW)]


class PowerCut(BaseException):
    """The process is gone."""


@contextmanager
def dying_at(statement: str) -> Iterator[None]:
    """Die in the place of the first statement that begins like this."""

    def die(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith(statement):
            raise PowerCut
        return execute(sql, *rest)

    with connection.execute_wrapper(die), pytest.raises(PowerCut):
        yield


def test_death_between_the_draft_and_the_note_that_it_was_seen_makes_no_second_draft(
    known: Source, office: Office, review_all: Rule
) -> None:
    """Acceptance test 7."""
    office.feed(*items(2, 1))
    with dying_at('UPDATE "publisher_source"'):
        poll(known)
    assert (drafted(), Source.objects.get().etag) == (["Measure 2 is adopted"], "")
    poll(known)
    assert drafted() == ["Measure 2 is adopted"]


def test_feed_that_fails_for_a_day_is_told_and_loses_nothing(known: Source, office: Office, review_all: Rule) -> None:
    """Acceptance test 18."""
    office.server.serve(Answer(status=500))
    assert [poll(known), poll(known)] == [[SourceStatus.UNREACHABLE], [SourceStatus.UNREACHABLE]]
    Source.objects.update(last_success_at=timezone.now() - timedelta(hours=25))
    silence.look()
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.sentence.split(",")[0]) == (
        AlarmKind.SILENCE,
        "This source could not be read for 25 hours",
    )
    office.feed(*items(3, 2, 1))
    poll(known)
    silence.look()
    assert drafted() == ["Measure 2 is adopted", "Measure 3 is adopted"]
    assert Alarm.objects.get(kind=AlarmKind.SILENCE).closed_at is not None
