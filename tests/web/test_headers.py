"""What every answer tells the browser, whoever gives it: a view, an error, a file, the sandbox, Django's admin."""

import importlib.util
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings

import publisher.settings
from publisher import config
from publisher.newsroom import queries
from publisher.newsroom.drafts import media
from publisher.web.middleware import HEADERS, ONLY_TLS, SecurityHeaders
from tests.factories import PASSWORD, make_user
from tests.web.conftest import HTMX

pytestmark = pytest.mark.any_database  # what is looked at is what the browser is told

OWN = {"Cache-Control"}
"""What a view may say better: how long a file may be kept, or that a page with a link in it never is."""
PAGES = [
    "/",
    "/sign-in/",
    "/welcome/none/",
    "/no/such/page/",
    "/posts/1/approve/",
    "/static/desk/desk.css",
    "/static/desk/none.css",
    "/static/admin/css/base.css",
    "/timeline/",
    "/timeline/nobody",
    "/sandbox/api/me",
    "/sandbox/media/1",
    "/sample/commission.xml",
    "/push/none/",
    "/healthz",
    "/admin/",
    "/admin/publisher/post/",
    "/admin/publisher/post/1/change/",
]


def told(answer: Any) -> dict[str, str]:
    answer.close()
    return {name: answer.headers.get(name) for name in HEADERS.keys() - OWN}


EVERYWHERE = {name: value for name, value in HEADERS.items() if name not in OWN}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", ["stranger", "administrator"])
def test_headers_stand_on_every_answer(request: pytest.FixtureRequest, who: str, path: str) -> None:
    client: Client = request.getfixturevalue(who)
    assert told(client.get(path)) == EVERYWHERE
    assert told(client.get(path, **HTMX)) == EVERYWHERE


def test_headers_stand_on_refusals_of_the_framework(administrator: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    refused = [strict.post("/sign-in/"), administrator.get("/", HTTP_HOST="evil.example.org"), administrator.put("/")]
    assert [(answer.status_code, told(answer)) for answer in refused] == [(n, EVERYWHERE) for n in (403, 400, 405)]


@pytest.mark.parametrize(("error", "status"), [(RuntimeError(), 500), (SuspiciousOperation(), 400)])
def test_headers_stand_on_faults_of_ours(
    administrator: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def fail(*_given: object, **_more: object) -> None:
        raise error

    monkeypatch.setattr(queries, "published_page", fail)
    administrator.raise_request_exception = False
    answer = administrator.get("/published/")
    assert (answer.status_code, told(answer)) == (status, EVERYWHERE)


def test_picture_may_do_nothing_but_be_seen(administrator: Client) -> None:
    answer = administrator.get(f"/media/{media.store(b'<svg onload=alert(1)>')}")
    assert told(answer) == EVERYWHERE | {"Content-Security-Policy": "default-src 'none'"}


def test_page_of_the_desk_is_kept_by_no_proxy(administrator: Client) -> None:
    assert administrator.get("/").headers["Cache-Control"] == "private, no-cache"
    assert "no-store" in administrator.get("/team/").headers["Cache-Control"]


def test_policy_allows_nothing_inline_and_nothing_from_outside() -> None:
    assert HEADERS["Content-Security-Policy"].split("; ") == [
        "default-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    ]


@pytest.mark.parametrize(("secure", "value"), [(True, ONLY_TLS), (False, None)])
def test_https_is_held_to_where_people_come_by_it(secure: bool, value: str | None) -> None:
    with override_settings(SESSION_COOKIE_SECURE=secure):
        layer = SecurityHeaders(lambda _request: HttpResponse())
    assert layer(RequestFactory().get("/")).headers.get("Strict-Transport-Security") == value


def settings_at(address: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Django's settings as they are for people who come by `address`."""
    monkeypatch.setenv("PUBLISHER_PUBLIC_URL", address)
    config.get.cache_clear()
    spec = importlib.util.spec_from_file_location("settings_elsewhere", publisher.settings.__file__)
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(found)
    finally:
        monkeypatch.undo()
        config.get.cache_clear()
    return found


def test_cookies_are_for_https_and_this_host_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    there = settings_at("https://desk.example.org", monkeypatch)
    assert (there.SESSION_COOKIE_SECURE, there.CSRF_COOKIE_SECURE) == (True, True)
    assert (there.SESSION_COOKIE_NAME, there.CSRF_COOKIE_NAME) == ("__Host-sessionid", "__Host-csrftoken")
    assert "desk.example.org" in there.ALLOWED_HOSTS
    assert there.CSRF_TRUSTED_ORIGINS == ["https://desk.example.org"]


def test_session_cookie_is_out_of_reach_of_scripts_and_other_sites(stranger: Client) -> None:
    user = make_user()
    assert stranger.post("/sign-in/", {"email": user.email, "password": PASSWORD}).status_code == 302
    cookie = stranger.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["domain"]) == (True, "Lax", "")


@pytest.mark.parametrize("origin", ["https://evil.example.org", "http://testserver.evil.example.org", "null"])
def test_form_sent_by_another_site_is_refused_even_with_the_token(origin: str, db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("administrator"))
    client.get("/notifications/")
    token = client.cookies["csrftoken"].value
    own = {"csrfmiddlewaretoken": token, "scope": "everything"}
    assert client.post("/stop/", own, HTTP_ORIGIN=origin).status_code == 403
    assert client.post("/stop/", own, HTTP_ORIGIN="http://testserver").status_code == 302
