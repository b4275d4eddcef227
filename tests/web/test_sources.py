"""The desk's pages of sources: how they are doing, adding by any address, picking the parts of a page."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from publisher.enums import AlarmKind, SourceKind, SubscriptionState
from publisher.models import Alarm, Host, Source, Subscription
from publisher.newsroom.feeds import outside
from publisher.web.templatetags.sources import every
from tests.factories import make_document, make_source
from tests.watch.server import Answer, Server
from tests.web.conftest import HTMX
from tests.web.pages import one, parse, text

LONG_AGO = timezone.now() - timedelta(days=30)
HTML = {"Content-Type": "text/html; charset=utf-8"}
FEED = b"""<rss version="2.0"><channel><title>Press &amp; more</title><language>en</language>
<item><title>The older</title><link>https://press.example.org/1</link>
<pubDate>Mon, 23 Nov 2026 10:00:00 GMT</pubDate></item>
<item><title>The &lt;b&gt;newest&lt;/b&gt; &lt;script&gt;alert(1)&lt;/script&gt;</title><link>https://press.example.org/2</link>
<pubDate>Tue, 24 Nov 2026 10:00:00 GMT</pubDate></item></channel></rss>"""
PAGE = b"""<!doctype html><html lang="en"><head><title>Newsroom</title>
<link rel="alternate" type="application/rss+xml" title="All news" href="/feed.xml"></head><body><main>
<article class="news"><h3><a href="/one">The first long headline of the day</a></h3>
<time datetime="2026-11-24">x</time></article>
<article class="news"><h3><a href="/two">The second long headline of the day</a></h3>
<time datetime="2026-11-23">x</time></article>
<article class="news"><h3><a href="/three">The third long headline of the day</a></h3>
<time datetime="2026-11-22">x</time></article>
</main></body></html>"""


@pytest.fixture
def web() -> Iterator[Server]:
    outside._looked.clear()
    with Server().running() as server:
        yield server


@pytest.fixture
def press(web: Server) -> str:
    """A page that names a feed and lists documents itself."""
    web.serve(Answer(body=FEED), "/feed.xml")
    return web.serve(Answer(body=PAGE, headers=HTML), "/news")


def asked(web: Server) -> list[str]:
    return [each.path for each in web.asked]


# --- adding


def test_address_of_a_page_shows_its_feeds_with_their_newest_entries(administrator: Client, press: str) -> None:
    page = administrator.post("/sources/add/", {"url": press, "do": "find"})
    assert text(page, "#found") == ["One thing can be watched here"]
    assert text(page, ".rows .title") == ["Press & more"]
    assert text(page, ".found li span[dir]") == ["The newest <script>alert(1)</script>", "The older"]
    assert not Source.objects.exists()


def test_what_a_feed_says_is_never_markup_of_the_desk(administrator: Client, press: str) -> None:
    page = administrator.post("/sources/add/", {"url": press, "do": "find"})
    assert {script.attributes.get("src") is not None for script in parse(page).css("script")} == {True}


def test_offer_is_watched_by_one_click_and_nobody_is_asked_again(
    administrator: Client, press: str, web: Server
) -> None:
    page = administrator.post("/sources/add/", {"url": press, "do": "find"})
    watch = one(page, "button[name=watch]").attributes["value"]
    before = asked(web)
    answer = administrator.post("/sources/add/", {"url": press, "watch": watch, "queue_newest": "1", "language": "EN"})
    assert answer.headers["Location"] == f"/sources/{Source.objects.get().pk}/"
    source = Source.objects.get()
    assert (source.name, source.kind, source.url, source.queue_newest, source.language) == (
        "Press & more",
        SourceKind.FEED,
        web.url("/feed.xml"),
        1,
        "en",
    )
    assert asked(web) == before
    assert text(administrator.get("/sources/"), "#status p") == ["Press & more is watched from now on."]


def test_address_of_a_feed_is_offered_itself(administrator: Client, press: str, web: Server) -> None:
    page = administrator.post("/sources/add/", {"url": web.url("/feed.xml"), "do": "find"})
    assert text(page, ".rows .title") == ["Press & more"]
    assert asked(web) == ["/feed.xml"]


@pytest.mark.parametrize("path", ["/nothing", ":1/feed"])
def test_address_that_does_not_answer_is_told_beside_what_was_typed(
    administrator: Client, web: Server, path: str
) -> None:
    url = web.url(path) if path.startswith("/") else f"http://127.0.0.1{path}"
    page = administrator.post("/sources/add/", {"url": url, "name": "Mine", "do": "find"})
    assert page.status_code == 422
    assert len(text(page, "#id_url_error")) == 1
    assert (one(page, "#id_url").attributes["value"], one(page, "#id_name").attributes["value"]) == (url, "Mine")


def test_page_that_is_no_feed_cannot_be_watched_as_one(administrator: Client, press: str) -> None:
    page = administrator.post("/sources/add/", {"url": press, "do": "add"})
    assert text(page, "#id_url_error") == [
        "There is no feed at this address, but a page. Look for feeds on it, or pick its parts."
    ]


# --- picking parts


def test_parts_are_suggested_and_tested_at_once(administrator: Client, press: str, web: Server) -> None:
    page = administrator.get("/sources/parts/", {"url": press})
    assert one(page, "#id_item").text().strip() == "article.news"
    assert text(page, ".suggestions button")[0] == "3 entries like this"
    assert [row.split("http")[0] for row in text(page, ".result td:first-child")] == [
        "The first long headline of the day",
        "The second long headline of the day",
        "The third long headline of the day",
    ]
    assert text(page, ".result td:nth-child(2)")[0] == "24 Nov 2026"
    assert asked(web) == ["/news"]


def test_test_while_typing_answers_with_the_result_only(administrator: Client, press: str, web: Server) -> None:
    administrator.get("/sources/parts/", {"url": press})
    data = {"url": press, "item": "article", "title": "h3 a", "only": "*/one\n*/two"}
    answer = administrator.post("/sources/parts/test/", data, **HTMX)
    assert (
        text(answer, "p")
        == ["2 documents.", "No document of this page has a date that can be read. Check the selector for the date."][
            :1
        ]
    )
    assert asked(web) == ["/news"]


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("article[[", "article[[, given for item, is no CSS selector. An example of one: .card-title a"),
        (".other", "These selectors find no documents with title and link on this page. Try others."),
        ("", "Say what one entry is."),
    ],
)
def test_parts_that_find_nothing_are_told_in_words(administrator: Client, press: str, item: str, said: str) -> None:
    answer = administrator.post("/sources/parts/test/", {"url": press, "item": item}, **HTMX)
    assert (answer.status_code, text(answer, ".issue")) == (200, [said])


def test_page_is_watched_by_its_parts(administrator: Client, press: str) -> None:
    data = {"url": press, "item": "article.news", "title": "h3 a", "name": "Ours", "do": "save"}
    answer = administrator.post("/sources/parts/", data)
    source = Source.objects.get()
    assert answer.headers["Location"] == f"/sources/{source.pk}/"
    assert (source.kind, source.name, source.recipe) == (
        SourceKind.LISTING,
        "Ours",
        {"item": "article.news", "title": "h3 a"},
    )


def test_parts_of_a_watched_page_are_picked_anew(administrator: Client, press: str) -> None:
    source = make_source(url=press, kind=SourceKind.LISTING, recipe={"item": ".old"}, items=["a"])
    page = administrator.get(f"/sources/{source.pk}/parts/")
    assert text(page, "#id_item") == [".old"]
    administrator.post(f"/sources/{source.pk}/parts/", {"item": "article.news", "title": "h3 a", "do": "save"})
    source.refresh_from_db()
    assert (source.recipe, source.items) == ({"item": "article.news", "title": "h3 a"}, [])


# --- health in words


def words(client: Client) -> str:
    return " ".join(text(client.get("/sources/"), ".row .said"))


def test_source_that_works_says_when_it_was_read_and_what_it_usually_brings(approver: Client) -> None:
    now = timezone.now()
    make_source(last_checked_at=now - timedelta(minutes=3), next_check_at=now, per_week=21, baseline_at=LONG_AGO)
    assert words(approver) == "Read 3 min ago, nothing new. Usually brings about 3 a day; next look in a moment."


def test_source_that_brought_nothing_today_says_when_it_last_did(approver: Client) -> None:
    source = make_source(baseline_at=LONG_AGO)
    make_document(source, first_seen_at=timezone.now() - timedelta(hours=5))
    make_document(source, first_seen_at=timezone.now() - timedelta(hours=9))
    assert words(approver).startswith("Read just now, nothing new; it last brought something 5 h ago.")


def test_first_look_says_that_nothing_of_it_is_posted(approver: Client) -> None:
    now = timezone.now()
    make_source(last_checked_at=now, baseline_at=now, next_check_at=now)
    assert words(approver) == (
        "Read for the first time just now; what stood there is remembered, not posted. Next look in a moment."
    )


def test_first_look_that_was_drafted_does_not_call_it_remembered(approver: Client) -> None:
    now = timezone.now()
    make_document(make_source(last_checked_at=now, baseline_at=now, next_check_at=now), first_seen_at=now)
    assert words(approver) == "Read just now, with something new. Next look in a moment."


def test_listing_that_cannot_be_read_is_not_called_a_feed(approver: Client) -> None:
    make_source(kind=SourceKind.LISTING, status="malformed", problem="The page has been rebuilt.")
    assert text(approver.get("/sources/"), ".row .state") == ["Cannot be read any more"]


def test_source_that_just_brought_something_says_so(approver: Client) -> None:
    now = timezone.now()
    source = make_source(last_checked_at=now, next_check_at=now, per_week=1, baseline_at=LONG_AGO)
    make_document(source, first_seen_at=now)
    assert (
        words(approver) == "Read just now, with something new. Usually brings about one a week; next look in a moment."
    )


@pytest.mark.parametrize(("per_week", "said"), [(21, "about 3 a day"), (3, "about 3 a week"), (0.5, "about 2 a month")])
def test_rhythm_is_told_in_small_numbers(approver: Client, per_week: float, said: str) -> None:
    make_source(per_week=per_week)
    assert said in words(approver)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(1, "every second"), (20, "every 20 seconds"), (60, "every minute"), (900, "every 15 minutes")],
)
def test_interval_of_a_person_is_told_in_its_unit(seconds: int, said: str) -> None:
    assert every(seconds) == said


def test_source_that_fails_says_how_and_how_often(approver: Client) -> None:
    make_source(status="unreachable", problem="The feed could not be reached.", failures=4)
    page = approver.get("/sources/")
    assert text(page, ".row .state") == ["Cannot be reached"]
    assert text(page, ".row .issue") == ["The feed could not be reached. (4 times in a row)"]


def test_source_whose_host_asked_us_to_wait_says_until_when(approver: Client) -> None:
    make_source(host="press.example.org")
    until = timezone.localtime(timezone.now() + timedelta(days=2)).replace(hour=16, minute=5)
    Host.objects.create(name="press.example.org", held_until=until)
    page = approver.get("/sources/")
    assert text(page, ".row .state") == ["Asks us to wait"]
    assert f"stay away until {until:%a} {until.day} {until:%b}, 16:05." in text(page, ".row .said")[0]


def test_source_that_is_pushed_says_so(approver: Client) -> None:
    source = make_source()
    Subscription.objects.create(
        source=source,
        hub="https://hub.example.org/",
        topic=source.url,
        token="t",
        secret="s",
        state=SubscriptionState.ACTIVE,
        asked_at=timezone.now(),
    )
    assert "What is new is pushed to us; our own looks are the safety net." in words(approver)


def test_source_whose_hub_fails_says_what_is_wrong(approver: Client) -> None:
    Subscription.objects.create(
        source=make_source(),
        hub="https://hub.example.org/",
        topic="https://press.example.org/feed.xml",
        token="t",
        secret="sealed",
        state=SubscriptionState.ASKED,
        asked_at=timezone.now(),
        problem="The hub that pushes this feed cannot be reached.",
    )
    page = approver.get("/sources/")
    assert text(page, ".row .issue") == ["The hub that pushes this feed cannot be reached."]
    assert "pushed to us" not in text(page, ".row .said")[0]


def test_open_alarm_and_move_are_told(approver: Client) -> None:
    source = make_source(moves_to="https://new.example.org/feed")
    Alarm.objects.create(kind=AlarmKind.LAYOUT, source=source, key="source.ended", raised_at=timezone.now())
    moved = "The site sends us on to https://new.example.org/feed."
    then = "When that has held for a week, it becomes the source's address."
    ended = "The source says that it has ended and brings nothing new. Look for its successor, or remove it."
    assert text(approver.get("/sources/"), ".row .issue") == [f"{moved} {then}", f"{ended} See to it {source.name}"]


def test_list_of_many_sources_takes_a_fixed_number_of_queries(
    approver: Client, django_assert_max_num_queries: object
) -> None:
    for _ in range(30):
        make_source(host="press.example.org")
    with django_assert_max_num_queries(20):  # type: ignore[operator]  # pytest-django's fixture
        approver.get("/sources/")


# --- the page of one source


def test_page_of_a_source_shows_what_it_brought_and_its_history(administrator: Client) -> None:
    source = make_source(name="Press Corner")
    make_document(source, title="Here")
    make_document(make_source(), title="Elsewhere")
    administrator.post(f"/sources/{source.pk}/pause/")
    page = administrator.get(f"/sources/{source.pk}/")
    assert text(page, "h1") == ["Press Corner"]
    assert text(page, ".found a") == ["Here"]
    assert [item.endswith(": paused") for item in text(page, ".events li span")] == [True]


def test_viewer_sees_no_form(viewer: Client) -> None:
    source = make_source()
    assert text(viewer.get(f"/sources/{source.pk}/"), "main form") == []


def test_name_and_pace_are_changed(administrator: Client) -> None:
    source = make_source(interval=0)
    answer = administrator.post(f"/sources/{source.pk}/", {"name": "Other", "minutes": "20", "read_pages": "on"})
    assert answer.status_code == 302
    source.refresh_from_db()
    assert (source.name, source.interval, source.read_pages) == ("Other", 1200, True)


def test_impossible_pace_is_told(administrator: Client) -> None:
    source = make_source()
    page = administrator.post(f"/sources/{source.pk}/", {"name": "Other", "minutes": "0"})
    assert (page.status_code, len(text(page, ".issue.error"))) == (422, 1)
