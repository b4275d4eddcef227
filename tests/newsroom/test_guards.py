"""Guard rails: what a rule would send by itself and a person looks at first, with the reason in words."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from publisher import config
from publisher.enums import AlarmKind, PostState, RuleMode
from publisher.models import Channel, Document, Event, Post, Rule, Source, User
from publisher.newsroom.alerts import alarms
from publisher.newsroom.approval import review, signing
from publisher.newsroom.documents import screening
from publisher.newsroom.drafts import drafting, guards
from publisher.newsroom.sending import claiming, delivery
from tests.factories import make_document, make_post, make_rule
from tests.newsroom.conftest import bring, entry

Drafted = Callable[..., Post]
MANY: dict[str, object] = {"source": "Press Corner", "count": 9, "shown": 10}


@pytest.fixture
def rule(db: None) -> Rule:
    return make_rule(name="By itself", mode=RuleMode.AUTOMATIC)


@pytest.fixture
def drafted(source: Source, channel: Channel, rule: Rule) -> Drafted:
    def make(number: int = 1, **fields: Any) -> Post:
        (document_id,) = bring(source, entry(number, **fields)).new
        (post,) = drafting.draft(document_id)
        return Post.objects.get(pk=post.pk)

    return make


def kept(post: Post) -> str:
    """The reason for which a post waits, which its history tells too."""
    assert post.state == PostState.REVIEW
    told = Event.objects.get(subject="post", subject_id=post.pk, verb="keep for review")
    assert told.reason == post.reason
    return post.reason


def test_what_nothing_stands_against_goes_out_at_once(drafted: Drafted, rule: Rule) -> None:
    post = drafted()
    assert (post.state, post.counts_down) == (PostState.SCHEDULED, False)
    assert [one.by for one in post.revision.approvals.all()] == ["rule: By itself"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"withdrawn": True}, "The institution has withdrawn this text, so no rule sends it."),
        (
            {"machine_translated": True},
            "This is a machine translation, not the institution's own words. Look at it before you approve it.",
        ),
        (
            {"embargo_until": timezone.now() + timedelta(hours=1)},
            "The institution has put this text under an embargo. Approve it for the time when the embargo ends.",
        ),
        (
            {"published_at": timezone.now().replace(year=2024, month=3, day=1)},
            "This was published on 2024-03-01 and reached us only now. Look whether it is still news.",
        ),
    ],
)
def test_document_that_asks_for_a_look(drafted: Drafted, fields: dict[str, Any], reason: str) -> None:
    assert kept(drafted(**fields)) == reason


def test_embargo_that_is_over_is_none(drafted: Drafted) -> None:
    assert drafted(embargo_until=timezone.now() - timedelta(minutes=1)).state == PostState.SCHEDULED


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Says what press releases are to read like."""
    (tmp_path / "any").mkdir()
    monkeypatch.setenv("PUBLISHER_TEMPLATES_DIR", str(tmp_path))
    config.get.cache_clear()
    yield lambda text: (tmp_path / "any" / "press_release.txt.j2").write_text(text, encoding="utf-8")
    monkeypatch.undo()
    config.get.cache_clear()


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("{{ title }}: 45 measures", "The document does not have the number 45. Check it before this goes out."),
        ("{{ title }} on 3 May", "The document does not have the date 3 May. Check it before this goes out."),
        ("{{ title }} with Kaja Kallas", "The document does not name Kaja Kallas. Check it before this goes out."),
        (
            "{{ title }}: “We shall never tire of this work.”",
            "These words stand in quotation marks, but the document does not have them",
        ),
        ("{{ titel }}", "The post template any/press_release.txt.j2 has a mistake in line 1:"),
        ("{% for _ in range(30) %}{{ title }} {% endfor %}", "The text is"),
    ],
)
def test_words_that_the_document_does_not_bear_out(
    drafted: Drafted, templates: Any, template: str, reason: str
) -> None:
    templates(template)
    assert kept(drafted())[: len(reason)] == reason


def test_same_title_is_most_likely_the_same_news(drafted: Drafted, source: Source) -> None:
    other = Source.objects.create(name="Council", url="http://127.0.0.1:9/council.xml", baseline_at=timezone.now())
    bring(other, entry(9, title="COMMISSION adopts measure – number 1", url="https://council.example.org/9", guid="9"))
    reason = "Council brought a text with the same title. Look whether this is the same news before you approve it."
    assert kept(drafted()) == reason


@pytest.mark.parametrize(
    "other",
    [{"first_seen_at": timezone.now() - timedelta(days=3)}, {"sample": True}, {"title": "Another title of text"}],
)
def test_title_of_long_ago_of_the_sample_or_another_one_is_no_twin(db: None, other: dict[str, Any]) -> None:
    same = {"title": "Commission adopts measure number one", "plain_title": "commission adopts measure number one"}
    document = make_document(**same)
    make_document(**(same | other))
    assert guards.around([document], timezone.now(), timezone.now()).twins == {}


def test_source_that_was_suddenly_mostly_new_waits_until_somebody_has_looked(drafted: Drafted, source: Source) -> None:
    alarm = alarms.raise_alarm(AlarmKind.MASS_CHANGE, "alarm.mass_change", source=source, params=MANY)
    assert kept(drafted(1)) == (
        "Press Corner suddenly showed mostly new texts, and nobody has looked at that yet (Alarms). "
        "Look whether this is news."
    )
    alarms.close(alarm.pk, "bob@example.org")
    assert drafted(2).state == PostState.SCHEDULED


def test_what_came_with_many_others_says_so(drafted: Drafted, source: Source, approver: User) -> None:
    Source.objects.update(baseline_at=None)
    (document_id,) = bring(source, entry(1)).new
    held = {"documents": [document_id]}
    alarm = alarms.raise_alarm(AlarmKind.MASS_CHANGE, "alarm.mass_change", source=source, params=MANY, data=held)
    screening.queue_remembered(alarm.pk, approver)
    post = Post.objects.get()
    assert (post.state, post.reason) == (
        PostState.REVIEW,
        "It came with many others at once, so a person looks first.",
    )


# --- a cool-off


def test_cool_off_counts_down_in_the_queue_and_sends_then(
    drafted: Drafted, rule: Rule, monkeypatch: pytest.MonkeyPatch
) -> None:
    Rule.objects.update(cool_off=10)
    before = timezone.now()
    post = drafted()
    assert post.due_at is not None
    assert (post.state, post.counts_down) == (PostState.SCHEDULED, True)
    assert timedelta(minutes=10) <= post.due_at - before < timedelta(minutes=11)
    assert claiming.claim(post.pk) is None
    due = post.due_at
    monkeypatch.setattr(timezone, "now", lambda: due)
    delivery.deliver(post.pk)
    post.refresh_from_db()
    assert (post.state, post.counts_down) == (PostState.PUBLISHED, False)


def test_nobody_brings_what_counts_down_forward_behind_the_rules_back(drafted: Drafted, rule: Rule) -> None:
    Rule.objects.update(cool_off=10)
    post = drafted()
    Post.objects.update(due_at=timezone.now())
    delivery.deliver(post.pk)
    post.refresh_from_db()
    assert post.state == PostState.SCHEDULED


def test_post_that_somebody_holds_is_back_in_review_for_good(drafted: Drafted, editor: User) -> None:
    Rule.objects.update(cool_off=10)
    post = review.unschedule(drafted().pk, editor)
    assert (post.state, post.counts_down, post.due_at) == (PostState.REVIEW, False, None)


def test_post_that_a_person_sends_now_counts_down_no_more(drafted: Drafted, approver: User) -> None:
    Rule.objects.update(cool_off=10)
    post = review.reschedule(drafted().pk, approver, at=timezone.now())
    assert (post.state, post.counts_down) == (PostState.SCHEDULED, False)
    delivery.deliver(post.pk)
    post.refresh_from_db()
    assert post.state == PostState.PUBLISHED


def test_rule_uses_the_best_hours_of_the_channel_one_post_each(drafted: Drafted, channel: Channel) -> None:
    hours = {day: ["10:00", "15:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    Channel.objects.update(slots=hours)
    Rule.objects.update(use_slots=True)
    first, second = drafted(1), drafted(2)
    shown = [timezone.localtime(post.due_at).strftime("%H:%M") for post in (first, second)]
    assert sorted(shown) == ["10:00", "15:00"]
    assert (first.counts_down, second.counts_down) == (True, True)


# --- at most so many an hour


def test_what_is_more_than_the_rule_may_send_an_hour_waits(drafted: Drafted, rule: Rule) -> None:
    Rule.objects.update(per_hour=2)
    assert [drafted(number).state for number in (1, 2)] == [PostState.SCHEDULED, PostState.SCHEDULED]
    third = drafted(3)
    assert kept(third) == "The rule “By itself” may send 2 an hour by itself, and this is one more."


def test_what_was_sent_an_hour_ago_or_taken_back_counts_no_more(drafted: Drafted, editor: User) -> None:
    Rule.objects.update(per_hour=1, cool_off=5)
    first = drafted(1)
    review.unschedule(first.pk, editor)
    second = drafted(2)
    assert second.state == PostState.SCHEDULED
    Post.objects.filter(pk=second.pk).update(due_at=timezone.now() - timedelta(minutes=56))
    assert drafted(3).state == PostState.SCHEDULED


@pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time: its transactions never overlap")
@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_both_take_the_last_place(rule: Rule) -> None:
    """Without the lock each counts only what it sees."""
    Rule.objects.update(per_hour=1)
    rule.refresh_from_db()
    both, due = threading.Barrier(2), timezone.now()
    posts = [make_post(rule=rule) for _ in range(2)]
    refused: list[str] = []

    def work(post: Post) -> None:
        try:
            with transaction.atomic():
                why = guards.why_over_cap(rule, due)
                with suppress(threading.BrokenBarrierError):
                    both.wait(timeout=1)  # with the lock, the second one is not here yet
                if why:
                    refused.append(why)
                    return
                signing.sign(post, "rule: By itself", not_before=due)
                Post.objects.filter(pk=post.pk).update(approved_revision=post.revision, due_at=due)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(post,)) for post in posts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert refused == ["The rule “By itself” may send 1 an hour by itself, and this is one more."]


def test_title_is_found_again_by_its_index(db: None, source: Source) -> None:
    bring(source, entry(1, title="The  EU’s “Plan”: x" + "y" * 300))
    assert Document.objects.get().plain_title == ("the eu s plan x" + "y" * 300)[:200]
