"""Two people at the same post, in two browsers: each sees the other, talks to them, and loses nothing they typed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from publisher.models import Notice, Post, User
from publisher.types import Part
from tests.factories import make_channel, make_document, make_post, make_user


@pytest.fixture
def post(transactional_db: None) -> Post:
    make_user("approver", name="Bob Roy", email="bob@example.org")
    make_user("editor", name="Emma Bo", email="emma@example.org")
    parts = (Part(text="The Commission adopts the plan. https://press.example.org/detail/1"),)
    return make_post(make_document(title="A plan"), make_channel("sandbox", name="Office"), parts=parts)


def sign_in(page: Page, address: str, email: str) -> Page:
    client = Client()
    client.force_login(User.objects.get(email=email))
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}])
    return page


def test_two_people_work_on_one_post(live_server: Any, post: Post, new_page: Callable[..., Page]) -> None:
    emma = sign_in(new_page(), live_server.url, "emma@example.org")
    bob = sign_in(new_page(), live_server.url, "bob@example.org")

    # Each sees the other, and what they edit.
    emma.goto(f"{live_server.url}/posts/{post.pk}/edit/")
    expect(emma.get_by_label("Text", exact=True)).to_be_visible()
    with bob.expect_response(lambda answer: answer.url.endswith("/here/")):
        bob.goto(f"{live_server.url}/documents/{post.document_id}/")
    expect(bob.locator(".present")).to_have_text("Also here: Emma Bo (edits the post for Office)")

    # Bob is faster; Emma's words stay, and she sees word by word what he changed.
    bob.get_by_role("link", name="Edit Office").click()
    bob.get_by_label("Text", exact=True).fill(
        "The Commission adopts the large plan. https://press.example.org/detail/1"
    )
    bob.get_by_role("button", name="Save", exact=True).click()
    expect(bob.locator("#status")).to_contain_text("Saved for")
    emma.get_by_label("Text", exact=True).fill("The Commission adopts a plan. https://press.example.org/detail/1")
    emma.get_by_role("button", name="Save", exact=True).click()
    expect(emma.get_by_role("alert")).to_contain_text("Somebody changed this post meanwhile.")
    expect(emma.locator(".theirs ins")).to_contain_text("large")
    expect(emma.get_by_label("Text", exact=True)).to_have_value(
        "The Commission adopts a plan. https://press.example.org/detail/1"
    )
    assert Post.objects.get(pk=post.pk).revision.number == 2  # type: ignore[union-attr]  # it has one

    # What Bob says appears before Emma by itself, while what she types stays; he asks for changes, and she is told.
    emma.goto(f"{live_server.url}/posts/{post.pk}/talk/")
    emma.get_by_label("Your comment").fill("Half a sentence")
    bob.goto(f"{live_server.url}/")
    bob.get_by_role("link", name="Comment or ask for changes").click()
    bob.get_by_label("Your comment").fill("@Emma is “large” right?")
    bob.get_by_role("button", name="Comment", exact=True).click()
    expect(bob.locator("#status")).to_contain_text("Said. Told: Emma Bo.")
    expect(emma.locator("#thread .words")).to_have_text(["@Emma is “large” right?"], timeout=15_000)
    expect(emma.get_by_label("Your comment")).to_have_value("Half a sentence")
    bob.get_by_text("Ask for changes", exact=True).first.click()
    bob.get_by_label("What is to change?").fill("Say which plan.")
    bob.get_by_role("button", name="Ask for changes").click()
    expect(bob.locator("#the-post ~ .posts .state")).to_have_text("Changes asked for")
    expect(bob.get_by_role("button", name="Approve and send")).to_have_count(0)
    assert [notice.key for notice in Notice.objects.order_by("id")] == ["notice.mention"]
