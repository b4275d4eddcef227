"""The state machine: one door, and a database that says no as well."""

import re
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from publisher.enums import PostState
from publisher.errors import StaleState
from publisher.models import Event, Post, Revision
from publisher.newsroom.record import chain
from publisher.newsroom.workflow import TRANSITIONS, move
from tests.conftest import ROOT

Waiting = Callable[..., Post]


def test_every_state_is_in_the_machine() -> None:
    assert set(TRANSITIONS) == set(PostState)


def test_every_state_but_the_first_can_be_reached() -> None:
    reached = {after for verbs in TRANSITIONS.values() for after in verbs.values()}
    assert reached | {PostState.DRAFT} == set(PostState)


def test_only_a_look_up_or_a_person_leads_out_of_uncertain() -> None:
    assert set(TRANSITIONS[PostState.UNCERTAIN]) == {"find", "send again", "give up"}


def test_drawing_in_the_docs_is_the_machine() -> None:
    drawn = (ROOT / "docs" / "states.md").read_text(encoding="utf-8")
    lines = {line.strip() for line in drawn.splitlines()}
    for before, verbs in TRANSITIONS.items():
        for verb, after in verbs.items():
            assert f"{before} --> {after}: {verb}" in lines
    assert sum("-->" in line for line in lines if not line.startswith("[*]")) == sum(map(len, TRANSITIONS.values()))


def test_move_writes_state_and_event_together(waiting: Waiting) -> None:
    post = waiting()
    move(post, "reject", actor="alice@example.org", reason="Not ours.")
    post.refresh_from_db()
    event = Event.objects.filter(subject="post", subject_id=post.pk).latest("id")
    assert (post.state, post.reason) == ("rejected", "Not ours.")
    assert (event.actor, event.verb, event.before, event.after) == ("alice@example.org", "reject", "review", "rejected")


def test_move_refuses_a_step_that_the_machine_does_not_know(waiting: Waiting) -> None:
    post = waiting()
    with pytest.raises(StaleState):
        move(post, "publish", actor="alice@example.org")
    assert Post.objects.get(pk=post.pk).state == PostState.REVIEW


def test_move_refuses_when_somebody_was_faster(waiting: Waiting) -> None:
    post = waiting()
    seen_by_both = Post.objects.get(pk=post.pk)
    move(post, "reject", actor="alice@example.org")
    before = Event.objects.count()
    with pytest.raises(StaleState):
        move(seen_by_both, "reject", actor="bob@example.org")
    assert Event.objects.count() == before


@pytest.mark.parametrize("state", [state for state in PostState if state not in {"published", "withdrawn"}])
def test_database_refuses_a_publication_time_outside_published(waiting: Waiting, state: PostState) -> None:
    post = waiting()
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=post.pk).update(state=state, published_at=timezone.now())


def test_database_refuses_published_without_a_time(waiting: Waiting) -> None:
    post = waiting()
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=post.pk).update(state=PostState.PUBLISHED)


def test_database_refuses_to_send_a_revision_that_was_not_approved(waiting: Waiting) -> None:
    post = waiting()
    other = Revision.objects.create(post=post, number=2, parts=[], hash="0" * 64)
    for state in ("scheduled", "sending", "uncertain"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Post.objects.filter(pk=post.pk).update(
                state=state,
                approved_revision=other,
                due_at=timezone.now(),
                claimed_by="me",
                claimed_until=timezone.now(),
            )


def test_database_refuses_an_unknown_state(waiting: Waiting) -> None:
    post = waiting()
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=post.pk).update(state="posted")


def test_database_refuses_a_second_post_by_rule_for_the_same_document_and_channel(waiting: Waiting) -> None:
    post = waiting()
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(document=post.document, channel=post.channel)


def test_revisions_never_change(waiting: Waiting) -> None:
    revision = waiting().revision
    assert revision is not None
    revision.language = "fr"
    with pytest.raises(TypeError):
        revision.save()


def test_history_is_intact_after_work(waiting: Waiting) -> None:
    move(waiting(), "reject", actor="alice@example.org")
    seen = chain.verify()
    assert (seen.count, seen.findings) == (Event.objects.count(), [])


def test_no_other_file_writes_the_state() -> None:
    """`state=` in an update or a save of a post belongs to workflow.py alone."""
    writes = re.compile(r"\.update\([^()]*\bstate=(?!SubscriptionState)|\bpost\.state = ")
    writers = {
        path.name for path in (ROOT / "publisher").rglob("*.py") if writes.search(path.read_text(encoding="utf-8"))
    }
    assert writers == {"workflow.py"}
