"""Working together on a post: comments, mentions, requests for changes, assignment, presence."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from publisher.enums import PostState, Role
from publisher.errors import InvalidInput, NotAllowed, PublisherError, StaleState
from publisher.models import Comment, Event, Grant, Notice, Post, Presence, User
from publisher.newsroom import access, sample
from publisher.newsroom.alerts import letters, outbox
from publisher.newsroom.approval import assignment, comments, emergencies, mentions, presence, review
from publisher.newsroom.record import forgetting
from publisher.types import Part
from tests.factories import make_channel, make_document, make_post, make_user
from tests.newsroom.test_two_workers import at_once
from tests.peers.sinks import Mailbox

Waiting = Callable[..., Post]


def refused(error: type[PublisherError], call: Callable[[], Any]) -> str:
    """The key of the error that the call raises; nothing else is written by it."""
    before = Event.objects.count()
    with pytest.raises(error) as caught:
        call()
    assert Event.objects.count() == before
    return caught.value.key


def fresh(post: Post) -> Post:
    return Post.objects.select_related("revision", "channel", "document").get(pk=post.pk)


def verbs(post: Post) -> list[str]:
    return list(Event.objects.filter(subject="post", subject_id=post.pk).values_list("verb", flat=True))


def ask(post: Post, user: User, text: str = "The figure is wrong.") -> Comment:
    return comments.ask(post.pk, user, revision_id=post.revision_id or 0, text=text)


def approve(post: Post, user: User) -> Post:
    return review.approve(post.pk, user, revision_id=post.revision_id or 0)


def edit(post: Post, user: User, text: str = "Other words. https://press.example.org/detail/1") -> Post:
    return review.edit(post.pk, user, revision_id=post.revision_id or 0, parts=[Part(text=text)])


def told() -> list[tuple[str, list[int], str]]:
    return [(notice.cause, notice.people, letters.sentence(notice)) for notice in Notice.objects.order_by("id")]


# --- comments ---------------------------------------------------------------------------------------------------------


def test_comments_stand_in_the_order_of_time_and_the_history_keeps_their_hash(editor: User, approver: User) -> None:
    post = make_post()
    first, second = comments.say(post.pk, editor, " One.\r\nTwo. "), comments.say(post.pk, approver, "Three.")
    assert [(one.text, one.by) for one in comments.thread(post.pk).items] == [
        ("One.\nTwo.", editor.email),
        ("Three.", approver.email),
    ]
    event = Event.objects.get(subject_id=post.pk, verb="comment", data__comment=first.pk)
    assert (sorted(event.data), len(event.data["sha256"]), event.reason) == (["comment", "sha256", "told"], 64, "")
    assert (fresh(post).comment_count, first.pk < second.pk) == (2, True)


@pytest.mark.parametrize("text", ["  \n", "x" * 5001])
def test_comment_says_something_of_bearable_length(editor: User, text: str) -> None:
    post = make_post()
    assert refused(InvalidInput, lambda: comments.say(post.pk, editor, text)) in {"comment.empty", "comment.too_long"}


def test_viewer_reads_and_does_not_comment(viewer: User) -> None:
    post = make_post()
    assert refused(NotAllowed, lambda: comments.say(post.pk, viewer, "No.")) == "access.not_allowed"


def test_withdrawn_comment_shows_that_it_was_and_only_who_said_it_withdraws_it(editor: User, approver: User) -> None:
    post = make_post()
    said = comments.say(post.pk, editor, "Wrong.")
    assert refused(NotAllowed, lambda: comments.withdraw(said.pk, approver)) == "comment.not_yours"
    assert comments.withdraw(said.pk, editor).withdrawn_by == editor.email
    assert refused(StaleState, lambda: comments.withdraw(said.pk, editor)) == "comment.withdrawn_already"
    (shown,) = comments.thread(post.pk).items
    assert (shown.withdrawn_by, fresh(post).comment_count, verbs(post)) == (
        editor.email,
        0,
        ["comment", "withdraw comment"],
    )


@pytest.mark.parametrize("change", [{"text": "Other."}, {"asks": True}])
def test_database_keeps_what_was_said(editor: User, change: dict[str, object]) -> None:
    said = comments.say(make_post().pk, editor, "One.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=said.pk).update(**change)


def test_database_keeps_that_it_was_withdrawn(editor: User) -> None:
    said = comments.say(make_post().pk, editor, "One.")
    comments.withdraw(said.pk, editor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=said.pk).update(withdrawn_at=None, withdrawn_by="")


def test_long_thread_comes_in_pages_and_opens_at_its_end(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comments, "AT_ONCE", 2)
    post = make_post()
    for number in range(5):
        comments.say(post.pk, editor, str(number))
    pages = [comments.thread(post.pk, page) for page in (0, 1, 2, 9)]
    assert [([one.text for one in page.items], page.number, page.has_next) for page in pages] == [
        (["4"], 3, False),
        (["0", "1"], 1, True),
        (["2", "3"], 2, True),
        (["4"], 3, False),
    ]
    assert [page.has_previous for page in pages] == [True, False, True, True]


# --- mentions ---------------------------------------------------------------------------------------------------------


PEOPLE = [("Emma Smith", "emma@example.org"), ("Emma Bo", "bo@example.org"), ("José Ferrão", "jose.f@example.org")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@Emma Smith, look", ["Emma Smith"]),
        ("@Emma, which one?", []),  # two of them: the first name says nothing
        ("Hello @josé!", ["José Ferrão"]),
        ("@JOSÉ FERRÃO", ["José Ferrão"]),
        ("(@bo)", ["Emma Bo"]),
        ("@bo@example.org @emma@example.org", ["Emma Smith", "Emma Bo"]),
        ("write to emma@example.org", []),
        ("@joséphine and @bo-ra and @EU_Commission", []),
        ("@bo@elsewhere.org", []),
    ],
)
def test_colleagues_are_found_by_name_first_name_or_address(text: str, found: list[str]) -> None:
    people = [User(name=name, email=email) for name, email in PEOPLE]
    assert [person.name for person in mentions.find(text, people)] == found


def test_who_is_mentioned_is_told_and_nobody_else(editor: User, approver: User, viewer: User) -> None:
    post = make_post(channel=make_channel(name="Office"))
    said = comments.say(post.pk, editor, "@Charlie @Emma is\nthis right?")
    assert told() == [
        (
            f"comment:{said.pk}:mention",
            [viewer.pk],
            "emma@example.org mentioned you in a comment on a post for Office: @Charlie @Emma is this right?",
        )
    ]
    assert Notice.objects.get().link == f"/posts/{post.pk}/talk/"


def test_mention_reaches_a_mailbox_also_of_who_only_looks(mailbox: Mailbox, editor: User, viewer: User) -> None:
    post = make_post(make_document(title="A plan"), make_channel(name="Office"))
    comments.say(post.pk, editor, "@Charlie, see?")
    later = timezone.now() + timedelta(minutes=10)
    outbox.spread(later)
    outbox.send(later)
    assert (mailbox.to, mailbox.subjects) == ([viewer.email], ["[Publisher] For you: A plan"])
    assert f"http://127.0.0.1:8000/posts/{post.pk}/talk/" in mailbox.texts[0].splitlines()


def test_withdrawn_comment_is_told_to_nobody(editor: User, approver: User) -> None:
    said = comments.say(make_post().pk, editor, "@Bob look")
    comments.withdraw(said.pk, editor)
    assert Notice.objects.get().over_at is not None


def test_no_words_of_an_embargoed_document_leave_the_desk(editor: User, approver: User) -> None:
    document = make_document(title="Secret", embargo_until=timezone.now() + timedelta(days=1))
    comments.say(make_post(document, make_channel(name="Office")).pk, editor, "@Bob the secret is out")
    ((_, _, sentence),) = told()
    assert sentence == (
        "emma@example.org mentioned you in a comment on a post for Office: "
        "The words stand on the desk, because the document is under embargo."
    )
    assert "Secret" not in Notice.objects.get().subject


# --- requests for changes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [PostState.REVIEW, PostState.SCHEDULED])
def test_post_goes_back_to_who_wrote_it_and_says_why(
    waiting: Waiting, editor: User, approver: User, before: PostState
) -> None:
    post = edit(waiting(), editor)
    if before == PostState.SCHEDULED:
        later = timezone.now() + timedelta(days=1)
        post = review.approve(post.pk, approver, revision_id=post.revision_id or 0, at=later)
    ask(post, approver, "The figure is wrong.")
    post = fresh(post)
    assert (post.state, post.assigned_to, post.approved_revision, post.due_at) == (PostState.REVIEW, editor, None, None)
    assert post.reason == "Changes are asked for: “The figure is wrong.”"
    ((_, people, sentence),) = told()
    assert (people, sentence) == (
        [editor.pk],
        f"bob@example.org asks for changes of a post for {post.channel.name}: The figure is wrong.",
    )


def test_nobody_approves_it_before_it_has_other_words(
    waiting: Waiting, editor: User, approver: User, administrator: User
) -> None:
    post = waiting()
    ask(post, approver)
    post = fresh(post)
    for person in (approver, administrator):
        assert refused(InvalidInput, lambda who=person: approve(post, who)) == "comment.changes_first"  # type: ignore[misc]
    assert [
        error.key
        for _, error in review.approve_all(post.document_id, approver, revisions={post.pk: post.revision_id or 0})
        if error
    ] == ["comment.changes_first"]
    edited = edit(post, editor)
    assert (edited.reason, comments.is_asked(edited)) == ("", False)
    assert approve(edited, approver).state == PostState.SCHEDULED


def test_database_schedules_nothing_while_changes_are_asked_for(waiting: Waiting, approver: User) -> None:
    post = waiting()
    ask(post, approver)
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=post.pk).update(
            state=PostState.SCHEDULED, approved_revision=post.revision, due_at=timezone.now()
        )


def test_first_of_two_approvals_counts_no_more(waiting: Waiting, approver: User, administrator: User) -> None:
    post = waiting()
    post.channel.approvals = 2
    post.channel.save()
    approve(post, administrator)
    request = ask(fresh(post), approver)
    comments.withdraw(request.pk, approver)
    assert approve(fresh(post), approver).state == PostState.REVIEW


def test_withdrawn_request_lets_it_be_approved_again(waiting: Waiting, approver: User, administrator: User) -> None:
    post = waiting()
    first, second = ask(post, approver), ask(post, administrator, "And the name.")
    comments.withdraw(first.pk, administrator)  # whoever may approve may set it aside
    assert comments.is_asked(fresh(post))
    comments.withdraw(second.pk, administrator)
    post = fresh(post)
    assert (post.changes_asked, post.reason) == (None, "")
    assert approve(post, approver).state == PostState.SCHEDULED


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite in memory, as in tests, lets threads fail instead of wait"
)
def test_request_and_approval_at_once_leave_the_post_in_review(
    waiting: Waiting, approver: User, administrator: User
) -> None:
    for number in range(1, 5):
        post = waiting(number)

        def yes(post: Post = post) -> str:
            try:
                return approve(post, administrator).state
            except PublisherError as error:
                return error.key

        answer, _ = at_once(yes, lambda post=post: ask(post, approver))  # type: ignore[misc]
        assert answer in {PostState.SCHEDULED, PostState.REVIEW, "comment.changes_first"}
        post = fresh(post)
        assert (post.state, comments.is_asked(post), post.approved_revision) == (PostState.REVIEW, True, None)


def test_emergency_goes_before_a_request(waiting: Waiting, approver: User, administrator: User) -> None:
    post = waiting()
    ask(post, approver)
    revision = post.revision_id or 0
    out = emergencies.publish(post.pk, administrator, revision_id=revision, reason="Flood")
    assert (out.state, out.changes_asked) == (PostState.SCHEDULED, None)


def test_editor_asks_for_nothing(waiting: Waiting, editor: User) -> None:
    post = waiting()
    assert refused(NotAllowed, lambda: ask(post, editor)) == "access.not_allowed"


def test_request_is_for_the_words_that_were_on_the_screen(waiting: Waiting, editor: User, approver: User) -> None:
    seen = waiting()
    edit(seen, editor)
    assert refused(StaleState, lambda: ask(seen, approver)) == "post.changed_meanwhile"
    assert not Comment.objects.exists()


def test_post_that_is_out_cannot_be_sent_back(approver: User) -> None:
    post = make_post(state=PostState.PUBLISHED)
    assert refused(StaleState, lambda: ask(post, approver)) == "post.wrong_state"


# --- assignment -------------------------------------------------------------------------------------------------------


def test_post_is_given_to_somebody_who_is_told_and_taken_from_them(editor: User, approver: User) -> None:
    post = make_post(channel=make_channel(name="Office"))
    assert assignment.assign(post.pk, approver, editor).assigned_to == editor
    assignment.assign(post.pk, approver, editor)
    assert told() == [
        (f"post:{post.pk}:assigned", [editor.pk], "bob@example.org gave you a post for Office to see to.")
    ]
    assert assignment.of(editor) == 1
    assignment.assign(post.pk, editor, None)
    assert (verbs(post), assignment.of(editor)) == (["assign", "unassign"], 0)
    assert Notice.objects.get().over_at is not None


def test_who_takes_a_post_is_not_told_of_it(editor: User) -> None:
    assignment.assign(make_post().pk, editor, editor)
    assert told() == []


def test_post_is_given_only_to_who_may_write_there(editor: User, viewer: User) -> None:
    post = make_post()
    assert refused(InvalidInput, lambda: assignment.assign(post.pk, editor, viewer)) == "assign.cannot"
    assert refused(NotAllowed, lambda: assignment.assign(post.pk, viewer, editor)) == "access.not_allowed"
    Grant.objects.create(user=viewer, channel=post.channel, role=Role.EDITOR)
    granted = access.person(viewer.email)
    assert assignment.assign(post.pk, editor, granted).assigned_to == granted
    assert assignment.candidates(post.channel) == [granted, editor]


def test_sample_goes_with_all_that_was_said_about_it(administrator: User, editor: User) -> None:
    post = make_post(make_document(sample=True), make_channel(sample=True))
    comments.say(post.pk, editor, "One.")
    ask(post, administrator)
    presence.beat(post.document, editor, post)
    sample.remove(administrator)
    assert (Post.objects.count(), Comment.objects.count(), Presence.objects.count()) == (0, 0, 0)


def test_forgotten_person_has_no_post_any_more(editor: User, administrator: User) -> None:
    post = make_post()
    said = comments.say(post.pk, editor, "One.")
    assignment.assign(post.pk, editor, editor)
    presence.beat(post.document, editor)
    forgetting.forget(editor.pk, administrator)
    assert (fresh(post).assigned_to, Presence.objects.count()) == (None, 0)
    assert Comment.objects.get(pk=said.pk).by.startswith("person ")


# --- presence ---------------------------------------------------------------------------------------------------------


def test_colleagues_at_the_same_document_are_seen_until_a_minute_after_they_left(editor: User, approver: User) -> None:
    post = make_post()
    assert presence.beat(post.document, editor, post) == []
    (seen,) = presence.beat(post.document, approver)
    assert (seen.user, seen.post) == (editor, post)
    Presence.objects.filter(user=editor).update(seen_at=timezone.now() - timedelta(seconds=61))
    assert presence.beat(post.document, approver) == []


def test_sign_of_life_writes_at_most_once_in_half_a_beat(editor: User) -> None:
    post = make_post()
    presence.beat(post.document, editor)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        presence.beat(post.document, editor)
    assert [query["sql"].split()[0] for query in queries] == ["SELECT"]
    presence.beat(post.document, editor, post)  # that they edit now is told at once
    assert Presence.objects.get().post == post


def test_leaves_no_event(editor: User) -> None:
    make_user(Role.EDITOR)
    presence.beat(make_document(), editor)
    assert not Event.objects.exists()
