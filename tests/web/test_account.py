"""The way in and out."""

import pytest
from django.test import Client

from publisher.models import User
from publisher.newsroom import access
from publisher.newsroom.signin import steps
from tests.factories import PASSWORD, make_user
from tests.web.pages import one, parse, text

NEW = {"name": "Dora", "email": "dora@example.org", "password": "a long enough sentence"}


def test_right_password_leads_to_the_page_that_was_wanted(stranger: Client) -> None:
    user = make_user()
    answer = stranger.post("/sign-in/?next=/published/", {"email": user.email, "password": PASSWORD})
    assert answer.headers["Location"] == "/published/"
    assert stranger.get("/published/").status_code == 200


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site(stranger: Client, elsewhere: str) -> None:
    user = make_user()
    answer = stranger.post(f"/sign-in/?next={elsewhere}", {"email": user.email, "password": PASSWORD})
    assert answer.headers["Location"] == "/"


def test_wrong_password_is_told_without_saying_which_was_wrong(stranger: Client) -> None:
    user = make_user()
    sentences = []
    for email in (user.email, "nobody@example.org"):
        page = stranger.post("/sign-in/", {"email": email, "password": "wrong"})
        assert page.status_code == 403
        sentences.append(text(page, "[role=alert]"))
        assert one(page, "#id_email").attributes["value"] == email
        assert "wrong" not in (one(page, "#id_password").attributes.get("value") or "")
    assert sentences == [["The e-mail address or the password is wrong."]] * 2


def test_too_many_wrong_passwords_shut_out_the_right_one_too(stranger: Client) -> None:
    user = make_user()
    for _ in range(steps.PER_PERSON):
        stranger.post("/sign-in/", {"email": user.email, "password": "wrong"})
    page = stranger.post("/sign-in/", {"email": user.email, "password": PASSWORD})
    assert text(page, "[role=alert]") == ["Too many failed tries. Wait 15 minutes, then try again."]


def test_somebody_who_was_shut_out_is_out_at_once(stranger: Client) -> None:
    user = make_user()
    stranger.force_login(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert stranger.get("/").headers["Location"] == "/sign-in/?next=/"


def test_sign_out_ends_the_session(editor: Client) -> None:
    assert editor.get("/sign-out/").status_code == 405
    assert editor.post("/sign-out/").headers["Location"] == "/sign-in/"
    assert editor.get("/").status_code == 302


def test_sign_in_page_tells_the_first_person_where_to_begin(stranger: Client) -> None:
    assert "one-time link" in text(stranger.get("/sign-in/"), ".issue")[0]
    make_user()
    assert text(stranger.get("/sign-in/"), ".issue") == []


def _path(link: str | None) -> str:
    assert link
    return "/" + link.split("/", 3)[3]


def test_first_person_comes_in_by_the_link_and_becomes_administrator(stranger: Client) -> None:
    path = _path(access.first_person_link())
    assert text(stranger.get(path), "h1") == ["Welcome to Publisher"]
    assert stranger.post(path, NEW).headers["Location"] == "/"
    user = User.objects.get()
    assert (user.email, user.name, user.role) == ("dora@example.org", "Dora", "administrator")
    assert stranger.get("/").status_code == 200


def test_invited_colleague_gets_the_address_and_role_of_the_invitation(stranger: Client) -> None:
    token = access.invite("carl@example.org", "viewer", make_user("administrator"))
    page = stranger.get(f"/welcome/{token}/")
    assert one(page, "#id_email").attributes["value"] == "carl@example.org"
    stranger.post(f"/welcome/{token}/", NEW)
    user = User.objects.get(name="Dora")
    assert (user.email, user.role) == ("carl@example.org", "viewer")


def test_link_works_once(stranger: Client) -> None:
    path = _path(access.first_person_link())
    stranger.post(path, NEW)
    again = Client().get(path)
    assert (again.status_code, text(again, "main p")[0]) == (
        403,
        "This link has been used or is too old. Ask for a new one.",
    )


@pytest.mark.parametrize("password", ["short", "123456789012345", "q1w2e3r4t5y6", "dora@example.org"])
def test_weak_password_is_refused_with_what_is_wrong_and_the_rest_stays(stranger: Client, password: str) -> None:
    path = _path(access.first_person_link())
    page = stranger.post(path, {**NEW, "password": password})
    assert page.status_code == 422
    assert len(text(page, "#id_password_error")) == 1
    assert one(page, "#id_name").attributes["value"] == "Dora"
    assert not User.objects.exists()


def test_link_for_a_new_password_asks_for_nothing_else(stranger: Client) -> None:
    user = make_user()
    path = _path(access.password_link(user, "alice@example.org"))
    page = stranger.get(path)
    assert [node.attributes["name"] for node in parse(page).css(".field input")] == ["password"]
    stranger.post(path, {"password": "another long sentence"})
    assert steps.by_password(user.email, "another long sentence", "") == user


def test_password_is_never_cached(stranger: Client) -> None:
    assert "no-store" in stranger.get("/sign-in/").headers["Cache-Control"]
    assert "no-store" in stranger.get(_path(access.first_person_link())).headers["Cache-Control"]
