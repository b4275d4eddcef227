"""A press officer adds sources in a browser: by any page's address, and by picking the parts of a page."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from publisher.enums import AlarmKind, SourceKind
from publisher.models import Alarm, Host, Source
from publisher.newsroom.feeds import outside
from tests.e2e.test_accessibility import SIDEWAYS, SIZES, sign_in
from tests.factories import make_document, make_source, make_user
from tests.watch.server import Answer, Server

HTML = {"Content-Type": "text/html; charset=utf-8"}
FEED = b"""<rss version="2.0"><channel><title>Press room of the Council</title><language>en</language>
<item><title>Outcome of the Foreign Affairs Council</title><link>https://press.example.org/2</link></item>
<item><title>Statement on the ceasefire</title><link>https://press.example.org/1</link></item></channel></rss>"""
CARD = """<article class="card card--news"><p class="kind">Press release</p><h3><a href="/{0}">{1}</a></h3>
<p class="when">{2}</p></article>"""
TITLES = ("Commission adopts new rules on batteries", "Remarks upon arrival at the Council", "Statement on elections")


@pytest.fixture
def web() -> Iterator[Server]:
    outside._looked.clear()
    with Server().running() as server:
        server.serve(Answer(body=FEED), "/rss.xml")
        cards = "".join(CARD.format(number, title, f"2{number} November 2026") for number, title in enumerate(TITLES))
        head = '<title>Newsroom</title><link rel="alternate" type="application/rss+xml" href="/rss.xml">'
        text = f'<!doctype html><html lang="en"><head>{head}</head><body><main>{cards}</main></body></html>'
        server.serve(Answer(body=text.encode(), headers=HTML), "/news")
        yield server


@pytest.fixture(params=SIZES)
def page(
    request: pytest.FixtureRequest, transactional_db: None, live_server: Any, new_page: Callable[..., Page]
) -> Page:
    make_user("administrator", email="alice@example.org")
    opened = new_page(viewport=SIZES[request.param], reduced_motion="reduce")
    sign_in(opened, live_server.url)
    return opened


def sound(page: Page, barriers: Callable[[Page], list[str]]) -> None:
    assert barriers(page) == []
    assert page.evaluate(SIDEWAYS) == 0


def test_source_is_found_by_a_page_and_watched(
    page: Page, live_server: Any, web: Server, barriers: Callable[[Page], list[str]]
) -> None:
    page.goto(f"{live_server.url}/sources/add/")
    page.get_by_label("Address").fill(web.url("/news"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="One thing can be watched here")).to_be_visible()
    expect(page.get_by_text("Outcome of the Foreign Affairs Council")).to_be_visible()
    sound(page, barriers)
    page.get_by_role("button", name="Watch it").click()
    expect(page.get_by_text("Press room of the Council is watched from now on.")).to_be_visible()
    sound(page, barriers)
    expect(page.get_by_role("heading", name="How it is doing")).to_be_visible()
    expect(page.get_by_text("Statement on the ceasefire")).to_be_visible()
    sound(page, barriers)


def test_parts_of_a_page_are_picked_with_a_live_test(
    page: Page, live_server: Any, web: Server, barriers: Callable[[Page], list[str]]
) -> None:
    page.goto(f"{live_server.url}/sources/add/")
    page.get_by_label("Address").fill(web.url("/news"))
    page.keyboard.press("Enter")
    page.get_by_role("link", name="None of these: pick parts of the page yourself").click()
    rows = page.locator(".result tbody tr")
    expect(rows).to_have_count(3)
    sound(page, barriers)
    page.get_by_label("What it is").fill(".kind")
    expect(rows.first).to_contain_text("Press release")
    page.get_by_label("One entry of the list").fill(".nothing")
    expect(page.get_by_text("These selectors find no documents")).to_be_visible()
    sound(page, barriers)
    page.get_by_role("button", name="3 entries like this").first.click()
    expect(rows).to_have_count(3)
    page.get_by_label("Name of the source").fill("Newsroom by hand")
    page.get_by_role("button", name="Watch it").click()
    expect(page.get_by_role("heading", name="Newsroom by hand")).to_be_visible()
    assert Source.objects.get().kind == SourceKind.LISTING
    sound(page, barriers)


def test_sources_in_every_condition_have_no_barrier(
    page: Page, live_server: Any, barriers: Callable[[Page], list[str]]
) -> None:
    now = timezone.now()
    fine = make_source(name="Press Corner", per_week=21)
    make_document(fine)
    make_source(name="Held", url="https://held.example.org/feed.xml")
    Host.objects.create(name="held.example.org", held_until=now + timedelta(hours=3))
    broken = make_source(
        name="Rebuilt", kind=SourceKind.LISTING, status="malformed", problem="The page has been rebuilt.", failures=2
    )
    Alarm.objects.create(kind=AlarmKind.LAYOUT, source=broken, key="source.layout", raised_at=now)
    make_source(name="Moving", moves_to="https://new.example.org/" + "a" * 80)
    make_source(name="Paused", active=False)
    for path in ("/sources/", f"/sources/{broken.pk}/", f"/sources/{broken.pk}/parts/"):
        page.goto(live_server.url + path)
        sound(page, barriers)
