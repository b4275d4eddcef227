"""A rule rehearsed on the past: what it would have done, why, with which words; nothing is stored."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from publisher.models import Document, Event, Post, Rule, SensitivePeriod
from publisher.newsroom.drafts import drafting, rehearsal
from tests.factories import make_channel, make_document, make_rule, make_source
from tests.newsroom.conftest import bring, entry

pytestmark = pytest.mark.django_db


def told(rule: Rule, **asked: Any) -> list[tuple[str, str, str]]:
    """Title, outcome, and the first words of the reason."""
    found = rehearsal.all_of(rule, **asked)
    return [(each.document.title, each.outcome, " ".join(each.reason.split()[:4])) for each in found]


def came(title: str, minutes: int = 0, **fields: Any) -> Document:
    """A press release that came so many minutes ago."""
    at = timezone.now() - timedelta(minutes=minutes)
    return make_document(title=title, kind="press_release", first_seen_at=at, published_at=at, **fields)


def test_rule_that_is_off_shows_what_it_would_have_done_and_stores_nothing() -> None:
    make_channel(name="Press")
    came("Plain one", 10)
    came("Translated", 20, told={"machine_translated": True})
    came("Long ago", 60 * 24 * 31)
    rule = make_rule(mode="automatic", active=False, cool_off=15, hashtags=["EUBudget"])
    rows = [Document.objects.count(), Post.objects.count(), Event.objects.count()]
    first, second = rehearsal.all_of(rule)
    assert (first.document.title, first.channel.name, first.outcome) == ("Plain one", "Press", "automatic")
    assert first.due == first.document.first_seen_at + timedelta(minutes=15)
    assert first.text.endswith("\n\n#EUBudget")
    assert (second.outcome, second.reason) == (
        "review",
        "This is a machine translation, not the institution's own words. Look at it before you approve it.",
    )
    assert rows == [Document.objects.count(), Post.objects.count(), Event.objects.count()]


def test_rule_of_another_place_that_comes_first_is_named() -> None:
    make_channel()
    came("Taken", 1)
    make_rule(name="First", position=1)
    make_rule(name="Off", position=0, active=False)
    assert told(make_rule(position=2)) == [("Taken", "other rule", "The rule “First” comes")]


@pytest.mark.parametrize("mode", ["review", "ignore"])
def test_rule_that_sends_nothing_by_itself_says_what_it_does(mode: str) -> None:
    make_channel()
    came("One")
    assert told(make_rule(mode=mode)) == [("One", mode, "")]


def test_cap_is_played_through_over_the_pages_in_the_order_in_which_they_came() -> None:
    make_channel()
    for number, minutes in enumerate((200, 130, 90, 80, 65, 2)):
        came(f"Number {number}", minutes)
    rule = make_rule(name="Two", mode="automatic", per_hour=2)
    expected = ["automatic", "automatic", "review", "automatic", "automatic", "automatic"]
    assert [outcome for _, outcome, _ in told(rule)] == expected
    paged = [each.outcome for number in range(1, 7) for each in rehearsal.page(rule, 30, number, size=1).items]
    assert paged == expected


def test_guard_rails_stand_as_they_stood_then() -> None:
    make_channel()
    came("In the mourning", 60 * 24 * 3)
    came("After it", 10)
    past = timezone.now() - timedelta(days=2)
    SensitivePeriod.objects.create(name="Mourning", starts_at=past - timedelta(days=3), ends_at=past, set_by="a")
    assert told(make_rule(mode="automatic")) == [
        ("After it", "automatic", ""),
        ("In the mourning", "review", "It is a sensitive"),
    ]


def test_second_of_two_texts_with_one_title_waits() -> None:
    make_channel()
    title = "Commission adopts the next long budget"
    for minutes in (20, 10):
        came(title, minutes, plain_title=title.lower(), source=make_source())
    assert [outcome for _, outcome, _ in told(make_rule(mode="automatic"))] == ["review", "automatic"]


def test_two_approvals_need_a_person_besides() -> None:
    make_channel(approvals=2)
    came("One")
    assert told(make_rule(mode="automatic")) == [("One", "review", "The rule says yes;")]


def test_hours_are_those_when_the_document_came() -> None:
    make_channel()
    local = timezone.localtime().replace(hour=12, minute=0) - timedelta(days=2)
    make_document(title="At noon", first_seen_at=local)
    make_document(title="At night", first_seen_at=local - timedelta(hours=10))
    rule = make_rule(starts="09:00", ends="18:00")
    rule.refresh_from_db()
    assert told(rule) == [("At noon", "review", "")]


@pytest.mark.parametrize("per_hour", [0, 5])  # with a number, the documents before a page are played through too
def test_page_asks_the_database_as_often_for_many_documents_as_for_few(per_hour: int) -> None:
    for network in ("sandbox", "x", "mastodon"):  # the last two name speakers by their handles
        make_channel(network)
    for number in range(12):
        came(f"Number {number} of the many that came", number, source=make_source())
    rule = make_rule(mode="automatic", per_hour=per_hour)
    with CaptureQueriesContext(connection) as few:
        assert len(rehearsal.page(rule, 30, 1, size=2).items) == 6
    with CaptureQueriesContext(connection) as many:
        assert len(rehearsal.page(rule, 30, 1, size=12).items) == 36
    assert len(many) == len(few)


def test_rehearsal_says_what_the_rule_has_done() -> None:
    """The same documents drafted for good: each post stands as the rehearsal of its rule tells."""
    make_channel(), make_channel(language="fr")
    rule = make_rule(mode="automatic", per_hour=2, cool_off=30, not_words=["fish"], hashtags=["EU"])
    source = make_source()
    others: list[dict[str, Any]] = [
        {},
        {"machine_translated": True},
        {"title": "On fish"},
        {"embargo_until": timezone.now() + timedelta(hours=1)},
        {"title": "Commission adopts measure number 1", "lead": "Other words about the same news of the day."},
        {},
        {},
    ]
    for number, told in enumerate(others, 1):
        bring(source, entry(number, **told))
        drafting.draft(Document.objects.latest("pk").pk)
    became = {"scheduled": "automatic"}
    posts = Post.objects.select_related("revision").order_by("-document_id")
    done = [
        (post.document_id, became.get(post.state, post.state), post.reason, post.revision.parts[0]["text"])
        for post in posts
        if post.revision
    ]
    said = [(each.document.pk, each.outcome, each.reason, each.text) for each in rehearsal.all_of(rule)]
    assert said == done
    assert [outcome for _, outcome, _, _ in done] == ["review", "automatic", *["review"] * 3, "automatic"]
