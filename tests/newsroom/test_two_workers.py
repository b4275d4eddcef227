"""Two workers at once: on one source, on two sources with the same news, and beside a push."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from publisher.enums import SourceStatus
from publisher.models import Channel, Post, Rule, Sighting, Source, Version
from publisher.newsroom.feeds import watching
from publisher.watch.fetch import Fetched
from tests.newsroom.office import Item, Office, news, press_office, watch

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="SQLite in memory, as in tests, lets threads fail instead of wait"
    ),
]
NEWS = 6


@pytest.fixture
def office() -> Iterator[Office]:
    with press_office() as made:
        yield made


def items(where: str, count: int = NEWS) -> list[Item]:
    text = "The Commission has today adopted the measure number {}, which begins in the spring of next year."
    return [
        Item(
            f"Measure number {n} is adopted",
            f"/{where}/{n}",
            f"{where}-{n}",
            text.format(n),
            timezone.now() - timedelta(minutes=n * 7),
        )
        for n in range(count)
    ]


def seen(url: str, **fields: object) -> Source:
    """A source that usually brings so much."""
    now = timezone.now()
    given = {"baseline_at": now - timedelta(days=9), "last_success_at": now - timedelta(hours=1), "per_week": 5000.0}
    return watch(url, **{**given, **fields})


def at_once(*functions: Callable[[], object]) -> list[object]:
    """What they give, each in a thread and a connection of its own, begun at one moment."""
    start = threading.Barrier(len(functions))

    def run(function: Callable[[], object]) -> object:
        start.wait()
        try:
            return function()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(functions)) as threads:
        return list(threads.map(run, functions))


def once_each(channels: int = 1) -> None:
    assert sorted(news()) == sorted(item.title for item in items("a"))
    assert Version.objects.count() == NEWS
    assert Post.objects.count() == NEWS * channels


def test_two_workers_on_one_source_take_each_document_once(office: Office, channel: Channel, review_all: Rule) -> None:
    source = seen(office.feed(*items("a")))
    at_once(*[lambda: watching.poll([Source.objects.get(pk=source.pk)])] * 2)
    once_each()


def test_one_of_two_workers_claims_a_source(office: Office) -> None:
    seen(office.feed(*items("a")))
    found = at_once(watching.poll_due, watching.poll_due)
    assert sorted(map(len, found)) == [0, 1]  # type: ignore[arg-type]
    assert len(office.server.asked) == 1


def test_same_address_in_two_sources_at_one_moment_is_one_document(
    office: Office, channel: Channel, review_all: Rule
) -> None:
    one, two = seen(office.feed(*items("a"), path="/1.xml")), seen(office.feed(*items("a")[::-1], path="/2.xml"))
    at_once(*[lambda pk=each.pk: watching.poll([Source.objects.get(pk=pk)]) for each in (one, two)])
    once_each()
    assert Sighting.objects.count() == 2 * NEWS


def test_same_words_in_two_sources_at_one_moment_are_one_document(
    office: Office, channel: Channel, review_all: Rule
) -> None:
    one, two = seen(office.feed(*items("a"), path="/1.xml")), seen(office.feed(*items("b"), path="/2.xml"))
    at_once(*[lambda pk=each.pk: watching.poll([Source.objects.get(pk=pk)]) for each in (one, two)])
    once_each()


def test_push_and_poll_at_one_moment_take_each_document_once(
    office: Office, channel: Channel, review_all: Rule
) -> None:
    source = seen(office.feed(*items("a")))
    body = office.server.answers["/feed.xml"].body  # type: ignore[union-attr]
    pushed = Fetched(
        status=SourceStatus.OK, url=source.url, body=body, content_type="text/xml", fetched_at=timezone.now()
    )

    def push() -> None:
        watching.take_pushed(Source.objects.get(pk=source.pk), pushed)

    at_once(push, lambda: watching.poll([Source.objects.get(pk=source.pk)]), push)
    once_each()
