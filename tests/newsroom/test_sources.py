"""Sources: what an address is taken for, what is asked of whom, what may be changed."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from publisher.enums import SourceKind, SourceStatus
from publisher.errors import FetchError, InvalidInput, NotAllowed
from publisher.models import Event, Source, User
from publisher.newsroom.feeds import outside, sources, watching
from publisher.watch.fetch import Fetched
from tests.factories import make_source
from tests.watch.server import Answer, Server

pytestmark = pytest.mark.django_db

RSS = b'<rss version="2.0"><channel><title>News</title><item><title>One</title><guid>1</guid></item></channel></rss>'
ICS = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//a//b\r\nX-WR-CALNAME:Council\r\nBEGIN:VEVENT\r\nUID:1\r\n"
    b"DTSTART:20261126T130000Z\r\nSUMMARY:Council\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
SITEMAP = b"<urlset><url><loc>https://press.example.org/news/statement</loc></url></urlset>"
EEAS = b'<!doctype html><title>EEAS</title><div class="card"><h3 class="card-title"><a href="/x_en">One</a></h3></div>'
PAGE = b'<!doctype html><title>News</title><li class="n"><a href="/1">One</a></li>'


@pytest.fixture
def web() -> Iterator[Server]:
    outside._looked.clear()
    with Server().running() as server:
        yield server
    outside._looked.clear()


def answered(url: str, body: bytes) -> str:
    """As if somebody had looked at `url` a moment ago."""
    outside.keep(url, Fetched(status=SourceStatus.OK, url=url, body=body, fetched_at=timezone.now()))
    return url


@pytest.mark.parametrize(
    ("url", "body", "kind"),
    [
        ("https://press.example.org/feed", RSS, SourceKind.FEED),
        ("https://press.example.org/events.ics", ICS, SourceKind.CALENDAR),
        ("https://press.example.org/sitemap.xml", SITEMAP, SourceKind.SITEMAP),
        ("https://ec.europa.eu/commission/presscorner/api/rss?language=en", RSS, SourceKind.PRESS_CORNER),
        ("https://www.eeas.europa.eu/eeas/press-material_en", EEAS, SourceKind.LISTING),
    ],
)
def test_kind_is_what_the_answer_is(web: Server, url: str, body: bytes, kind: SourceKind) -> None:
    assert sources.try_out(answered(url, body)).kind is kind


@pytest.mark.parametrize("url", ["webcal://press.example.org/c.ics", "webcal:https://press.example.org/c.ics"])
def test_address_that_a_calendar_program_would_open_is_understood(web: Server, url: str) -> None:
    answered("https://press.example.org/c.ics", ICS)
    assert sources.try_out(url).title == "Council"


@pytest.mark.parametrize("url", ["ftp://press.example.org/feed", "javascript:alert(1)", "press.example.org", ""])
def test_address_of_no_web_page_is_refused(web: Server, url: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        sources.try_out(url)
    assert caught.value.key == "source.not_http"


def test_unknown_kind_is_refused(web: Server) -> None:
    with pytest.raises(InvalidInput) as caught:
        sources.try_out(answered("https://press.example.org/feed", RSS), "newsletter")
    assert caught.value.key == "source.unknown_kind"


def test_only_who_manages_makes_us_ask_other_servers(web: Server, approver: User) -> None:
    for act in (sources.find, sources.page_parts):
        with pytest.raises(NotAllowed):
            act(approver, web.url("/news"))
    assert web.asked == []


def test_server_is_asked_once_from_looking_to_watching(web: Server, administrator: User) -> None:
    url = web.serve(Answer(body=RSS, headers={"ETag": '"1"'}))
    sources.find(administrator, url)
    source = sources.add(administrator, url=url)
    assert (source.etag, source.baseline_at is not None, len(web.asked)) == ('"1"', True, 1)
    watching.poll([source])
    assert [asked.headers.get("if-none-match") for asked in web.asked] == [None, '"1"']


def test_removed_and_added_again_it_begins_anew(web: Server, administrator: User) -> None:
    url = web.serve(Answer(body=RSS))
    sources.remove(sources.add(administrator, url=url).pk, administrator)
    more = RSS.replace(b"<item>", b"<item><title>Two</title><guid>2</guid></item><item>")
    outside._looked.clear()
    web.serve(Answer(body=more))
    again = sources.add(administrator, url=url)
    assert watching.undrafted() == []
    assert list(again.documents.values_list("baseline", flat=True)) == [True] * again.documents.count()


# --- change


def test_change_tells_the_history_what_and_by_whom(administrator: User) -> None:
    source = make_source(name="Old")
    sources.change(source.pk, administrator, name="New", interval=600)
    event = Event.objects.get()
    assert (event.actor, event.verb, event.data) == (administrator.email, "change", {"name": "New", "interval": 600})


def test_change_of_nothing_leaves_no_event(administrator: User) -> None:
    source = make_source(name="Old", interval=600)
    sources.change(source.pk, administrator, name="Old", interval=600)
    assert not Event.objects.exists()


def test_shorter_interval_counts_from_the_last_look(administrator: User) -> None:
    looked = timezone.now() - timedelta(minutes=2)
    source = make_source(last_checked_at=looked, next_check_at=looked + timedelta(hours=3))
    changed = sources.change(source.pk, administrator, interval=600)
    assert changed.next_check_at == looked + timedelta(minutes=10)


@pytest.mark.parametrize("interval", [1, 59, 8 * 86400, -60])
def test_interval_that_hurts_is_refused(administrator: User, interval: int) -> None:
    source = make_source()
    with pytest.raises(InvalidInput) as caught:
        sources.change(source.pk, administrator, interval=interval)
    assert caught.value.key == "source.interval"


def test_new_selectors_must_find_something(web: Server, administrator: User) -> None:
    url = web.serve(Answer(body=PAGE, headers={"Content-Type": "text/html"}), "/news")
    source = make_source(url=url, kind=SourceKind.LISTING, recipe={"item": "li"})
    with pytest.raises(FetchError) as caught:
        sources.change(source.pk, administrator, data={"item": ".gone"})
    assert caught.value.key == "source.layout"
    assert Source.objects.get().recipe == {"item": "li"}
    assert sources.change(source.pk, administrator, data={"item": "li.n"}).recipe == {"item": "li.n"}


def test_selectors_that_are_none_are_refused(administrator: User) -> None:
    source = make_source(kind=SourceKind.SITEMAP)
    with pytest.raises(InvalidInput) as caught:
        sources.change(source.pk, administrator, data={"just": "/news/"})
    assert caught.value.key == "source.recipe_part"
