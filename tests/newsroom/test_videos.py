"""Where only videos go: a document without one is not drafted there by itself, and its page says why."""

from typing import Any

import pytest

from publisher.enums import PostState
from publisher.models import Channel, Document, Post, Rule, Source, User
from publisher.newsroom import queries
from publisher.newsroom.drafts import cards, drafting, previews
from publisher.newsroom.drafts.cards import Choice
from publisher.types import Media, Part
from tests.factories import make_channel, make_document, make_post
from tests.newsroom.conftest import bring, entry

FILE = "https://press.example.org/films/1.MP4?download=1"
PAGE = "https://audiovisual.ec.europa.eu/en/video/I-123456"
FILM = Media(sha256="a" * 64, type="video/mp4")


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


def test_document_with_a_video_file_is_drafted(source: Source, tube: Channel, review_all: Rule) -> None:
    (post,) = drafted(source, video=FILE)
    assert queries.document_detail(post.document_id).ignored == []


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
