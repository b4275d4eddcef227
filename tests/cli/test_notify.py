"""`publisher notify …`"""

from pathlib import Path

import pytest

from publisher.models import Notice, NoticeAddress, Telling, User
from publisher.newsroom.workflow import move
from tests.cli.conftest import Publisher
from tests.factories import make_post
from tests.peers.sinks import Chat, Mailbox

pytestmark = pytest.mark.django_db


def fail() -> None:
    move(make_post(state="sending"), "refuse", actor="publisher", reason="The network refused the post.")


def test_place_is_added_tried_out_listed_and_removed(publisher: Publisher, chat: Chat, tmp_path: Path) -> None:
    file = tmp_path / "address"
    file.write_text(chat.address + "\n")
    made = publisher("notify", "add", "Press team", "--address", f"@{file}", "--kind", "failed", "--json").json
    assert (made["name"], made["service"], made["kinds"]) == ("Press team", "JSON", ["failed"])
    assert publisher("notify", "test", made["id"]).out == "A test was sent to Press team.\n"
    assert chat.taken[0]["title"] == "[Publisher] Test"
    listed = publisher("notify", "places", "--json")
    assert ([row["name"] for row in listed.json], "t0ken" in listed.out) == (["Press team"], False)
    publisher("notify", "remove", made["id"])
    assert NoticeAddress.objects.count() == 0


def test_unknown_kind_and_unknown_service_are_refused_in_a_sentence(publisher: Publisher, chat: Chat) -> None:
    refused = publisher("notify", "add", "Press team", "--address", chat.address, "--kind", "weather").refusal
    assert refused.startswith("There is no kind of message called weather.")
    refused = publisher("notify", "add", "Press team", "--address", "syslog://").refusal
    assert refused == "syslog:// shows messages on this machine only, where nobody looks. Choose another service."


def test_test_reaches_the_person_named(publisher: Publisher, mailbox: Mailbox, editor: User) -> None:
    assert publisher("notify", "test", "--as", editor.email).out == f"A test was sent to {editor.email}.\n"
    assert (mailbox.to, mailbox.subjects) == ([editor.email], ["[Publisher] Test"])


def test_test_without_mail_server_says_what_to_set(publisher: Publisher, editor: User) -> None:
    refused = publisher("notify", "test", "--as", editor.email).refusal
    assert refused.endswith("Set PUBLISHER_SMTP_HOST and PUBLISHER_MAIL_FROM.")


def test_test_of_nothing_is_a_wrong_command_line(publisher: Publisher) -> None:
    assert publisher("notify", "test").status == 2


def test_chat_that_refuses_the_test_is_said(publisher: Publisher, chat: Chat) -> None:
    number = publisher("notify", "add", "Press team", "--address", chat.address, "--json").json["id"]
    chat.status = 403
    assert publisher("notify", "test", number).refusal.startswith("JSON did not take the message.")


def test_list_tells_what_waits_and_who_was_told(publisher: Publisher, mailbox: Mailbox, editor: User) -> None:
    assert publisher("notify", "list").err == "Nothing was told yet.\n"
    fail()
    Notice.objects.update(due_at="2026-01-01T00:00Z")
    mailbox.answer = "554 no"
    assert (publisher("notify", "send").status, publisher("notify", "list", "--json").json[0]["told"]) == (1, [])
    Telling.objects.update(next_at="2026-01-01T00:00Z")
    mailbox.answer = "250 OK"
    assert publisher("notify", "send").out == "Everybody was told.\n"
    (row,) = publisher("notify", "list", "--json").json
    assert (row["kind"], row["told"], row["waiting"]) == ("failed", [editor.email], [])
