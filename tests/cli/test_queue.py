"""`publisher queue …`: everything that the desk does with a post."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import timezone

from publisher.models import Event, Post, SandboxAccount, SandboxPost, User
from publisher.models.sandbox import SandboxFailure
from publisher.newsroom.approval import signing
from publisher.newsroom.sending import claiming
from publisher.types import Media, Part
from tests.cli.conftest import Publisher
from tests.factories import make_attempt, make_channel, make_document, make_post, make_rule

pytestmark = pytest.mark.django_db

Waiting = Callable[..., Post]
FIELDS = [
    *("id", "state", "due_at", "not_before", "pace", "published_at", "url", "reason"),
    *("revision_id", "document_id", "channel_id", "counts_down"),
    *("network", "channel", "title", "kind", "assigned_to", "changes_asked", "comments", "parts"),
]
WINTER = "2099-01-15T09:00"
"""In the newsroom's zone (Brussels), one hour ahead of UTC."""


def test_list_shows_what_waits(publisher: Publisher) -> None:
    post = make_post(make_document(title="A [red]statement[/red]"), make_channel(name="Press"))
    make_post(state="published")
    rows = publisher("queue", "list", "--json").json
    assert [(list(row), row["id"]) for row in rows] == [(FIELDS, post.pk)]
    assert rows[0]["parts"] == [
        {"text": "A statement. https://press.example.org/detail/1", "media": [], "card": None},
    ]
    heading, row = publisher("queue", "list").out.splitlines()
    assert heading.split() == ["id", "state", "due", "at", "network", "channel", "kind", "title", "reason"]
    assert row.split() == [str(post.pk), "review", "sandbox", "Press", "statement", "A", "[red]statement[/red]"]


def test_list_of_another_state_and_of_all(publisher: Publisher) -> None:
    make_post()
    make_post(state="published")
    assert [row["state"] for row in publisher("queue", "list", "--state", "published", "--json").json] == ["published"]
    assert [row["state"] for row in publisher("queue", "list", "--state", "", "--json").json] == ["published", "review"]
    assert publisher("queue", "list", "--state", "failed").err == "There is none.\n"


def test_empty_queue(publisher: Publisher) -> None:
    done = publisher("queue", "list")
    assert (done.status, done.out, done.err) == (0, "", "Nothing waits.\n")


def test_long_list_comes_in_pages(publisher: Publisher) -> None:
    channel = make_channel()
    for _ in range(101):
        make_post(channel=channel)
    first, second = publisher("queue", "list", "--json"), publisher("queue", "list", "--json", "--page", "2")
    assert (len(first.json), first.err) == (100, "There are more: --page 2\n")
    assert (len(second.json), second.err) == (1, "")


def test_show_tells_length_and_what_stands_against_it(publisher: Publisher) -> None:
    post = make_post(parts=(Part(text="x" * 301), Part(text="Two.")), channel=make_channel(name="Press"))
    shown = publisher("queue", "show", post.pk, "--json").json
    assert list(shown) == [*FIELDS, "counts", "issues"]
    assert shown["counts"] == [{"length": 301, "limit": 300}, {"length": 4, "limit": 300}]
    assert [list(issue) for issue in shown["issues"]] == [["field", "key", "message", "severity"]]
    assert shown["issues"][0]["key"] == "check.too_long"
    assert publisher("queue", "show", post.pk).out == (
        f"review · sandbox · Press\n\n{'x' * 301}\n[301 of 300]\n\nTwo.\n[4 of 300]\n"
        f"{shown['issues'][0]['field']}: The text is too long: 301 of 300.\n"
    )


def test_document_without_a_post_is_drafted_by_hand(publisher: Publisher) -> None:
    document = make_document(title="An older statement")
    make_rule(mode="automatic")
    make_channel()
    rows = publisher("queue", "draft", document.pk, "--json").json
    assert [(list(row), row["state"], row["title"]) for row in rows] == [(FIELDS, "review", "An older statement")]
    again = publisher("queue", "draft", document.pk)
    assert (again.status, again.out, again.err) == (0, "", "Nothing to draft.\n")


def test_approve_sends_now(publisher: Publisher) -> None:
    post = make_post()
    done = publisher("queue", "approve", post.pk)
    assert (done.status, done.out, done.err) == (0, f"Post {post.pk}: scheduled.\n", "")
    post.refresh_from_db()
    assert (post.state, post.due_at is not None and post.due_at <= timezone.now()) == ("scheduled", True)
    assert claiming.due() == [post.pk]


def test_approve_for_a_time_in_the_newsrooms_zone(publisher: Publisher) -> None:
    post = make_post()
    shown = publisher("queue", "approve", post.pk, "--at", WINTER, "--json").json
    assert (list(shown), shown["state"]) == (FIELDS, "scheduled")
    assert datetime.fromisoformat(shown["due_at"]) == datetime(2099, 1, 15, 8, tzinfo=UTC)


def test_time_that_names_its_zone_is_taken_at_its_word(publisher: Publisher) -> None:
    post = make_post()
    shown = publisher("queue", "approve", post.pk, "--at", f"{WINTER}+00:00", "--json").json
    assert datetime.fromisoformat(shown["due_at"]) == datetime(2099, 1, 15, 9, tzinfo=UTC)


def test_past_time_is_refused(publisher: Publisher) -> None:
    post = make_post()
    sentence = "That time has passed. Choose a later one."
    assert publisher("queue", "approve", post.pk, "--at", "2020-01-01T09:00").refusal == sentence


def test_post_with_a_fault_is_not_approved(publisher: Publisher) -> None:
    post = make_post(parts=(Part(text="x" * 301),))
    sentence = "The post cannot go out like this: The text is too long: 301 of 300."
    assert publisher("queue", "approve", post.pk).refusal == sentence


def test_approving_twice_is_refused(publisher: Publisher) -> None:
    post = make_post()
    publisher("queue", "approve", post.pk, "--at", WINTER)
    sentence = "That cannot be done with a post that is scheduled. Look at the page again."
    assert publisher("queue", "approve", post.pk).refusal == sentence


def test_viewer_may_not_approve_and_the_editor_is_named(publisher: Publisher, viewer: User, approver: User) -> None:
    post = make_post()
    refused = publisher("queue", "approve", post.pk, "--as", viewer.email)
    assert refused.refusal == "You may not do this. Ask an administrator of this desk."
    publisher("queue", "approve", post.pk, "--as", approver.email)
    assert Event.objects.get(verb="approve").actor == approver.email


def test_schedule_approves_for_a_time_and_moves_it_later(publisher: Publisher) -> None:
    post = make_post()
    assert publisher("queue", "schedule", post.pk, "--at", WINTER).out == f"Post {post.pk}: scheduled.\n"
    shown = publisher("queue", "schedule", post.pk, "--at", "2099-07-15T09:00", "--json").json
    assert datetime.fromisoformat(shown["due_at"]) == datetime(2099, 7, 15, 7, tzinfo=UTC)
    assert list(Event.objects.order_by("id").values_list("verb", flat=True)) == ["approve", "reschedule"]


def test_unschedule_takes_it_back(publisher: Publisher) -> None:
    post = make_post()
    publisher("queue", "schedule", post.pk, "--at", WINTER)
    shown = publisher("queue", "unschedule", post.pk, "--json").json
    assert (list(shown), shown["state"], shown["due_at"]) == (FIELDS, "review", None)


def test_reject_and_reopen(publisher: Publisher) -> None:
    post = make_post()
    shown = publisher("queue", "reject", post.pk, "--reason", "Not ours.", "--json").json
    assert (list(shown), shown["state"], shown["reason"]) == (FIELDS, "rejected", "Not ours.")
    assert publisher("queue", "reopen", post.pk).out == f"Post {post.pk}: review.\n"


def test_edit_keeps_pictures_and_cards(publisher: Publisher) -> None:
    picture = Media(url="https://press.example.org/1.jpg", alt="The room")
    post = make_post(parts=(Part(text="Old.", media=(picture,)),))
    shown = publisher("queue", "edit", post.pk, "--text", "New.", "--json").json
    assert (list(shown), shown["state"]) == (FIELDS, "review")
    assert [part["text"] for part in shown["parts"]] == ["New."]
    assert shown["parts"][0]["media"][0]["alt"] == "The room"
    assert shown["revision_id"] != post.revision_id


def test_edit_makes_a_thread_of_several_texts(publisher: Publisher) -> None:
    shown = publisher("queue", "edit", make_post().pk, "--text", "One.", "--text", "Two.", "--json").json
    assert [part["text"] for part in shown["parts"]] == ["One.", "Two."]


def test_edit_reads_a_file_or_standard_input(publisher: Publisher, tmp_path: Path) -> None:
    file = tmp_path / "text"
    file.write_text("Grüße aus Brüssel\n", encoding="utf-8")
    post = make_post()
    from_file = publisher("queue", "edit", post.pk, "--file", file, "--json").json
    assert from_file["parts"][0]["text"] == "Grüße aus Brüssel"
    from_input = publisher("queue", "edit", post.pk, "--text", "-", "--json", stdin="Ça va\n".encode()).json
    assert from_input["parts"][0]["text"] == "Ça va"


@pytest.mark.parametrize("content", [b"\xff", b"a\0b"], ids=["no UTF-8", "NUL"])
def test_text_that_is_none_is_refused(publisher: Publisher, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "text"
    file.write_bytes(content)
    told = "cannot be read. Is the name right, and is it text in UTF-8?"
    assert publisher("queue", "edit", make_post().pk, "--file", file).refusal == f"{file} {told}"
    assert publisher("queue", "edit", "1", "--text", "-", stdin=content).refusal == f"Standard input {told}"


def test_retry_sends_a_failed_post_again(publisher: Publisher) -> None:
    post = make_post(state="failed")
    assert publisher("queue", "retry", post.pk, "--json").json["state"] == "scheduled"
    assert claiming.due() == [post.pk]


@pytest.mark.parametrize(("answer", "state"), [("--out", "published"), ("--not-out", "failed")])
def test_person_settles_an_uncertain_post(publisher: Publisher, answer: str, state: str) -> None:
    post = make_post(state="uncertain")
    make_attempt(post)
    shown = publisher("queue", "decide", post.pk, answer, "--url", "https://social.example.org/1", "--json").json
    assert (list(shown), shown["state"]) == (FIELDS, state)
    assert shown["url"] == ("https://social.example.org/1" if answer == "--out" else "")


def test_withdraw_deletes_on_the_network(publisher: Publisher, waiting: Waiting) -> None:
    post = waiting()
    publisher("queue", "approve", post.pk)
    publisher("deliver", "--once")
    assert SandboxPost.objects.count() == 1
    assert publisher("queue", "withdraw", post.pk, "--json").json["state"] == "withdrawn"
    assert SandboxPost.objects.count() == 0


def test_deliver_once_sends_what_is_due(publisher: Publisher, waiting: Waiting) -> None:
    post, later = waiting(1), waiting(2)
    publisher("queue", "approve", post.pk)
    publisher("queue", "schedule", later.pk, "--at", WINTER)
    done = publisher("deliver", "--once", "--json")
    assert (done.status, done.err) == (0, "")
    assert [(list(row), row["id"], row["state"]) for row in done.lines] == [(FIELDS, post.pk, "published")]
    again = publisher("deliver", "--once")
    assert (again.status, again.out, again.err) == (0, "", "")


def test_deliver_tells_what_failed(publisher: Publisher, waiting: Waiting, account: SandboxAccount) -> None:
    post = waiting()
    SandboxAccount.objects.set_failure(account.handle, SandboxFailure.REFUSED)
    publisher("queue", "approve", post.pk)
    done = publisher("deliver", "--once")
    assert (done.status, done.out) == (1, f"Post {post.pk}: failed.\n")
    post.refresh_from_db()
    assert done.err == f"Post {post.pk}: {post.reason}\n"


def test_deliver_looks_up_what_is_uncertain(publisher: Publisher, waiting: Waiting, account: SandboxAccount) -> None:
    post = waiting()
    SandboxAccount.objects.set_failure(account.handle, SandboxFailure.LOST_ANSWER)
    publisher("queue", "approve", post.pk)
    assert publisher("deliver", "--once", "--json").lines[0]["state"] == "uncertain"
    SandboxAccount.objects.set_failure(account.handle, SandboxFailure.NONE)
    Post.objects.update(claimed_until=timezone.now())
    assert publisher("deliver", "--once").out == f"Post {post.pk}: published.\n"
    assert SandboxPost.objects.count() == 1


def test_post_that_was_put_out_by_hand_is_done(publisher: Publisher) -> None:
    channel = make_channel("manual")
    made = [make_post(channel=channel, state="processing") for _ in range(2)]
    for post in made:
        signing.sign(post, "alice@example.org", not_before=timezone.now())
        make_attempt(post, "pending")
    out = publisher("queue", "done", str(made[0].pk), "--url", "https://whatsapp.com/channel/1", "--json").json
    assert (out["state"], out["url"]) == ("published", "https://whatsapp.com/channel/1")
    failed = publisher("queue", "not-done", str(made[1].pk), "--reason", "No phone.", "--json").json
    assert (failed["state"], failed["reason"]) == ("failed", "No phone.")
