"""Videos on a Facebook page: sent in pieces, published once all is there, and out when Facebook has prepared them."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from publisher.errors import Held, Refused, Retry, Uncertain
from publisher.networks.base import Context
from publisher.networks.facebook import Facebook
from publisher.types import Media, Part, Pending, Receipt
from tests.networks.places import finish, small_video
from tests.networks.places.facebook import FacebookPlace
from tests.networks.test_limits import draft
from tests.peers.faults import FaultProxy, answer, drop
from tests.peers.graph import FacebookServer

VIDEO = Media(sha256="v", alt="Bells ring", type="video/mp4", seconds=20)
PART = Part(text="Bells", media=(VIDEO,))
KEY = "k:0"


@pytest.fixture
def place() -> Iterator[FacebookPlace]:
    with FacebookServer() as server, FaultProxy(server.url) as proxy:
        opened = FacebookPlace(proxy, server=server)
        opened.verify()
        opened.store = {"v": small_video()}
        yield opened


@pytest.fixture
def context(place: FacebookPlace) -> Context:
    return place.context()


@pytest.fixture
def pending(place: FacebookPlace, context: Context) -> Pending:
    """All bytes are there, and nothing is published."""
    found = Facebook().publish(PART, context, KEY)
    assert isinstance(found, Pending)
    ((_, video),) = place.server.videos.items()
    assert (video.data, video.words, place.standing()) == (small_video(), None, [])
    return found


def test_video_goes_up_in_pieces_and_is_published_once_it_is_there(
    place: FacebookPlace, context: Context, pending: Pending
) -> None:
    place.server.looks = 2
    receipt = finish(Facebook(), pending, context)
    [post] = place.server.posts
    assert (receipt.id, post.message) == (post.id, "Bells")
    assert receipt.url.startswith("https://www.facebook.com/pressoffice/videos/")
    assert Facebook().resume(pending, context) == receipt, "a worker that died leaves one post"
    [preview] = Facebook().preview(draft(Facebook(), PART)).parts
    assert preview.payload == {"description": "Bells"}
    assert len(place.server.posts) == 1


def test_lost_answer_is_uncertain_and_settled_by_the_video_itself(
    place: FacebookPlace, context: Context, pending: Pending
) -> None:
    place.server.looks = 1
    place.proxy.fail(drop(after_forwarding=True), path="/videos")
    with pytest.raises(Uncertain):
        Facebook().resume(pending, context)
    known = replace(context, pending=pending.data)
    with pytest.raises(Uncertain):
        Facebook().find(PART, known, KEY)  # it is being prepared: absence would be no proof
    found = Facebook().find(PART, known, KEY)
    assert isinstance(found, Receipt)
    assert place.stands(found)


def test_video_that_was_not_published_is_found_absent(place: FacebookPlace, context: Context, pending: Pending) -> None:
    place.proxy.fail(answer(500, "{}"), path="/videos")
    with pytest.raises(Uncertain):
        Facebook().resume(pending, context)
    assert Facebook().find(PART, replace(context, pending=pending.data), KEY) is None
    assert isinstance(finish(Facebook(), pending, context), Receipt)
    assert len(place.server.posts) == 1


def test_video_that_is_being_published_is_never_called_absent(
    place: FacebookPlace, context: Context, pending: Pending
) -> None:
    status = {"video_status": "upload_complete", "publishing_phase": {"status": "in_progress"}}
    told = answer(200, json.dumps({"id": pending.data["video"], "status": status}))
    place.proxy.fail(told, path=f"/{pending.data['video']}")
    with pytest.raises(Uncertain):
        Facebook().find(PART, replace(context, pending=pending.data), KEY)


def test_stop_is_looked_at_before_a_video_is_published(place: FacebookPlace, pending: Pending) -> None:
    def stop() -> None:
        raise Held("held.hold", by="bob@example.org", why="Mourning")

    with pytest.raises(Held):
        Facebook().resume(pending, place.context(before_publish=stop))
    assert place.standing() == []


def test_video_that_facebook_cannot_use_is_told(place: FacebookPlace, context: Context, pending: Pending) -> None:
    for video in place.server.videos.values():
        video.failed = True
    with pytest.raises(Refused) as caught:
        Facebook().resume(pending, context)
    assert caught.value.params["why"] == "The audio cannot be read."


@pytest.mark.parametrize("published", [True, False])
def test_video_that_cannot_be_seen_is_looked_for_on_the_page_before_it_goes_up_anew(
    place: FacebookPlace, context: Context, pending: Pending, published: bool
) -> None:
    """A worker that died may have published it."""
    if published:
        finish(Facebook(), pending, context)
    place.server.videos.clear()
    with pytest.raises(Uncertain):
        Facebook().resume(pending, context)
    found = Facebook().find(PART, replace(context, pending=pending.data), KEY)
    assert [post.id for post in place.server.posts] == ([found.id] if found else [])


def test_look_that_is_refused_says_nothing_of_the_video(
    place: FacebookPlace, context: Context, pending: Pending
) -> None:
    said = {"error": {"code": 100, "message": "(#100) Tried accessing nonexisting field (post_id)"}}
    place.proxy.fail(answer(400, json.dumps(said)), path=f"/{pending.data['video']}", times=2)
    with pytest.raises(Retry):
        Facebook().resume(pending, context)
    with pytest.raises(Retry):
        Facebook().find(PART, replace(context, pending=pending.data), KEY)


@pytest.mark.parametrize("fault", [drop(after_forwarding=False), answer(503, "<html>"), answer(200, "{}")])
def test_video_that_did_not_arrive_may_be_sent_again(place: FacebookPlace, context: Context, fault: object) -> None:
    place.proxy.fail(fault, path="/videos")  # type: ignore[arg-type]  # a Fault
    with pytest.raises(Retry):
        Facebook().publish(PART, context, KEY)
    assert place.standing() == []
