"""The sweep: what is due is asked for, and a queue that is long already is not made longer."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from publisher import tasks
from publisher.enums import NoticeKind
from publisher.models import Document, Source
from publisher.newsroom import engine
from publisher.newsroom.alerts import notify
from publisher.newsroom.engine import enqueue
from tests.newsroom.conftest import source  # noqa: F401  # the same source as there


@pytest.fixture
def queue(transactional_db: None) -> Iterator[None]:
    engine.huey().flush()
    yield
    engine.huey().flush()


def test_sweep_asks_for_a_source_whose_time_has_come(queue: None, source: Source) -> None:  # noqa: F811  # a fixture
    tasks.sweep()
    assert engine.waiting() == 1


def test_sweep_asks_for_nothing_when_nothing_is_due(queue: None) -> None:
    tasks.sweep()
    assert (engine.waiting(), Document.objects.count()) == (0, 0)


def test_sweep_asks_for_people_to_be_told(queue: None) -> None:
    notify.tell("test:1", NoticeKind.TEST, "notice.test", subject="X", params={"name": "X"}, wait=timedelta())
    engine.huey().flush()  # as if the engine had lost it
    tasks.sweep()
    assert engine.waiting() == 1
    tasks.send_notices()
    engine.huey().flush()
    tasks.sweep()
    assert engine.waiting() == 0


def test_sweep_adds_nothing_to_a_queue_that_is_too_long_already(queue: None, source: Source) -> None:  # noqa: F811
    for _ in range(tasks.BACKLOG + 1):
        enqueue("poll")
    tasks.sweep()
    assert engine.waiting() == tasks.BACKLOG + 1
