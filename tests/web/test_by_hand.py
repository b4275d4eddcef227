"""Posting by hand on the desk: everything on one page, with and without scripts, and the word that it is done."""

import io

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from publisher import messages
from publisher.enums import Outcome, PostState
from publisher.models import Post
from publisher.newsroom.approval import signing
from publisher.newsroom.drafts import media
from publisher.newsroom.sending import holds
from publisher.types import Identity, Media, Part, to_json
from tests.factories import make_attempt, make_channel, make_post, make_user
from tests.sandbox.caller import picture
from tests.web.pages import buttons, one, text

LINK = "https://whatsapp.com/channel/0029Va/142"
TEXT = "“Europe stands by its word.”\n\nhttps://press.example.org/detail/1"


@pytest.fixture
def post(db: None) -> Post:
    account = Identity(id="1", handle="", name="WhatsApp channel", url="https://whatsapp.com/channel/0029Va")
    channel = make_channel("manual", name="WhatsApp channel", account=to_json(account))
    image = Media(sha256=media.store(picture()), alt="A flag in the wind", type="image/png")
    made = make_post(channel=channel, state=PostState.PROCESSING, parts=(Part(text=TEXT, media=(image,)),))
    signing.sign(made, "alice@example.org", not_before=timezone.now())
    make_attempt(made, Outcome.PENDING)
    return made


def test_page_holds_text_pictures_and_descriptions_to_be_selected_or_copied(approver: Client, post: Post) -> None:
    page = approver.get(f"/posts/{post.pk}/by-hand/")
    assert one(page, "#text").text() == TEXT
    assert one(page, "#alt-1").text() == "A flag in the wind"
    copies = [node.attributes["data-copy"] for node in one(page, "main").css("button[data-copy]")]
    assert copies == ["#text", "#alt-1"]
    assert one(page, "main a[download]").attributes["href"] == f"/posts/{post.pk}/by-hand/1/"
    assert one(page, "main p > a[target]").attributes["href"] == "https://whatsapp.com/channel/0029Va"


def test_picture_is_downloaded_as_the_place_takes_it(approver: Client, post: Post) -> None:
    answer = approver.get(f"/posts/{post.pk}/by-hand/1/")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="post-{post.pk}-1.png"'
    assert Image.open(io.BytesIO(answer.content)).format == "PNG"
    assert [approver.get(f"/posts/{post.pk}/by-hand/{number}/").status_code for number in (0, 2)] == [404, 404]


def test_video_is_downloaded_as_it_is(approver: Client, post: Post) -> None:
    film = Media(sha256=media.store(b"a film"), alt="Bells ring", type="video/quicktime")
    other = make_post(channel=post.channel, state=PostState.PROCESSING, parts=(Part(text=TEXT, media=(film,)),))
    assert text(approver.get(f"/posts/{other.pk}/by-hand/"), "main a[download]") == ["Download the video"]
    answer = approver.get(f"/posts/{other.pk}/by-hand/1/")
    assert (answer.content, answer.headers["Content-Disposition"]) == (
        b"a film",
        f'attachment; filename="post-{other.pk}-1.mov"',
    )


def test_post_that_waits_by_hand_leads_to_its_page_and_is_not_asked_for_again_and_again(
    approver: Client, post: Post
) -> None:
    page = approver.get(f"/documents/{post.document_id}/")
    assert buttons(page, ".post") == ["Post it by hand"]
    assert one(page, ".post").css_first("[hx-trigger='every 2s']") is None


def test_done_takes_the_link_and_leads_back_to_the_post(approver: Client, post: Post) -> None:
    answer = approver.post(f"/posts/{post.pk}/done/", {"url": LINK})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/documents/{post.document_id}/#post-{post.pk}")
    after = Post.objects.get(pk=post.pk)
    assert (after.state, after.url) == (PostState.PUBLISHED, LINK)
    again = approver.get(f"/posts/{post.pk}/by-hand/")
    assert again.headers["Location"] == f"/documents/{post.document_id}/#post-{post.pk}"


def test_stop_is_said_on_the_page_and_nothing_is_marked_done(approver: Client, post: Post) -> None:
    holds.set(make_user("approver"), scope="everything", reason="Mourning")
    answer = approver.post(f"/posts/{post.pk}/done/", {"url": LINK})
    assert answer.status_code == 409
    [told] = text(answer, "[role=alert]")
    assert "Mourning" in told
    assert Post.objects.get(pk=post.pk).state == PostState.PROCESSING


def test_editor_sees_the_page_and_no_word_to_give(editor: Client, post: Post) -> None:
    page = editor.get(f"/posts/{post.pk}/by-hand/")
    assert one(page, "main").css("form") == []
    assert text(page, "main .why") == ["Whoever may approve posts on this channel says here that it is done."]


@pytest.mark.parametrize(("network", "told"), [("apprise", "none"), ("manual", "person"), ("sandbox", "")])
def test_preview_says_what_will_not_tell_that_the_post_is_out(approver: Client, network: str, told: str) -> None:
    made = make_post(channel=make_channel(network))
    page = approver.get(f"/documents/{made.document_id}/")
    assert text(page, ".post > .why")[:1] == ([messages.sentence(f"proof.{told}")] if told else [])


def test_published_post_without_a_receipt_says_so(approver: Client) -> None:
    made = make_post(channel=make_channel("apprise"), state=PostState.PUBLISHED, url="")
    [line] = text(approver.get(f"/documents/{made.document_id}/"), ".post .why")[-1:]
    assert line.endswith("· without a receipt")
