"""The desk when two people are needed: it says who may not approve, and what waits for whom."""

from typing import Any

import pytest
from django.test import Client

from publisher import config
from publisher.models import Channel, Emergency, Hold, Post, Proposal, User
from publisher.types import Part
from tests.factories import make_channel, make_document, make_post, make_user
from tests.web.pages import buttons, text


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def author(db: None) -> User:
    return make_user("approver")


@pytest.fixture
def post(author: User) -> Post:
    """Written by `author`, for a channel with four eyes."""
    post = make_post(channel=make_channel(four_eyes=True))
    edit = {"revision": post.revision_id, "base": post.revision_id, "origin": "0", "text": "My own words"}
    browser(author).post(f"/posts/{post.pk}/edit/", edit)
    post.refresh_from_db()
    return post


def seen(post: Post) -> dict[str, Any]:
    return {"revision": post.revision_id}


def test_author_is_told_why_there_is_no_button(author: User, post: Post, administrator: Client) -> None:
    page = browser(author).get(f"/documents/{post.document_id}/")
    assert "You wrote or edited this post, so somebody else must approve it." in text(page, ".why")
    assert "Approve and send" not in buttons(page, f"#post-{post.pk}")
    assert "Approve and send" in buttons(administrator.get(f"/documents/{post.document_id}/"), f"#post-{post.pk}")


def test_author_with_curl_is_refused(author: User, post: Post) -> None:
    answer = browser(author).post(f"/posts/{post.pk}/approve/", seen(post))
    assert (answer.status_code, Post.objects.get(pk=post.pk).state) == (403, "review")
    many = browser(author).post(f"/documents/{post.document_id}/approve/", {"seen": f"{post.pk}:{post.revision_id}:x"})
    assert (many.status_code, Post.objects.get(pk=post.pk).state) == (302, "review")


def test_emergency_is_published_alone_and_looked_at_by_another(author: User, post: Post, administrator: Client) -> None:
    alone = browser(author).post(f"/posts/{post.pk}/alone/", seen(post) | {"reason": "Flood"})
    assert (alone.status_code, Post.objects.get(pk=post.pk).state) == (302, "scheduled")
    (emergency,) = Emergency.objects.all()
    assert "1 thing waits for a second person. See what" in text(administrator.get("/"), ".banner p")
    assert "“Flood”" in text(administrator.get("/second/"), ".why")
    path = f"/emergencies/{emergency.pk}/look/"
    assert browser(author).post(path, {}).status_code == 403
    administrator.post(path, {"outcome": "It was right."})
    emergency.refresh_from_db()
    assert emergency.note == "It was right."
    assert text(administrator.get("/"), ".banner p") == []


def test_emergency_without_a_reason_is_refused(author: User, post: Post) -> None:
    answer = browser(author).post(f"/posts/{post.pk}/alone/", seen(post) | {"reason": ""})
    assert (answer.status_code, Post.objects.get(pk=post.pk).state) == (422, "review")


def test_laxer_policy_waits_for_a_second_administrator(administrator: Client) -> None:
    channel = make_channel(four_eyes=True)
    path = f"/channels/{channel.pk}/approval/"
    assert administrator.get(path).status_code == 200
    administrator.post(path, {"approvals": "1", "reason": "Summer"})
    channel.refresh_from_db()
    (proposal,) = Proposal.objects.all()
    assert (channel.four_eyes, proposal.reason) == (True, "Summer")
    assert administrator.post(f"/second/{proposal.pk}/confirm/").status_code == 403
    page = browser(make_user("administrator")).get("/second/")
    assert text(page, ".title") == [f"Ask for fewer eyes on the posts for {channel.name}"]
    browser(make_user("administrator")).post(f"/second/{proposal.pk}/confirm/")
    assert not Channel.objects.get(pk=channel.pk).four_eyes


def test_newsroom_of_one_is_told_that_four_eyes_is_off(administrator: Client) -> None:
    make_channel()
    off = (
        "Four eyes is off: you are the only one who writes and approves here. Switch it on when a colleague has joined."
    )
    assert off in text(administrator.get("/channels/"), ".meta")
    make_user("approver")
    assert off not in text(administrator.get("/channels/"), ".meta")


def test_second_of_two_editors_sees_word_by_word_what_the_first_changed(editor: Client, approver: Client) -> None:
    post = make_post(parts=(Part(text="The plan costs ten euro."),))
    form = {"revision": post.revision_id, "base": post.revision_id, "origin": "0"}
    editor.post(f"/posts/{post.pk}/edit/", form | {"text": "The plan costs twelve euro."})
    answer = approver.post(f"/posts/{post.pk}/edit/", form | {"text": "My plan."})
    assert answer.status_code == 409
    assert (text(answer, "del"), text(answer, "ins")) == (["[removed] ten"], ["[added] twelve"])
    assert text(answer, "textarea[name=text]") == ["My plan."]


def test_stop_of_everything_is_lifted_by_two(approver: Client, administrator: Client) -> None:
    approver.post("/stop/", {"scope": "everything", "reason": "Now"})
    hold = Hold.objects.get()
    approver.post(f"/stop/{hold.pk}/lift/")
    assert Hold.objects.filter(lifted_at=None).exists()
    assert "1 thing waits for a second person. See what" in text(administrator.get("/"), ".banner p")
    assert text(administrator.get("/second/"), ".title") == ["Lift the stop of everything"]
    administrator.post(f"/stop/{hold.pk}/lift/")
    assert not Hold.objects.filter(lifted_at=None).exists()


def test_stop_by_file_is_told_on_every_page(approver: Client) -> None:
    path = config.get().data_dir / "HOLD"
    path.write_text("Power cut", encoding="utf-8")
    try:
        (told,) = text(approver.get("/sources/"), ".banner p")
    finally:
        path.unlink()
    assert told.startswith("Everything is stopped by the file HOLD in the data folder: nothing goes out. “Power cut”")
    assert text(approver.get("/sources/"), ".banner p") == []


def test_machine_translation_has_a_box_to_tick_before_it_goes_out(administrator: Client) -> None:
    post = make_post(make_document(told={"machine_translated": True}))
    page = administrator.get(f"/documents/{post.document_id}/")
    assert "A machine translated this text; I have checked it" in text(page, f"#post-{post.pk} form .check")
    refused = administrator.post(f"/posts/{post.pk}/approve/", seen(post))
    assert (refused.status_code, Post.objects.get().state) == (422, "review")
    administrator.post(f"/posts/{post.pk}/approve/", seen(post) | {"translated": "on"})
    assert Post.objects.get().state == "scheduled"
