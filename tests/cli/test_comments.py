"""`publisher comment …`, `publisher queue ask` and `assign`."""

from collections.abc import Callable

import pytest

from publisher.models import Comment, Post, User
from tests.cli.conftest import Publisher
from tests.factories import make_post

pytestmark = pytest.mark.django_db

FIELDS = ["id", "post_id", "asks", "by", "at", "told", "withdrawn_by", "withdrawn_at", "text", "revision"]


def test_comment_is_said_told_listed_and_withdrawn(publisher: Publisher, editor: User, approver: User) -> None:
    post = make_post()
    said = publisher("comment", "add", post.pk, "@Bob is this right?", "--as", editor.email)
    number = Comment.objects.get().pk
    assert said.out == f"Said (comment {number}). Told: bob@example.org.\n"
    (row,) = publisher("comment", "list", post.pk, "--json").json
    assert list(row) == FIELDS
    assert row == row | {"by": editor.email, "text": "@Bob is this right?", "told": [approver.pk], "revision": 1}
    assert publisher("comment", "withdraw", number, "--as", editor.email).out == "Withdrawn.\n"
    (row,) = publisher("comment", "list", post.pk, "--json").json
    assert (row["text"], row["withdrawn_by"]) == ("", editor.email)


def test_request_sends_a_post_back_and_assignment_gives_it_away(
    publisher: Publisher, waiting: Callable[..., Post], editor: User, approver: User
) -> None:
    post = waiting()
    assert publisher("queue", "assign", post.pk, editor.email).out == f"Post {post.pk}: emma@example.org sees to it.\n"
    asked = publisher("queue", "ask", post.pk, "The figure is wrong.", "--as", approver.email, "--json").json
    assert (asked["asks"], asked["text"]) == (True, "The figure is wrong.")
    (row,) = publisher("queue", "list", "--of", editor.email, "--json").json
    assert row == row | {"id": post.pk, "assigned_to": editor.email, "changes_asked": True, "comments": 1}
    refused = publisher("queue", "approve", post.pk, "--as", approver.email).refusal
    assert refused == (
        "Somebody asks for changes of these words. Edit the post, or have the request withdrawn; then approve it."
    )
    assert publisher("queue", "assign", post.pk).out == f"Post {post.pk}: nobody sees to it.\n"


def test_what_is_not_there_is_said(publisher: Publisher) -> None:
    assert publisher("comment", "withdraw", 9).refusal == "There is no comment 9."
    assert publisher("comment", "list", 9).refusal == "There is no post 9."
