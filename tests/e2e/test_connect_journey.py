"""An account is connected by signing in at its network; its access is renewed, is lost, and is connected again."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from publisher.models import Channel
from publisher.newsroom.connect import apps
from publisher.newsroom.connect.credentials import saver
from tests.factories import PASSWORD, make_user
from tests.peers.oauth import OF, OAuthServer
from tests.peers.sinks import use

SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
ME = {"data": {"id": "2244994945", "name": "Press Office", "username": "pressoffice"}}
OTHER = {"data": {"id": "12", "name": "Sports club", "username": "sports"}}


@dataclass
class Visit:
    """An administrator's browser, at one width."""

    page: Page
    desk: str
    width: int
    barriers: Callable[[Page], list[str]]
    seen: set[str] = field(default_factory=set)

    def go(self, path: str) -> None:
        self.page.goto(self.desk + path)

    def press(self, name: str, role: str = "button") -> None:
        self.page.get_by_role(role, name=name, exact=True).click()  # type: ignore[arg-type]  # one of Playwright's

    def reads(self, words: str) -> None:
        expect(self.page.get_by_text(words)).to_be_visible()
        assert self.page.evaluate(SIDEWAYS) <= 0
        heading = self.page.locator("h1").inner_text()
        if self.width == 1280 and heading not in self.seen:  # each page once: that takes a while
            self.seen.add(heading)
            assert self.barriers(self.page) == []

    def agree(self) -> None:
        self.press("Sign in at X")
        self.press("Allow", "link")

    def enter_the_app(self, x: OAuthServer) -> None:
        self.reads("X does not know Publisher yet.")
        self.press("Let people sign in at X", "link")
        expect(self.page.locator("#redirect")).to_have_value(x.redirect)
        self.reads("Step by step")
        self.page.get_by_label("Client ID").fill(x.client_id)
        self.page.get_by_label("Client secret").fill(x.client_secret)
        self.page.get_by_label("Address of the API").fill(x.url)
        self.press("Save")
        self.reads("X knows us now.")


@pytest.mark.parametrize("width", [1280, 390])
def test_account_is_connected_renewed_and_connected_again_by_signing_in(
    transactional_db: None,
    live_server: Any,
    settings_back: None,
    monkeypatch: pytest.MonkeyPatch,
    new_page: Callable[..., Page],
    barriers: Callable[[Page], list[str]],
    width: int,
) -> None:
    use(monkeypatch, public_url=live_server.url)
    boss = make_user("administrator")
    at = Visit(new_page(viewport={"width": width, "height": 800}), live_server.url, width, barriers)
    with OAuthServer(OF["x"], apps.redirect("x"), apps.need("x").scopes, {"/2/users/me": ME}) as x:
        at.go("/sign-in/?next=/channels/add/x/")
        at.page.get_by_label("E-mail address").fill(boss.email)
        at.page.get_by_label("Password").fill(PASSWORD)
        at.press("Sign in")
        at.enter_the_app(x)

        # there and back: not agreed to, then agreed to
        at.press("Sign in at X")
        at.press("Cancel", "link")
        at.reads("You did not agree at X, so nothing was connected.")
        at.press("Begin again", "link")
        at.agree()
        expect(at.page.get_by_label("@pressoffice")).to_be_checked()
        assert "code" not in at.page.url
        at.reads("You have signed in at X.")
        at.press("Connect")
        at.reads("Press Office is connected.")

        # its token ends, and is renewed by the next call
        channel = Channel.objects.get()
        saver(channel.pk)({"oauth2_expires_at": (timezone.now() - timedelta(minutes=1)).isoformat()})
        at.press("Check Press Office")
        at.reads("Press Office answers and knows us.")

        # it is taken back, which a person mends; another account will not do
        x.revoke()
        at.press("Check Press Office")
        at.reads("Needs to be reconnected")
        at.press("Reconnect Press Office", "link")
        x.behind = {"/2/users/me": OTHER}
        at.agree()
        at.reads("pressoffice is not among the accounts of whoever signed in (@sports).")
        x.behind = {"/2/users/me": ME}
        at.press("Begin again", "link")
        at.agree()
        at.press("Reconnect")
        at.reads("Press Office is connected again.")
        channel.refresh_from_db()
        assert (channel.health, Channel.objects.count()) == ("ok", 1)
