"""Where a network takes no post without a picture, the draft comes with one: the document's own, or a card of ours."""

from collections.abc import Iterator
from typing import Any

import pytest

from publisher import config
from publisher.enums import DocumentKind, PostState, RuleMode
from publisher.models import Channel, Post, Rule, Source, Version
from publisher.networks.limits import LIMITS
from publisher.newsroom.documents import changes
from publisher.newsroom.drafts import media, pictures, previews, rehearsal
from publisher.newsroom.drafts.pictures import Pictures
from publisher.newsroom.drafts.writing import write
from publisher.types import Entry, Image, Media, entry_from_json
from tests.factories import make_channel
from tests.newsroom.conftest import entry
from tests.newsroom.test_way_in import look

BODY = "We must defend our freedom together. I came here to say it. Our unity is the stronger force in Europe."
SPEECH: dict[str, Any] = {
    "kind": DocumentKind.SPEECH,
    "title": "Speech by Ada Example at the summit",
    "speakers": ("Ada Example",),
    "body": BODY,
}
LINE = "Quote card: “We must defend our freedom together.” – Ada Example"
PHOTO = Media(url="https://press.example.org/1.jpg", sha256="a" * 64, type="image/jpeg", width=1200, height=800)


@pytest.fixture
def channel(db: None) -> Channel:
    return make_channel("instagram", language="en")


@pytest.fixture
def known(source: Source, channel: Channel) -> Source:
    Source.objects.update(read_pages=False)
    look(source, entry(1))
    Rule.objects.create(name="By itself", mode=RuleMode.AUTOMATIC)
    return source


@pytest.fixture
def illegible(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PUBLISHER_CARD_TEXT", "#12305b")
    config.get.cache_clear()
    yield
    monkeypatch.undo()
    config.get.cache_clear()


def came(source: Source, **fields: Any) -> list[Post]:
    look(source, entry(1), entry(2, **fields))
    return list(Post.objects.select_related("channel", "document", "revision").order_by("pk"))


def shown(post: Post) -> Media:
    assert post.revision
    (item,) = post.revision.content[0].media
    return item


def test_new_document_brings_its_strongest_line_on_a_card_and_goes_out_by_rule(known: Source, channel: Channel) -> None:
    make_channel("instagram", language="en")
    one, other = came(known, **SPEECH)
    card = shown(one)
    assert (card, one.state) == (shown(other), PostState.SCHEDULED)
    assert (card.alt, card.type, card.width, card.height) == (LINE, "image/png", 1080, 1350)
    assert media.is_whole(card.sha256)
    (rehearsed,) = [each for each in rehearsal.page(Rule.objects.get()).items if each.channel == channel][:1]
    assert (rehearsed.outcome, rehearsed.reason) == (RuleMode.AUTOMATIC, ""), "a rehearsal says the same"


def test_card_stays_while_it_says_what_the_text_says_and_is_drawn_anew_when_it_does_not(known: Source) -> None:
    (post,) = came(known)
    first = shown(post)
    assert first.alt == "Title card: Commission adopts measure number 2"
    look(known, entry(1), entry(2, lead="The Commission has today adopted the second measure, at last."))
    post.refresh_from_db()
    assert (Version.objects.filter(document=post.document).count(), shown(post)) == (2, first)
    entry_now = entry_from_json(post.document.current.entry)
    assert changes.draft_for(post, entry_now).parts[0].media == (first,), "also where nothing was drawn beforehand"
    look(known, entry(1), entry(2, title="Commission adopts measure number two"))
    post.refresh_from_db()
    assert shown(post).alt == "Title card: Commission adopts measure number two"
    assert shown(post).sha256 != first.sha256


@pytest.mark.usefixtures("illegible")
def test_draft_without_a_card_says_why(known: Source) -> None:
    (post,) = came(known)
    assert post.revision
    assert (post.state, post.revision.content[0].media) == (PostState.REVIEW, ())
    said = {issue.key: issue.message for issue in previews.check(post)}
    assert said["card.not_drawn"].startswith(
        "This post needs a picture, and no card could be drawn for it: PUBLISHER_CARD"
    )


@pytest.mark.parametrize(
    ("image", "kept", "expected"),
    [
        (Image(url=PHOTO.url, alt="The summit"), PHOTO, "The summit"),
        (Image(url=PHOTO.url), PHOTO, LINE),
        (Image(url=PHOTO.url, alt="The summit", credit="© A. Photographer"), PHOTO, LINE),
        (Image(url=PHOTO.url, alt="The logo"), Media(url=PHOTO.url, sha256="a" * 64, width=800, height=200), LINE),
    ],
    ids=["described", "not-described", "with-somebody-to-name", "small"],
)
def test_picture_of_the_document_is_used_where_it_can_stand_by_itself(
    channel: Channel, image: Image, kept: Media, expected: str
) -> None:
    speech: Entry = entry(1, image=image, **SPEECH)
    card = next(pictures.own_cards(speech))
    here = Pictures({PHOTO.url: kept}, {(card, "1080x1350"): Media(alt=card.alt, sha256="b" * 64)}, fetch=False)
    made = pictures.with_pictures(write(speech, channel, None), speech, LIMITS["instagram"], here)
    assert [item.alt for item in made.parts[0].media] == [expected]
