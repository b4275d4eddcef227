"""`watch` and `doctor`; what needs a data folder of its own is in test_processes.py."""

from datetime import timedelta

import pytest
from django.utils import timezone

from publisher import config
from publisher.models import Document, Source
from publisher.newsroom import operations
from publisher.newsroom.alerts import outbox
from publisher.newsroom.signin import factors
from publisher.newsroom.workflow import move
from tests.cli.conftest import Publisher
from tests.factories import make_channel, make_post, make_rule, make_source, make_user
from tests.peers.sinks import Mailbox
from tests.ports import closed_address
from tests.watch.server import Answer, Server

pytestmark = pytest.mark.django_db

POLLED = ["id", "name", "status", "problem", "new", "changed"]


def feed(*titles: str) -> Answer:
    items = "".join(f"<item><title>{title}</title><link>https://e.org/{title}</link></item>" for title in titles)
    return Answer(body=f'<rss version="2.0"><channel><title>Press</title>{items}</channel></rss>'.encode())


def test_watch_once_polls_all_and_drafts(publisher: Publisher, web: Server) -> None:
    make_rule()
    make_channel()
    one = make_source(name="One", url=web.serve(feed("a"), "/one.xml"))
    two = make_source(name="Two", url=web.serve(feed("b", "c"), "/two.xml"))
    done = publisher("watch", "--once", "--json")
    assert (done.status, done.err) == (0, "")
    assert [list(row) for row in done.lines] == [POLLED, POLLED]
    assert {(row["id"], row["status"], row["new"]) for row in done.lines} == {(one.pk, "ok", 1), (two.pk, "ok", 2)}
    assert {document.posts.count() for document in Document.objects.all()} == {1}


def test_watch_once_of_one_source(publisher: Publisher, web: Server) -> None:
    make_source(name="One", url=web.serve(feed("a"), "/one.xml"))
    two = make_source(name="Two", url=web.serve(feed("b", "c"), "/two.xml"))
    assert publisher("watch", "--once", "--source", two.pk).out == "Two: ok, 2 new, 0 changed\n"
    assert [asked.path for asked in web.asked] == ["/two.xml"]


def test_failing_source_stops_no_other_and_is_told(publisher: Publisher, web: Server) -> None:
    make_source(name="Broken", url=web.serve(Answer(body=b"\x00\x01"), "/broken.xml"))
    make_source(name="Well", url=web.serve(feed("a"), "/well.xml"))
    done = publisher("watch", "--once")
    assert (done.status, done.out) == (1, "Well: ok, 1 new, 0 changed\n")
    assert done.err == f"Broken: {Source.objects.get(name='Broken').problem}\n"


def test_doctor_finds_what_to_mend(publisher: Publisher) -> None:
    make_source(name="Press Corner", problem="It is out of order.")
    done = publisher("doctor", "--json")
    assert {tuple(finding) for finding in done.json} == {("check", "ok", "finding")}
    wrong = [finding["check"] for finding in done.json if not finding["ok"]]
    assert (done.status, done.err) == (1, f"Look at: {', '.join(wrong)}.\n")
    assert {f"source {Source.objects.get().pk}", "rules"} <= set(wrong)


def test_doctor_says_when_messages_do_not_get_through(publisher: Publisher, mailbox: Mailbox) -> None:
    make_user("editor")
    mailbox.answer = "554 no"
    move(make_post(state="sending"), "refuse", actor="publisher", reason="No.")
    now = timezone.now() + timedelta(minutes=1)
    outbox.spread(now)
    outbox.send(now)
    (finding,) = [row for row in publisher("doctor", "--json").json if row["check"] == "messages"]
    assert (finding["ok"], finding["finding"].split(". ")[0]) == (False, "1 wait")


def test_doctor_says_when_networks_cannot_fetch_from_the_storage(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config.get(), "s3_bucket", "press-office")
    monkeypatch.setattr(config.get(), "s3_endpoint", closed_address())
    (finding,) = [row for row in publisher("doctor", "--json").json if row["check"] == "storage"]
    assert (finding["ok"], "PUBLISHER_S3_ENDPOINT" in finding["finding"]) == (False, True)


def test_doctor_is_content_with_a_newsroom_that_works(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "ENOUGH", 0)  # the machine of the tests may be full
    make_source()
    make_rule()
    make_channel()
    done = publisher("doctor")
    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines()[0].split() == ["check", "ok", "finding"]


def test_doctor_names_those_who_lack_the_second_factor_that_is_asked_for(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = make_user("approver")
    found = []
    for mode in ("off", "approvers"):
        monkeypatch.setattr(config.get(), "second_factor", mode)
        found += [row for row in publisher("doctor", "--json").json if row["check"] == "second factors"]
    factors.add_passkey(user, "Key ring", {})
    found += [row for row in publisher("doctor", "--json").json if row["check"] == "second factors"]
    assert [(row["ok"], row["finding"]) for row in found] == [
        (True, "Nobody is asked for one."),
        (False, f"Missing, so they cannot act: {user.email}."),
        (True, "All 1 have one."),
    ]
