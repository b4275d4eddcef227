"""A passkey in a real browser, on a device that Chromium plays (WebAuthn over the DevTools protocol)."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from publisher.models import SignInFailure, User
from publisher.newsroom.signin import factors
from tests.factories import PASSWORD, make_user

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Device:
    """What the person holds; it can be put out of reach, and refuse a finger that is not theirs."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("WebAuthn.enable")
        self._id = self._session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]

    def knows_the_finger(self, *, yes: bool) -> None:
        self._session.send("WebAuthn.setUserVerified", {"authenticatorId": self._id, "isUserVerified": yes})

    def keys(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._session.send("WebAuthn.getCredentials", {"authenticatorId": self._id})[
            "credentials"
        ]
        return found


def _password(page: Page, address: str, user: User) -> None:
    page.goto(f"{address}/sign-in/")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def _sign_out(page: Page) -> None:
    page.context.clear_cookies()


def test_passkey_is_made_asked_for_and_enough_alone(
    transactional_db: None,
    live_server: Any,
    new_page: Callable[..., Page],
    barriers: Callable[[Page], list[str]],
) -> None:
    user = make_user()
    page = new_page()
    device = Device(page)

    _password(page, live_server.url, user)
    page.goto(f"{live_server.url}/own/passkey/")
    assert barriers(page) == []
    page.get_by_label("What do you call this device?").fill("Office laptop")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert barriers(page) == []
    (key,) = device.keys()
    assert (key["isResidentCredential"], key["rpId"]) == (True, "localhost")
    assert [(factor.kind, factor.name) for factor in factors.listed(user)] == [("webauthn", "Office laptop")]

    # the password is now the first of two steps
    _sign_out(page)
    _password(page, live_server.url, user)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("button", name="Use a passkey instead").click()
    page.wait_for_url(f"{live_server.url}/")

    # alone it is both, and leads where the person was going
    _sign_out(page)
    page.goto(f"{live_server.url}/published/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{live_server.url}/published/")
    assert factors.listed(user)[0].used_at is not None

    # a finger that the device does not know opens nothing, and is no failure of the person's here
    _sign_out(page)
    device.knows_the_finger(yes=False)
    page.goto(f"{live_server.url}/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("That did not work.")).to_be_visible(timeout=70_000)
    page.goto(f"{live_server.url}/own/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert SignInFailure.objects.count() == 0

    # taken away, the device's key is unknown, also where it signs well
    device.knows_the_finger(yes=True)
    factors.remove(user, factors.listed(user)[0].id)
    factors.add_passkey(make_user(), "Somebody else's", {})
    page.goto(f"{live_server.url}/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("This passkey is not known here.")).to_be_visible()
    assert SignInFailure.objects.count() == 1
