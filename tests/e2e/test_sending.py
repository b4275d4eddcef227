"""A large film on its way to the desk: one sees how much is there, may stop, and is told when it does not play."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import FilePayload, Page, expect

from publisher.models import Asset
from tests.e2e.test_together import sign_in
from tests.factories import make_user
from tests.networks.films import box, film

FILM: FilePayload = {
    "name": "plenary.mp4",
    "mimeType": "video/mp4",
    "buffer": film() + box(b"free", bytes(3_000_000)),
}


def throttle(page: Page, speed: int) -> None:
    """Bytes in a second."""
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    limits = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": speed}
    network.send("Network.emulateNetworkConditions", limits)


def test_upload_shows_how_much_is_sent_and_can_be_cancelled(
    transactional_db: None, live_server: Any, new_page: Callable[..., Page]
) -> None:
    make_user("editor", email="emma@example.org")
    page = sign_in(new_page(), live_server.url, "emma@example.org")
    page.goto(f"{live_server.url}/media/")
    page.get_by_label("Pictures, videos and documents").set_input_files(FILM)
    throttle(page, 1_000_000)
    page.get_by_role("button", name="Upload").click()
    told = page.locator(".so-far")
    expect(told).to_have_text(re.compile(r"^[1-9]\d? %, [12]\.?\d? of 3 MB$"))
    assert 0 < float(page.get_by_role("progressbar", name="Upload").get_attribute("value") or 0) < 1
    page.get_by_role("button", name="Cancel the upload").click()
    expect(page.locator("form [role=status]")).to_have_text("The upload was cancelled. Nothing of it was kept.")
    expect(told).to_be_hidden()
    assert Asset.objects.count() == 0

    throttle(page, -1)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", name="plenary.mp4")).to_be_visible()
    expect(page.locator("#status")).to_contain_text("It is in the library.")
    # Its pictures are none that a browser could read.
    expect(page.locator("video + .issue")).to_contain_text("This browser shows no picture of this film")
