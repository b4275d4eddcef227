"""Videos on LinkedIn: in the parts that it asks for, waited for until it has prepared them, and posted once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from publisher.errors import Held, Refused, Retry, StartAnew
from publisher.networks import registry
from publisher.networks.base import Context
from publisher.networks.linkedin import LinkedIn
from publisher.types import Media, Part, Pending, Receipt
from tests.networks.places import small_video
from tests.networks.places.linkedin import LinkedInPlace
from tests.networks.test_limits import draft, errors_of
from tests.peers.faults import FaultProxy, answer, drop
from tests.peers.linkedin import LinkedInServer

VIDEO = Media(sha256="v", alt="Bells ring", type="video/mp4", seconds=20)
PART = Part(text="Bells (and more)", media=(VIDEO,))
KEY = "k:0"
DOCUMENT = Media(sha256="d", alt="Annual report 2026", type="application/pdf")


@pytest.fixture
def place() -> Iterator[LinkedInPlace]:
    with LinkedInServer() as server, FaultProxy(server.url) as proxy:
        opened = LinkedInPlace(proxy, server=server)
        opened.verify()
        opened.store = {"v": small_video()}
        server.part_bytes = 1000
        yield opened


@pytest.fixture
def context(place: LinkedInPlace) -> Context:
    return place.context(stamp=datetime.now(UTC))


@pytest.fixture
def pending(place: LinkedInPlace, context: Context) -> Pending:
    place.server.looks = 1000
    found = LinkedIn().publish(PART, context, KEY)
    assert isinstance(found, Pending)
    assert place.standing() == []
    return found


def finish(place: LinkedInPlace) -> None:
    for video in place.server.videos.values():
        video.looks = 0


def test_video_goes_up_in_parts_and_out_with_its_description(place: LinkedInPlace, context: Context) -> None:
    [preview] = LinkedIn().preview(draft(LinkedIn(), PART)).parts
    receipt = LinkedIn().publish(PART, context, KEY)
    assert isinstance(receipt, Receipt)
    ((urn, video),) = place.server.videos.items()
    assert (video.data, len(video.parts)) == (small_video(), 3)
    assert place.server.posts[0].body["content"] == {"media": {"id": urn, "altText": "Bells ring"}}
    assert place.sent(place.posted()[-1]) == preview.payload
    assert LinkedIn().find(PART, context, KEY) == receipt


@pytest.mark.parametrize("looks", [0, 1000], ids=["ready", "takes long"])
def test_document_goes_out_with_its_title(place: LinkedInPlace, context: Context, looks: int) -> None:
    place.store["d"], place.server.looks = b"%PDF-1.7 a report", looks
    part = Part(text="Our report", media=(DOCUMENT,))
    [preview] = LinkedIn().preview(draft(LinkedIn(), part)).parts
    outcome = LinkedIn().publish(part, context, KEY)
    finish(place)
    if isinstance(outcome, Pending):
        outcome = LinkedIn().resume(outcome, context)
    assert isinstance(outcome, Receipt)
    ((urn, document),) = place.server.videos.items()
    assert document.data == b"%PDF-1.7 a report"
    assert place.server.posts[0].body["content"] == {"media": {"id": urn, "title": "Annual report 2026"}}
    assert place.sent(place.posted()[-1]) == preview.payload


@pytest.mark.parametrize(
    ("kind", "media", "expected"),
    [
        ("linkedin", (DOCUMENT,), []),
        ("linkedin", (DOCUMENT, DOCUMENT), ["check.one_document"]),
        ("linkedin", (DOCUMENT, VIDEO), ["check.one_document"]),
        ("linkedin", (replace(DOCUMENT, alt="a" * 401),), ["check.alt_too_long"]),
        ("mastodon", (DOCUMENT,), ["check.no_documents"]),
        ("instagram", (DOCUMENT,), ["check.no_documents"]),
    ],
)
def test_document_stands_alone_and_where_documents_are_taken(
    kind: str, media: tuple[Media, ...], expected: list[str]
) -> None:
    network = registry.get(kind)
    assert [key for _, key in errors_of(network, Part(text="Our report", media=media))] == expected


def test_video_that_takes_long_is_posted_once_when_it_is_there(
    place: LinkedInPlace, context: Context, pending: Pending
) -> None:
    assert LinkedIn().resume(pending, context) == pending
    finish(place)
    receipt = LinkedIn().resume(pending, context)
    assert isinstance(receipt, Receipt)
    place.server.refuses_twins = False
    assert LinkedIn().resume(pending, context) == receipt, "a worker that died after posting leaves one post"
    place.server.videos.clear()
    assert LinkedIn().resume(pending, context) == receipt, "also where LinkedIn does not show the video itself any more"
    assert [post.urn for post in place.server.posts] == [receipt.id]


def test_stop_is_looked_at_before_a_pending_post_goes_out(place: LinkedInPlace, pending: Pending) -> None:
    def stop() -> None:
        raise Held("held.hold", by="bob@example.org", why="Mourning")

    finish(place)
    with pytest.raises(Held):
        LinkedIn().resume(pending, place.context(before_publish=stop))
    assert place.standing() == []


def test_video_that_linkedin_cannot_use_is_refused_and_one_that_it_lost_goes_up_anew(
    place: LinkedInPlace, context: Context, pending: Pending
) -> None:
    finish(place)
    for video in place.server.videos.values():
        video.failed = True
    with pytest.raises(Refused) as caught:
        LinkedIn().resume(pending, context)
    assert caught.value.key == "linkedin.file_refused"
    place.server.videos.clear()
    with pytest.raises(StartAnew):
        LinkedIn().resume(pending, context)


@pytest.mark.parametrize("method", ["POST", "PUT", "GET"])
def test_video_that_did_not_arrive_may_be_sent_again(place: LinkedInPlace, context: Context, method: str) -> None:
    place.proxy.fail(drop(after_forwarding=True), method=method)
    with pytest.raises(Retry):
        LinkedIn().publish(PART, context, KEY)
    assert place.posted() == []


def test_video_goes_to_nobody_else(place: LinkedInPlace, context: Context) -> None:
    """What LinkedIn is said to answer may not lead the token and the video elsewhere."""
    parts = '[{"uploadUrl": "https://linkedin.example/u", "firstByte": 0, "lastByte": 9}]'
    told = f'{{"value": {{"video": "urn:li:video:1", "uploadInstructions": {parts}}}}}'
    place.proxy.fail(answer(200, told), path="/rest/videos")
    with pytest.raises(Retry):
        LinkedIn().publish(PART, context, KEY)
    assert [seen.method for seen in place.proxy.seen][-1] == "POST"
