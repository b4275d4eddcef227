"""The history page: looked through, checked step by step, handed out."""

import csv
import json

import pytest
from django.db import connection
from django.test import Client

from publisher.models import guards
from publisher.newsroom.record import audit
from publisher.web.views import history
from tests.factories import make_document, make_post, make_user

pytestmark = pytest.mark.django_db


def signed_in(role: str = "administrator") -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


def write(count: int, reason: str = "") -> None:
    for number in range(1, count + 1):
        audit.record("alice@example.org", "source", number, "add", reason=reason)


def read(client: Client, **asked: str) -> str:
    return b"".join(client.get("/history/export/", asked)).decode()  # type: ignore[arg-type]  # it streams


def test_check_without_script_tells_all_at_once() -> None:
    write(3)
    assert "3 events, all in order." in signed_in().get("/history/verify/").content.decode()


def test_check_goes_on_step_by_step_and_keeps_what_it_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "AT_ONCE", 2)
    write(5)
    guards.lower_all(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE publisher_event SET reason = 'x' WHERE id IN (1, 4)")
    client = signed_in("viewer")
    address, pages = "/history/verify/", []
    for _ in range(3):
        pages.append(client.get(address, headers={"HX-Request": "true"}).content.decode())
        address = pages[-1].partition('hx-get="')[2].partition('"')[0].replace("&amp;", "&")
    assert ["<progress" in page for page in pages] == [True, True, False]
    assert [f"Event {number} is not as it was written." in pages[-1] for number in (1, 2, 4)] == [True, False, True]


def test_export_streams_events_as_json_lines_and_csv() -> None:
    write(2, reason="=1+1")
    client = signed_in()
    assert [json.loads(line)["id"] for line in read(client).splitlines()] == [1, 2]
    header, first, _ = csv.reader(read(client, format="csv").splitlines())
    assert dict(zip(header, first, strict=True))["reason"] == "'=1+1"


def test_export_of_days_before_is_empty() -> None:
    write(2)
    assert read(signed_in(), until="2001-01-01") == ""


def test_export_gives_the_sources() -> None:
    document = make_document(body="The words.")
    (line,) = read(signed_in(), what="sources").splitlines()
    assert (json.loads(line)["document"], json.loads(line)["entry"]["body"]) == (document.pk, "The words.")


@pytest.mark.parametrize("asked", [{"what": "secrets"}, {"format": "xls"}, {"since": "yesterday"}])
def test_export_of_what_there_is_not_is_refused(asked: dict[str, str]) -> None:
    assert signed_in().get("/history/export/", asked).status_code == 422


@pytest.mark.parametrize("role", ["viewer", "editor", "approver"])
def test_export_is_for_administrators(role: str) -> None:
    assert signed_in(role).get("/history/export/").status_code == 403


def test_export_is_for_nobody_who_is_signed_out() -> None:
    assert Client().get("/history/export/").status_code == 302


def test_post_tells_where_it_comes_from() -> None:
    post = make_post()
    page = signed_in("viewer").get(f"/posts/{post.pk}/provenance/").content.decode()
    assert post.document.url in page
    assert post.revision is not None
    assert post.revision.hash in page
    assert signed_in("viewer").get("/posts/999999/provenance/").status_code == 404
