"""`publisher alarm …` and `publisher document …`."""

from dataclasses import replace

import pytest
from django.utils import timezone

from publisher.enums import AlarmKind
from publisher.models import Alarm, Post, Source
from publisher.newsroom.alerts import alarms
from publisher.newsroom.documents import rechecks
from publisher.types import entry_from_json
from tests.cli.conftest import Publisher
from tests.factories import make_document, make_post


@pytest.fixture
def task(source: Source) -> tuple[Alarm, Post]:
    document = make_document(source, title="A plan", body="The plan costs 23 billion euro.")
    post = make_post(document, state="published")
    before = document.current
    entry = replace(entry_from_json(before.entry), body="The plan costs 32 billion euro.")
    after = rechecks.store(document, entry, fetched_at=timezone.now(), fetched_from=document.url)
    rechecks.on_change(document, before, after)
    return Alarm.objects.get(), post


def test_list_gives_the_open_alarms_and_nothing_in_words(publisher: Publisher, db: None, source: Source) -> None:
    assert publisher("alarm", "list").err == "Nothing needs you.\n"
    alarm = alarms.raise_alarm(AlarmKind.GAP, "source.layout", source=source)
    (row,) = publisher("alarm", "list", "--json").json
    assert (row["id"], row["kind"], row["subject"], row["closed_at"]) == (alarm.pk, "gap", "Press Corner", None)


def test_close_settles_an_alarm_once(publisher: Publisher, source: Source) -> None:
    alarm = alarms.raise_alarm(AlarmKind.GAP, "source.layout", source=source)
    done = publisher("alarm", "close", alarm.pk, "--outcome", "Looked.", "--json").json
    assert (done["outcome"], done["closed_by"]) == ("Looked.", "command line")
    assert publisher("alarm", "close", alarm.pk).refusal.startswith("Somebody has closed this alarm already.")
    assert [row["id"] for row in publisher("alarm", "list", "--closed", "--json").json] == [alarm.pk]


def test_show_tells_what_changed_and_what_can_be_done(publisher: Publisher, task: tuple[Alarm, Post]) -> None:
    alarm, post = task
    out = publisher("alarm", "show", alarm.pk).out
    assert "~ The plan costs [-23-]{+32+} billion euro." in out.splitlines()
    (told,) = publisher("alarm", "show", alarm.pk, "--json").json["posts"]
    assert (told["post"], told["acts"]) == (post.pk, ["edit", "reply", "repost", "leave"])


def test_decide_makes_a_post_for_review(publisher: Publisher, task: tuple[Alarm, Post]) -> None:
    alarm, post = task
    made = publisher("alarm", "decide", alarm.pk, post.pk, "reply", "--json").json
    assert (made["state"], Post.objects.get(pk=made["id"]).reply_to) == ("review", post)


@pytest.mark.parametrize("arguments", [("--diff",), ()])
def test_document_is_shown_with_its_text_or_what_changed(
    publisher: Publisher, task: tuple[Alarm, Post], arguments: tuple[str, ...]
) -> None:
    _, post = task
    lines = publisher("document", "show", post.document_id, *arguments).out.splitlines()
    assert lines[-1] == (
        "~ The plan costs [-23-]{+32+} billion euro." if arguments else "The plan costs 32 billion euro."
    )


def test_document_list_gives_the_newest_first(publisher: Publisher, source: Source) -> None:
    made = [make_document(source).pk for _ in range(2)]
    rows = publisher("document", "list", "--source", source.pk, "--json").json
    assert [row["id"] for row in rows] == made[::-1]


def test_versions_come_as_data(publisher: Publisher, task: tuple[Alarm, Post]) -> None:
    _, post = task
    newest, first = publisher("document", "show", post.document_id, "--json").json["versions"]
    assert (newest["number"], first["changes"]) == (2, [])
    assert [change["field"] for change in newest["changes"]] == ["body"]
