"""What is approved: by other eyes, for these very words and pictures, or nothing goes out, by whatever way one asks."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from publisher.enums import PostState
from publisher.errors import NotAllowed, StaleState
from publisher.models import Approval, Channel, Post, Revision, User, guards
from publisher.newsroom.approval import review
from publisher.newsroom.drafts import media
from publisher.newsroom.sending import delivery
from publisher.types import Media, Part
from tests.cli.conftest import Publisher
from tests.field.conftest import desk_of, seen
from tests.newsroom.acts import approved, on_the_network, thread

Waiting = Callable[..., Post]

OWN = "You wrote or edited this post, so somebody else must approve it."


@pytest.mark.parametrize("who", ["author", "last editor"])
def test_author_and_last_editor_cannot_approve(
    strict: Channel,
    waiting: Waiting,
    editor: User,
    approver: User,
    administrator: User,
    publisher: Publisher,
    who: str,
) -> None:
    """Acceptance test 10, by the verb, the desk and the command; under a race: tests/field/test_races.py."""
    post = waiting()
    if who == "last editor":
        post = thread(post, editor, "First words.")
    post = thread(post, approver, "Second words.")
    with pytest.raises(NotAllowed) as caught:
        approved(post, approver)
    page = desk_of(approver).post(f"/posts/{post.pk}/approve/", seen(post))
    asked = publisher("queue", "approve", post.pk, "--as", approver.email)
    assert (caught.value.sentence, page.status_code, asked.refusal) == (OWN, 403, OWN)
    assert OWN in page.content.decode()
    assert publisher("queue", "approve", post.pk).refusal.startswith("Two people must be told apart here")
    assert (Post.objects.get(pk=post.pk).state, Approval.objects.count()) == (PostState.REVIEW, 0)
    assert approved(post, administrator).state == PostState.SCHEDULED


def with_picture(post: Post, user: User, data: bytes) -> Post:
    assert post.revision_id is not None
    picture = Media(sha256=media.store(data), alt="A flag", type="image/png")
    return review.edit(
        post.pk, user, revision_id=post.revision_id, parts=[Part(text="With a picture.", media=(picture,))]
    )


def test_image_swapped_in_the_post_voids_the_approval(waiting: Waiting, approver: User) -> None:
    """Acceptance test 11: other bytes are another revision, and nobody has approved that one."""
    post = approved(with_picture(waiting(), approver, b"\x89PNG approved"), approver)
    post = with_picture(post, approver, b"\x89PNG swapped")
    delivery.deliver(post.pk)
    post.refresh_from_db()
    assert (post.state, post.approved_revision_id == post.revision_id) == (PostState.REVIEW, False)
    assert on_the_network() == []


def test_image_swapped_in_the_row_voids_the_approval(waiting: Waiting, approver: User) -> None:
    """Acceptance test 11, by somebody with the database."""
    post = approved(with_picture(waiting(), approver, b"\x89PNG approved"), approver)
    assert post.revision is not None
    parts = [{**part, "media": [{**part["media"][0], "sha256": "0" * 64}]} for part in post.revision.parts]
    guards.lower_all(connection)  # the database would refuse it
    Revision.objects.filter(pk=post.revision.pk).update(parts=parts)
    delivery.deliver(post.pk)
    post.refresh_from_db()
    assert (post.state, on_the_network()) == (PostState.SCHEDULED, [])
    assert post.reason == "The post is not the one that was approved. Approve it again."


def test_image_swapped_on_disk_is_not_sent(waiting: Waiting, approver: User) -> None:
    """Acceptance test 11, by somebody with the disk."""
    post = approved(with_picture(waiting(), approver, b"\x89PNG approved"), approver)
    assert post.revision is not None
    media.path(post.revision.content[0].media[0].sha256).write_bytes(b"\x89PNG swapped")
    delivery.deliver(post.pk)
    post.refresh_from_db()
    assert (post.state, on_the_network()) == (PostState.FAILED, [])
    assert post.reason.startswith("A picture of this post is no longer in the data folder.")


DESK = ["approve", "schedule", "reschedule", "send-now", "retry"]


@pytest.mark.parametrize("who", ["stranger", "editor", "author"])
def test_desk_schedules_nothing_without_an_approval(
    strict: Channel, waiting: Waiting, editor: User, approver: User, who: str
) -> None:
    """Acceptance test 12: a signed-out browser, a stolen editor's session, an approver on their own words."""
    post = thread(waiting(), approver, "My own words.")
    client = desk_of({"editor": editor, "author": approver}.get(who, editor))
    if who == "stranger":
        client.logout()
    at = f"{timezone.now() + timedelta(days=1):%Y-%m-%dT%H:%M}"
    answers = {act: client.post(f"/posts/{post.pk}/{act}/", seen(post, at=at)).status_code for act in DESK}
    client.post(f"/documents/{post.document_id}/approve/", {"seen": f"{post.pk}:{post.revision_id}"})
    refused = {"stranger": {302}, "editor": {403}, "author": {403, 409}}[who]  # 409: nothing to move, or to send again
    assert set(answers.values()) <= refused
    nothing_goes_out(post)


COMMANDS: list[Sequence[object]] = [("approve",), ("schedule", "--at", "2099-01-01T10:00"), ("retry",)]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: str(command[0]))
@pytest.mark.parametrize("who", ["nobody", "editor", "author"])
def test_command_schedules_nothing_without_an_approval(
    strict: Channel,
    waiting: Waiting,
    editor: User,
    approver: User,
    publisher: Publisher,
    who: str,
    command: Sequence[object],
) -> None:
    """Acceptance test 12."""
    post = thread(waiting(), approver, "My own words.")
    name = {"editor": ("--as", editor.email), "author": ("--as", approver.email)}.get(who, ())
    verb, *rest = command
    assert publisher("queue", verb, post.pk, *rest, *name).refusal.endswith(".")
    nothing_goes_out(post)


def test_verbs_and_database_schedule_nothing_without_an_approval(waiting: Waiting, approver: User) -> None:
    """Acceptance test 12, for code that would call the newsroom, and for a hand in the rows."""
    post = waiting()
    with pytest.raises(StaleState):
        review.reschedule(post.pk, approver, at=timezone.now() + timedelta(days=1))
    with pytest.raises(StaleState):
        review.retry(post.pk, approver)
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.update(state=PostState.SCHEDULED, due_at=timezone.now())
    nothing_goes_out(post)
    Post.objects.update(state=PostState.SCHEDULED, due_at=timezone.now(), approved_revision=post.revision)
    delivery.deliver(post.pk)
    post.refresh_from_db()
    assert (post.reason, on_the_network()) == ("The post is not the one that was approved. Approve it again.", [])


def nothing_goes_out(post: Post) -> None:
    delivery.deliver(post.pk)
    post.refresh_from_db()
    assert (post.state, post.due_at, Approval.objects.count(), on_the_network()) == (PostState.REVIEW, None, 0, [])
