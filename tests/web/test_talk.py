"""Working together on a post, in the desk."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from publisher.models import Comment, Post, Presence, User
from publisher.newsroom.approval import assignment, comments, review
from publisher.types import Part
from publisher.web.sessions import NOTED_EVERY
from tests.factories import make_channel, make_document, make_post, make_user
from tests.web.pages import buttons, one, text

pytestmark = pytest.mark.django_db

Htmx = Callable[..., Any]
HX = {"HX-Request": "true"}


def person(client: Client) -> User:
    return User.objects.get(pk=client.session["_auth_user_id"])


def thread(client: Client, post: Post) -> list[str]:
    return text(client.get(f"/posts/{post.pk}/talk/"), "#thread .words")


def test_comment_is_said_and_who_is_mentioned_is_named(editor: Client) -> None:
    post, bob = make_post(), make_user("approver", name="Bob Roy")
    answer = editor.post(f"/posts/{post.pk}/say/", {"text": "Look, @Bob"}, follow=True)
    assert text(answer, "#status p") == ["Said. Told: Bob Roy."]
    assert (thread(editor, post), Comment.objects.get().told) == (["Look, @Bob"], [bob.pk])


def test_empty_comment_is_refused_beside_the_box(editor: Client) -> None:
    post = make_post()
    answer = editor.post(f"/posts/{post.pk}/say/", {"text": "  "})
    assert (answer.status_code, text(answer, "[role=alert]")) == (
        422,
        ["The comment is empty. Write what you want to say."],
    )


def test_viewer_reads_and_is_offered_nothing(viewer: Client, editor: Client) -> None:
    post = make_post()
    comments.say(post.pk, person(editor), "<b>Look</b>")
    page = viewer.get(f"/posts/{post.pk}/talk/")
    assert (text(page, "#thread .words"), page.content.decode().count("<textarea")) == (["<b>Look</b>"], 0)
    assert buttons(page, "main") == []


def test_page_asks_for_what_was_said_since(viewer: Client, editor: Client) -> None:
    post = make_post()
    page = viewer.get(f"/posts/{post.pk}/talk/")
    address = one(page, "#thread").attributes["hx-get"] or ""
    assert viewer.get(address, headers=HX).status_code == 204
    comments.say(post.pk, person(editor), "Look")
    assert text(viewer.get(address, headers=HX), ".words") == ["Look"]


def test_request_shows_until_other_words_answer_it(approver: Client, editor: Client) -> None:
    post = make_post()
    asked = {"revision": post.revision_id, "text": "Shorter, please."}
    approver.post(f"/posts/{post.pk}/ask/", asked)
    page = approver.get("/")
    assert text(page, ".post .state") == ["Changes asked for"]
    assert text(page, ".post > .why") == ["Changes are asked for: “Shorter, please.”"]
    assert "Approve and send" not in buttons(page)
    assert text(approver.get(f"/posts/{post.pk}/talk/"), "#thread .state") == ["Asks for changes"]
    author = person(editor)
    review.edit(post.pk, author, revision_id=post.revision_id or 0, parts=[Part(text="Short.")])
    page = approver.get(f"/posts/{post.pk}/talk/")
    assert text(page, "#thread .soft") == [f"Answered by revision 2 ({author.name})"]
    assert "Approve and send" in buttons(approver.get("/"))


def test_request_for_words_that_are_gone_says_so_and_keeps_what_was_typed(approver: Client, editor: Client) -> None:
    post = make_post()
    review.edit(post.pk, person(editor), revision_id=post.revision_id or 0, parts=[Part(text="Short.")])
    answer = approver.post(f"/posts/{post.pk}/ask/", {"revision": post.revision_id, "text": "Shorter."})
    assert (answer.status_code, one(answer, "#asked").text(), Comment.objects.count()) == (409, "Shorter.", 0)


def test_withdrawn_comment_shows_that_it_was(editor: Client) -> None:
    post = make_post()
    said = comments.say(post.pk, person(editor), "Wrong.")
    editor.post(f"/comments/{said.pk}/withdraw/")
    page = editor.get(f"/posts/{post.pk}/talk/")
    assert (text(page, "#thread .words"), "Wrong." in page.content.decode()) == ([], False)
    assert text(page, "#thread .soft")[0].startswith(f"Withdrawn by {person(editor).email}")


def test_mine_shows_what_is_mine(editor: Client) -> None:
    mine, _other = make_post(make_document(title="Mine")), make_post(make_document(title="Other"))
    assert text(editor.get("/"), ".filters a") == []
    editor.post(f"/posts/{mine.pk}/assign/", {"to": person(editor).pk})
    page = editor.get("/?mine=1")
    assert (text(page, ".filters a"), text(page, ".document h2")) == (["All", "Mine (1)"], ["Mine"])
    assert one(page, "#changes").attributes["hx-get"].endswith("&page=1&mine=1")  # type: ignore[union-attr]
    assert text(editor.get("/"), ".beside span:not(.vh)") == [f"{person(editor).name} sees to it."]


def test_post_of_a_colleague_does_not_come_into_mine(editor: Client, htmx: Htmx) -> None:
    mine, other = make_post(), make_post()
    assignment.assign(mine.pk, person(editor), person(editor))
    told = {"token": "0", "page": 1, "mine": 1, "document": mine.document_id, "post": mine.pk}
    page = editor.get("/queue/changes/", told, headers=HX).content.decode()
    assert f'id="document-{other.document_id}"' not in page


def test_who_else_is_there_is_shown_with_what_they_edit(editor: Client, viewer: Client, htmx: Htmx) -> None:
    post = make_post(channel=make_channel(name="Office"))
    here = f"/documents/{post.document_id}/here/"
    assert htmx(editor, here, {"editing": post.pk}).content.decode().strip() == ""
    shown = text(htmx(viewer, here), ".present")
    assert shown == [f"Also here: {person(editor).name} (edits the post for Office)"]
    assert Presence.objects.count() == 2


def test_sign_of_life_is_no_use_of_a_session(editor: Client, htmx: Htmx) -> None:
    session = editor.session
    session["seen"] = session["begun"] = seen = int(time.time()) - 2 * NOTED_EVERY
    session.save()
    document = make_document()
    htmx(editor, f"/documents/{document.pk}/here/")
    assert editor.session["seen"] == seen


def test_thread_takes_the_same_queries_however_long_it_is(approver: Client, editor: Client) -> None:
    def counted(post: Post) -> int:
        with CaptureQueriesContext(connection) as queries:
            approver.get(f"/posts/{post.pk}/talk/")
        return len(queries)

    short, long = make_post(), make_post()
    author, chief = person(editor), person(approver)
    for post, times in ((short, 2), (long, 12)):
        for _ in range(times):
            comments.say(post.pk, author, f"@{chief.email} look")
            comments.ask(post.pk, chief, revision_id=post.revision_id or 0, text="Shorter.")
    approver.get("/keys/")  # the session notes that it is used
    assert counted(short) == counted(long)
