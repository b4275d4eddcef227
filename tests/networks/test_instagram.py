"""What only Instagram has: no post without a picture, carousels, reels, its own errors, the page it belongs to."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from publisher.enums import DocumentKind, Severity
from publisher.errors import AccountBlocked, NetworkError, RateLimited, Refused, Retry, StartAnew, Uncertain
from publisher.networks.instagram import Instagram
from publisher.types import Draft, Media, Part, Pending, Receipt
from tests.networks.places import finish, small_picture, small_video
from tests.networks.places.instagram import InstagramPlace
from tests.peers.faults import FaultProxy, answer
from tests.peers.files import FileServer
from tests.peers.instagram import FIELDS, PARAMETERS, InstagramServer

TEXT = "Statement on Graz #EU"
KEY = "k:0"
PICTURE = Media(sha256="a", alt="A bridge", type="image/jpeg")
VIDEO = Media(sha256="v", alt="Bells", type="video/mp4", seconds=20)
ONE = Part(text=TEXT, media=(PICTURE,))


@pytest.fixture
def place() -> Iterator[InstagramPlace]:
    with FileServer() as files, InstagramServer() as server, FaultProxy(server.url) as proxy:
        opened = InstagramPlace(proxy, server=server, files=files)
        opened.verify()
        opened.store = {"a": small_picture(), "b": small_picture(), "v": small_video()}
        yield opened


def begun(place: InstagramPlace, part: Part = ONE) -> Pending:
    outcome = Instagram().publish(part, place.context(), KEY)
    assert isinstance(outcome, Pending)
    return outcome


def published(place: InstagramPlace, part: Part = ONE) -> Receipt:
    return finish(Instagram(), begun(place, part), place.context())


def failed(place: InstagramPlace, code: int, subcode: int, edge: str = "/media_publish") -> NetworkError:
    said = {"message": f"(#{code}) It failed", "type": "OAuthException", "code": code, "error_subcode": subcode}
    place.proxy.fail(answer(400, json.dumps({"error": said})), path=edge, method="POST")
    with pytest.raises(NetworkError) as caught:
        published(place)
    return caught.value


def issues(text: str) -> list[tuple[str, Severity]]:
    part = Part(text=text, media=(PICTURE,))
    found = Instagram().check(Draft(network="instagram", kind=DocumentKind.STATEMENT, parts=(part,)))
    return [(issue.key, issue.severity) for issue in found]


def test_parameters_and_fields_are_those_of_the_specification(shared: Path) -> None:
    user = json.loads((shared / "specs/meta/IGUser.json").read_text())
    [made] = [api for api in user["apis"] if (api["method"], api.get("endpoint")) == ("POST", "media")]
    assert set.union(*PARAMETERS.values()) <= {parameter["name"] for parameter in made["params"]}
    [put_out] = [api for api in user["apis"] if api.get("endpoint") == "media_publish"]
    assert [parameter["name"] for parameter in put_out["params"]] == ["creation_id"]
    post = json.loads((shared / "specs/meta/IGMedia.json").read_text())
    edges = {str(api.get("endpoint")) for api in post["apis"] if api["method"] == "GET"}
    assert {field["name"] for field in post["fields"]} | edges >= FIELDS
    page = json.loads((shared / "specs/meta/Page.json").read_text())
    assert {"instagram_business_account", "category"} <= {field["name"] for field in page["fields"]}


def test_carousel_keeps_the_order_and_the_descriptions(place: InstagramPlace) -> None:
    published(place, Part(text=TEXT, media=(PICTURE, Media(sha256="b", alt="A flag"))))
    [post] = place.posts()
    assert [one.given["alt_text"] for one in post.container.children] == ["A bridge", "A flag"]


def test_video_becomes_a_reel_as_it_is(place: InstagramPlace) -> None:
    published(place, Part(text=TEXT, media=(VIDEO,)))
    [post] = place.posts()
    assert (post.container.given["media_type"], place.server.fetched) == ("REELS", [small_video()])


@pytest.mark.parametrize("size", [(400, 1200), (1200, 400)], ids=["tall", "wide"])
def test_picture_of_another_shape_is_cropped(place: InstagramPlace, size: tuple[int, int]) -> None:
    drawing = io.BytesIO()
    Image.new("RGBA", size, (0, 0, 128, 128)).save(drawing, "PNG")
    place.store["a"] = drawing.getvalue()
    published(place)
    assert len(place.posts()) == 1


def test_picture_that_cannot_be_fetched_is_tried_again_and_says_where_to_look(place: InstagramPlace) -> None:
    with pytest.raises(Retry) as caught:
        Instagram().publish(ONE, place.context(public=lambda _file: "http://127.0.0.1:9/x"), KEY)
    assert caught.value.key == "network.not_fetched"


def test_container_that_says_published_is_never_published_again(place: InstagramPlace) -> None:
    pending = begun(place)
    receipt = finish(Instagram(), pending, place.context())
    assert Instagram().resume(pending, place.context()) == receipt
    assert len(place.posted()) == 1


@pytest.mark.parametrize(
    ("code", "subcode", "kind"),
    [
        (9, 2207042, RateLimited),
        (4, 2207051, AccountBlocked),
        (4, 0, RateLimited),
        (9007, 2207027, Retry),
        (24, 2207008, Retry),
        (-1, 2207001, Uncertain),
        (2, 0, Uncertain),
        (36003, 2207009, Refused),
    ],
)
def test_error_of_the_last_step_is_told_by_its_code(
    place: InstagramPlace, code: int, subcode: int, kind: type[NetworkError]
) -> None:
    assert type(failed(place, code, subcode)) is kind


@pytest.mark.parametrize(("code", "subcode"), [(-2, 2207003), (-1, 2207001), (-1, 2207032), (-1, 2207053), (9004, 0)])
def test_error_that_says_nothing_against_a_picture_is_tried_again(
    place: InstagramPlace, code: int, subcode: int
) -> None:
    assert type(failed(place, code, subcode, "/media")) is Retry


@pytest.mark.parametrize(
    ("why", "kind"),
    [
        ("Error: Media upload has failed with error code 2207032", StartAnew),
        ("Error: Media upload has failed with error code 2207026", Refused),
    ],
)
def test_container_that_failed_says_whether_to_make_it_anew(
    place: InstagramPlace, why: str, kind: type[NetworkError]
) -> None:
    pending = begun(place)
    made = place.server.containers[pending.data["container"]]
    made.looks, made.error = 0, why
    with pytest.raises(kind):
        Instagram().resume(pending, place.context())


def test_same_words_with_other_pictures_or_from_long_before_are_another_post(place: InstagramPlace) -> None:
    published(place, Part(text=TEXT, media=(PICTURE, PICTURE)))
    place.server.add("Another", ago=timedelta(hours=2))
    context = place.context(stamp=datetime.now(UTC))
    assert Instagram().find(ONE, context, KEY) is None
    assert Instagram().find(Part(text="Another", media=(PICTURE,)), context, KEY) is None


def test_token_of_a_person_is_told_apart_from_that_of_a_page(place: InstagramPlace) -> None:
    place.server.is_page = False
    with pytest.raises(AccountBlocked) as caught:
        place.verify()
    assert caught.value.key == "facebook.not_a_page"


def test_page_without_an_instagram_account_is_told(place: InstagramPlace) -> None:
    place.server.linked = False
    with pytest.raises(AccountBlocked) as caught:
        place.verify()
    assert caught.value.sentence == (
        "No Instagram account belongs to this page. In Meta Business Suite, Settings, link the page with the "
        "professional account, make a new token and enter it under Channels."
    )


def test_hashtags_and_names_are_counted() -> None:
    tags = [f"#topic{number}" for number in range(31)]
    names = [f"@member{number}" for number in range(21)]
    assert issues(" ".join(tags[:5])) == []
    assert issues(" ".join(tags[:6])) == [("check.many_hashtags", Severity.WARNING)]
    assert issues(" ".join(tags)) == [("check.too_many_hashtags", Severity.ERROR)]
    assert (issues(" ".join(names[:20])), issues(" ".join(names))) == (
        [],
        [("check.too_many_mentions", Severity.ERROR)],
    )


@pytest.mark.parametrize(
    ("sizes", "warned"),
    [
        ([(1080, 1350), (1081, 1350), (800, 2000)], False),  # the last is cropped to 4:5 anyway
        ([(1080, 1350), (1080, 1080)], True),
        ([(1080, 1350), (0, 0)], False),
    ],
)
def test_pictures_that_instagram_will_crop_to_the_first_are_warned_of(
    sizes: list[tuple[int, int]], warned: bool
) -> None:
    media = tuple(replace(PICTURE, width=width, height=height) for width, height in sizes)
    part = Part(text=TEXT, media=media)
    found = Instagram().check(Draft(network="instagram", kind=DocumentKind.STATEMENT, parts=(part,)))
    assert [issue.key for issue in found] == ["check.carousel_shapes"] * warned


def test_link_that_nobody_can_open_is_warned_of() -> None:
    assert issues("More: https://europa.eu/x") == [("check.dead_link", Severity.WARNING)]


def test_preview_shows_hashtags_and_names_and_leaves_links_alone() -> None:
    part = Part(text=f"@press {TEXT} https://europa.eu", media=(PICTURE,))
    [shown] = Instagram().preview(Draft(network="instagram", kind=DocumentKind.STATEMENT, parts=(part,))).parts
    assert [(run.text, run.href) for run in shown.runs if run.href] == [
        ("@press", "https://www.instagram.com/press/"),
        ("#EU", "https://www.instagram.com/explore/tags/EU/"),
    ]
