"""Claims on sources and documents: renewed as long as a round lasts, and not believed when a clock was wrong."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from publisher.models import Document, Host, Source
from publisher.newsroom.documents import rechecks
from publisher.newsroom.feeds import claims, outside, watching
from publisher.watch.waiting import LONGEST_RETRY
from tests.factories import make_document
from tests.newsroom.office import Item, press_office, watch
from tests.watch.server import Answer, Asked, Server

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def slow_until_renewed(server: Server, path: str, answer: Answer) -> Iterator[None]:
    """A server that answers only after a claim was renewed."""
    renewed = threading.Event()

    def notice(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        result = execute(sql, *rest)
        if sql.startswith("UPDATE") and '_at" < ' in sql:
            renewed.set()
        return result

    def slow(_asked: Asked) -> Answer:
        assert renewed.wait(20)
        return answer

    server.serve(slow, path)
    with connection.execute_wrapper(notice):
        yield
    assert renewed.is_set()


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "RENEWED", timedelta(milliseconds=20))


def test_source_on_a_slow_host_stays_claimed_and_its_visit_has_the_last_word() -> None:
    with press_office() as office:
        source = watch(office.feed(Item("News", "/1", "1")), interval=3600)
        answer: Any = office.server.answers["/feed.xml"]
        with slow_until_renewed(office.server, "/feed.xml", answer):
            assert [each["status"] for each in watching.poll_due()] == ["ok"]
    source.refresh_from_db()
    assert source.next_check_at - timezone.now() > timedelta(minutes=30)


def test_document_on_a_slow_host_stays_claimed() -> None:
    with Server().running() as server:
        document = make_document(url=server.url("/1"), recheck_at=timezone.now())
        with slow_until_renewed(server, "/1", Answer(status=503)):
            assert rechecks.read_due() == 1
    document.refresh_from_db()
    assert document.recheck_at is not None
    assert document.recheck_at - timezone.now() > claims.LASTS + timedelta(minutes=30)


def ahead(far: bool) -> datetime:
    """A time that a clock set which ran a year ahead, or one that was meant."""
    return timezone.now() + (timedelta(days=366) if far else timedelta(hours=40))


@pytest.mark.parametrize("far", [True, False])
def test_host_is_not_held_for_longer_than_any_server_may_ask_for(far: bool) -> None:
    Host.objects.create(name="press.example.org", held_until=ahead(far))
    assert list(outside.held()) == ([] if far else ["press.example.org"])
    assert LONGEST_RETRY < outside.FURTHEST < timedelta(days=3)


@pytest.mark.parametrize("far", [True, False])
def test_document_that_a_wrong_clock_put_off_is_read_again_now(far: bool) -> None:
    make_document(recheck_at=ahead(far))
    assert rechecks.something_is_due() == far


def test_times_of_other_rows_are_left_alone_by_a_renewal() -> None:
    other = make_document(recheck_at=timezone.now() + timedelta(minutes=1))
    with Server().running() as server:
        make_document(url=server.url("/1"), recheck_at=timezone.now())
        with slow_until_renewed(server, "/1", Answer(status=503)):
            rechecks.read_due()
    assert Document.objects.get(pk=other.pk).recheck_at == other.recheck_at
    assert Source.objects.count() == 0
