"""The way in, in a browser: the address of a page, a source, a new entry, a draft that quotes it, and what happens
when the institution changes its words after the post is out."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_accessibility import SIDEWAYS, SMALL_TARGETS
from tests.e2e.test_journey import SOON, come_in, start
from tests.watch.server import Answer, Server

HTML = {"Content-Type": "text/html; charset=utf-8"}
ITEM = "<item><title>{title}</title><link>{url}</link><guid>{url}</guid><description>{lead}</description></item>"
FEED = (
    '<rss version="2.0"><channel><title>Press room of the Agency</title><language>en</language>{items}</channel></rss>'
)
TITLE = "Remarks by Director Ada Example on batteries"
BODY = """<p>Good afternoon. We have decided today to open {number} charging parks for batteries along the river.</p>
<p>Batteries carry the trains, the ferries and the tools of our towns, and they have waited long enough for it. The
Agency pays for half of each park, and the towns pay for the other half over the next ten years.</p>
<p><strong>Q. Will the neighbours pay for all of it in the end?</strong></p>
<p>They pay their share, as it was agreed in spring. We have a signed agreement with all three of them.</p>"""


class Agency:
    """An institution: a news page that names a feed, and a page for each text. It is on loopback, as all here is."""

    def __init__(self, web: Server) -> None:
        self.web = web
        self.items = [("What stood there before", "Old.", web.url("/docs/0"))]
        head = '<title>News</title><link rel="alternate" type="application/rss+xml" href="/press.xml">'
        self._serve("/news", f'<html lang="en"><head>{head}</head><body><main>News</main></body></html>')
        self._show()

    def says(self, number: str) -> None:
        """The text, with the number of parks that it tells at the moment."""
        text = f"<title>{TITLE}</title></head><body><main><article><h1>{TITLE}</h1>{BODY.format(number=number)}"
        self._serve("/docs/1", f'<html lang="en"><head>{text}</article></main></body></html>')
        self.items = [*self.items[:1], (TITLE, f"The plan for {number} parks.", self.web.url("/docs/1"))]
        self._show()

    def _show(self) -> None:
        items = "".join(ITEM.format(title=title, lead=lead, url=url) for title, lead, url in reversed(self.items))
        feed = FEED.format(items=items).encode()
        self.web.serve(Answer(body=feed, headers={"Content-Type": "application/rss+xml"}), "/press.xml")

    def _serve(self, path: str, page: str) -> None:
        self.web.serve(Answer(body=f"<!doctype html>{page}".encode(), headers=HTML), path)


@pytest.fixture
def agency() -> Iterator[Agency]:
    with Server().running() as web:
        yield Agency(web)


def sound(page: Page, barriers: Callable[[Page], list[str]]) -> None:
    """At a desk and on a phone: no barrier, nothing too small to hit, nothing beside the screen."""
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert barriers(page) == []
        assert page.evaluate(SMALL_TARGETS) == []
        assert page.evaluate(SIDEWAYS) == 0
    page.set_viewport_size({"width": 1280, "height": 800})


def until_shown(page: Page, url: str, wanted: Any) -> None:
    """Pages that do not change by themselves are opened again, as a person would."""
    deadline = time.monotonic() + SOON / 1000
    page.goto(url)
    while wanted.count() == 0:
        assert time.monotonic() < deadline, page.content()
        time.sleep(0.5)
        page.goto(url)


def test_from_a_page_to_a_quotation_and_its_correction(
    tmp_path: Path, agency: Agency, new_page: Callable[..., Page], barriers: Callable[[Page], list[str]]
) -> None:
    with start(tmp_path / "desk") as service:
        page = new_page(reduced_motion="reduce")
        come_in(page, service)

        # Any page's address will do.
        page.goto(f"{service.address}/sources/add/")
        page.get_by_label("Address", exact=True).fill(agency.web.url("/news"))
        page.keyboard.press("Enter")
        expect(page.get_by_text("What stood there before")).to_be_visible()
        page.get_by_role("button", name="Watch it").click()
        expect(page.get_by_role("heading", name="Press room of the Agency")).to_be_visible()
        expect(page.get_by_text("remembered, not posted").first).to_be_visible()
        sound(page, barriers)

        # A new entry is drafted with the strongest line of who speaks, and the source shows where it stands.
        agency.says("forty")
        page.goto(service.address)
        page.get_by_role("link", name=TITLE).click(timeout=SOON)
        line = "We have decided today to open forty charging parks for batteries along the river"
        expect(page.locator(".prose mark.quoted")).to_have_text(line)
        expect(page.locator(".facts")).to_contain_text("Ada Example")
        expect(page.locator(".post a.quotation").first).to_contain_text(line)
        sound(page, barriers)

        # Nobody's words can be put in a mouth.
        first = page.locator(".post").first
        first.get_by_role("link", name="Edit").click()
        box = page.get_by_label("Text", exact=True)
        words = box.input_value()
        box.fill(words.replace("forty", "ninety"))
        expect(page.locator(".notes .issue.error")).to_contain_text("Quote the document word for word")
        sound(page, barriers)
        page.get_by_role("link", name="Cancel").click()
        first.get_by_role("button", name="Approve and send").click()
        expect(first.get_by_role("link", name="See it on Sandbox")).to_be_visible(timeout=SOON)
        address = page.url

        # The institution corrects itself: the alarm shows what changed; the answer quotes the new words.
        agency.says("fourteen")
        until_shown(page, f"{service.address}/alarms/", page.get_by_role("link", name=re.compile("See to it")))
        sound(page, barriers)
        page.get_by_role("link", name=re.compile("See to it")).click()
        expect(page.locator(".diff del")).to_have_text(["[removed] forty", "[removed] forty"])
        expect(page.locator(".diff ins")).to_have_text(["[added] fourteen", "[added] fourteen"])
        sound(page, barriers)
        page.get_by_role("button", name="Reply with a correction").first.click()
        expect(page.get_by_role("status")).to_contain_text("It waits for review")
        assert page.url.startswith(address.partition("#")[0])
        answer = page.locator(".post", has_text="Answers post")
        expect(answer).to_contain_text("open fourteen charging parks")
        answer.get_by_role("button", name="Approve and send").click()
        link = answer.get_by_role("link", name="See it on Sandbox")
        expect(link).to_be_visible(timeout=SOON)
        sound(page, barriers)

        reader = new_page()
        reader.goto(link.get_attribute("href") or "")
        expect(reader.get_by_text(re.compile("Correction: .*fourteen", re.DOTALL)).first).to_be_visible()
