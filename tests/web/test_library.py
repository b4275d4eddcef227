"""The media library in the desk, and files in the editor of a post."""

import io
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from publisher import config
from publisher.models import Asset, Post
from publisher.networks.limits import LIMITS
from publisher.networks.media import load_image
from publisher.newsroom.drafts import media
from publisher.types import Image as SourceImage
from publisher.types import Media, Part
from tests.factories import make_channel, make_document, make_post
from tests.networks.films import film
from tests.sandbox.caller import animation, picture
from tests.watch.server import Answer, Server
from tests.web.conftest import HTMX
from tests.web.pages import one, parse, text


def file(colour: str = "navy", name: str = "flag.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture(colour=colour), "image/png")


def typed(post: Post, **more: object) -> dict[str, object]:
    return {"revision": post.revision_id, "base": post.revision_id, "origin": "0", "text": "Hello", **more}


def names(page: object, origin: str = "0") -> list[str]:
    return [str(node.attributes["value"]) for node in parse(page).css(f"input[name=picture-{origin}]")]


@pytest.mark.parametrize("extra", [{}, HTMX], ids=["plain", "htmx"])
def test_upload_in_the_editor_stands_in_the_post_and_saving_keeps_it(editor: Client, extra: dict[str, str]) -> None:
    post = make_post(parts=(Part(text="Old"),))
    page = editor.post(f"/posts/{post.pk}/edit/", typed(post, do="upload-0", **{"file-0": file()}), **extra)
    asset = Asset.objects.get()
    assert (names(page), text(page, "textarea[name=text]")) == ([asset.sha256], ["Hello"])
    post.refresh_from_db()
    assert post.revision
    assert post.revision.number == 1
    saved = typed(post, **{"picture-0": asset.sha256, f"alt-0-{asset.sha256}": "A flag"})
    editor.post(f"/posts/{post.pk}/edit/", saved)
    post.refresh_from_db()
    assert post.revision
    assert [(item.sha256, item.alt) for item in post.revision.content[0].media] == [(asset.sha256, "A flag")]


def test_document_stands_in_the_post_by_its_title_and_is_handed_out_to_be_saved(editor: Client) -> None:
    data = b"%PDF-1.7\nstartxref\n9\n%%EOF\n"
    post = make_post(channel=make_channel("linkedin"), parts=(Part(text="Old"),))
    upload = typed(post, do="upload-0", **{"file-0": SimpleUploadedFile("report.pdf", data, "application/pdf")})
    page = editor.post(f"/posts/{post.pk}/edit/", upload)
    asset = Asset.objects.get()
    saved = typed(post, **{"picture-0": asset.sha256, f"alt-0-{asset.sha256}": "Annual report"})
    editor.post(f"/posts/{post.pk}/edit/", saved)
    shown = editor.get(f"/documents/{post.document_id}/")
    for where in (page, shown, editor.get(f"/media/{asset.pk}/"), editor.get("/media/")):
        assert (where.status_code, parse(where).css(f"[src*='{asset.sha256}']")) == (200, [])
    assert "Annual report" in text(shown, ".preview .paper")[0]
    answer = editor.get(f"/media/{asset.sha256}")
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        "application/pdf",
        "attachment; filename=document.pdf",
    )


def test_pictures_in_the_editor_are_moved_replaced_and_left_out(editor: Client) -> None:
    post = make_post(parts=(Part(text="Old"),))
    url = f"/posts/{post.pk}/edit/"
    page = editor.post(url, typed(post, do="upload-0", **{"file-0": [file("red"), file("green"), file("blue")]}))
    red, green, blue = names(page)
    page = editor.post(url, typed(post, do="earlier-0-2", **{"picture-0": [red, green, blue]}))
    assert names(page) == [red, blue, green]
    editor.post(url, typed(post, **{"picture-0": [red, blue, green], f"drop-0-{red}": "on"}))
    post.refresh_from_db()
    assert post.revision
    assert [item.sha256 for item in post.revision.content[0].media] == [blue, green]
    page = editor.get(url)
    assert names(page) == ["0", "1"]


def test_file_that_is_not_in_the_library_cannot_be_put_into_a_post(editor: Client) -> None:
    post = make_post(parts=(Part(text="Old"),))
    editor.post(f"/posts/{post.pk}/edit/", typed(post, **{"picture-0": media.store(b"bytes of an avatar")}))
    post.refresh_from_db()
    assert post.revision
    assert post.revision.content[0].media == ()


def test_upload_that_is_refused_is_said_beside_what_was_typed(editor: Client) -> None:
    post = make_post(parts=(Part(text="Old"),))
    film = SimpleUploadedFile("film.webm", b"\x1a\x45\xdf\xa3", "video/webm")
    for given, said in (({}, "No file was chosen."), ({"file-0": film}, "film.webm was not taken.")):
        page = editor.post(f"/posts/{post.pk}/edit/", typed(post, do="upload-0", **given))
        (alert,) = text(page, "[role=alert]")
        told = (page.status_code, text(page, "textarea[name=text]"), alert.strip()[: len(said)])
        assert told == (422, ["Hello"], said)


def test_editor_offers_what_the_network_takes(editor: Client) -> None:
    channel = make_channel()
    channel.account |= {"limits": {"images": 0}}
    channel.save()
    page = editor.get(f"/posts/{make_post(make_document(), channel).pk}/edit/")
    assert parse(page).css("input[type=file]") == []
    both = make_post(make_document(), make_channel("threads"))
    box = one(editor.get(f"/posts/{both.pk}/edit/"), "input[type=file]")
    assert {"image/jpeg", "video/mp4"} <= set(str(box.attributes["accept"]).split(","))


def test_file_is_uploaded_found_used_in_a_post_and_described(editor: Client) -> None:
    post = make_post(parts=(Part(text="Hello"),))
    page = editor.post(f"/posts/{post.pk}/edit/", typed(post, do="library"))
    assert page["Location"] == f"/media/?post={post.pk}"
    given = {"file": file(), "alt": "A flag", "credit": "© Ada", "language": "en", "post": post.pk}
    editor.post("/media/add/", given)
    page = editor.get("/media/", {"search": "ada", "post": post.pk})
    assert text(page, ".assets .name") == ["flag.png"]
    asset = Asset.objects.get()
    small = editor.get(str(one(page, ".assets img").attributes["src"]))
    assert (small.status_code, small["Content-Type"]) == (200, "image/png")
    post.refresh_from_db()
    editor.post(f"/media/{asset.pk}/use/", {"post": post.pk, "revision": post.revision_id})
    editor.post(f"/media/{asset.pk}/", {"language": "fr", "alt": "Un drapeau", "credit": "© Ada"})
    page = editor.get(f"/media/{asset.pk}/")
    assert text(page, ".rows .title") == [post.document.title]
    asset.refresh_from_db()
    assert asset.alts == {"en": "A flag", "fr": "Un drapeau"}


def test_animation_of_which_one_picture_stays_is_said_wherever_it_was_uploaded(editor: Client) -> None:
    post = make_post(parts=(Part(text="Old"),))
    moving = SimpleUploadedFile("moving.gif", animation(), "image/gif")
    edited = editor.post(f"/posts/{post.pk}/edit/", typed(post, do="upload-0", **{"file-0": moving}))
    said = "Only the first picture of this animation is kept. To show it moving, upload it as a video (MP4)."
    for page in (edited, editor.get("/media/"), editor.get(f"/media/{Asset.objects.get().pk}/")):
        assert text(page, ".still") == [said]
    editor.post("/media/add/", {"file": file()})
    assert text(editor.get("/media/"), ".still") == [said]


def test_upload_by_script_goes_on_to_the_file_or_all_files_and_leaves_the_page_when_it_is_refused(
    editor: Client,
) -> None:
    one_file = editor.post("/media/add/", {"file": file()}, **HTMX)
    assert (one_file.status_code, one_file["HX-Redirect"]) == (200, f"/media/{Asset.objects.get().pk}/")
    assert text(editor.get(one_file["HX-Redirect"]), ".toast p") == ["It is in the library."]
    more = editor.post("/media/add/", {"file": [file("red"), file("blue")]}, **HTMX)
    assert (more["HX-Redirect"], text(editor.get("/media/"), ".toast p")) == ("/media/", ["They are in the library."])
    refused = editor.post("/media/add/", {}, **HTMX)
    assert (refused.status_code, refused["HX-Retarget"]) == (422, "#status")
    assert text(refused, ".toast p") == ["No file was chosen. Choose a picture or a video first."]


def test_film_is_handed_out_whole_and_in_ranges(editor: Client) -> None:
    data = film()
    editor.post("/media/add/", {"file": SimpleUploadedFile("film.mp4", data, "video/mp4")})
    url = f"/media/{Asset.objects.get().sha256}"
    whole = editor.get(url)
    assert (b"".join(whole), whole["Content-Type"], whole["Accept-Ranges"]) == (data, "video/mp4", "bytes")  # type: ignore[arg-type]
    for asked, start, end in (
        ("bytes=4-11", 4, 12),
        ("bytes=4-", 4, len(data)),
        ("bytes=-6", len(data) - 6, len(data)),
    ):
        piece = editor.get(url, headers={"Range": asked})
        told = (piece.status_code, piece["Content-Range"], piece["Content-Length"])
        assert told == (206, f"bytes {start}-{end - 1}/{len(data)}", str(end - start))
        assert io.BytesIO(data[start:end]).read() == b"".join(piece)  # type: ignore[arg-type]
    beyond = editor.get(url, headers={"Range": f"bytes={len(data)}-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(data)}")
    assert editor.get(url, headers={"Range": "lines=1-2"}).status_code == 200


def test_subtitles_are_uploaded_and_what_is_wrong_with_them_is_said(editor: Client) -> None:
    editor.post("/media/add/", {"file": SimpleUploadedFile("film.mp4", film(), "video/mp4")})
    asset = Asset.objects.get()
    good = SimpleUploadedFile("a.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n")
    editor.post(f"/media/{asset.pk}/subtitles/", {"language": "en", "file": good})
    asset.refresh_from_db()
    assert list(asset.captions) == ["en"]
    bad = SimpleUploadedFile("a.vtt", b"Hello")
    page = editor.post(f"/media/{asset.pk}/subtitles/", {"language": "en", "file": bad})
    assert (page.status_code, "its first line must be WEBVTT" in page.content.decode()) == (422, True)


WIDE = Media(alt="Somebody speaks in Strasbourg", type="image/png", width=900, height=300)


def wide() -> Media:
    """Much too wide for Instagram, with something in it that has edges on the right."""
    image = Image.new("RGB", (900, 300), "skyblue")
    image.paste(Image.effect_noise((120, 120), 90).convert("RGB"), (760, 90))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return replace(WIDE, sha256=media.store(buffer.getvalue()))


def test_preview_shows_exactly_the_bytes_that_are_sent(editor: Client) -> None:
    channel, given, seen = make_channel("instagram"), wide(), set()
    for item in (given, replace(given, focus="-1,0")):
        post = make_post(make_document(), channel, parts=(Part(text="Hello", media=(item,)),))
        page = editor.get(f"/posts/{post.pk}/edit/")
        shown = editor.get(str(one(page, ".preview img").attributes["src"]))
        sent = load_image(item, media.load, LIMITS["instagram"].image)
        assert (shown.content, shown["Content-Type"], sent.width) == (sent.data, "image/jpeg", 573)
        seen.add(sent.data)
    assert len(seen) == 2


def test_what_stays_in_sight_is_chosen_in_the_editor(editor: Client) -> None:
    item = wide()
    post = make_post(make_document(), make_channel("instagram"), parts=(Part(text="Hello", media=(item,)),))
    aimed = {"picture-0": "0", "aim-0-0": "on", "left-0-0": "25", "up-0-0": "100"}
    page = editor.post(f"/posts/{post.pk}/measure/", typed(post, **aimed))
    assert str(one(page, ".preview img").attributes["src"]).endswith(f"{item.sha256}/?focus=-0.50%2C1.00")
    for more, focus in (
        (aimed, "-0.50,1.00"),
        ({}, "-0.50,1.00"),
        ({**aimed, "left-0-0": "x"}, ""),
        (aimed, "-0.50,1.00"),
    ):
        editor.post(f"/posts/{post.pk}/edit/", typed(post, **more))
        post.refresh_from_db()
        assert post.revision
        assert post.revision.content[0].media[0].focus == focus
    aimed.pop("aim-0-0")
    editor.post(f"/posts/{post.pk}/edit/", typed(post, **aimed))
    post.refresh_from_db()
    assert post.revision
    assert post.revision.content[0].media[0].focus == ""


def test_editor_helps_with_descriptions_and_the_newsroom_says_whether_they_must_be(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = make_post(
        parts=(Part(text="Hello", media=(replace(WIDE, sha256=media.store(picture()), alt="IMG_1.jpg"), WIDE)),)
    )
    assert text(editor.get(f"/posts/{post.pk}/edit/"), ".notes .warning") == [
        "Description 1 is the name of a file. Say what is to be seen."
    ]
    bare = make_post(parts=(Part(text="Hello", media=(replace(WIDE, alt=""),)),))
    missing = "An image has no description for people who cannot see it."
    assert text(editor.get(f"/posts/{bare.pk}/edit/"), ".notes .error") == [missing]
    monkeypatch.setattr(config.get(), "alt_text", "advised")
    assert text(editor.get(f"/posts/{bare.pk}/edit/"), ".notes .warning") == [missing]


def test_description_of_a_video_is_shown_only_where_the_network_takes_one(editor: Client) -> None:
    item = Media(sha256=media.store(film()), alt="Bells ring", type="video/mp4", width=400, height=400, seconds=10)
    seen = {}
    for network in ("instagram", "mastodon"):
        page = editor.get(
            f"/posts/{make_post(channel=make_channel(network), parts=(Part(text='Hello', media=(item,)),)).pk}/edit/"
        )
        seen[network] = text(page, ".picture .help"), text(page, ".preview .alts li")
    assert seen == {
        "instagram": (["This network takes no description of a video; it is kept for others."], []),
        "mastodon": (["Up to 1500 characters."], ["ALT Bells ring"]),
    }


def test_picture_of_the_document_comes_with_its_description_and_credit(editor: Client) -> None:
    with Server().running() as site:
        address = site.serve(Answer(body=picture(600, 400), headers={"Content-Type": "image/png"}), "/hall.png")
        image = SourceImage(url=address, alt="The plenary hall in Strasbourg", credit="© European Union")
        post = make_post(make_document(told={"image": image}), parts=(Part(text="Old"),))
        page = editor.post(f"/posts/{post.pk}/edit/", typed(post, do="document-0"))
        again = editor.post(f"/posts/{post.pk}/edit/", typed(post, do="document-0"))
    asset = Asset.objects.get()
    assert (names(page), names(again)) == ([asset.sha256], [asset.sha256])
    assert (asset.name, asset.url, asset.alts) == ("hall.png", address, {"en": "The plenary hall in Strasbourg"})
    assert text(page, ".picture p.soft") == ["Credit: © European Union"]
    bare = make_post(parts=(Part(text="Old"),))
    page = editor.post(f"/posts/{bare.pk}/edit/", typed(bare, do="document-0"))
    assert (page.status_code, text(page, "[role=alert]")) == (
        422,
        ["The document of this post shows no picture. Upload one, or make a card."],
    )
