"""Cards for a post: a line of its document, or the title, as the post's picture with its description."""

from dataclasses import dataclass, replace

from publisher import config
from publisher.compose.cards import SIZES, QuoteCard, quote_card, style_of, title_card
from publisher.compose.drawing import draw
from publisher.compose.facts import gather
from publisher.errors import InvalidInput
from publisher.models import Post, User
from publisher.networks import registry
from publisher.newsroom import access, channels
from publisher.newsroom.approval import review
from publisher.newsroom.documents.quoting import as_quotation
from publisher.newsroom.drafts import media, pictures, previews
from publisher.types import Entry, Media

__all__ = ["SIZES", "Choice", "lines", "made", "put", "usual_size"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What somebody wants on a card: one of the document's lines (1 is the strongest), words of it, or its title."""

    number: int = 1
    words: str = ""
    title: bool = False
    size: str = "1200x630"


def lines(post: Post) -> list[str]:
    """The lines that a card can have, strongest first, as they stand on it."""
    source = previews.source_of(post)
    if source is None:
        return []
    return [as_quotation(quote.text, source.language) for quote in gather(source, source.language).quotes]


def usual_size(post: Post) -> str:
    """What suits the network."""
    return pictures.size_for(channels.limits(post.channel))


def made(post: Post, choice: Choice) -> tuple[QuoteCard, bytes]:
    """The card with its picture (PNG). Stores nothing. Raises InvalidInput, ConfigError or TemplateError."""
    card = _card(_source(post), choice)
    settings = config.get()
    return card, draw(card, style_of(settings), SIZES[choice.size], folder=settings.templates_dir)


def put(post_id: int, user: User, choice: Choice, *, revision_id: int, beside: bool = False) -> Post:
    """Make the card the picture of the post's first part: `beside` the pictures that it has, or in their place. A video
    stays where the network takes both.

    The card is drawn before anything is stored; what is stored is a new revision, as when somebody types.
    """
    post = Post.objects.select_related("channel", "document", "revision").filter(pk=post_id).first()
    if post is None or post.revision is None:
        raise InvalidInput("post.unknown", id=post_id)
    access.require(user, "write", post.channel)
    limits = channels.limits(post.channel)
    most = limits.images
    if not most:
        raise InvalidInput("card.no_pictures", network=registry.LABELS[post.channel.network])
    card, picture = made(post, choice)
    width, height = SIZES[choice.size]
    item = Media(alt=card.alt, sha256=media.store(picture), type="image/png", width=width, height=height)
    first, *rest = post.revision.content
    shown = [each for each in first.media if each.is_video] if limits.video and limits.video.with_pictures else []
    kept = [each for each in first.media if each.sha256 != item.sha256 and each not in shown] if beside else []
    first = replace(first, media=(*shown, item, *kept[: most - 1]))
    return review.edit(post_id, user, revision_id=revision_id, parts=[first, *rest])


def _source(post: Post) -> Entry:
    source = previews.source_of(post)
    if source is None:
        raise InvalidInput("card.no_document")
    return source


def _card(source: Entry, choice: Choice) -> QuoteCard:
    return title_card(source) if choice.title else quote_card(source, number=choice.number, words=choice.words)
