"""Second factors at the desk: added, asked for at sign-in, never got around."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from publisher import config
from publisher.models import Invitation, SignInFailure, User
from publisher.newsroom import access
from publisher.newsroom.signin import factors, steps
from tests.factories import PASSWORD, make_user
from tests.web.pages import one, text

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
OUT = ("/own/", 302)


@pytest.fixture(autouse=True)
def clock(db: None) -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-11-24 08:00:10+00:00", tick=False) as traveller:
        yield traveller


def _shown(secret: str = SECRET, later: int = 0) -> str:
    now = list(totp.yield_hotp_counters_from_time())[1]
    return totp.format_hotp_value(totp.hotp_value(secret, now + later))


def _protected(role: str = "editor") -> tuple[User, list[str]]:
    user = make_user(role)
    return user, factors.add_app(user, SECRET, _shown(later=-1))


def _first_step(client: Client, user: User, query: str = "") -> Any:
    return client.post(f"/sign-in/{query}", {"email": user.email, "password": PASSWORD})


def _is_in(client: Client) -> bool:
    return client.get("/own/").status_code == 200


def test_password_alone_opens_nothing(stranger: Client) -> None:
    user, _ = _protected()
    answer = _first_step(stranger, user, "?next=/published/")
    assert answer.headers["Location"] == "/sign-in/second/?next=%2Fpublished%2F"
    assert not _is_in(stranger)


def test_code_of_the_app_leads_to_the_page_that_was_wanted(stranger: Client) -> None:
    user, _ = _protected()
    page = _first_step(stranger, user, "?next=/published/").headers["Location"]
    half = stranger.session.session_key
    assert stranger.post(page, {"code": _shown()}).headers["Location"] == "/published/"
    assert (_is_in(stranger), stranger.session.session_key == half) == (True, False)


def test_recovery_code_opens_too(stranger: Client) -> None:
    user, codes = _protected()
    _first_step(stranger, user)
    stranger.post("/sign-in/second/", {"code": codes[3]})
    assert _is_in(stranger)


def test_wrong_code_is_told_and_counted_until_nothing_helps(stranger: Client) -> None:
    user, _ = _protected()
    _first_step(stranger, user)
    for _ in range(steps.PER_PERSON):
        page = stranger.post("/sign-in/second/", {"code": "000000"})
        assert (page.status_code, text(page, ".issue")) == (
            403,
            ["This code is wrong, or has been used. Wait for the next one that the app shows."],
        )
    page = stranger.post("/sign-in/second/", {"code": _shown()})
    assert text(page, ".issue") == ["Too many failed tries. Wait 15 minutes, then try again."]
    assert not _is_in(stranger)


def test_second_step_without_the_first_leads_to_it(stranger: Client) -> None:
    _protected()
    assert stranger.get("/sign-in/second/").headers["Location"] == "/sign-in/"
    assert stranger.post("/sign-in/second/", {"code": _shown()}).headers["Location"] == "/sign-in/"


@pytest.mark.parametrize("meanwhile", ["late", "shut out", "another password"])
def test_first_step_holds_only_for_who_may_still_come_in(
    stranger: Client, clock: time_machine.Traveller, meanwhile: str
) -> None:
    user, _ = _protected()
    by = make_user("administrator")
    _first_step(stranger, user)
    if meanwhile == "late":
        clock.shift(10 * 60 + 1)
    elif meanwhile == "shut out":
        access.set_active(user.pk, by, active=False)
    else:
        user.set_password("a quite different sentence")
        user.save()
    assert stranger.post("/sign-in/second/", {"code": _shown()}).headers["Location"] == "/sign-in/"
    assert not _is_in(stranger)


def test_link_for_a_new_password_does_not_get_around_the_second_factor(stranger: Client) -> None:
    user, _ = _protected()
    path = "/" + access.password_link(user, "command line").split("/", 3)[3]
    answer = stranger.post(path, {"password": "a long enough sentence"})
    assert (answer.headers["Location"], _is_in(stranger)) == ("/sign-in/second/?next=%2F", False)


@pytest.mark.parametrize("answer", ["", "no json", "[]", "{}", '{"response": {"userHandle": null}}', '{"id": "QQ"}'])
@pytest.mark.parametrize("asked", [True, False])
def test_nonsense_for_a_passkey_is_refused_and_counted(stranger: Client, answer: str, asked: bool) -> None:
    _protected()
    if asked:
        options = stranger.get("/sign-in/passkey/").json()
        assert options["publicKey"]["userVerification"] == "required"
    page = stranger.post("/sign-in/passkey/", {"credential": answer})
    assert (page.status_code, text(page, "[role=alert]")) == (
        403,
        ["This passkey is not known here. Sign in another way."],
    )
    assert (SignInFailure.objects.count(), _is_in(stranger)) == (1, False)


def test_guessing_passkeys_shuts_out_the_network_address_alone(stranger: Client) -> None:
    """Nobody is named there, so nobody can be shut out by a stranger."""
    user = make_user()
    for _ in range(steps.PER_ADDRESS):
        stranger.post("/sign-in/passkey/", {"credential": "{}"})
    page = stranger.post("/sign-in/passkey/", {"credential": "{}"})
    assert text(page, "[role=alert]") == ["Too many failed tries. Wait 15 minutes, then try again."]
    assert steps.by_password(user.email, PASSWORD, "203.0.113.9") == user


# --- adding and taking away ------------------------------------------------------------------------------------------


def test_app_is_added_with_the_code_it_shows(stranger: Client) -> None:
    user = make_user()
    _first_step(stranger, user)
    page = stranger.get("/own/app/")
    secret = text(page, "code")[0].replace(" ", "")
    assert len(secret) == 32
    before = stranger.session.session_key
    assert secret not in str(dict(stranger.session))
    assert text(stranger.post("/own/app/", {"code": "000000"}), "code")[0].replace(" ", "") == secret
    shown = stranger.post("/own/app/", {"code": _shown(secret)})
    codes = (one(shown, "#all-codes").text() or "").split()
    assert ([re.fullmatch(r"\d{8}", code) is not None for code in codes], user.has_factor) == ([True] * 10, True)
    assert stranger.session.session_key != before
    again = stranger.get("/own/").content.decode()
    assert [code for code in codes if code in again] == []


def test_old_session_must_sign_in_again_before_it_changes_a_factor(
    stranger: Client, clock: time_machine.Traveller
) -> None:
    user, _ = _protected()
    _first_step(stranger, user)
    stranger.post("/sign-in/second/", {"code": _shown()})
    clock.shift(15 * 60)
    (factor,) = factors.listed(user)
    for path, back in (
        (f"/own/factors/{factor.id}/remove/", "/own/"),
        ("/own/codes/", "/own/"),
        ("/own/app/", "/own/"),
        ("/own/passkey/", "/own/"),
    ):
        answer = stranger.post(path)
        assert answer.headers["Location"] == f"/sign-in/?again=1&next={back.replace('/', '%2F')}"
    assert "Sign in once more" in stranger.get("/sign-in/?again=1&next=/own/").content.decode()
    page = _first_step(stranger, user, "?again=1&next=/own/").headers["Location"]
    assert stranger.post(page, {"code": _shown()}).headers["Location"] == "/own/"
    stranger.post(f"/own/factors/{factor.id}/remove/")
    assert factors.listed(user) == []


def test_old_session_of_an_administrator_makes_nobody_and_gives_nobody_a_way_in(
    administrator: Client, clock: time_machine.Traveller
) -> None:
    user, _ = _protected()
    administrator.get("/team/")
    clock.shift(15 * 60)
    forms: dict[str, dict[str, str]] = {
        "/team/": {"email": "mallory@example.org", "role": "approver"},
        f"/team/{user.pk}/role/": {"role": "approver"},
        f"/team/{user.pk}/grant/": {"role": "approver", "channel": "1"},
        f"/team/{user.pk}/factor/": {},
        f"/team/{user.pk}/detach/": {},
        f"/team/{user.pk}/password/": {},
    }
    found = {administrator.post(path, form).headers.get("Location") for path, form in forms.items()}
    assert found == {"/sign-in/?again=1&next=%2Fteam%2F"}
    assert administrator.get("/team/").status_code == 200
    assert (Invitation.objects.count(), User.objects.get(pk=user.pk).role, user.has_factor) == (0, "editor", True)


def test_first_step_is_forgotten_by_who_begins_anew(stranger: Client) -> None:
    user, _ = _protected()
    _first_step(stranger, user)
    stranger.get("/sign-in/")
    assert stranger.get("/sign-in/second/").headers["Location"] == "/sign-in/"


def test_factor_of_another_is_out_of_reach(stranger: Client) -> None:
    user, _ = _protected()
    _first_step(stranger, make_user())
    (factor,) = factors.listed(user)
    assert stranger.post(f"/own/factors/{factor.id}/remove/").status_code == 404
    assert len(factors.listed(user)) == 1


def test_passkey_is_offered_where_the_desk_has_a_name(stranger: Client) -> None:
    _first_step(stranger, make_user())
    assert "bound to a host name" in stranger.get("/own/passkey/", headers={"Host": "127.0.0.1:8000"}).content.decode()
    form = one(stranger.get("/own/passkey/", headers={"Host": "localhost:8000"}), "form[data-passkey]")
    assert '"residentKey": "required"' in (form.attributes["data-options"] or "")
    assert stranger.post("/own/passkey/", {"credential": "{}"}).status_code == 422


def test_administrator_takes_a_lost_factor_away(administrator: Client) -> None:
    user, _ = _protected()
    assert "with a second factor" in administrator.get("/team/").content.decode()
    answer = administrator.post(f"/team/{user.pk}/factor/", follow=True)
    assert text(answer, "#status p")[0].startswith(f"{user.name} has no second factor any more")
    assert factors.listed(user) == []


# --- asked for by the settings ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("mode", "role", "led"), [("approvers", "approver", True), ("approvers", "editor", False)])
def test_who_must_have_a_factor_is_led_to_add_one(
    stranger: Client, monkeypatch: pytest.MonkeyPatch, mode: str, role: str, led: bool
) -> None:
    monkeypatch.setattr(config.get(), "second_factor", mode)
    user = make_user(role)
    assert _first_step(stranger, user).headers["Location"] == ("/own/" if led else "/")
    told = "This desk asks you for a second factor before you may act." in stranger.get("/").content.decode()
    assert told == led


def test_where_everyone_must_have_one_nothing_else_is_shown_before(
    stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config.get(), "second_factor", "everyone")
    user = make_user("viewer")
    _first_step(stranger, user)
    assert [stranger.get(path).headers["Location"] for path in ("/", "/history/", "/admin/")] == ["/own/"] * 3
    assert stranger.get("/queue/changes/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/own/"
    factors.add_app(user, SECRET, _shown())
    assert stranger.get("/").status_code == 200
