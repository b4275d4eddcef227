"""What a short feed has lost is fetched from the archive behind it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from publisher.enums import AlarmKind, SourceStatus
from publisher.models import Alarm, Channel, Document, Post, Rule, Source
from publisher.newsroom.feeds import watching
from publisher.watch import presscorner
from publisher.watch.fetch import Fetched
from tests.watch.server import Answer, Asked, Server

FEED = "https://ec.europa.eu/commission/presscorner/api/rss?language=en"


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Press Corner's archive on loopback: set `numbers` to what it lists, newest first."""
    with Server().running() as server:
        server.numbers = []  # type: ignore[attr-defined]

        def search(asked: Asked) -> Answer:
            items = [
                {"refCode": f"IP/26/{n}", "title": f"Measure number {n} of the year", "eventDate": "2026-11-24",
                 "languageCode": "EN", "docutype": {"code": "IP", "description": "Press release"}}
                for n in server.numbers  # type: ignore[attr-defined]
            ]  # fmt: skip
            return Answer(body=json.dumps({"docuLanguageListResources": items, "pageNumber": 0}).encode())

        class Everything(dict[str, Any]):
            def get(self, path: str, default: Any = None) -> Any:
                return search if "/api/search" in path else default

        server.answers = Everything()
        monkeypatch.setattr(presscorner, "SITE", server.url(""))  # where in the world it is, nothing else
        yield server


def show(source: Source, *numbers: int) -> None:
    items = "".join(
        f"<item><title>Measure number {n} of the year</title>"
        f"<link>https://ec.europa.eu/commission/presscorner/detail/en/ip_26_{n}</link></item>"
        for n in numbers
    )
    source.refresh_from_db()
    body = f'<rss version="2.0"><channel><title>Press</title>{items}</channel></rss>'.encode()
    watching.take(source, Fetched(status=SourceStatus.OK, url=source.url, body=body, fetched_at=timezone.now()))


def titles() -> list[str]:
    return sorted(Post.objects.values_list("document__title", flat=True))


def test_gap_is_told_and_filled_from_the_archive(
    transactional_db: None, archive: Any, channel: Channel, review_all: Rule
) -> None:
    source = Source.objects.create(name="Press Corner", url=FEED, read_pages=False)
    archive.numbers = [2, 1]
    show(source, 2, 1)
    assert titles() == []
    archive.numbers = [6, 5, 4, 3, 2, 1]
    show(source, 6, 5)
    assert titles() == [f"Measure number {n} of the year" for n in (3, 4, 5, 6)]
    assert Alarm.objects.get().kind == AlarmKind.GAP


def test_archive_is_asked_every_hour_and_what_stood_there_first_is_remembered(
    transactional_db: None, archive: Any, channel: Channel, review_all: Rule
) -> None:
    source = Source.objects.create(name="Press Corner", url=FEED, read_pages=False)
    archive.numbers = [3, 2, 1]
    show(source, 3)
    assert (Document.objects.filter(baseline=True).count(), titles()) == (3, [])
    asked = len(archive.asked)
    show(source, 4, 3)
    assert (len(archive.asked), titles()) == (asked, ["Measure number 4 of the year"])
    Source.objects.update(completed_at=timezone.now() - timedelta(hours=1))
    archive.numbers = [6, 5, 4, 3, 2, 1]
    show(source, 6, 4, 3)
    assert titles() == [f"Measure number {n} of the year" for n in (4, 5, 6)]
    assert datetime.now(UTC) - Source.objects.get().completed_at < timedelta(minutes=1)  # type: ignore[operator]


def test_archive_is_asked_when_its_hour_has_come_though_the_feed_has_not_changed(
    transactional_db: None, archive: Any, channel: Channel, review_all: Rule
) -> None:
    source = Source.objects.create(name="Press Corner", url=FEED, read_pages=False)
    archive.numbers = [3]
    show(source, 3)
    archive.numbers = [4, 3]
    for bring in (lambda: show(source, 3), lambda: not_modified(source)):  # the same bytes, and a 304
        asked = len(archive.asked)
        bring()
        assert len(archive.asked) == asked
        Source.objects.update(completed_at=timezone.now() - timedelta(hours=1))
        bring()
        assert len(archive.asked) == asked + 1
    assert titles() == ["Measure number 4 of the year"]


def not_modified(source: Source) -> None:
    source.refresh_from_db()
    watching.take(source, Fetched(status=SourceStatus.NOT_MODIFIED, url=source.url, fetched_at=timezone.now()))
