"""Who sees and may do what, address by address, as the table says (routes.txt)."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from publisher.web.middleware import HEADERS
from tests.factories import make_post
from tests.web import routes
from tests.web.routes import Row

pytestmark = pytest.mark.django_db

TABLE = routes.rows()
ACTIONS = [row for row in TABLE if row.method == "POST"]
OURS = [row for row in ACTIONS if not row.name.startswith(("sandbox-api", "push"))]
"""Not those that take no cookie."""
NUMBERED = [row for row in TABLE if ".pk}" in row.path and not row.name.startswith(("sandbox", "admin"))]
FIRST = {row.name: row for row in reversed(TABLE) if row.name != "admin"}


def named(row: Row) -> str:
    return f"{row.method} {row.name}"


@pytest.fixture(scope="module")
def desk(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """One newsroom for all of them: each request is undone.

    Its one transaction outlives the end of each test only on SQLite in memory: hence the marks `any_database`.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        opened = routes.open_desk()
        opened.sessions = {"out": "", **routes.sessions()}
        opened.contents = routes.contents()
        yield opened
        transaction.set_rollback(True)


def noting(written: list[str]) -> Callable[..., Any]:
    """Notes each statement that may change a row of ours: where there is none, the rows need not be compared."""
    harmless = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "PRAGMA", 'UPDATE "DJANGO_SESSION"')

    def note(execute: Callable[..., Any], sql: str, *given: Any) -> Any:
        if not sql.lstrip().upper().startswith(harmless):
            written.append(sql)
        return execute(sql, *given)

    return note


def outcome(desk: SimpleNamespace, row: Row, who: str, thing: str = "", method: str = "", **more: Any) -> str:
    """The status, and `=` when every row is as it was; the answer has every header."""
    strict = {"enforce_csrf_checks": True} if more.pop("strict", False) else {}
    point = transaction.savepoint()
    written: list[str] = []
    with connection.execute_wrapper(noting(written)):
        answer = routes.send(routes.browser(desk.sessions[who], **strict), row, desk, thing, method, **more)
        if answer.streaming:
            list(answer.streaming_content)
        answer.close()
    same = not written or routes.contents() == desk.contents
    transaction.savepoint_rollback(point)
    assert set(HEADERS) - set(answer.headers) == set()
    return f"{answer.status_code}{'=' if same else ''}"


def test_every_route_of_the_service_stands_in_the_table() -> None:
    assert {row.name for row in TABLE} == set(routes.names())


@pytest.mark.any_database
@pytest.mark.parametrize("row", TABLE, ids=named)
def test_route_answers_each_person_as_the_table_says(desk: SimpleNamespace, row: Row) -> None:
    found = [outcome(desk, row, who) for who in routes.PEOPLE]
    if row.wrong:
        found.append(outcome(desk, row, "administrator", row.wrong))
    assert " ".join(found) == row.expected


@pytest.mark.any_database
@pytest.mark.parametrize("row", FIRST.values(), ids=lambda row: row.name)
def test_route_refuses_every_other_method(desk: SimpleNamespace, row: Row) -> None:
    known = {each.method for each in TABLE if each.name == row.name}
    others = [method for method in routes.METHODS if method not in known]
    found = {method: outcome(desk, row, "administrator", method=method) for method in others}
    refusal = "401=" if row.name.startswith("sandbox-api") else "405="  # who has no token learns nothing
    assert found == dict.fromkeys(others, refusal)


@pytest.mark.any_database
@pytest.mark.parametrize("row", OURS, ids=named)
def test_form_without_token_or_from_another_site_is_refused(desk: SimpleNamespace, row: Row) -> None:
    found = [
        outcome(desk, row, "administrator", strict=True),
        outcome(desk, row, "administrator", strict=True, HTTP_ORIGIN="https://evil.example.org"),
    ]
    assert found == ["403=", "403="]


@pytest.mark.any_database
@pytest.mark.parametrize("row", NUMBERED, ids=named)
def test_address_of_what_is_not_there_is_not_found(desk: SimpleNamespace, row: Row) -> None:
    gone = replace(row, path=re.sub(r"\{\w+\.pk\}", "987654", row.path, count=1))
    assert outcome(desk, gone, "administrator") == "404="


def test_viewer_sees_no_buttons_to_act(viewer: Client) -> None:
    make_post()
    page = viewer.get("/").content.decode()
    assert "Approve and send" not in page
    assert "/stop/" not in page


def test_admin_signs_in_at_the_desk(stranger: Client) -> None:
    response = stranger.get("/admin/login/")
    assert (response.status_code, response.headers["Location"]) == (302, "/sign-in/?next=%2Fadmin%2F")


def test_admin_shows_no_secret_and_changes_no_state(administrator: Client) -> None:
    post = make_post()
    channel = administrator.get(f"/admin/publisher/channel/{post.channel_id}/change/")
    assert (channel.status_code, "credentials" in channel.content.decode().lower()) == (200, False)
    assert administrator.get("/admin/publisher/post/add/").status_code == 403
    page = administrator.get(f"/admin/publisher/post/{post.pk}/change/").content.decode()
    assert 'name="_save"' not in page
