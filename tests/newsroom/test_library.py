"""The media library: what comes in, what is said of it, who holds it, what may go."""

import io
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from publisher import config
from publisher.errors import InvalidInput, NotAllowed
from publisher.models import Asset, Event, Post, User
from publisher.newsroom.approval import review
from publisher.newsroom.drafts import attaching, library, media
from publisher.newsroom.drafts.attaching import Change
from publisher.newsroom.drafts.library import Said
from publisher.types import Media, Part
from tests.factories import make_post, make_user
from tests.networks.films import box, film
from tests.networks.test_heic import PICTURE
from tests.sandbox.caller import animation, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(db: None) -> User:
    return make_user("editor")


def photo(folder: Path, colour: str = "teal", *, turned: bool = False) -> Path:
    """A photograph with a place in it, as a telephone makes it."""
    exif = Image.Exif()
    exif[0x0112] = 6 if turned else 1
    exif.get_ifd(0x8825)[2] = (50.0, 50.0, 48.0)
    file = folder / "anything.txt"
    Image.new("RGB", (80, 40), colour).save(file, "JPEG", exif=exif)
    return file


def test_picture_is_told_by_its_content_and_kept_upright_without_what_the_camera_noted(
    editor: User, tmp_path: Path
) -> None:
    said = Said(alt="A teal  wall", language="en-GB", credit="© Ada")
    asset = library.add(editor, photo(tmp_path, turned=True), name="C:\\photos\\IMG_1.txt", said=said)
    assert (asset.type, asset.name, asset.alts, asset.credit) == (
        "image/jpeg",
        "IMG_1.txt",
        {"en": "A teal wall"},
        "© Ada",
    )
    with Image.open(io.BytesIO(media.load(Media(sha256=asset.sha256)))) as kept:
        assert (kept.size, dict(kept.getexif())) == ((40, 80), {})
    assert (asset.width, asset.height, asset.size) == (40, 80, media.path(asset.sha256).stat().st_size)
    event = Event.objects.latest("pk")
    assert (event.verb, event.subject_id, event.actor) == ("add", asset.pk, editor.email)


def test_animation_is_kept_by_its_first_picture_and_noted_so(editor: User, tmp_path: Path) -> None:
    file, first = tmp_path / "moving.gif", tmp_path / "first.png"
    first.write_bytes(picture(40, 40, "red"))
    still = library.add(editor, first)
    file.write_bytes(animation())
    moved = library.add(editor, file)
    assert (still.animated, moved.animated, moved.type) == (False, True, "image/png")
    assert (moved.pk, library.animated([moved.sha256])) == (still.pk, {moved.sha256})


def test_picture_of_an_iphone_is_kept_as_jpeg(editor: User, tmp_path: Path) -> None:
    file = tmp_path / "IMG_1.HEIC"
    file.write_bytes(PICTURE)
    asset = library.add(editor, file, name=file.name)
    assert (asset.type, asset.width, asset.height, asset.name) == ("image/jpeg", 64, 96, "IMG_1.HEIC")


PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\nstartxref\n9\n%%EOF\n"


def test_document_is_told_by_its_content_and_kept_as_it_is(editor: User, tmp_path: Path) -> None:
    file = tmp_path / "report.jpg"
    file.write_bytes(PDF)
    asset = library.add(editor, file, name="report.pdf", said=Said(alt="Annual report", language="en"))
    assert (asset.type, asset.size, asset.is_document) == ("application/pdf", len(PDF), True)
    assert media.kind_of(media.path(asset.sha256)) == "application/pdf"
    assert library.media_of(asset, "en").is_document


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (PDF[:-10], "media.bad_document"),
        (b"%PDF-1.7 <html>", "media.bad_document"),
        (PDF.replace(b"startxref", b"trailer << /Encrypt 5 0 R >>\nstartxref"), "media.locked_document"),
    ],
    ids=["cut off", "none", "locked"],
)
def test_document_that_nobody_could_read_is_refused(editor: User, tmp_path: Path, data: bytes, key: str) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(data)
    with pytest.raises(InvalidInput) as raised:
        library.add(editor, file)
    assert (raised.value.key, Asset.objects.count()) == (key, 0)


def test_same_picture_again_is_the_same_asset_and_keeps_what_was_said(editor: User, tmp_path: Path) -> None:
    first = library.add(editor, photo(tmp_path), name="one.jpg", said=Said(alt="A wall", language="en"))
    again = library.add(editor, photo(tmp_path), name="two.jpg", said=Said(alt="", language="en", credit="© Ada"))
    assert (again.pk, again.name, again.alts, again.credit) == (first.pk, "one.jpg", {"en": "A wall"}, "© Ada")


def test_video_is_kept_without_what_the_camera_noted(editor: User, tmp_path: Path) -> None:
    file = tmp_path / "film.png"
    file.write_bytes(film(box(b"udta", b"+50.8466+004.3528/")))
    asset = library.add(editor, file, name="film.png")
    assert (asset.type, asset.width, asset.height, asset.seconds) == ("video/mp4", 640, 360, 12.5)
    assert b"+50.84" not in media.load(Media(sha256=asset.sha256))
    assert list((config.get().data_dir / "media").glob("tmp*")) == []


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "media.upload_unreadable"),
        (b"", "media.upload_unreadable"),
        (box(b"ftyp", b"isom"), "media.bad_video"),
        (bytes(1_000_001), "media.upload_too_large"),
    ],
    ids=["drawing with scripts", "nothing", "half a film", "too large"],
)
def test_what_is_of_no_use_is_refused(
    editor: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, key: str
) -> None:
    monkeypatch.setattr(config.get(), "upload_megabytes", 1)
    file = tmp_path / "file.jpg"
    file.write_bytes(data)
    with pytest.raises(InvalidInput) as refused:
        library.add(editor, file)
    assert (refused.value.key, Asset.objects.count()) == (key, 0)


def test_viewer_adds_nothing_and_editor_removes_nothing(editor: User, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        library.add(make_user("viewer"), photo(tmp_path))
    asset = library.add(editor, photo(tmp_path))
    with pytest.raises(NotAllowed):
        library.remove(asset.pk, editor)


def test_description_that_was_written_in_a_post_is_offered_next_time_in_its_language(
    editor: User, tmp_path: Path
) -> None:
    asset = library.add(editor, photo(tmp_path))
    post = make_post(parts=(Part(text="Hello"),))
    post = attaching.attach(post.pk, editor, [asset], revision_id=post.revision_id or 0)
    _, (item,) = attaching.rearrange(post, editor, Change(alts=["A  wall "]))
    asset.refresh_from_db()
    assert (item.alt, asset.alts) == ("A wall", {"en": "A wall"})
    assert [library.media_of(asset, language).alt for language in ("en-GB", "fr")] == ["A wall", ""]


def test_approved_post_goes_back_to_review_when_a_picture_changes(editor: User, tmp_path: Path) -> None:
    asset = library.add(editor, photo(tmp_path))
    for change in (Change(added=[asset]), Change(focuses=["0.5,0"]), Change(alts=["Other words"]), Change(dropped=[1])):
        there = () if change.added else (library.media_of(asset, "en"),)
        post = make_post(parts=(Part(text="Hello", media=there),), state="scheduled")
        changed, _ = attaching.rearrange(post, editor, change)
        assert changed.state == "review", change


def test_files_of_a_post_are_put_in_order_and_left_out(editor: User, tmp_path: Path) -> None:
    colours = ["red", "green", "blue"]
    assets = [library.add(editor, photo(tmp_path, colour), name=colour) for colour in colours]
    post = make_post(parts=(Part(text="One"), Part(text="Two")))
    post, _ = attaching.rearrange(post, editor, Change(added=[*assets, assets[0]]), part=2)
    post, held = attaching.rearrange(post, editor, Change(dropped=[2], order="2 1", alts=["Blue", "Red"]), part=2)
    assert [(item.sha256, item.alt) for item in held] == [(assets[2].sha256, "Blue"), (assets[0].sha256, "Red")]
    post = Post.objects.get(pk=post.pk)
    assert post.revision
    assert [part.media for part in post.revision.content] == [(), tuple(held)]
    for wrong in (Change(dropped=[3]), Change(order="3"), Change(alts=["", "", ""])):
        with pytest.raises(InvalidInput):
            attaching.rearrange(post, editor, wrong, part=2)


def test_file_that_a_post_holds_or_has_held_stays(editor: User, tmp_path: Path) -> None:
    approver, asset = make_user("approver"), library.add(editor, photo(tmp_path))
    post = make_post(parts=(Part(text="Hello", media=(library.media_of(asset, "en"),)),))
    review.edit(post.pk, editor, revision_id=post.revision_id or 0, parts=[Part(text="Hello")])
    with pytest.raises(InvalidInput) as refused:
        library.remove(asset.pk, approver)
    assert (refused.value.key, library.posts_with(asset), media.path(asset.sha256).is_file()) == (
        "media.in_use",
        [post],
        True,
    )


def test_file_that_nobody_holds_goes_with_its_bytes(editor: User, tmp_path: Path) -> None:
    asset = library.add(editor, photo(tmp_path))
    library.remove(asset.pk, make_user("approver"))
    assert (Asset.objects.count(), media.path(asset.sha256).exists()) == (0, False)
    assert library.add(editor, photo(tmp_path)).sha256 == asset.sha256  # and comes back as a new one
    assert media.path(asset.sha256).is_file()


def test_picture_of_a_source_comes_in_with_its_credit_when_a_post_holds_it() -> None:
    sha = media.store(b"bytes")
    image = Media(
        sha256=sha, url="https://press.example.org/flag.jpg", alt="A flag", type="image/jpeg", width=4, height=3
    )
    make_post(parts=(Part(text="Hello", media=(image,)),))
    (found,) = library.page(search="FLAG.jpg flag").items
    asset = found.asset
    assert (asset.name, asset.url, asset.alts, asset.size, found.uses) == (
        "flag.jpg",
        image.url,
        {"en": "A flag"},
        5,
        1,
    )


def test_search_finds_all_words_in_name_credit_and_descriptions(editor: User, tmp_path: Path) -> None:
    said = Said(alt="Die Präsidentin in STRASSBURG", language="de", credit="© Ada")
    library.add(editor, photo(tmp_path), name="plenary.jpg", said=said)
    library.add(editor, photo(tmp_path, "red"), name="other.jpg")
    found = {words: len(library.page(search=words).items) for words in ("PRÄSIDENTIN ada", "plenary", "ada other", "")}
    assert found == {"PRÄSIDENTIN ada": 1, "plenary": 1, "ada other": 0, "": 2}


def test_page_costs_the_same_however_many_there_are(editor: User, tmp_path: Path) -> None:
    for colour in ("red", "green", "blue"):
        library.add(editor, photo(tmp_path, colour))
    with CaptureQueriesContext(connection) as asked:
        library.page()
    assert len(asked) == 2


def test_subtitles_go_with_the_video_in_the_language_of_the_post(editor: User, tmp_path: Path) -> None:
    file = tmp_path / "film"
    file.write_bytes(film())
    asset = library.add(editor, file)
    asset = library.caption(asset.pk, editor, b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n", "en-GB")
    assert library.media_of(asset, "en").captions == asset.captions["en"]
    assert library.media_of(asset, "fr").captions == ""
    assert library.caption(asset.pk, editor, b"", "en").captions == {}
    with pytest.raises(InvalidInput) as refused:
        library.caption(asset.pk, editor, b"1\n00:00:01,000 --> 00:00:02,000\nHello\n", "en")
    assert refused.value.key == "captions.no_webvtt"
