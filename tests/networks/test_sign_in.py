"""Signing in at each network that has it, against an authorization server that takes only what is exactly right."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from publisher.errors import AccountBlocked, NetworkError, Refused, Retry
from publisher.networks import registry
from publisher.networks.credentials import Credentials
from publisher.networks.sign_in import App, Choice, Pkce, SignIn, challenge, plain
from tests.peers import graph
from tests.peers.double import Reply
from tests.peers.linkedin import LinkedInServer
from tests.peers.oauth import OF, OAuthServer, query_of
from tests.peers.threads import ThreadsServer
from tests.peers.tiktok import TikTokServer
from tests.peers.youtube import YouTubeServer

REDIRECT = "https://desk.example.org/channels/answer/"
STATE, VERIFIER = "a-state-that-nobody-guesses", "verifier-" + "0123456789" * 5
KINDS = [kind for kind in registry.KINDS if registry.get(kind).sign_in is not None]
PAGES = (
    {"id": "1", "name": "Read only", "access_token": "page-1-of-the-tests", "tasks": ["ANALYZE"]},
    {
        "id": "2",
        "name": "Press Office",
        "access_token": "page-2-of-the-tests",
        "tasks": ["MODERATE", "CREATE_CONTENT"],
        "instagram_business_account": {"id": "17", "username": "pressoffice"},
    },
)
BEHIND: dict[str, Any] = {
    "x": lambda: {"/2/users/me": {"data": {"id": "2244994945", "name": "Press Office", "username": "pressoffice"}}},
    "mastodon": lambda: {"/api/v1/accounts/verify_credentials": {"id": "9", "username": "pressoffice"}},
    "threads": ThreadsServer,
    "linkedin": LinkedInServer,
    "youtube": YouTubeServer,
    "tiktok": TikTokServer,
}
ACCOUNTS = {
    "x": [("2244994945", "@pressoffice")],
    "mastodon": [("9", "pressoffice")],
    "facebook": [("2", "Press Office")],
    "instagram": [("17", "pressoffice (Press Office)")],
    "threads": [(ThreadsServer.user, "pressoffice")],
    "linkedin": [(str(LinkedInServer.number), "Press Office")],
    "youtube": [(YouTubeServer.channel, "Press Office")],
    "tiktok": [
        (f"{TikTokServer.open_id}:{audience}", f"@pressoffice; who may see posts: {audience}")
        for audience in ("everyone", "friends", "only me")
    ],
}


WRONG = [
    (kind, wrong)
    for kind in ("x", "facebook", "tiktok")
    for wrong in ("replayed", "late", "redirect", "secret", "verifier", "unknown")
    if wrong != "verifier" or OF[kind].pkce
]


@dataclass
class Visit:
    """Somebody who signs in."""

    kind: str
    server: OAuthServer

    @property
    def sign_in(self) -> SignIn:
        found = registry.get(self.kind).sign_in
        assert found is not None
        return found

    def app(self, **changes: str) -> App:
        return self.sign_in.our_app.model_validate({**self.server.app, **changes})

    def begin(self, redirect: str = REDIRECT) -> str:
        return self.sign_in.begin(self.app(), redirect=redirect, state=STATE, verifier=VERIFIER)

    def code(self) -> str:
        answer = query_of(self.server.agree(self.begin()))
        assert answer["state"] == STATE
        return answer["code"]

    def finish(self, code: str, *, app: App | None = None, **changes: str) -> list[Choice]:
        given = {"redirect": REDIRECT, "verifier": VERIFIER, **changes}
        return self.sign_in.finish(app or self.app(), code=code, **given)

    def connect(self) -> Credentials:
        choice, *_ = self.finish(self.code())
        return registry.get(self.kind).credentials.model_validate(choice.credentials)


@pytest.fixture
def visit(request: pytest.FixtureRequest) -> Iterator[Visit]:
    kind = request.param
    sign_in = registry.get(kind).sign_in
    assert sign_in is not None
    with OAuthServer(OF[kind], REDIRECT, sign_in.scopes, BEHIND.get(kind, dict)()) as server:
        server.pages = PAGES
        yield Visit(kind, server)


everywhere = pytest.mark.parametrize("visit", [kind for kind in KINDS if kind in ACCOUNTS], indirect=True)


def only(*kinds: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("visit", kinds, indirect=True)


@everywhere
def test_signing_in_shows_the_accounts_one_may_post_to_with_credentials_that_the_network_takes(visit: Visit) -> None:
    found = visit.finish(visit.code())
    assert [(choice.id, choice.label) for choice in found] == ACCOUNTS[visit.kind]
    place = registry.get(visit.kind)
    for choice in found:
        place.credentials.model_validate(choice.credentials)
    told = f"{found!r} {visit.server.access}"
    assert [token for token in visit.server.access if token in repr(found)] == [], told


@everywhere
def test_browser_is_sent_to_the_network_itself_with_what_it_asks_for(visit: Visit) -> None:
    own = App(client_id="1")
    address = visit.sign_in.begin(own, redirect=REDIRECT, state=STATE, verifier=VERIFIER)
    asked = query_of(address)
    assert urlsplit(address).scheme == ("https" if not visit.sign_in.servers else "")
    assert (asked["redirect_uri"], asked["state"], VERIFIER in address) == (REDIRECT, STATE, False)


@pytest.mark.parametrize(("visit", "wrong"), WRONG, indirect=["visit"])
def test_sign_in_that_is_not_exactly_right_is_refused_in_words(visit: Visit, wrong: str) -> None:
    code, app, changes = visit.code(), visit.app(), {}
    expected: tuple[type[NetworkError], str] = (Refused, "connect.code")
    match wrong:
        case "replayed":
            visit.finish(code)
        case "late":
            visit.server.later = timedelta(minutes=11)
        case "redirect":
            changes = {"redirect": "https://elsewhere.example.org/"}
        case "verifier":
            changes = {"verifier": VERIFIER + "x"}
        case "secret":
            app = visit.app(client_secret="the secret of another app")
            expected = (AccountBlocked, "connect.app")
        case "unknown":
            code = "code-of-another-app"
    with pytest.raises(expected[0]) as caught:
        visit.finish(code, app=app, **changes)
    assert caught.value.key == expected[1]
    hidden = [code, VERIFIER, visit.server.client_secret, *visit.server.access]
    assert [secret for secret in hidden if secret in str(caught.value)] == []


@only("x")
def test_replayed_code_takes_back_what_it_gave_before(visit: Visit) -> None:
    code = visit.code()
    visit.finish(code)
    with pytest.raises(Refused):
        visit.finish(code)
    first = next(iter(visit.server.grants.values()))
    assert [token for token in first.tokens if token in visit.server.access] == []


@only("x", "facebook", "threads", "linkedin", "tiktok")
def test_right_that_was_unticked_is_named(visit: Visit) -> None:
    missing = visit.sign_in.scopes[-1]
    visit.server.withheld = {missing}
    with pytest.raises(AccountBlocked) as caught:
        visit.finish(visit.code())
    assert (caught.value.key, caught.value.params["missing"]) == ("connect.scopes", missing)


@only("x")
def test_foreign_address_is_not_led_back_to(visit: Visit) -> None:
    with pytest.raises(AssertionError, match="not known here"):
        visit.server.agree(visit.begin("https://elsewhere.example.org/"))


@only("x", "facebook")
def test_network_that_is_out_of_order_may_be_tried_again(visit: Visit) -> None:
    code = visit.code()
    visit.server.broken = 1
    with pytest.raises(Retry):
        visit.finish(code)


@only("facebook", "instagram", "linkedin")
def test_person_without_any_account_is_told_what_to_do(visit: Visit) -> None:
    visit.server.pages = PAGES[:1]
    if isinstance(visit.server.behind, LinkedInServer):
        visit.server.behind.roles = []
    with pytest.raises(AccountBlocked) as caught:
        visit.finish(visit.code())
    assert caught.value.key in {"facebook.no_pages", "instagram.no_accounts", "linkedin.no_pages"}


@only("facebook", "instagram")
def test_page_of_a_business_portfolio_is_shown_where_the_app_may_see_portfolios(visit: Visit) -> None:
    visit.server.pages = tuple({**page, "of_a_portfolio": True} for page in PAGES)
    with pytest.raises(AccountBlocked):
        visit.finish(visit.code())
    visit.server.offered = visit.sign_in.asked
    assert [(choice.id, choice.label) for choice in visit.finish(visit.code())] == ACCOUNTS[visit.kind]


@only("facebook", "instagram")
def test_app_with_a_configuration_asks_for_what_that_names(visit: Visit) -> None:
    visit.server.config_id = "4711"
    assert [(choice.id, choice.label) for choice in visit.finish(visit.code())] == ACCOUNTS[visit.kind]
    asked = query_of(visit.begin())
    assert {name: asked.get(name) for name in ("config_id", "response_type", "scope", "auth_type")} == {
        "config_id": "4711",
        "response_type": "code",
        "scope": None,
        "auth_type": None,
    }


@only("facebook", "threads")
def test_app_without_a_configuration_asks_for_each_right(visit: Visit) -> None:
    asked = query_of(visit.begin())
    assert (asked["scope"], "config_id" in asked) == (",".join(visit.sign_in.asked), False)


@only("facebook", "instagram")
def test_pages_that_only_the_token_names_are_asked_for_one_by_one(visit: Visit) -> None:
    """As with Facebook Login for Business, where `me/accounts` may be empty."""
    visit.server.offered = visit.sign_in.asked
    visit.server.pages, visit.server.ticked, visit.server.gone = (), PAGES, "3"
    assert [(choice.id, choice.label) for choice in visit.finish(visit.code())] == ACCOUNTS[visit.kind]
    own = visit.connect()
    assert plain(own, "page_token") == "page-2-of-the-tests"
    asked = [call for call in visit.server.calls() if call.startswith("GET /v25.0/") and "me/" not in call]
    assert [call for call in asked if "dialog" not in call] == ["GET /v25.0/3", "GET /v25.0/1", "GET /v25.0/2"] * 2


@only("facebook")
def test_of_the_pages_that_a_token_names_some_are_asked_for(visit: Visit) -> None:
    visit.server.pages = ()
    visit.server.ticked = tuple({**PAGES[1], "id": str(number)} for number in range(1, 100))
    assert len(visit.finish(visit.code())) == 20


@only("facebook")
def test_network_that_fails_while_pages_are_asked_for_leaves_none_out(visit: Visit) -> None:
    visit.server.pages, visit.server.ticked, visit.server.gone = (), PAGES, "3"
    visit.server._pass_on = lambda _: graph.error(2, "Service temporarily unavailable", status=500)  # type: ignore[method-assign]
    with pytest.raises(Retry):
        visit.finish(visit.code())


@only("mastodon")
def test_app_is_made_at_the_server_that_is_named(visit: Visit) -> None:
    assert visit.sign_in.server("mastodon.example/@press") == "https://mastodon.example"
    app = visit.sign_in.register(visit.server.url, REDIRECT)
    assert (app.client_id, app.secret, app.base_url) == (
        visit.server.client_id,
        visit.server.client_secret,
        visit.server.url,
    )


@only("mastodon")
def test_server_that_makes_no_app_is_said_to_be_none(visit: Visit) -> None:
    with pytest.raises(Retry) as caught:
        visit.sign_in.register(visit.server.url, "https://elsewhere.example.org/")  # which this one refuses
    assert caught.value.key == "mastodon.not_a_server"


@only("x")
def test_refusal_to_say_who_signed_in_is_told_as_one(visit: Visit) -> None:
    visit.server.behind = {}
    visit.server._pass_on = lambda _: Reply(403, {"detail": "Enrol first"})  # type: ignore[method-assign]
    with pytest.raises(Refused) as caught:
        visit.finish(visit.code())
    assert (caught.value.key, caught.value.params["why"]) == ("connect.denied", "Enrol first.")


# --- tokens that are renewed


def renew(visit: Visit, own: Credentials) -> Credentials:
    changed = {name: value for name, value in visit.sign_in.refresh(own).items() if value}
    return type(own).model_validate({**{name: value for name, value in own if value}, **changed})


@only("x", "threads", "linkedin", "tiktok")
def test_token_is_renewed_before_it_ends_and_again(visit: Visit) -> None:
    own = visit.connect()
    at = visit.sign_in.renews_at(own)
    assert at is not None
    end = at + visit.sign_in.early
    once = renew(visit, own)
    visit.server.later = end - datetime.now(UTC) + timedelta(seconds=5)
    if visit.kind == "threads":  # there the token renews itself, and only while it lives
        visit.server.later /= 2
    twice = renew(visit, once)
    assert visit.sign_in.renews_at(twice) is not None


@only("x", "linkedin", "threads", "tiktok")
def test_access_that_was_taken_back_asks_for_a_new_sign_in(visit: Visit) -> None:
    own = visit.connect()
    visit.server.revoke()
    with pytest.raises(AccountBlocked):
        visit.sign_in.refresh(own)


@only("x", "linkedin", "threads", "tiktok")
def test_no_answer_to_a_renewal_says_nothing_of_the_token(visit: Visit) -> None:
    own = visit.connect()
    visit.server.broken = 1
    if visit.kind == "threads":
        visit.server.answer = lambda _: OAuthServer._error(visit.server, 503, "", "")  # type: ignore[method-assign]
    with pytest.raises(Retry):
        visit.sign_in.refresh(own)


@only("linkedin")
def test_renewal_without_a_new_refresh_token_does_not_wipe_the_old_one(visit: Visit) -> None:
    own = visit.connect()
    assert visit.sign_in.refresh(own)["refresh_token"] == ""
    renew(visit, renew(visit, own))


def test_challenge_is_that_of_the_standard() -> None:
    """RFC 7636, appendix B."""
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge(Pkce.S256, verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
