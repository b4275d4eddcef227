"""Where only videos go: a document without one is not drafted there by itself, and its page says why."""

from collections.abc import Iterator
from typing import Any

import pytest

from publisher import config
from publisher.enums import PostState
from publisher.models import Asset, Channel, Document, Post, Rule, Source, User
from publisher.newsroom import queries
from publisher.newsroom.drafts import cards, drafting, media, previews, rehearsal
from publisher.newsroom.drafts.cards import Choice
from publisher.types import Media, Part
from tests.factories import make_channel, make_document, make_post
from tests.networks.films import film
from tests.newsroom.conftest import bring, entry
from tests.newsroom.test_way_in import look
from tests.peers.double import Double, Reply, Request

PAGE = "https://audiovisual.ec.europa.eu/en/video/I-123456"
FILM = Media(sha256="a" * 64, type="video/mp4")


class Films(Double):
    """A site with one video, at every address."""

    body = film()

    def answer(self, request: Request) -> Reply:
        return Reply(body=self.body, headers={"Content-Type": "video/mp4"})


@pytest.fixture
def films() -> Iterator[Films]:
    with Films() as running:
        yield running


@pytest.fixture
def tube(db: None) -> Channel:
    return make_channel("youtube")


def drafted(source: Source, **fields: Any) -> list[Post]:
    (document_id,) = bring(source, entry(1, **fields)).to_draft
    return drafting.draft(document_id)


@pytest.mark.parametrize("video", ["", PAGE])
def test_document_without_a_video_is_drafted_only_by_hand(
    source: Source, tube: Channel, review_all: Rule, approver: User, video: str
) -> None:
    assert drafted(source, video=video) == []
    document = Document.objects.get()
    assert (document.problem, document.drafted_at is not None) == ("", True)
    (said,) = queries.document_detail(document.pk).ignored
    assert said == (
        f"The rule “{review_all.name}” takes it for {tube.name}, where only videos go, and the document has none: "
        "nothing is drafted there. To post a video about it, draft it by hand."
    )
    (post,) = drafting.draft_by_hand(document.pk, approver)
    assert (post.state, [issue.key for issue in previews.check(post)]) == (PostState.REVIEW, ["check.needs_video"])


def test_document_with_a_video_file_is_drafted_with_it(
    source: Source, tube: Channel, review_all: Rule, films: Films
) -> None:
    """It is fetched before anything is stored, once, and only since a channel takes nothing else."""
    Source.objects.update(read_pages=False)
    look(source, entry(1))
    address = f"{films.url}/films/1.MP4?download=1"
    look(source, entry(1), entry(2, video=address))
    assert films.calls() == ["GET /films/1.MP4"]
    post = Post.objects.get()
    assert post.revision
    (item,) = post.revision.content[0].media
    assert (item.url, item.type, item.width, item.height, item.seconds) == (address, "video/mp4", 640, 360, 12.5)
    assert media.path(item.sha256).read_bytes() == film()
    assert Asset.objects.get(sha256=item.sha256).seconds == 12.5
    assert previews.check(post) == []
    assert queries.document_detail(post.document_id).ignored == []
    assert [each.text for each in rehearsal.page(review_all).items if each.text] == [post.revision.content[0].text]


@pytest.mark.parametrize("body", [b"<html>Not found</html>", film()[:-40], b"x" * 2_000_000])
def test_video_that_cannot_be_had_leaves_a_draft_that_says_what_it_lacks(
    source: Source, tube: Channel, review_all: Rule, films: Films, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config.get(), "upload_megabytes", 1)
    films.body = body
    (post,) = drafted(source, video=f"{films.url}/1.mp4")
    assert [issue.key for issue in previews.check(post)] == ["check.needs_video"]


def test_card_becomes_the_thumbnail_and_the_video_stays(tube: Channel, approver: User) -> None:
    told = {"title": "Speech by Ada Example at the summit"}
    post = make_post(make_document(kind="speech", told=told), tube, parts=(Part(text="Hello", media=(FILM,)),))
    assert cards.usual_size(post) == "1200x630"
    assert post.revision_id
    for size in ("1200x630", "1080x1080"):
        done = cards.put(post.pk, approver, Choice(title=True, size=size), revision_id=post.revision_id)
        assert done.revision
        post.revision_id = done.revision.pk
        film, card = done.revision.content[0].media
        assert (film, card.type, f"{card.width}x{card.height}") == (FILM, "image/png", size)
