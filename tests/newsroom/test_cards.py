"""A card as the picture of a post."""

import hashlib

import pytest

from publisher.enums import PostState
from publisher.errors import InvalidInput, NotAllowed, PublisherError, StaleState
from publisher.models import Event, Post, Revision, User
from publisher.newsroom.drafts import cards, media
from publisher.newsroom.drafts.cards import Choice
from publisher.types import Media, Part
from tests.factories import make_channel, make_document, make_post, make_user

pytestmark = pytest.mark.django_db

BODY = "We must defend our freedom together. I came here to say it. Our unity is the stronger force in Europe."
PHOTO = Media(sha256="a" * 64, alt="A photo", type="image/jpeg")


@pytest.fixture
def editor(db: None) -> User:
    return make_user("editor")


def waiting(*parts: Part, limits: dict[str, int] | None = None, state: str = PostState.REVIEW) -> Post:
    told = {"speakers": ("Ada Example",), "title": "Speech by Ada Example at the summit"}
    document = make_document(body=BODY, kind="speech", told=told)
    channel = make_channel()
    channel.account |= {"limits": limits or {}}
    channel.save()
    return make_post(document, channel, parts=parts or (Part(text="Hello", media=(PHOTO,)),), state=state)


def put(post: Post, user: User, *, beside: bool = False, **chosen: object) -> list[tuple[Media, ...]]:
    """The pictures of each part then."""
    assert post.revision_id
    choice = Choice(**chosen)  # type: ignore[arg-type]
    done = cards.put(post.pk, user, choice, revision_id=post.revision_id, beside=beside)
    assert done.revision
    return [part.media for part in done.revision.content]


def test_card_is_the_picture_of_the_first_part_with_its_description(editor: User) -> None:
    post = waiting(Part(text="One", media=(PHOTO,)), Part(text="Two", media=(PHOTO,)))
    (card,), second = put(post, editor, size="1080x1350")
    picture = media.load(card)
    assert (card.sha256, card.type) == (hashlib.sha256(picture).hexdigest(), "image/png")
    assert (card.width, card.height) == (1080, 1350)
    assert card.alt == "Quote card: “We must defend our freedom together.” – Ada Example"
    assert second == (PHOTO,)


def test_card_is_an_edit_by_whoever_made_it_and_an_approval_falls_with_it(editor: User) -> None:
    post = waiting(state=PostState.SCHEDULED)
    put(post, editor, title=True)
    now = Post.objects.get(pk=post.pk)
    assert (now.state, now.revision and now.revision.author) == (PostState.REVIEW, editor)
    event = Event.objects.latest("pk")
    assert (event.verb, event.actor) == ("edit", editor.email)


def test_pictures_stay_beside_it_as_far_as_the_network_takes_them(editor: User) -> None:
    others = tuple(Media(sha256=letter * 64, alt=letter, type="image/png") for letter in "abcd")
    (pictures,) = put(waiting(Part(text="Hello", media=others)), editor, beside=True, title=True)
    assert [item.alt[:10] for item in pictures] == ["Title card", "a", "b", "c"]


def test_the_same_card_again_changes_nothing(editor: User) -> None:
    post = waiting()
    put(post, editor)
    post.refresh_from_db()
    put(post, editor, beside=True)
    assert Revision.objects.filter(post=post).count() == 2


@pytest.mark.parametrize(
    ("chosen", "key"),
    [({"words": "We will all be rich together."}, "quote.not_in_source"), ({"number": 9}, "card.no_number")],
)
def test_card_of_what_nobody_said_is_refused(editor: User, chosen: dict[str, object], key: str) -> None:
    post = waiting()
    with pytest.raises(PublisherError) as refused:
        put(post, editor, **chosen)
    assert (refused.value.key, Revision.objects.filter(post=post).count()) == (key, 1)


def test_network_that_takes_no_pictures_gets_no_card(editor: User) -> None:
    with pytest.raises(InvalidInput) as refused:
        put(waiting(limits={"images": 0}), editor)
    assert refused.value.key == "card.no_pictures"


def test_viewer_makes_no_card() -> None:
    with pytest.raises(NotAllowed):
        put(waiting(), make_user("viewer"))


def test_card_for_a_post_that_somebody_changed_meanwhile_is_refused(editor: User) -> None:
    post = waiting()
    put(post, editor, title=True)
    with pytest.raises(StaleState):
        put(post, editor)


def test_lines_are_offered_as_they_stand_on_the_card() -> None:
    post = waiting()
    assert cards.lines(post) == [
        "“We must defend our freedom together.”",
        "“Our unity is the stronger force in Europe.”",
    ]
    assert cards.made(post, Choice(number=2))[0].words == cards.lines(post)[1]
