"""Documents are read again an hour, a day and a week after publication; only what a reader notices is a change."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from publisher.enums import AlarmKind
from publisher.models import Alarm, Document, Version, guards
from publisher.newsroom.documents import rechecks
from publisher.types import Entry, entry_to_json
from tests.factories import make_document, make_post
from tests.watch.server import Answer, Server

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
PAGE = """<!doctype html><html lang="en"><head><title>A plan</title><meta property="og:type" content="article">
<meta property="og:title" content="Commission adopts a plan"></head><body><header>Menu</header><main><article>
<h1>Commission adopts a plan</h1><p>The Commission has today adopted a plan that costs %s billion euro for the years
to come, and it said that the plan would help the regions that need it most.</p><p>The plan begins in May, and the
Member States will report on it every year before the summer, so that everyone can see what was done.</p></article>
</main><footer>%s</footer></body></html>"""


@pytest.fixture
def site() -> Iterator[Server]:
    with Server().running() as server:
        yield server


def page(amount: int = 23, footer: str = "1 visitor") -> Answer:
    return Answer(
        body=(PAGE % (amount, footer)).encode(),
        headers={"Content-Type": "text/html; charset=utf-8", "ETag": f'"{amount}{len(footer)}"'},
    )


def known(site: Server) -> Document:
    """A document as intake left it: read from its page an hour before the first re-check."""
    url = site.serve(page(), "/ip_26_1")
    document = make_document(
        url=url, title="Commission adopts a plan", published_at=NOON, first_seen_at=NOON, lead="", body=""
    )
    guards.lower_all(connection)  # the database would refuse it
    Version.objects.all().delete()
    entry = Entry(url=url, title=document.title, language="en")
    first = Version.objects.create(
        document=document, number=1, language="en", hash=entry.hash, entry=entry_to_json(entry), fetched_at=NOON
    )
    rechecks.read_again([document])  # the body comes from the page itself
    Document.objects.filter(pk=document.pk).update(recheck_at=None, rechecks=0)
    document.refresh_from_db()
    assert document.current.number == first.number + 1
    return document


def times(document: Document) -> list[float]:
    """Hours after publication at which it is read again, one after another."""
    found, now = [], NOON
    while (when := rechecks.next_time(document, now)) is not None:
        found.append((when - NOON) / timedelta(hours=1))
        now = when
    return found


def test_document_is_read_again_after_an_hour_a_day_and_a_week_spread_a_little(db: None) -> None:
    hour, day, week = times(make_document(published_at=NOON, first_seen_at=NOON))
    assert 1 <= hour <= 1.1
    assert 24 <= day <= 26.4
    assert 168 <= week <= 184.8


def test_undated_document_counts_from_when_it_was_first_seen(db: None) -> None:
    document = make_document(published_at=None, first_seen_at=NOON)
    assert times(document) == times(make_document(published_at=NOON, first_seen_at=NOON, url=document.url))


def test_new_document_gets_its_first_time_and_a_remembered_one_none(db: None) -> None:
    with time_machine.travel(NOON, tick=False):
        fresh, remembered = make_document(), make_document(baseline=True)
        rechecks.adopt()
    fresh.refresh_from_db()
    remembered.refresh_from_db()
    assert fresh.recheck_at is not None
    assert remembered.recheck_at is None
    assert NOON + timedelta(hours=1) <= fresh.recheck_at


def test_page_that_changed_becomes_a_version_and_a_task(site: Server) -> None:
    document = known(site)
    make_post(document, state="published")
    site.serve(page(32), "/ip_26_1")
    rechecks.read_again([document])
    assert document.versions.count() == 3
    assert "32 billion" in document.current.entry["body"]
    assert Alarm.objects.get().kind == AlarmKind.CORRECTION


def test_mere_furniture_is_no_version(site: Server) -> None:
    document = known(site)
    site.serve(page(23, "2 visitors, and a new menu"), "/ip_26_1")
    rechecks.read_again([document])
    assert document.versions.count() == 2


def test_page_is_asked_with_the_validators_it_gave(site: Server) -> None:
    document = known(site)
    site.serve(lambda asked: Answer(status=304) if "if-none-match" in asked.headers else page(), "/ip_26_1")
    rechecks.read_again([document])
    assert site.asked[-1].headers["if-none-match"] == '"239"'
    assert document.versions.count() == 2


def test_each_look_leads_to_the_next_and_the_last_to_none(site: Server) -> None:
    document = known(site)
    seen = []
    with time_machine.travel(NOON, tick=False) as clock:
        rechecks.adopt()
        while (document := Document.objects.get(pk=document.pk)).recheck_at is not None:
            clock.move_to(document.recheck_at)
            seen.append(round((timezone.now() - NOON) / timedelta(hours=1)))
            assert rechecks.something_is_due()
            rechecks.read_due()
    assert (len(seen), seen[0], document.rechecks) == (3, 1, 3)
    assert not rechecks.something_is_due()


@pytest.mark.parametrize("status", [404, 410])
def test_page_that_is_gone_stops_the_document(site: Server, status: int) -> None:
    document = known(site)
    make_post(document, state="published")
    site.serve(Answer(status=status), "/ip_26_1")
    rechecks.read_again([document])
    document.refresh_from_db()
    assert document.vanished_at is not None
    assert (Alarm.objects.get().kind, document.holds.count()) == (AlarmKind.VANISHED, 1)
    site.serve(page(), "/ip_26_1")
    rechecks.read_again([document])
    document.refresh_from_db()
    assert (document.vanished_at, Alarm.objects.get().key) == (None, "alarm.returned")


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_page_that_cannot_be_read_now_is_not_gone_and_is_asked_again(site: Server, status: int) -> None:
    document = known(site)
    site.serve(Answer(status=status), "/ip_26_1")
    Document.objects.filter(pk=document.pk).update(published_at=timezone.now())
    document.refresh_from_db()
    rechecks.read_again([document])
    document.refresh_from_db()
    assert (document.vanished_at, document.holds.count(), document.rechecks) == (None, 0, 0)
    assert document.recheck_at is not None


def test_site_that_gives_up_for_good_is_left_alone(site: Server) -> None:
    document = known(site)
    site.serve(Answer(status=500), "/ip_26_1")
    with time_machine.travel(NOON + timedelta(days=10), tick=False):
        rechecks.read_again([document])
    document.refresh_from_db()
    assert document.recheck_at is None
