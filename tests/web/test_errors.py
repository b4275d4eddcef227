"""Errors in plain words, headers, the lights of the house."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from publisher.errors import InvalidInput, NotAllowed, StaleState
from publisher.newsroom.drafts import media
from publisher.web.middleware import POLICY, status_of
from tests.factories import make_post, make_user
from tests.web.conftest import HTMX
from tests.web.pages import one, parse, text


def test_nothing_from_outside_and_nothing_inline(approver: Client) -> None:
    make_post()
    page = approver.get("/")
    assert page.headers["Content-Security-Policy"] == POLICY
    parsed = parse(page)
    assert {node.text() for node in parsed.css("script")} == {""}
    assert parsed.css("style, [style], [onclick], [onload]") == []
    addresses = [node.attributes.get("src") or node.attributes.get("href") for node in parsed.css("script, link, img")]
    assert [address for address in addresses if not (address or "").startswith("/")] == []


def test_page_that_is_not_there(approver: Client) -> None:
    page = approver.get("/no/such/page/")
    assert (page.status_code, text(page, "h1")) == (404, ["Nothing is here"])


def test_page_that_is_not_there_for_a_stranger(stranger: Client) -> None:
    assert text(stranger.get("/no/such/page/"), "h1") == ["Nothing is here"]


def test_form_without_token_is_told_in_words(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.post("/sign-in/", {"email": "a@example.org", "password": "x"})
    assert (page.status_code, text(page, "h1")) == (403, ["That did not pass the safety check"])


def test_form_without_token_from_htmx_keeps_the_page(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user())
    post = make_post()
    answer = client.post(f"/posts/{post.pk}/approve/", {"revision": post.revision_id}, **HTMX)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (403, "#status")
    assert "Load the page again" in text(answer, ".toast p")[0]


@pytest.fixture
def broken(approver: Client) -> Iterator[Client]:
    """A desk on which the page of what is out fails in a way that nobody foresaw."""

    def fail(execute: Callable[..., object], sql: str, *rest: object) -> object:
        if 'FROM "publisher_post"' in sql:
            raise RuntimeError("secret detail")
        return execute(sql, *rest)

    approver.raise_request_exception = False
    with connection.execute_wrapper(fail):
        yield approver


def test_fault_of_ours_is_a_page_without_its_details(broken: Client) -> None:
    page = broken.get("/published/")
    assert (page.status_code, text(page, "h1")) == (500, ["Something went wrong on our side"])
    assert "secret detail" not in page.content.decode()


def test_fault_of_ours_from_htmx_is_a_sentence(broken: Client) -> None:
    answer = broken.get("/published/", **HTMX)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (500, "#status")
    assert text(answer, ".toast p")[0].startswith("Something went wrong on our side")


def test_refusal_is_a_page_with_the_sentence(viewer: Client) -> None:
    page = viewer.get("/sources/add/")
    assert (page.status_code, text(page, "main p")[0]) == (
        403,
        "You may not do this. Ask an administrator of this desk.",
    )


def test_ended_session_keeps_the_page_and_stops_the_polling(stranger: Client) -> None:
    acting = stranger.post("/posts/1/approve/", {}, **HTMX)
    assert (acting.status_code, acting.headers["HX-Retarget"]) == (401, "#status")
    assert one(acting, ".toast a").attributes["href"] == "/sign-in/"
    assert stranger.get("/queue/changes/", **HTMX).status_code == 286  # htmx polls no more


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotAllowed("access.not_allowed"), 403),
        (StaleState("post.changed_meanwhile"), 409),
        (InvalidInput("check.empty"), 422),
        (InvalidInput("source.unknown", id=1), 404),
    ],
)
def test_status_of_an_error(error: Any, status: int) -> None:
    assert status_of(error) == status


def test_healthz_needs_no_sign_in(stranger: Client) -> None:
    answer = stranger.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_healthz_without_database(stranger: Client) -> None:
    def refuse(*_args: object) -> None:
        raise DatabaseError

    with connection.execute_wrapper(refuse):
        assert stranger.get("/healthz").status_code == 503


def test_keyboard_is_listed_on_every_page_and_on_its_own(viewer: Client) -> None:
    keys = ["j", "k", "a", "A", "e", "r", "s", "c", "x", "h", "u", "o", "!", "Ctrl", "Enter", "Esc", "?"]
    assert text(viewer.get("/published/"), "dialog kbd") == keys
    assert text(viewer.get("/keys/"), "main kbd") == keys


PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def test_picture_is_served_to_those_who_are_signed_in(viewer: Client, stranger: Client) -> None:
    address = f"/media/{media.store(PNG)}"
    answer = viewer.get(address)
    assert (b"".join(answer.streaming_content), answer.headers["Content-Type"]) == (PNG, "image/png")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
    assert stranger.get(address).status_code == 302


def test_page_in_disguise_is_not_served_as_one(viewer: Client) -> None:
    answer = viewer.get(f"/media/{media.store(b'<html><script>alert(1)</script>')}")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    answer.close()


@pytest.mark.parametrize("name", ["0" * 64, "x", "..%2F..%2Fpublisher.sqlite3", "A" * 64])
def test_picture_that_is_not_there(viewer: Client, name: str) -> None:
    assert viewer.get(f"/media/{name}").status_code == 404
