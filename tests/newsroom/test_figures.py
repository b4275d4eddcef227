"""Figures: asked for a fixed number of times, kept, never in the way of sending, and blocking nothing."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from publisher import config
from publisher.enums import ChannelHealth, Outcome, Role
from publisher.errors import InvalidInput
from publisher.models import Channel, Post, PostFigures
from publisher.newsroom.sealing import seal
from publisher.newsroom.sending import figures
from tests.factories import make_attempt, make_channel, make_post, make_user
from tests.peers.faults import FaultProxy, answer

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def facebook() -> Iterator[FaultProxy]:
    with FaultProxy() as proxy:
        yield proxy


@pytest.fixture
def page(facebook: FaultProxy) -> Channel:
    given = {"page_token": "EAAGtoken0123456789", "base_url": facebook.url}
    return make_channel("facebook", credentials=seal(given))


def out(channel: Channel, number: str = "1_2", ago: timedelta = 2 * HOUR, **fields: Any) -> Post:
    """A post that went out a while ago."""
    post = make_post(channel=channel, state="published", published_at=timezone.now() - ago, **fields)
    make_attempt(post, Outcome.PUBLISHED, receipt={"id": number, "url": "https://facebook.example.org/1"})
    return post


def due(post: Post) -> PostFigures:
    row, _ = PostFigures.objects.update_or_create(post=post, defaults={"next_at": timezone.now() - HOUR})
    return row


def says(proxy: FaultProxy, likes: int, number: str = "1_2") -> None:
    told = {"id": number, "reactions": {"summary": {"total_count": likes}}, "shares": {"count": 3}}
    proxy.fail(answer(200, json.dumps(told)), path=number)


def test_each_post_is_planned_once_for_a_fixed_number_of_questions(page: Channel) -> None:
    young, old = out(page, ago=HOUR / 2), out(page, ago=timedelta(days=8))
    out(page, ago=timedelta(days=31))
    out(make_channel("telegram"))
    out(make_channel("x"))  # costs money
    out(page, edits=old)
    figures.plan()
    figures.plan()
    planned = {row.post_id: row.next_at for row in PostFigures.objects.all()}
    assert planned == {
        young.pk: young.published_at + HOUR,  # type: ignore[operator]  # it is out
        old.pk: old.published_at + timedelta(days=14),  # type: ignore[operator]
    }


def test_answers_are_kept_and_the_last_question_ends_it(page: Channel, facebook: FaultProxy) -> None:
    post = out(page, ago=timedelta(days=29))
    due(post)
    says(facebook, 10)
    assert figures.read_due() == 1
    row = due(post)
    assert (row.likes, row.replies, row.reposts, row.reads, row.problem) == (10, None, 3, 1, "")
    Post.objects.filter(pk=post.pk).update(published_at=timezone.now() - timedelta(days=31))
    says(facebook, 12)
    figures.read_due()
    row.refresh_from_db()
    assert (row.likes, [past["likes"] for past in row.past], row.next_at) == (12, [10, 12], None)
    assert figures.read_due() == 0


def test_nothing_is_asked_while_a_post_is_due(page: Channel, facebook: FaultProxy) -> None:
    due(out(page))
    make_post(channel=page, state="scheduled", due_at=timezone.now() - HOUR)
    assert (figures.read_due(), facebook.seen) == (0, [])


def test_network_that_asks_to_wait_is_left_alone_on_that_channel(page: Channel, facebook: FaultProxy) -> None:
    rows = [due(out(page)) for _ in range(3)]
    limit = json.dumps({"error": {"message": "(#32) limit", "code": 32}})
    facebook.fail(answer(403, limit), path="1_2")
    assert figures.read_due() == 1
    assert (figures.read_due(), len(facebook.seen)) == (0, 1)
    assert all(
        row.next_at and row.next_at > timezone.now() for row in PostFigures.objects.filter(pk__in=[r.pk for r in rows])
    )


@pytest.mark.parametrize(
    ("code", "subcode", "goes_on"),
    [(10, 0, True), (190, 0, True), (100, 33, False)],
    ids=["no right to figures", "dead token", "gone"],
)
def test_trouble_is_told_and_blocks_nothing(
    page: Channel, facebook: FaultProxy, code: int, subcode: int, goes_on: bool
) -> None:
    row = due(out(page))
    told = {"error": {"message": "No", "code": code, "error_subcode": subcode}}
    facebook.fail(answer(400, json.dumps(told)), path="1_2")
    figures.read_due()
    row.refresh_from_db()
    assert (bool(row.problem), row.next_at is not None, row.likes) == (True, goes_on, None)
    page.refresh_from_db()
    assert page.health == ChannelHealth.OK


def test_network_that_bills_is_asked_only_when_told_to_and_the_reading_is_charged(
    monkeypatch: pytest.MonkeyPatch, facebook: FaultProxy
) -> None:
    fields = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
    given = {**{name: name * 3 for name in fields}, "base_url": facebook.url}
    post = out(make_channel("x", credentials=seal(given)), "17")
    row = due(post)
    assert figures.read_due() == 0
    monkeypatch.setenv("PUBLISHER_FIGURES_THAT_COST", "true")
    config.get.cache_clear()
    try:
        told = {"data": [{"id": "17", "text": "A", "public_metrics": {"impression_count": 5, "like_count": 1}}]}
        facebook.fail(answer(200, json.dumps(told)), path="/2/tweets")
        assert figures.read_due() == 1
    finally:
        monkeypatch.undo()
        config.get.cache_clear()
    row.refresh_from_db()
    assert (row.impressions, row.likes, row.replies) == (5, 1, None)
    assert float(post.attempts.get().cost) == 0.005


def test_person_may_ask_at_any_time_where_there_are_figures(page: Channel, facebook: FaultProxy) -> None:
    says(facebook, 4)
    assert figures.read_now(out(page).pk, make_user(Role.EDITOR)).likes == 4
    with pytest.raises(InvalidInput) as caught:
        figures.read_now(out(make_channel("telegram")).pk, make_user(Role.EDITOR))
    assert caught.value.sentence == "Telegram tells us no figures of a post."
