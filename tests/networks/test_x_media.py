"""Videos on X: in segments, described, with subtitles; waited for without holding anybody up, and posted once."""

from dataclasses import replace

import pytest

from publisher import errors
from publisher.networks import x_media
from publisher.networks.base import Context
from publisher.networks.x import X
from publisher.types import Media, Part, Pending, Receipt
from tests.networks.places import small_video
from tests.peers import x as double
from tests.peers.faults import answer, drop
from tests.peers.x import XServer, context_for

x_server = double.x_server

VIDEO = Media(sha256="v", alt="Bells ring", type="video/mp4", captions="words")
PART = Part(text="Bells", media=(VIDEO,))
WORDS = b"WEBVTT\n\n00:00.000 --> 00:02.000\nBells ring.\n"


@pytest.fixture
def context(x_server: XServer) -> Context:
    stored = {"v": small_video(), "words": WORDS}
    return context_for(x_server.oauth1_fields(), load=lambda media: stored[media.sha256], language="en-GB")


@pytest.fixture
def pending(x_server: XServer, context: Context, monkeypatch: pytest.MonkeyPatch) -> Pending:
    monkeypatch.setattr(x_media, "VIDEO_PATIENCE", -1)
    x_server.processing_looks = 1000
    found = X().publish(PART, context, "hash:0")
    assert isinstance(found, Pending)
    assert x_server.posts == []
    return found


def finish(server: XServer) -> None:
    for media in server.media.values():
        media.looks = 0


def test_video_goes_up_in_segments_and_out_with_description_and_subtitles(
    x_server: XServer, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(x_media, "SEGMENT", 1000)
    X().publish(PART, context, "hash:0")
    [post] = x_server.posts
    video = x_server.media[post.media[0]]
    assert (video.data, video.category, video.segments, video.alt) == (small_video(), "tweet_video", 3, "Bells ring")
    track = x_server.media[video.subtitles["EN"]]
    assert (track.data, track.type) == (WORDS, "text/vtt")


def test_video_that_takes_long_is_posted_when_x_is_through_with_it(
    x_server: XServer, context: Context, pending: Pending
) -> None:
    assert X().resume(pending, context) == pending
    finish(x_server)
    receipt = X().resume(pending, context)
    assert isinstance(receipt, Receipt)
    assert [post.id for post in x_server.posts] == [receipt.id]
    x_server.refuses_twins = False
    assert X().resume(pending, context) == receipt, "a worker that died after posting leaves one post"
    assert len(x_server.posts) == 1


def test_lost_answer_to_a_pending_post_is_uncertain(x_server: XServer, context: Context, pending: Pending) -> None:
    finish(x_server)
    x_server.fail(drop(after_forwarding=True), path="/2/tweets")
    with pytest.raises(errors.Uncertain):
        X().resume(pending, context)


def test_video_that_x_cannot_use_is_refused(x_server: XServer, context: Context, pending: Pending) -> None:
    for media in x_server.media.values():
        media.looks, media.fails = 0, True
    with pytest.raises(errors.Refused) as caught:
        X().resume(pending, context)
    assert caught.value.key == "network.x_media_refused"


@pytest.mark.parametrize("path", ["/initialize", "/append", "/finalize", "/2/media/subtitles"])
def test_video_that_did_not_arrive_may_be_sent_again(x_server: XServer, context: Context, path: str) -> None:
    x_server.fail(drop(after_forwarding=True), path=path)
    with pytest.raises(errors.Retry):
        X().publish(PART, context, "hash:0")
    assert x_server.posts == []


def test_video_goes_out_where_x_takes_no_description_of_videos(x_server: XServer, context: Context) -> None:
    x_server.fail(answer(400, '{"title": "Invalid Request", "detail": "Not for videos"}'), path="/2/media/metadata")
    X().publish(PART, context, "hash:0")
    assert len(x_server.posts) == 1


def test_subtitles_need_a_language_that_x_knows(x_server: XServer, context: Context) -> None:
    with pytest.raises(errors.Refused) as caught:
        X().publish(PART, replace(context, language=""), "hash:0")
    assert (caught.value.key, x_server.posts) == ("network.x_captions", [])
