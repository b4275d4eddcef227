"""The pictures of drafts: those that documents show, and a card of ours where no post goes out without a picture.

Fetching and drawing take time, so both are done before a transaction is open (`wanted`, `keep`, `draw_cards`); within
one, what is not here by then is left out, and the draft says so.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from publisher import config, messages
from publisher.compose.cards import SIZES, QuoteCard, quote_card, style_of, title_card
from publisher.compose.drawing import draw
from publisher.enums import CardStyle, Requires, RuleMode
from publisher.errors import FetchError, InvalidInput, PublisherError, Refused
from publisher.models import Channel, Document, Source
from publisher.networks.limit_types import ImageLimits, Limits
from publisher.networks.media import Encoded, fit_image
from publisher.newsroom import channels
from publisher.newsroom.drafts import media, videos
from publisher.newsroom.drafts.matching import match, plans, subject_to_be
from publisher.newsroom.feeds import outside
from publisher.types import Draft, Entry, Image, Issue, Media, Part, entry_from_json

log = logging.getLogger(__name__)

KEPT = ImageLimits(bytes=4_000_000, width=2400, height=2400, types=("image/jpeg", "image/png"))
"""How a picture of a source is kept: small enough to hold, large enough for every network to make its own from."""
SMALLEST = 400
"""Pixels of the shorter side: what is smaller is a logo or a thumbnail, and no post."""
NO_CARD = "card.not_drawn"
"""The key of what a draft says that should have a card and has none."""


@dataclass(slots=True)
class Pictures:
    """The pictures of one document, as they are kept for its posts."""

    kept: dict[str, Media] = field(default_factory=dict)
    """By address."""
    cards: dict[tuple[QuoteCard, str], Media | str] = field(default_factory=dict)
    """By what stands on one and its size: the picture, or the sentence that says why there is none."""
    fetch: bool = True
    """Whether what is not here yet may be fetched or drawn: never within a transaction."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the drafts of a document will show."""

    urls: tuple[str, ...] = ()
    cards: tuple[tuple[Entry, str], ...] = ()
    """A size for the words that the card is made from."""
    film: str = ""
    """The address of its video, where a post needs one."""


def wanted(source: Source, entry: Entry, document: Document | None = None) -> Wanted:
    """For a document of this source: its picture, for cards of links and where a post needs one; and cards of ours.

    `document`: the one that `entry` is another sight of; its drafts are written from the words that it has.
    """
    open_to = list(Channel.objects.filter(active=True))
    if entry.image is None and not any(_requires(channel) in (Requires.PICTURE, Requires.VIDEO) for channel in open_to):
        return Wanted()  # of most documents nothing is wanted, and nothing more need be asked
    to_be = Document(kind=entry.kind, language=entry.language, source=source, sample=source.sample)
    goes_to = match(subject_to_be(to_be, entry), plans(), open_to)
    drafted = [channel for channel, rule in goes_to if rule.mode != RuleMode.IGNORE]
    needing = [channel for channel in drafted if _requires(channel) is Requires.PICTURE]
    filmed = any(_requires(channel) is Requires.VIDEO for channel in drafted)
    shown = any(map(_makes_cards, drafted)) or (needing and _may_stand(entry.image))
    urls = (entry.image.url,) if entry.image and shown else ()
    cards: dict[tuple[Entry, str], None] = {}
    for channel in needing:
        words = _words_of(document, channel.language) if document else entry
        cards[words, size_for(channels.limits(channel))] = None
    return Wanted(urls, tuple(cards), videos.file_of(entry) if filmed else "")


def keep(pictures: Pictures, url: str, data: Encoded) -> None:
    """The picture at `url`, made small enough, is kept for drafts. Raises OSError (disk full)."""
    pictures.kept[url] = Media(
        url=url, sha256=media.store(data.data), type=data.type, width=data.width, height=data.height
    )


def draw_cards(pictures: Pictures, cards: Sequence[tuple[Entry, str]]) -> None:
    """Draw each of them once, where the document has no picture to show instead. Raises nothing."""
    drawing = replace(pictures, fetch=True)  # the same cards
    for entry, size in cards:
        if _picture_of(entry, pictures) is None:
            _drawn(entry, size, drawing)


def size_for(limits: Limits) -> str:
    """The size of a card that suits the network: tall where a picture is the post, else as a link's preview."""
    return "1080x1350" if limits.requires is Requires.PICTURE else "1200x630"


def with_pictures(
    made: Draft, entry: Entry, limits: Limits, pictures: Pictures, standing: Sequence[Media] = ()
) -> Draft:
    """The draft with the bytes of its pictures, and with a picture of `entry` where the network takes no post without.

    `standing`: pictures that the post has already; one that says the same is not drawn again.
    """
    shown = limits.card is CardStyle.OURS
    made = replace(made, parts=tuple(_with_bytes(part, pictures, cards=shown) for part in made.parts))
    if limits.requires is Requires.VIDEO and made.parts:
        return _with_film(made, videos.film_of(entry, pictures.kept, fetch=pictures.fetch))
    if limits.requires is not Requires.PICTURE or not made.parts or made.parts[0].media:
        return made
    first, *rest = made.parts
    found = _picture_of(entry, pictures) or _standing(entry, standing) or _drawn(entry, size_for(limits), pictures)
    if isinstance(found, str):
        return replace(made, issues=(*made.issues, Issue(field="media", key=NO_CARD, params={"why": found})))
    return replace(made, parts=(replace(first, media=(found,)), *rest))


def as_if_drawn(made: Draft, entry: Entry, limits: Limits) -> Draft:
    """The draft with the description of the card, or with the video, that it would have: for a rehearsal, in which
    nothing is drawn or fetched."""
    if limits.requires is Requires.VIDEO and made.parts:
        return _with_film(made, Media(url=entry.video, type="video/mp4"))
    card = next(own_cards(entry), None)
    if card is None or limits.requires is not Requires.PICTURE or not made.parts or made.parts[0].media:
        return made
    first, *rest = made.parts
    return replace(made, parts=(replace(first, media=(Media(alt=card.alt, type="image/png"),)), *rest))


def own_cards(entry: Entry) -> Iterator[QuoteCard]:
    """The cards that the document can have by itself, the strongest first: its best line, then its title."""
    for make in (quote_card, title_card):
        with suppress(InvalidInput):
            yield make(entry)


def _requires(channel: Channel) -> Requires:
    try:
        return channels.limits(channel).requires
    except (TypeError, ValueError):  # what is wrong with it is told when it is drafted for
        return Requires.NOTHING


def _with_film(made: Draft, film: Media | None) -> Draft:
    first, *rest = made.parts
    return made if film is None else replace(made, parts=(replace(first, media=(film, *first.media)), *rest))


def _makes_cards(channel: Channel) -> bool:
    try:
        return channels.limits(channel).card is CardStyle.OURS
    except (TypeError, ValueError):
        return False


def _words_of(document: Document, language: str) -> Entry:
    return entry_from_json((document.current_in(language) or document.current).entry)


def _may_stand(image: Image | None) -> bool:
    """Whether a picture of the document can be a post's without anybody's doing: described, and with nobody to name."""
    return image is not None and bool(image.alt.strip()) and not image.credit


def _picture_of(entry: Entry, pictures: Pictures) -> Media | None:
    """The document's own picture, where it can stand by itself and is large enough."""
    image = entry.image
    if image is None or not _may_stand(image):
        return None
    found = _fetched(Media(url=image.url, alt=image.alt), pictures)
    return found if found.sha256 and min(found.width, found.height) >= SMALLEST else None


def _standing(entry: Entry, standing: Sequence[Media]) -> Media | None:
    """A card among these that still says what a card of `entry` says."""
    said = {card.alt for card in own_cards(entry)} if standing else set()
    return next((each for each in standing if not each.url and each.alt in said), None)


def _drawn(entry: Entry, size: str, pictures: Pictures) -> Media | str:
    """The strongest card that can be drawn, else the sentence that says why there is none."""
    made: Media | str = messages.sentence("card.no_title")
    for card in own_cards(entry):
        if (card, size) not in pictures.cards and pictures.fetch:
            pictures.cards[card, size] = _draw(card, size)
        made = pictures.cards.get((card, size), messages.sentence("card.not_yet"))
        if isinstance(made, Media):
            return made
    return made


def _draw(card: QuoteCard, size: str) -> Media | str:
    settings = config.get()
    width, height = SIZES[size]
    try:
        sha256 = media.store(draw(card, style_of(settings), (width, height), folder=settings.templates_dir))
    except PublisherError as error:
        log.warning("no card could be drawn: %s", error)
        return error.sentence
    except OSError as error:
        log.warning("a card could not be kept: %s", error)
        return messages.sentence("card.not_yet")
    return Media(alt=card.alt, sha256=sha256, type="image/png", width=width, height=height)


def _with_bytes(part: Part, pictures: Pictures, *, cards: bool) -> Part:
    card = part.card
    if cards and card and card.image:
        card = replace(card, image=_fetched(card.image, pictures))
    return replace(part, card=card, media=tuple(_fetched(item, pictures) for item in part.media))


def _fetched(picture: Media, pictures: Pictures) -> Media:
    """The picture with its bytes kept; without them when its server does not give it (the check says so)."""
    if picture.sha256 or not picture.url:
        return picture
    if picture.url not in pictures.kept and pictures.fetch:
        pictures.kept[picture.url] = picture
        try:
            data, _ = outside.fetch_image(picture.url)
            keep(pictures, picture.url, fit_image(data, KEPT))
        except (FetchError, Refused, OSError) as error:
            log.warning("no picture for a card: %s", error)
    return replace(pictures.kept.get(picture.url, picture), alt=picture.alt)
