"""What the chain says of versions, revisions and attempts: whoever changes one behind our back is found, by name."""

import json
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from publisher.models import Approval, Attempt, Channel, Event, Post, Revision, SandboxAccount, User, Version, guards
from publisher.models.sandbox import SandboxFailure
from publisher.newsroom import channels
from publisher.newsroom.approval import review, signing
from publisher.newsroom.record import chain, seals
from publisher.newsroom.sending import claiming, delivery, lookups
from tests.newsroom.acts import approved, fail_with, thread
from tests.newsroom.conftest import bring, entry
from tests.newsroom.test_chain import tamper, write

Waiting = Callable[..., Post]


@pytest.fixture
def sent(waiting: Waiting, approver: User, account: SandboxAccount) -> Post:
    """A post that was edited, lost, found absent and sent."""
    post = approved(thread(waiting(), approver, "What we say."), approver)
    fail_with(account, SandboxFailure.SERVER_ERROR_BEFORE)
    delivery.deliver(post.pk)
    fail_with(account, SandboxFailure.NONE)
    lookups.settle(post.pk)
    delivery.deliver(post.pk)
    return Post.objects.get(pk=post.pk)


def told() -> list[str]:
    return [each.sentence for each in chain.verify().findings]


def test_rows_as_they_were_written_are_in_order(sent: Post) -> None:
    assert (sent.state, told()) == ("published", [])
    named = {name for event in Event.objects.all() for name in seals.told(event.data)}
    revisions = {f"revision {sent.pk}/{number}" for number in (1, 2)}
    attempts = {f"attempt {sent.pk}/{pk}" for pk in Attempt.objects.values_list("pk", flat=True)}
    approval = f"approval {sent.pk}/{Approval.objects.get().pk}"
    assert named == {f"version {sent.document_id}/1", approval} | revisions | attempts
    assert len(attempts) == 2


@pytest.mark.parametrize("column", ["parts", "language", "template", "template_hash", "hash", "created_at"])
def test_changed_revision_is_named(sent: Post, column: str) -> None:
    value = {"parts": '[{"text": "Never said."}]', "created_at": "2026-01-01 00:00:00+00:00"}.get(column, "x")
    tamper(f"UPDATE publisher_revision SET {column} = %s WHERE number = 2", value)  # noqa: S608  # our own columns
    number = Event.objects.get(verb="edit").pk
    assert told() == [f"Revision 2 of post {sent.pk} is not as it was written: event {number} holds its hash."]


def test_changed_text_of_a_version_is_named(sent: Post) -> None:
    """Also where the hash that the row itself holds was made to fit."""
    version = Version.objects.get()
    forged = json.dumps({**version.entry, "body": "Never said."})
    tamper("UPDATE publisher_version SET entry = %s, hash = %s", forged, "0" * 64)
    number = Event.objects.get(verb="arrive").pk
    at = f"Version 1 of document {version.document_id}"
    assert told() == [f"{at} is not as it was fetched: event {number} holds its hash."]


@pytest.mark.parametrize(
    ("column", "value"),
    [("outcome", "absent"), ("receipt", '{"id": "1", "url": "x"}'), ("key", "x"), ("reason", "x"), ("diagnostic", "x")],
)
def test_changed_answer_of_the_network_is_named(sent: Post, column: str, value: str) -> None:
    last = sent.attempts.latest("pk")
    tamper(f"UPDATE publisher_attempt SET {column} = %s WHERE id = %s", value, last.pk)  # noqa: S608  # our own columns
    number = Event.objects.get(verb="publish").pk
    assert told() == [f"Attempt {last.pk} to send post {sent.pk} is not as it ended: event {number} holds its hash."]


def test_attempt_that_was_uncertain_is_held_against_what_became_of_it(sent: Post) -> None:
    first = sent.attempts.earliest("pk")
    tamper("UPDATE publisher_attempt SET outcome = 'uncertain' WHERE id = %s", first.pk)
    number = Event.objects.get(verb="publish").pk
    assert told() == [f"Attempt {first.pk} to send post {sent.pk} is not as it ended: event {number} holds its hash."]


@pytest.mark.parametrize(
    ("column", "value"), [("signature", "x"), ("round", 7), ("not_before", None), ("user_id", None)]
)
def test_changed_approval_is_named(sent: Post, column: str, value: object) -> None:
    tamper(f"UPDATE publisher_approval SET {column} = %s", value)  # noqa: S608  # our own columns
    number, approval = Event.objects.get(verb="approve").pk, Approval.objects.get()
    assert told() == [
        f"Approval {approval.pk} of post {sent.pk} is not as it was given: event {number} holds its hash."
    ]


def test_first_of_two_approvals_and_one_for_an_earlier_time_are_given(
    waiting: Waiting, approver: User, administrator: User
) -> None:
    Channel.objects.update(approvals=2)
    post = approved(waiting(), approver)
    assert (post.state, told()) == ("review", [])
    assert (approved(post, administrator).state, told()) == ("scheduled", [])
    Channel.objects.update(approvals=1)
    other = approved(waiting(2), approver, at=timezone.now() + timedelta(hours=5))
    review.reschedule(other.pk, administrator, at=timezone.now() + timedelta(hours=2))
    assert (Approval.objects.count(), told()) == (4, [])


def test_approval_that_nobody_gave_is_named(waiting: Waiting, approver: User) -> None:
    """Whoever can write rows can let a post go out; who looks at the history sees it."""
    post = waiting()
    forged = signing.sign(post, approver.email, user=approver, not_before=timezone.now())
    tamper(
        "UPDATE publisher_post SET state = 'scheduled', due_at = %s, approved_revision_id = revision_id", timezone.now()
    )
    assert told() == [f"Approval {forged.pk} of post {post.pk} was put in: no event tells that anybody gave it."]


def test_late_answer_is_sealed_with_an_event_of_its_own(waiting: Waiting, approver: User) -> None:
    post = approved(thread(waiting(), approver, "One.", "Two."), approver)
    claimed = claiming.claim(post.pk)
    assert claimed is not None
    answer = delivery.call(claimed)
    Post.objects.update(claimed_until=post.due_at)
    lookups.lose_dead_claims()
    delivery.record(claimed, answer)
    assert (Event.objects.latest("pk").verb, told()) == ("late answer", [])


def test_rows_taken_away_are_named(sent: Post) -> None:
    last = sent.attempts.latest("pk")
    tamper("DELETE FROM publisher_attempt WHERE id = %s", last.pk)
    number = Event.objects.get(verb="publish").pk
    assert told() == [f"Attempt {last.pk} to send post {sent.pk} is missing: event {number} tells of it."]


def test_drafts_that_went_with_their_channel_are_not_missing(
    waiting: Waiting, administrator: User, channel: Channel
) -> None:
    waiting()
    channels.remove(channel.pk, administrator)
    assert (Revision.objects.count(), told()) == (0, [])


def test_versions_that_are_only_remembered_are_sealed_too(source: object, db: None) -> None:
    from publisher.models import Source

    Source.objects.update(baseline_at=None)
    bring(Source.objects.get(), *[entry(number) for number in range(1, 4)])
    assert Version.objects.count() == 3
    version = Version.objects.earliest("pk")
    tamper("UPDATE publisher_version SET fetched_from = 'x' WHERE id = %s", version.pk)
    number = Event.objects.get(verb="first sight").pk
    at = f"Version 1 of document {version.document_id}"
    assert told() == [f"{at} is not as it was fetched: event {number} holds its hash."]


def test_newsroom_of_before_is_sealed_as_it_stands(sent: Post) -> None:
    guards.lower_all(connection)
    Event.objects.all().delete()
    guards.raise_all(connection)
    with connection.schema_editor() as editor:
        import_module("publisher.migrations.0014_audit_seals").seal(apps, editor)
    assert (set(Event.objects.values_list("verb", flat=True)), told()) == ({"seal"}, [])
    tamper("UPDATE publisher_revision SET language = 'xx'")
    assert [sentence.partition(" is not")[0] for sentence in told()] == [
        f"Revision {number} of post {sent.pk}" for number in (1, 2)
    ]


@pytest.mark.django_db
def test_data_that_only_looks_like_seals_names_nothing() -> None:
    write(1)
    for data in ({"seals": []}, {"seals": {"revision x/1": "a", "post 1/1": "b", "revision 1": "c"}}, [], None):
        assert seals.told(data) == {}
