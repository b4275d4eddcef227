"""`media`, and the files of a post."""

from pathlib import Path

import pytest

from publisher.models import Asset
from publisher.types import Part
from tests.cli.conftest import Publisher
from tests.factories import make_post
from tests.networks.films import film
from tests.sandbox.caller import animation, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def flag(tmp_path: Path) -> Path:
    file = tmp_path / "flag.png"
    file.write_bytes(picture())
    return file


def test_media_is_added_listed_described_and_removed(publisher: Publisher, flag: Path) -> None:
    (added,) = publisher("media", "add", flag, "--alt", "A flag", "--language", "en", "--credit", "Ada", "--json").json
    assert (added["name"], added["type"], added["alts"]) == ("flag.png", "image/png", {"en": "A flag"})
    publisher("media", "describe", added["id"], "--alt", "Un drapeau", "--language", "fr", "--focus", "0.5,-0.5")
    (found,) = publisher("media", "list", "--search", "drapeau", "--json").json
    assert (found["id"], found["uses"], found["focus"]) == (added["id"], 0, "0.5,-0.5")
    assert publisher("media", "remove", added["id"], "--json").json == {"id": added["id"], "removed": True}
    assert publisher("media", "list", "--json").json == []


def test_media_of_a_post_are_added_and_shown(publisher: Publisher, flag: Path) -> None:
    post = make_post(parts=(Part(text="Hello"),))
    assert publisher("queue", "media", post.pk, "--json").json == []
    (item,) = publisher("queue", "media", post.pk, "--add", flag, "--alt", "A flag", "--json").json
    assert (item["place"], item["alt"]) == (1, "A flag")
    asset = Asset.objects.get()
    assert publisher("queue", "media", post.pk, "--add", asset.pk, "--json").json == [item]
    assert publisher("media", "show", asset.pk, "--json").json["posts"] == [post.pk]
    assert publisher("queue", "media", post.pk, "--drop", 1, "--json").json == []


def test_animation_is_said_to_be_kept_by_its_first_picture(publisher: Publisher, tmp_path: Path) -> None:
    file = tmp_path / "moving.gif"
    file.write_bytes(animation())
    run = publisher("media", "add", file, "--json")
    assert [asset["animated"] for asset in run.json] == [True]
    assert run.err == (
        "moving.gif: Only the first picture of this animation is kept. To show it moving, upload it as a video (MP4).\n"
    )


def test_subtitles_of_a_video(publisher: Publisher, tmp_path: Path) -> None:
    file, words = tmp_path / "film.mp4", tmp_path / "en.vtt"
    file.write_bytes(film())
    words.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n")
    (video,) = publisher("media", "add", file, "--json").json
    assert list(publisher("media", "captions", video["id"], "en", words, "--json").json["captions"]) == ["en"]


def test_file_that_is_not_there(publisher: Publisher, tmp_path: Path) -> None:
    gone = tmp_path / "gone.png"
    assert publisher("media", "add", gone).refusal.startswith(f"{gone} cannot be read")
