"""The history page: looked through, checked step by step, handed out."""

import csv
import json

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from publisher.models import guards
from publisher.newsroom.record import audit
from publisher.newsroom.workflow import move
from publisher.web.views import history
from tests.factories import make_channel, make_document, make_post, make_user
from tests.web.pages import text

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


def numbers(client: Client, **asked: object) -> list[int]:
    return [event.pk for event in client.get("/history/", asked).context["page"].items]


def test_history_says_in_words_what_was_done() -> None:
    post = make_post()
    move(post, "reject", actor="bob@example.org", reason="Not ours.")
    audit.record("bob@example.org", "hold", 1, "propose: lift everything")
    client = signed_in()
    assert text(client.get("/history/"), ".events li > span") == [
        "bob@example.org · Stop 1: proposed: to lift it",
        f"bob@example.org · Post {post.pk}: rejected Waiting for review → Rejected Not ours.",
    ]


def test_history_is_found_by_person_channel_and_day() -> None:
    post, channel = make_post(), make_channel()
    with transaction.atomic():
        mine = audit.record("bob@example.org", "post", post.pk, "comment")
        connected = audit.record("alice@example.org", "channel", channel.pk, "connect")
        held = audit.record("bob@example.org", "hold", 1, "set", channel_id=channel.pk)
    client = signed_in()
    assert numbers(client, person=" Bob@example.org ") == [held.pk, mine.pk]
    assert numbers(client, person=f"person {held.by_id}", channel=channel.pk) == [held.pk]
    assert numbers(client, channel=channel.pk) == [held.pk, connected.pk]
    assert numbers(client, channel=post.channel_id) == [mine.pk]
    assert numbers(client, since="2001-01-01", until="2001-01-02") == []
    assert numbers(client, since="2001-01-01", person="bob@example.org", subject="hold") == [held.pk]
    assert text(client.get("/history/", {"person": "nobody@example.org"}), ".empty h2") == [
        "Nothing of that is in the history"
    ]


def test_filters_stay_from_page_to_page() -> None:
    write(60)
    page = signed_in().get("/history/", {"person": "alice@example.org", "subject": "source"}).content.decode()
    assert 'href="?person=alice%40example.org&amp;subject=source&amp;page=2"' in page


@pytest.mark.parametrize("asked", [{}, {"person": "alice@example.org"}, {"channel": "1"}, {"since": "2001-01-01"}])
def test_history_takes_the_same_queries_and_an_index_however_long_it_is(asked: dict[str, str]) -> None:
    def counted() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/history/", asked)
        if connection.vendor == "sqlite":
            (listed,) = [
                query["sql"]
                for query in queries
                if 'FROM "publisher_event"' in query["sql"] and "LIMIT" in query["sql"]
            ]
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {listed}")
                plan = " ".join(str(row[-1]) for row in cursor.fetchall())
            assert "TEMP B-TREE" not in plan, plan
        return len(queries)

    write(3)
    client = signed_in()
    client.get("/history/", asked)
    before = counted()
    write(30)
    assert counted() == before
