"""Bluesky against the official PDS: videos with their subtitles, and many pictures."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from publisher.errors import NetworkError, Refused, Retry
from publisher.networks.bluesky import Bluesky
from publisher.networks.bluesky_client import BlueskyClient
from publisher.types import Media, Part
from tests.networks import bluesky
from tests.networks.bluesky import UPLOAD, Desk, as_draft, canonical, methods
from tests.networks.lexicon import Lexicons
from tests.networks.places import small_video
from tests.peers.bluesky_video import VideoService
from tests.peers.double import Reply
from tests.peers.pds import Pds

desk = bluesky.desk
WORDS = b"WEBVTT\n\n00:00.000 --> 00:02.000\nBells ring.\n"


@pytest.fixture
def service(pds: Pds) -> Iterator[VideoService]:
    with VideoService(pds.url) as running:
        yield running


class Served(Bluesky):
    """For an account on a server that the video service can reach."""

    def __init__(self, service: str, waited: list[float]) -> None:
        super().__init__(wait=waited.append)
        self._at = service

    def _service(self, client: BlueskyClient) -> str:
        return self._at


def film(desk: Desk, **fields: Any) -> Media:
    desk.store |= {"film-of-the-summit": small_video(), "words": WORDS}
    given = {"alt": "Bells ring", "type": "video/mp4", "width": 1280, "height": 720, **fields}
    return Media(sha256="film-of-the-summit", **given)


def test_video_goes_out_with_description_subtitles_and_shape(pds: Pds, desk: Desk, shared: Path) -> None:
    part = Part(text="Дзвони", media=(film(desk, captions="words"),))
    [preview] = desk.network.preview(as_draft(part, language="uk")).parts
    desk.publish(part, language="uk")
    [stored] = pds.records(desk.account.did)
    record = stored["value"]
    assert Lexicons(shared / "specs" / "atproto" / "lexicons").faults("app.bsky.feed.post", record) == []
    embed = record["embed"]
    video, words = embed.pop("video"), embed["captions"][0].pop("file")
    assert (video["mimeType"], words["mimeType"]) == ("video/mp4", "text/vtt")
    assert embed.pop("aspectRatio") == {"width": 1280, "height": 720}
    assert record.pop("createdAt")
    assert canonical(record) == canonical(preview.payload)
    got = [
        httpx.get(
            f"{pds.url}/xrpc/com.atproto.sync.getBlob",
            params={"did": desk.account.did, "cid": blob["ref"]["$link"]},
            trust_env=False,
        ).content
        for blob in (video, words)
    ]
    assert got == [small_video(), WORDS]


def test_video_service_prepares_the_video_before_there_is_a_post(pds: Pds, desk: Desk, service: VideoService) -> None:
    waited: list[float] = []
    desk.network = Served(service.url, waited)
    desk.publish(Part(text="Bells", media=(film(desk),)))
    [stored] = pds.records(desk.account.did)
    assert stored["value"]["embed"]["video"] == service.blobs["film-of-the-summ.mp4"]
    assert waited == [1]
    assert UPLOAD not in methods(desk)


def test_video_that_takes_long_is_tried_again_and_not_prepared_twice(
    pds: Pds, desk: Desk, service: VideoService
) -> None:
    waited: list[float] = []
    desk.network = Served(service.url, waited)
    part = Part(text="Bells", media=(film(desk),))
    service.states = ["JOB_STATE_ENCODING"]
    with pytest.raises(Retry) as raised:
        desk.publish(part)
    assert (raised.value.after, sum(waited), pds.records(desk.account.did)) == (60, 60, [])
    service.states = ["JOB_STATE_COMPLETED"]
    desk.publish(part)
    [stored] = pds.records(desk.account.did)
    assert stored["value"]["embed"]["video"] == service.blobs["film-of-the-summ.mp4"]
    assert len(service.blobs) == 1


@pytest.mark.parametrize("down", [Reply(503, b"<html>"), Reply(200, b"[]")], ids=["down", "other"])
def test_video_goes_straight_to_the_server_where_the_service_is_not_there(
    pds: Pds, desk: Desk, service: VideoService, down: Reply
) -> None:
    service.refusal = down
    desk.network = Served(service.url, [])
    desk.publish(Part(text="Bells", media=(film(desk),)))
    assert methods(desk).count(UPLOAD) == 1
    assert len(pds.records(desk.account.did)) == 1


@pytest.mark.parametrize(
    ("refusal", "failure", "expected", "said"),
    [
        (
            Reply(400, {"error": "unconfirmed_email", "message": "Confirm your email"}),
            {},
            Refused,
            "Confirm your email.",
        ),
        (None, {"failureCode": "encoding_failure", "message": "No video track"}, Refused, "No video track."),
        (None, {"failureCode": "generic_failure"}, Retry, "still preparing"),
    ],
    ids=["account", "file", "service"],
)
def test_video_that_the_service_does_not_take_is_told(
    desk: Desk,
    service: VideoService,
    refusal: Reply | None,
    failure: dict[str, str],
    expected: type[NetworkError],
    said: str,
) -> None:
    service.refusal, service.failure, service.states = refusal, failure, ["JOB_STATE_CREATED", "JOB_STATE_FAILED"]
    desk.network = Served(service.url, [])
    with pytest.raises(NetworkError) as raised:
        desk.publish(Part(text="Bells", media=(film(desk),)))
    assert type(raised.value) is expected
    assert re.search(said, raised.value.sentence)


def test_more_than_four_pictures_are_a_gallery(pds: Pds, desk: Desk, shared: Path) -> None:
    media = tuple(desk.picture(f"p{number}", (64, 48), alt=f"Picture {number}") for number in range(5))
    desk.publish(Part(text="Five", media=media))
    [stored] = pds.records(desk.account.did)
    assert Lexicons(shared / "specs" / "atproto" / "lexicons").faults("app.bsky.feed.post", stored["value"]) == []
    items = stored["value"]["embed"]["items"]
    assert [(item["alt"], item["aspectRatio"]["width"]) for item in items] == [(item.alt, 64) for item in media]
