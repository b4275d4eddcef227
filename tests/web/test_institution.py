"""Signing in with the institution's own account, against a strict OpenID Connect provider."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.test import Client
from pydantic import SecretStr

from publisher import config
from publisher.models import Event, Invitation, Notice, User
from publisher.newsroom import access
from publisher.newsroom.signin import factors, openid
from tests.factories import make_user
from tests.peers.openid import CLIENT, SECRET, Provider
from tests.web.pages import one, text

ROLES = json.dumps({"Press officers": "editor", "Heads of unit": "approver", "IT": "administrator"})
FAILED = "The sign-in there did not come to a good end. Try again; if it stays so, tell an administrator of this desk."
ELSEWHERE = "This sign-in was not begun in this browser, or more than ten minutes ago. Begin it again here."

Set = Callable[..., None]


@pytest.fixture
def settings_(monkeypatch: pytest.MonkeyPatch) -> Set:
    def change(**changes: Any) -> None:
        for name, value in changes.items():
            monkeypatch.setattr(config.get(), name, value)

    return change


@pytest.fixture(autouse=True)
def desk(db: None, provider: Provider, settings_: Set) -> None:
    settings_(oidc_issuer=provider.issuer, oidc_client_id=CLIENT, oidc_client_secret=SecretStr(SECRET))
    provider.forge()


def _begin(client: Client, query: str = "") -> str:
    """Where the browser is sent."""
    return client.get(f"/sign-in/institution/{query}").headers["Location"]


def _back(client: Client, provider: Provider, address: str) -> Any:
    return client.get(provider.sign_in(address).raw_path.decode())


def _sign_in(client: Client, provider: Provider, query: str = "") -> Any:
    return _back(client, provider, _begin(client, query))


def _is_in(client: Client) -> bool:
    return client.get("/own/").status_code == 200


def _refused(answer: Any, client: Client, sentence: str) -> bool:
    assert (answer.status_code, text(answer, "[role=alert]"), _is_in(client)) == (403, [sentence], False)
    return True


def _dora(provider: Provider, *groups: str, **more: Any) -> None:
    provider.person("dora", email="Dora@example.org", email_verified=True, name="Dora", groups=list(groups), **more)


def test_invited_colleague_comes_in_with_the_institutions_account(stranger: Client, provider: Provider) -> None:
    access.invite("dora@example.org", "approver", make_user("administrator"))
    _dora(provider)
    answer = _sign_in(stranger, provider, "?next=/published/")
    assert (answer.headers["Location"], _is_in(stranger)) == ("/published/", True)
    user = User.objects.get(subject="dora")
    assert (user.email, user.name, user.role, user.issuer) == ("dora@example.org", "Dora", "approver", provider.issuer)
    assert (user.has_usable_password(), Invitation.objects.get().used_at is None) == (False, False)
    assert Event.objects.latest("id").verb == "join"


def test_browser_is_sent_with_state_and_pkce(stranger: Client, provider: Provider) -> None:
    asked = parse_qs(urlsplit(_begin(stranger)).query)
    assert {name: asked[name] for name in ("response_type", "client_id", "code_challenge_method")} == {
        "response_type": ["code"],
        "client_id": [CLIENT],
        "code_challenge_method": ["S256"],
    }
    assert (len(asked["state"][0]) >= 16, len(asked["code_challenge"][0])) == (True, 43)
    assert sorted(asked["scope"][0].split()) == ["email", "openid", "profile"]


def test_person_is_known_by_the_subject_when_the_address_changes(stranger: Client, provider: Provider) -> None:
    user = make_user(email="dora@example.org")
    _dora(provider)
    _sign_in(stranger, provider)
    provider.person("dora", email="dora.new@example.org", email_verified=True, name="Dora")
    other = Client()
    _sign_in(other, provider)
    assert (_is_in(other), User.objects.get(subject="dora").pk) == (True, user.pk)


def test_colleague_with_a_password_is_joined_told_and_keeps_no_second_way_in(
    stranger: Client, provider: Provider
) -> None:
    user = make_user(email="dora@example.org")
    _dora(provider)
    _sign_in(stranger, provider)
    user.refresh_from_db()
    assert (user.subject, user.has_usable_password(), _is_in(stranger)) == ("dora", False, True)
    assert Notice.objects.get().people == [user.pk]


@pytest.mark.parametrize("claims", [{"email_verified": False}, {"email_verified": None}, {"email": ""}])
def test_address_that_is_not_confirmed_opens_no_account(
    stranger: Client, provider: Provider, settings_: Set, claims: dict[str, Any]
) -> None:
    settings_(oidc_create=True)
    user = make_user(email="dora@example.org")
    provider.person("mallory", **{"email": "dora@example.org", "email_verified": True, **claims})
    answer = _sign_in(stranger, provider)
    assert "no confirmed e-mail address" in text(answer, "[role=alert]")[0]
    user.refresh_from_db()
    assert (user.subject, _is_in(stranger), User.objects.count()) == ("", False, 1)


def test_detached_person_is_joined_to_the_next_account(stranger: Client, provider: Provider) -> None:
    user, by = make_user(issuer=provider.issuer, subject="the first dora"), make_user("administrator")
    provider.person("the second dora", email=user.email, email_verified=True)
    assert _sign_in(stranger, provider).status_code == 403
    openid.detach(user.pk, by)
    _sign_in(stranger, provider)
    assert (_is_in(stranger), User.objects.get(subject="the second dora").pk) == (True, user.pk)


def test_another_identity_with_the_same_address_is_refused(stranger: Client, provider: Provider) -> None:
    make_user(email="dora@example.org", issuer=provider.issuer, subject="the first dora")
    _dora(provider)
    assert _sign_in(stranger, provider).status_code == 403
    assert not _is_in(stranger)


@pytest.mark.parametrize(("create", "people"), [(False, 0), (True, 1)])
def test_unknown_person_comes_in_only_where_the_settings_say_so(
    stranger: Client, provider: Provider, settings_: Set, create: bool, people: int
) -> None:
    settings_(oidc_create=create)
    _dora(provider)
    _sign_in(stranger, provider)
    assert ([user.role for user in User.objects.all()], _is_in(stranger)) == (["viewer"] * people, create)


def test_who_was_shut_out_stays_out(stranger: Client, provider: Provider) -> None:
    make_user(email="dora@example.org", issuer=provider.issuer, subject="dora", is_active=False)
    _dora(provider)
    assert _sign_in(stranger, provider).status_code == 403
    assert not _is_in(stranger)


def test_role_follows_the_provider_at_each_sign_in(stranger: Client, provider: Provider, settings_: Set) -> None:
    settings_(oidc_create=True, oidc_roles=ROLES)
    make_user("administrator")
    _dora(provider, "Press officers", "Choir")
    _sign_in(stranger, provider)
    assert User.objects.get(subject="dora").role == "editor"
    _dora(provider, "Press officers", "Heads of unit")
    _sign_in(Client(), provider)
    event = Event.objects.latest("id")
    assert (User.objects.get(subject="dora").role, event.verb, event.data) == ("approver", "role", {"role": "approver"})
    assert not _is_in(stranger)  # the session with the earlier role is over
    numbers = Event.objects.count()
    _sign_in(Client(), provider)
    assert Event.objects.count() == numbers


def test_who_has_lost_every_role_is_out_on_every_device(stranger: Client, provider: Provider, settings_: Set) -> None:
    settings_(oidc_create=True, oidc_roles=ROLES)
    _dora(provider, "Press officers")
    _sign_in(stranger, provider)
    _dora(provider, "Choir")
    other = Client()
    sentence = "Your account gives you no role at this desk. Ask those who run your institution's accounts."
    assert _refused(_sign_in(other, provider), other, sentence)
    assert not _is_in(stranger)


def test_last_administrator_stays_one(stranger: Client, provider: Provider, settings_: Set) -> None:
    settings_(oidc_roles=ROLES)
    user = make_user("administrator", issuer=provider.issuer, subject="dora")
    _dora(provider, "Press officers")
    _sign_in(stranger, provider)
    user.refresh_from_db()
    assert (user.role, _is_in(stranger)) == ("administrator", True)


def test_second_factor_is_asked_for_here_unless_the_provider_has_its_own(
    stranger: Client, provider: Provider, settings_: Set
) -> None:
    user = make_user("approver", issuer=provider.issuer, subject="dora")
    factors.add_passkey(user, "Key ring", {})
    _dora(provider)
    assert _sign_in(stranger, provider).headers["Location"] == "/sign-in/second/?next=%2F"
    assert not _is_in(stranger)
    settings_(oidc_second_factor=True)
    assert _sign_in(stranger, provider).headers["Location"] == "/"
    assert _is_in(stranger)


def test_provider_with_its_own_second_factor_satisfies_the_settings(
    stranger: Client, provider: Provider, settings_: Set
) -> None:
    settings_(second_factor="approvers")
    user = make_user("approver", issuer=provider.issuer, subject="dora")
    _dora(provider)
    assert _sign_in(stranger, provider).headers["Location"] == "/own/"
    settings_(oidc_second_factor=True)
    user.refresh_from_db()
    assert access.can(user, "approve")
    user.set_password("from a one-time link")  # a second way in, which the provider does not guard
    assert not access.can(user, "approve")


# --- what must not open anything -------------------------------------------------------------------------------------


@pytest.fixture
def dora(provider: Provider) -> User:
    _dora(provider)
    return make_user(issuer=provider.issuer, subject="dora")


def test_wrong_verifier_is_refused(stranger: Client, provider: Provider, dora: User) -> None:
    address = _begin(stranger)
    session = stranger.session
    (stashed,) = session["socialaccount_states"].values()
    stashed[0]["pkce_code_verifier"] = "x" * 43
    session.save()
    assert _refused(_back(stranger, provider, address), stranger, FAILED)


def test_wrong_secret_is_refused(stranger: Client, provider: Provider, dora: User, settings_: Set) -> None:
    settings_(oidc_client_secret=SecretStr("another"))
    assert _refused(_sign_in(stranger, provider), stranger, FAILED)


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"aud": "another"}, id="audience"),
        pytest.param({"iss": "https://id.example.org"}, id="issuer"),
        pytest.param({"exp": 1_000_000_000}, id="time"),
        pytest.param({"sub": "mallory"}, id="person"),
    ],
)
def test_token_that_is_not_for_us_now_is_refused(
    stranger: Client, provider: Provider, dora: User, claims: dict[str, Any]
) -> None:
    provider.forge(**claims)
    assert _refused(_sign_in(stranger, provider), stranger, FAILED)


def test_code_of_another_client_is_refused(stranger: Client, provider: Provider, dora: User, settings_: Set) -> None:
    settings_(oidc_client_id="another")
    address = _begin(stranger)
    settings_(oidc_client_id=CLIENT)
    assert _refused(_back(stranger, provider, address), stranger, FAILED)


def test_code_is_good_once(stranger: Client, provider: Provider, dora: User) -> None:
    page = provider.sign_in(_begin(stranger))
    stranger.get(page.raw_path.decode())
    assert _is_in(stranger)
    again = Client()
    state = parse_qs(urlsplit(_begin(again)).query)["state"][0]
    replayed = page.copy_set_param("state", state)
    assert _refused(again.get(replayed.raw_path.decode()), again, FAILED)


def test_answer_to_what_this_browser_has_not_asked_is_refused(stranger: Client, provider: Provider, dora: User) -> None:
    """Else somebody could be signed in as another without noticing."""
    page = provider.sign_in(_begin(Client()))
    for address in (page, page.copy_set_param("state", "made-up"), page.copy_remove_param("state")):
        assert _refused(stranger.get(address.raw_path.decode()), stranger, ELSEWHERE)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ("access_denied", "You broke the sign-in off. Begin it again when you like."),
        (
            "server_error",
            "The sign-in there was refused. Try again, or ask those who run your institution's accounts.",
        ),
    ],
)
def test_refusal_of_the_provider_is_told(stranger: Client, error: str, sentence: str) -> None:
    state = parse_qs(urlsplit(_begin(stranger)).query)["state"][0]
    answer = stranger.get("/sign-in/institution/callback/", {"state": state, "error": error})
    assert _refused(answer, stranger, sentence)


def test_provider_that_is_away_is_told(stranger: Client, settings_: Set) -> None:
    settings_(oidc_issuer="http://127.0.0.1:9")
    assert _refused(stranger.get("/sign-in/institution/"), stranger, FAILED)


def test_provider_under_another_name_is_refused(stranger: Client, provider: Provider, settings_: Set) -> None:
    settings_(oidc_issuer=provider.issuer.replace("127.0.0.1", "localhost"))
    assert _refused(stranger.get("/sign-in/institution/"), stranger, FAILED)


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/"])
def test_nobody_is_led_to_another_site(stranger: Client, provider: Provider, dora: User, elsewhere: str) -> None:
    assert _sign_in(stranger, provider, f"?next={elsewhere}").headers["Location"] == "/"


def test_neither_secret_nor_token_is_logged(
    stranger: Client, provider: Provider, dora: User, caplog: pytest.LogCaptureFixture
) -> None:
    provider.forge(aud="another")
    page = provider.sign_in(_begin(stranger))
    with caplog.at_level("DEBUG", logger="publisher"):
        stranger.get(page.raw_path.decode())
    code = page.params["code"]
    assert [word for word in (SECRET, code, "eyJ") if word in caplog.text] == []
    assert "OAuth2Error" in caplog.text


# --- the pages -------------------------------------------------------------------------------------------------------


def test_sign_in_page_offers_it_by_its_name(stranger: Client, settings_: Set) -> None:
    settings_(oidc_name="EU Login")
    link = one(stranger.get("/sign-in/?next=/published/"), ".plain a.button")
    assert (link.text(), link.attributes["href"]) == (
        "Sign in with EU Login",
        "/sign-in/institution/?next=%2Fpublished%2F",
    )


def test_without_a_provider_there_is_no_such_way_in(stranger: Client, settings_: Set) -> None:
    settings_(oidc_issuer="")
    assert "institution" not in stranger.get("/sign-in/").content.decode()
    for path in ("/sign-in/institution/", "/sign-in/institution/callback/"):
        assert stranger.get(path).status_code == 404


def test_provider_of_the_tests_is_strict(provider: Provider) -> None:
    """It refuses a request without PKCE, and one that leads to another site."""
    ask = {"client_id": CLIENT, "response_type": "code", "scope": "openid"}
    found = []
    for more in ({}, {"redirect_uri": "https://evil.example/"}):
        answer = httpx.get(f"{provider.issuer}/auth", params={**ask, **more}, trust_env=False)
        found.append((answer.status_code, "code=" in answer.headers.get("Location", "")))
    assert found == [(303, False), (400, False)]


def test_signing_in_once_more_asks_the_provider_to_ask_too(stranger: Client, provider: Provider, dora: User) -> None:
    _sign_in(stranger, provider)
    link = one(stranger.get("/sign-in/?again=1&next=/own/"), ".plain a.button").attributes["href"]
    address = stranger.get(link).headers["Location"]
    assert parse_qs(urlsplit(address).query)["prompt"] == ["login"]
    assert _back(stranger, provider, address).headers["Location"] == "/own/"
