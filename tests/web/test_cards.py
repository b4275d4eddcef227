"""A card for a post, chosen and looked at in the desk."""

import re

import pytest
from django.test import Client

from publisher.models import Post
from publisher.types import Part
from tests.factories import make_channel, make_document, make_post
from tests.web.conftest import HTMX
from tests.web.pages import buttons, one, parse, text

BODY = "We must defend our freedom together. I came here to say it. Our unity is the stronger force in Europe."


def speech() -> Post:
    told = {"speakers": ("Ada Example",), "title": "Speech by Ada Example at the summit"}
    return make_post(make_document(body=BODY, kind="speech", told=told), parts=(Part(text="Hello"),))


@pytest.mark.parametrize("extra", [{}, HTMX], ids=["plain", "htmx"])
def test_editor_saves_what_was_typed_and_leads_to_a_card(editor: Client, extra: dict[str, str]) -> None:
    post = speech()
    typed = {"revision": post.revision_id, "base": post.revision_id, "origin": "0", "text": "Other words"}
    answer = editor.post(f"/posts/{post.pk}/edit/", {**typed, "do": "card"}, **extra)
    assert answer.headers.get("HX-Redirect", answer.headers.get("Location")) == f"/posts/{post.pk}/card/"
    post.refresh_from_db()
    assert post.revision
    assert [part.text for part in post.revision.content] == ["Other words"]


def test_editor_of_a_network_without_pictures_does_not(editor: Client) -> None:
    channel = make_channel()
    channel.account |= {"limits": {"images": 0}}
    channel.save()
    post = make_post(make_document(), channel)
    assert "Save and make a card" not in buttons(editor.get(f"/posts/{post.pk}/edit/"))


def test_strongest_line_is_shown_at_once_and_the_others_are_offered(editor: Client) -> None:
    post = speech()
    page = editor.get(f"/posts/{post.pk}/card/")
    assert text(page, "select[name=line] option") == [
        "“We must defend our freedom together.”",
        "“Our unity is the stronger force in Europe.”",
        "The title of the document",
    ]
    image = one(page, "img.drawn")
    assert image.attributes["alt"] == "Quote card: “We must defend our freedom together.” – Ada Example"
    assert (image.attributes["width"], image.attributes["height"]) == ("1200", "630")
    shown = editor.get(str(image.attributes["src"]))
    assert (shown.status_code, shown["Content-Type"], shown.content[:4]) == (200, "image/png", b"\x89PNG")


def test_what_is_shown_becomes_the_picture_of_the_post(editor: Client) -> None:
    post = speech()
    chosen = {"line": "2", "words": "", "size": "1080x1080"}
    page = editor.get(f"/posts/{post.pk}/card/", chosen)
    form = parse(page).css("form[method=post]")[-1]
    sent = {str(field.attributes["name"]): field.attributes.get("value") or "" for field in form.css("input")}
    assert {name: sent[name] for name in chosen} == chosen
    done = editor.post(f"/posts/{post.pk}/card/", sent, follow=True)
    assert text(done, "#status")[0].startswith("The card is the post's picture now.")
    post.refresh_from_db()
    assert post.revision
    ((picture,),) = (part.media for part in post.revision.content)
    assert (picture.width, picture.height) == (1080, 1080)
    assert re.match("Quote card: “Our unity", picture.alt)


def test_words_that_nobody_said_are_refused_beside_what_was_chosen(editor: Client) -> None:
    post = speech()
    chosen = {"line": "1", "words": "We will all be rich together.", "size": "1080x1080"}
    page = editor.get(f"/posts/{post.pk}/card/", chosen)
    (sentence,) = text(page, ".issue.error")
    assert sentence.startswith("These words stand in quotation marks, but the document does not have them like that")
    assert text(page, "textarea[name=words]") == ["We will all be rich together."]
    assert parse(page).css("img.drawn") == []


def test_card_of_a_post_that_changed_meanwhile_is_refused_with_a_sentence(editor: Client) -> None:
    post = speech()
    sent = {"line": "1", "size": "1080x1080", "revision": str((post.revision_id or 0) - 1)}
    answer = editor.post(f"/posts/{post.pk}/card/", sent)
    assert (answer.status_code, len(text(answer, ".issue.error"))) == (409, 1)
