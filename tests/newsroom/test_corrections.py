"""What follows when an institution changes a text or takes it down, and what a person can do about what is out."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from publisher.enums import AlarmKind, Outcome, PostState
from publisher.errors import InvalidInput, NotAllowed, Retry, StaleState
from publisher.models import Alarm, Document, Event, Hold, Post, SandboxAccount, SandboxPost, User, Version
from publisher.models.sandbox import SandboxFailure
from publisher.newsroom.alerts import alarms
from publisher.newsroom.approval import review
from publisher.newsroom.documents import corrections, rechecks, vanished
from publisher.newsroom.sending import claiming, delivery, follow_up, holds, lookups
from publisher.types import Part, entry_from_json

Waiting = Callable[..., Post]


def change(document: Document, **fields: Any) -> tuple[Version, Version]:
    """The institution changes its text: what a re-check does with that."""
    before = document.current
    entry = replace(entry_from_json(before.entry), **fields)
    with transaction.atomic():
        after = rechecks.store(document, entry, fetched_at=timezone.now(), fetched_from=document.url)
        rechecks.on_change(document, before, after)
    return before, after


def approved(post: Post, user: User, **more: Any) -> Post:
    post.refresh_from_db()
    assert post.revision_id is not None
    return review.approve(post.pk, user, revision_id=post.revision_id, **more)


def edited(post: Post, user: User, text: str) -> Post:
    assert post.revision_id is not None
    return review.edit(post.pk, user, revision_id=post.revision_id, parts=[Part(text=text)])


def published(post: Post, user: User) -> Post:
    approved(post, user)
    delivery.deliver(post.pk)
    post.refresh_from_db()
    assert post.state == PostState.PUBLISHED, post.reason
    return post


def texts(post: Post) -> list[str]:
    assert post.revision is not None
    return [part.text for part in post.revision.content]


def on_the_network() -> list[str]:
    return list(SandboxPost.objects.order_by("id").values_list("text", flat=True))


def test_scheduled_post_whose_text_depends_goes_back_to_review_written_anew(waiting: Waiting, approver: User) -> None:
    post = approved(waiting(), approver)
    change(post.document, title="Commission adopts quite another measure")
    post.refresh_from_db()
    assert (post.state, post.approved_revision_id, post.due_at) == (PostState.REVIEW, None, None)
    assert texts(post)[0].startswith("Commission adopts quite another measure")
    assert post.reason == "The source changed its text; this draft was written anew from it."
    assert claiming.claim(post.pk) is None


def test_post_whose_text_does_not_depend_stays_scheduled_with_an_event(waiting: Waiting, approver: User) -> None:
    post = approved(waiting(), approver)
    before = texts(post)
    change(post.document, body="A paragraph at the end that no post speaks of.")
    post.refresh_from_db()
    assert (post.state, texts(post)) == (PostState.SCHEDULED, before)
    assert Event.objects.filter(subject="post", subject_id=post.pk).latest("id").verb == "keep"


def test_edited_words_are_kept_and_sent_back_with_the_reason(waiting: Waiting, approver: User) -> None:
    post = approved(edited(waiting(), approver, "In our own words: a measure."), approver)
    change(post.document, title="Commission adopts quite another measure")
    post.refresh_from_db()
    assert (post.state, texts(post)) == (PostState.REVIEW, ["In our own words: a measure."])
    assert post.revision is not None
    assert post.revision.author == approver
    assert post.reason.startswith("The source changed its text, and these words depend")


def test_number_that_the_new_text_lacks_sends_edited_words_back(waiting: Waiting, approver: User) -> None:
    post = waiting(body="The plan costs 23 billion euro.")
    post = approved(edited(post, approver, "It costs 23 billion euro."), approver)
    change(post.document, body="The plan costs 32 billion euro.")
    post.refresh_from_db()
    assert post.state == PostState.REVIEW


def test_approval_of_words_that_were_on_the_screen_before_the_change_is_refused(
    waiting: Waiting, approver: User
) -> None:
    post = edited(waiting(), approver, "In our own words: a measure.")
    seen = post.revision_id
    assert seen is not None
    change(post.document, title="Commission adopts quite another measure")
    with pytest.raises(StaleState):
        review.approve(post.pk, approver, revision_id=seen)


def test_post_that_was_on_its_way_during_the_change_comes_back_for_review(waiting: Waiting, approver: User) -> None:
    post = approved(waiting(), approver)
    claimed = claiming.claim(post.pk)
    assert claimed is not None
    change(post.document, title="Commission adopts quite another measure")
    delivery.record(claimed, Retry("network.unreachable", network="Sandbox", after=0))
    assert Post.objects.get(pk=post.pk).state == PostState.SCHEDULED
    Post.objects.filter(pk=post.pk).update(not_before=None)
    delivery.deliver(post.pk)
    post.refresh_from_db()
    assert (post.state, post.approved_revision, on_the_network()) == (PostState.REVIEW, None, [])
    assert "quite another measure" in texts(post)[0]


def test_rejected_post_is_opened_again_with_the_words_of_today(waiting: Waiting, approver: User) -> None:
    post = waiting()
    assert post.revision_id is not None
    review.reject(post.pk, approver, revision_id=post.revision_id, reason="Not now")
    change(post.document, title="Commission adopts quite another measure")
    reopened = review.reopen(post.pk, approver)
    assert (reopened.state, "quite another measure" in texts(reopened)[0]) == (PostState.REVIEW, True)


def test_post_that_is_out_opens_one_task_and_a_second_change_is_added_to_it(waiting: Waiting, approver: User) -> None:
    post = published(waiting(), approver)
    first, _ = change(post.document, title="Commission adopts quite another measure")
    _, last = change(post.document, title="Commission adopts no measure")
    alarm = Alarm.objects.get(kind=AlarmKind.CORRECTION)
    assert (alarm.data["before"], alarm.data["after"]) == (first.number, last.number)
    assert (alarm.data["posts"], alarm.data["depend"]) == ([post.pk], [post.pk])
    assert alarm.sentence.startswith("The institution changed this text after 1 of our posts")
    assert [one.field for one in corrections.changes(alarm)] == ["title"]
    assert on_the_network() == texts(post)


def test_network_says_which_acts_are_possible(waiting: Waiting, approver: User) -> None:
    post = published(waiting(), approver)
    assert [str(act) for act in corrections.possible(post)] == ["edit", "reply", "repost", "leave"]
    for network in ("x", "bluesky"):
        post.channel.network = network
        assert [str(act) for act in corrections.possible(post)] == ["reply", "repost", "leave"]


@pytest.fixture
def task(waiting: Waiting, approver: User) -> tuple[Alarm, Post]:
    """A post that is out, and the alarm about the text that changed since."""
    post = published(waiting(), approver)
    change(post.document, title="Commission adopts quite another measure")
    return Alarm.objects.get(kind=AlarmKind.CORRECTION), post


def test_edit_goes_out_only_after_an_approval_and_changes_the_same_post(
    task: tuple[Alarm, Post], approver: User
) -> None:
    alarm, post = task
    old = on_the_network()
    edit = corrections.decide(alarm.pk, post.pk, "edit", approver)
    assert (edit.state, edit.edits, on_the_network()) == (PostState.REVIEW, post, old)
    assert claiming.claim(edit.pk) is None
    published(edit, approver)
    assert on_the_network() == texts(edit) != old
    assert edit.url == post.url


def test_edit_whose_answer_is_lost_is_uncertain_and_settled_by_looking(
    task: tuple[Alarm, Post], approver: User, account: SandboxAccount
) -> None:
    alarm, post = task
    edit = corrections.decide(alarm.pk, post.pk, "edit", approver)
    SandboxAccount.objects.set_failure(account.handle, SandboxFailure.LOST_ANSWER)
    approved(edit, approver)
    delivery.deliver(edit.pk)
    edit.refresh_from_db()
    assert edit.state == PostState.UNCERTAIN
    SandboxAccount.objects.set_failure(account.handle, SandboxFailure.NONE)
    lookups.settle(edit.pk)
    edit.refresh_from_db()
    assert (edit.state, on_the_network()) == (PostState.PUBLISHED, texts(edit))
    assert list(edit.attempts.values_list("outcome", flat=True)) == [Outcome.PUBLISHED]


def test_edit_keeps_parts_and_pictures_of_what_is_out(task: tuple[Alarm, Post], approver: User) -> None:
    alarm, post = task
    edit = corrections.decide(alarm.pk, post.pk, "edit", approver)
    assert edit.revision_id is not None
    two = [Part(text="One."), Part(text="Two.")]
    edit = review.edit(edit.pk, approver, revision_id=edit.revision_id, parts=two)
    with pytest.raises(InvalidInput) as refused:
        approved(edit, approver)
    assert "An edit keeps the number of parts: the post that is out has 1." in refused.value.sentence


def test_reply_waits_for_review_and_answers_the_post(task: tuple[Alarm, Post], approver: User) -> None:
    alarm, post = task
    reply = corrections.decide(alarm.pk, post.pk, "reply", approver)
    assert (reply.state, reply.reply_to) == (PostState.REVIEW, post)
    assert texts(reply)[0].startswith("Correction: Commission adopts quite another measure")
    reply = published(edited(reply, approver, "Correction: it is quite another measure."), approver)
    standing = SandboxPost.objects.get(text="Correction: it is quite another measure.")
    assert standing.reply_to is not None
    assert [standing.reply_to.text] == texts(post)


def test_reply_to_a_reply_belongs_to_the_same_conversation(task: tuple[Alarm, Post], approver: User) -> None:
    alarm, post = task
    first = published(
        edited(corrections.decide(alarm.pk, post.pk, "reply", approver), approver, "Correction: one."), approver
    )
    change(post.document, title="Commission adopts no measure")
    alarm = Alarm.objects.get(kind=AlarmKind.CORRECTION, closed_at=None)
    second = corrections.decide(alarm.pk, first.pk, "reply", approver)
    published(edited(second, approver, "Correction: two."), approver)
    rows = {row.text: row for row in SandboxPost.objects.select_related("reply_to", "root")}
    parent, root = rows["Correction: two."].reply_to, rows["Correction: two."].root
    assert parent is not None
    assert parent.text == "Correction: one."
    assert root is not None
    assert [root.text] == texts(post)


def test_correction_of_a_post_that_was_withdrawn_meanwhile_does_not_go_out(
    task: tuple[Alarm, Post], approver: User
) -> None:
    alarm, post = task
    reply = approved(corrections.decide(alarm.pk, post.pk, "reply", approver), approver)
    follow_up.withdraw(post.pk, approver)
    delivery.deliver(reply.pk)
    reply.refresh_from_db()
    assert (reply.state, on_the_network()) == (PostState.FAILED, [])
    assert reply.reason.startswith("The post that this one corrects is no longer on Sandbox.")


def test_repost_withdraws_and_drafts_anew_for_review(task: tuple[Alarm, Post], approver: User) -> None:
    alarm, post = task
    anew = corrections.decide(alarm.pk, post.pk, "repost", approver)
    post.refresh_from_db()
    assert (post.state, anew.state, on_the_network()) == (PostState.WITHDRAWN, PostState.REVIEW, [])
    published(anew, approver)
    assert on_the_network() == texts(anew)


def test_withdrawing_an_edited_post_withdraws_both_rows(task: tuple[Alarm, Post], approver: User) -> None:
    alarm, post = task
    edit = published(corrections.decide(alarm.pk, post.pk, "edit", approver), approver)
    follow_up.withdraw(edit.pk, approver)
    states = set(Post.objects.filter(pk__in=[post.pk, edit.pk]).values_list("state", flat=True))
    assert (states, on_the_network()) == ({PostState.WITHDRAWN}, [])


def test_leaving_asks_for_a_reason_and_the_last_decision_closes_the_task(
    task: tuple[Alarm, Post], approver: User
) -> None:
    alarm, post = task
    with pytest.raises(InvalidInput):
        corrections.decide(alarm.pk, post.pk, "leave", approver)
    corrections.decide(alarm.pk, post.pk, "leave", approver, reason="A comma only.")
    closed = alarms.get(alarm.pk)
    assert (closed.closed_by, closed.data["acts"]) == (approver.email, {str(post.pk): "A comma only."})
    with pytest.raises(StaleState):
        corrections.decide(alarm.pk, post.pk, "leave", approver, reason="Again.")


def test_viewer_decides_nothing(task: tuple[Alarm, Post], viewer: User) -> None:
    alarm, post = task
    with pytest.raises(NotAllowed):
        corrections.decide(alarm.pk, post.pk, "leave", viewer, reason="No.")


def test_page_that_is_read_only_later_rewrites_drafts_and_opens_no_task(waiting: Waiting, approver: User) -> None:
    post = waiting()
    out = published(waiting(2), approver)
    for document in (post.document, out.document):
        change(document, recipe="general", title="Commission adopts quite another measure")
    post.refresh_from_db()
    assert post.reason == "The whole text was read only now; this draft was written anew from it."
    assert not Alarm.objects.exists()


# --- taken down ------------------------------------------------------------------------------------


def test_document_that_vanished_keeps_its_scheduled_posts_from_going_out(waiting: Waiting, approver: User) -> None:
    post = approved(waiting(), approver)
    vanished.gone(post.document)
    assert (claiming.due(), claiming.claim(post.pk), on_the_network()) == ([], None, [])
    post.refresh_from_db()
    assert (post.state, post.reason) == (
        PostState.SCHEDULED,
        "Sending is stopped by publisher: The institution took the text down.",
    )


def test_document_that_vanishes_between_claim_and_call_stops_the_call(waiting: Waiting, approver: User) -> None:
    post = approved(waiting(), approver)
    claimed = claiming.claim(post.pk)
    assert claimed is not None
    vanished.gone(post.document)
    delivery.record(claimed, delivery.call(claimed))
    post.refresh_from_db()
    assert (post.state, on_the_network()) == (PostState.SCHEDULED, [])


def test_vanished_document_raises_one_alarm_with_the_live_links(waiting: Waiting, approver: User) -> None:
    post = published(waiting(), approver)
    vanished.gone(post.document)
    vanished.gone(post.document)
    alarm = Alarm.objects.get(kind=AlarmKind.VANISHED)
    assert alarm.data == {"links": [{"post": post.pk, "channel": post.channel.name, "url": post.url}]}
    assert Hold.objects.filter(document=post.document, lifted_at=None).count() == 1


def test_document_that_returns_is_told_and_stays_stopped_until_a_person_lifts_it(
    waiting: Waiting, approver: User
) -> None:
    post = approved(waiting(), approver)
    vanished.gone(post.document)
    vanished.back(post.document)
    alarm = Alarm.objects.get(kind=AlarmKind.VANISHED)
    assert (alarm.key, claiming.claim(post.pk)) == ("alarm.returned", None)
    holds.lift(Hold.objects.get().pk, approver)
    delivery.deliver(post.pk)
    assert len(on_the_network()) == 1


def test_notice_that_a_text_no_longer_holds_stops_its_posts(waiting: Waiting, approver: User) -> None:
    post = approved(waiting(), approver)
    change(post.document, withdrawn=True)
    assert Alarm.objects.get(kind=AlarmKind.VANISHED).key == "alarm.withdrawn"
    assert claiming.due() == []
