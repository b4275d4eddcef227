"""The main job in a browser, with the service as people start it: from the one-time link to the timeline."""

import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.service import Service, clean_environment, make_tables, running

ROOT = Path(__file__).resolve().parent.parent.parent
START = [sys.executable, "-m", "publisher", "run"]
SOON = 40_000
"""Milliseconds in which the service has read a feed, drafted and shown it, even where it looks only every 20 s."""


class Press:
    """An institution's web server with one feed."""

    def __init__(self) -> None:
        self.titles = ["An old item"]
        press = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                items = "".join(
                    f"<item><title>{title}</title><guid>{number}</guid>"
                    f"<link>https://press.example.org/statement_{number}</link></item>"
                    for number, title in reversed(list(enumerate(press.titles)))
                )
                feed = f'<rss version="2.0"><channel><title>Press room</title>{items}</channel></rss>'
                self.send_response(200)
                self.send_header("Content-Type", "application/rss+xml")
                self.end_headers()
                self.wfile.write(feed.encode())

            def log_message(self, *_args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.feed = f"http://127.0.0.1:{self.server.server_port}/feed.xml"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def press() -> Iterator[Press]:
    made = Press()
    yield made
    made.server.shutdown()
    made.server.server_close()


def environment(folder: Path) -> dict[str, str]:
    data = str(folder / "data")
    return clean_environment(
        PYTHONPATH=str(ROOT),
        PUBLISHER_DATA_DIR=data,
        PUBLISHER_POLL_INTERVAL="1",
        PUBLISHER_PRIVATE_HOSTS="127.0.0.0/8",  # where the press office of this test stands
    )


def start(folder: Path, *options: str) -> "running":  # type: ignore[valid-type]  # a context manager
    make_tables(folder / "data")
    return running([*START, *options], folder, environment(folder), 30)


def come_in(page: Page, service: Service) -> None:
    found = re.search(r"http://\S+/welcome/\S+", service.output)
    assert found, service.output
    page.goto(found.group())
    page.get_by_label("Your name").fill("Alice Martin")
    page.get_by_label("E-mail address").fill("alice@example.org")
    page.get_by_label("Password", exact=True).fill("a long enough sentence")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    page.wait_for_load_state()  # the keys answer when the page's script has run


def open_sandbox_account(folder: Path) -> str:
    """The token of a new account @commission on the sandbox network."""
    code = "from publisher.models import SandboxAccount as A; print(A.objects.open('commission', 'The Commission')[1])"
    command = [sys.executable, "-m", "publisher", "manage", "shell", "--verbosity", "0", "-c", code]
    answer = subprocess.run(command, cwd=folder, env=environment(folder), capture_output=True, text=True, check=True)
    return answer.stdout.split()[-1]


def add_source(page: Page, press: Press) -> None:
    page.get_by_role("link", name="Add a source").click()
    page.get_by_label("Address", exact=True).fill(press.feed)
    page.get_by_role("button", name="Look what can be watched").click()
    expect(page.get_by_role("listitem").get_by_text("An old item")).to_be_visible()
    page.get_by_role("button", name="Watch it").click()
    expect(page.get_by_role("status")).to_contain_text("Press room is watched from now on.")


def connect_channel(page: Page, service: Service, token: str) -> None:
    page.get_by_role("link", name="Connect a channel").click()
    page.get_by_role("link", name="Sandbox").click()
    page.get_by_label("Address", exact=True).fill(service.address)
    page.get_by_label("Account").fill("commission")
    page.get_by_label("Token").fill(token)
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_role("status")).to_contain_text("The Commission is connected.")


def add_rule(page: Page) -> None:
    page.get_by_role("link", name="Rules").click()
    page.get_by_role("link", name="Add a rule").click()
    page.get_by_label("Name").fill("Everything waits")
    page.get_by_role("button", name="Save and switch on").click()


def test_from_the_first_link_to_the_timeline(tmp_path: Path, press: Press, new_page: Callable[..., Page]) -> None:
    folder = tmp_path / "desk"
    with start(folder, "--no-sample") as service:
        page = new_page()
        come_in(page, service)
        # The first screen says what to do next, and so do those after it.
        add_source(page, press)
        page.get_by_role("link", name="Queue").click()
        connect_channel(page, service, open_sandbox_account(folder))
        add_rule(page)
        page.get_by_role("link", name="Queue").click()
        expect(page.get_by_role("heading", name="All done")).to_be_visible()

        # A new document shows by itself, without a new page.
        page.evaluate("window.samePage = true")
        press.titles.append("Statement on the first thing")
        expect(page.get_by_role("heading", name="Statement on the first thing")).to_be_visible(timeout=SOON)
        expect(page.get_by_role("heading", name="All done")).to_be_hidden()

        # Edited by keyboard, while another document arrives and takes neither focus nor words.
        page.keyboard.press("j")
        page.keyboard.press("e")
        box = page.get_by_label("Text", exact=True)
        expect(box).to_be_focused()
        page.keyboard.press("Control+A")
        page.keyboard.type("Our own words: jkaers! 👩‍👩‍👧‍👦")
        expect(page.locator(".under .length")).to_have_text("24 / 300")
        expect(page.locator(".live .words")).to_have_text("Our own words: jkaers! 👩‍👩‍👧‍👦")
        press.titles.append("Statement on the second thing")
        expect(page.get_by_role("heading", name="Statement on the second thing")).to_be_visible(timeout=SOON)
        expect(box).to_be_focused()
        page.keyboard.type(" More.")
        expect(box).to_have_value("Our own words: jkaers! 👩‍👩‍👧‍👦 More.")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("status")).to_contain_text("Saved for The Commission.")

        # Approved by keyboard; it is out a moment later, and the same page says so.
        page.keyboard.press("a")
        expect(page.get_by_role("status")).to_contain_text("Approved for The Commission. It is going out now.")
        first = page.locator(".document", has_text="Statement on the first thing")
        expect(first.get_by_role("link", name="See it on Sandbox")).to_be_visible(timeout=SOON)
        assert page.evaluate("window.samePage") is True

        # Rejected and taken back, by keyboard.
        second = page.locator(".document", has_text="Statement on the second thing")
        page.keyboard.press("k")
        page.keyboard.press("r")
        page.keyboard.type("Not ours")
        page.keyboard.press("Enter")
        expect(second).to_contain_text("Not ours")
        page.keyboard.press("u")
        expect(second.get_by_role("button", name="Approve and send")).to_be_visible()

        reader = new_page()
        reader.goto(f"{service.address}/timeline/commission")
        expect(reader.get_by_role("article")).to_have_count(1)
        expect(reader.get_by_role("article")).to_contain_text("Our own words: jkaers! 👩‍👩‍👧‍👦 More.")


def test_sample_newsroom_shows_the_whole_flow(tmp_path: Path, new_page: Callable[..., Page]) -> None:
    with start(tmp_path / "desk") as service:
        page = new_page(viewport={"width": 390, "height": 800})
        come_in(page, service)
        expect(page.get_by_role("heading", name="This is the sample newsroom")).to_be_visible()
        speech = page.locator(".document", has_text="Speech").first
        expect(speech).to_be_visible(timeout=SOON)
        channel = speech.locator(".post").first
        words = channel.locator(".words").first.inner_text()
        channel.get_by_role("button", name="Approve and send").click()
        link = channel.get_by_role("link", name="See it on Sandbox")
        expect(link).to_be_visible(timeout=SOON)

        reader = new_page()
        reader.goto(link.get_attribute("href") or "")
        expect(reader.get_by_role("article").first).to_contain_text(words.split("\n")[0])
        by_themselves = service.wait_for_timeline_posts(40)
        assert len(by_themselves) > 1, "press releases go out without a person"

        page.get_by_role("button", name="Remove the sample").click()
        expect(page.get_by_role("heading", name="No source is watched yet")).to_be_visible()


def test_stop_in_two_keystrokes_and_what_is_typed_survives_the_end_of_a_session(
    tmp_path: Path, new_page: Callable[..., Page]
) -> None:
    with start(tmp_path / "desk") as service:
        page = new_page()
        come_in(page, service)
        page.keyboard.press("!")
        page.keyboard.press("Enter")
        expect(page.get_by_role("region", name="Stop")).to_contain_text("Everything is stopped")

        expect(page.locator(".post").first).to_be_visible(timeout=SOON)
        page.keyboard.press("j")
        page.keyboard.press("e")
        box = page.get_by_label("Text", exact=True).first
        box.fill("Words that must not be lost")
        cookies = page.context.cookies()
        page.context.clear_cookies(name="sessionid")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("status")).to_contain_text("You have been signed out.")
        expect(box).to_have_value("Words that must not be lost")

        page.context.add_cookies(cookies)
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("status")).to_contain_text("Saved for")
