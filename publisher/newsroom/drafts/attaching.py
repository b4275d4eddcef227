"""The pictures and videos of a post, changed one step at a time: each change is a new revision, as when somebody types,
so an approval falls with it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from publisher.errors import InvalidInput
from publisher.models import Asset, Post, User
from publisher.networks import crop
from publisher.newsroom import access, queries
from publisher.newsroom.approval import review
from publisher.newsroom.drafts import library, previews
from publisher.newsroom.feeds import outside
from publisher.types import Media


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to become of the files of a part, in this order. Places count from 1."""

    dropped: Sequence[int] = ()
    added: Sequence[Asset] = ()
    order: str = ""
    """Places like "2,1,3", after what was dropped and added; those that it does not name come after it."""
    alts: Sequence[str] = ()
    focuses: Sequence[str] = ()


def attach(post_id: int, user: User, assets: Sequence[Asset], *, revision_id: int, part: int = 1) -> Post:
    """Put files of the library at the end of a part (counted from 1); what is there already is not put there twice."""
    post = queries.post(post_id)
    return _put(post, user, [*media_of(post, part), *_new(post, part, assets)], revision_id=revision_id, part=part)


def rearrange(post: Post, user: User, change: Change, *, part: int = 1) -> tuple[Post, list[Media]]:
    """The post, and the files of the part as they are then. Without a change nothing is stored.

    Raises what `review.edit` raises, InvalidInput (no such part or place, no such point).
    """
    access.require(user, "write", post.channel)
    before = media_of(post, part)
    _check(change.dropped, len(before), part)
    media = [item for place, item in enumerate(before, start=1) if place not in change.dropped]
    media += _new(post, part, change.added)
    wanted = [int(place) if place.isdecimal() else 0 for place in change.order.replace(",", " ").split()]
    _check(wanted, len(media), part)
    places = dict.fromkeys([*(place - 1 for place in wanted), *range(len(media))])
    media = [media[place] for place in places]
    _check(range(1, max(len(change.alts), len(change.focuses)) + 1), len(media), part)
    for place, alt in enumerate(change.alts):
        media[place] = replace(media[place], alt=" ".join(alt.split()))
    for place, focus in enumerate(change.focuses):
        if focus and crop.point(focus) is None:
            raise InvalidInput("media.bad_focus", focus=focus)
        media[place] = replace(media[place], focus=focus)
    if tuple(media) == before:
        return post, media
    return _put(post, user, media, revision_id=post.revision_id or 0, part=part), media


def picture_of_document(post: Post, user: User) -> Asset:
    """The picture that the post's document shows, taken into the library with its description and credit.

    Raises NotAllowed, InvalidInput (it shows none, or one of no use), FetchError.
    """
    access.require(user, "write", post.channel)
    source = previews.source_of(post)
    if source is None or source.image is None:
        raise InvalidInput("media.document_shows_none")
    image = source.image
    known = Asset.objects.filter(url=image.url).first()
    if known:
        return known
    data, _kind = outside.fetch_image(image.url)
    said = library.Said(alt=image.alt or None, language=source.language, credit=image.credit or None)
    return library.add_picture(user, data, name=urlsplit(image.url).path.rpartition("/")[2], url=image.url, said=said)


def media_of(post: Post, part: int) -> tuple[Media, ...]:
    """Raises InvalidInput when there is no such part."""
    parts = post.revision.content if post.revision else ()
    if not 0 < part <= len(parts):
        raise InvalidInput("media.no_part", part=part)
    return parts[part - 1].media


def _new(post: Post, part: int, assets: Sequence[Asset]) -> list[Media]:
    kept = {item.sha256 for item in media_of(post, part)}
    language = post.revision.language if post.revision else ""
    new = {asset.sha256: library.media_of(asset, language) for asset in assets if asset.sha256 not in kept}
    return list(new.values())


def _put(post: Post, user: User, media: Sequence[Media], *, revision_id: int, part: int) -> Post:
    parts = list(post.revision.content) if post.revision else []
    parts[part - 1] = replace(parts[part - 1], media=tuple(media))
    return review.edit(post.pk, user, revision_id=revision_id, parts=parts)


def _check(places: Sequence[int], count: int, part: int) -> None:
    for place in places:
        if not 0 < place <= count:
            raise InvalidInput("media.no_number", number=place, part=part)
