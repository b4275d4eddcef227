"""What stands against a part of a draft, by its network's limits alone. Pure."""

from collections.abc import Iterator, Sequence

from publisher.enums import CardStyle, Requires, Severity
from publisher.networks.check_video import megabytes, unfit
from publisher.networks.limit_types import Limits
from publisher.text.links import find_urls
from publisher.text.measure import measure
from publisher.types import Issue, Media, Part


def check_part(part: Part, limits: Limits, network: str, prefix: str = "") -> Iterator[Issue]:
    """`network` is its label; `prefix` (`parts.2.`) tells which part of a thread an issue belongs to."""
    videos = [media for media in part.media if media.is_video]
    documents = [media for media in part.media if media.is_document]
    pictures = [media for media in part.media if not media.is_video and not media.is_document]
    if limits.requires is Requires.VIDEO and not videos:
        yield Issue(field=prefix + "media", key="check.needs_video", params={"network": network})
    elif limits.requires is Requires.PICTURE and not part.media:
        yield Issue(field=prefix + "media", key="check.needs_picture", params={"network": network})
    yield from _check_text(part, limits, prefix + "text")
    if pictures and not limits.images:
        yield Issue(field=prefix + "media", key="check.no_images", params={"network": network})
    elif len(pictures) > limits.images:
        params = {"count": len(pictures), "limit": limits.images, "network": network}
        yield Issue(field=prefix + "media", key="check.too_many_images", params=params)
    if videos:
        yield from _check_videos(videos, bool(pictures), limits, network, prefix + "media")
    if documents:
        yield from _check_document(documents[0], len(part.media), limits, network, prefix + "media")
    yield from _check_alts(part.media, limits, prefix + "alt")
    image = part.card.image if part.card else None
    if image and not image.sha256 and limits.card is CardStyle.OURS:
        yield Issue(field=prefix + "card", key="check.image_missing", severity=Severity.WARNING)


def _check_text(part: Part, limits: Limits, field: str) -> Iterator[Issue]:
    if not part.text.strip() and not part.media:
        yield Issue(field=field, key="check.empty")
    measured = measure(part.text, limits.unit, limits.longest(part.media), limits.url_length)
    size = len(part.text.encode())
    if not measured.valid:
        yield Issue(field=field, key="check.too_long", params={"length": measured.length, "limit": measured.limit})
    elif limits.text_bytes and size > limits.text_bytes:
        yield Issue(field=field, key="check.too_many_bytes", params={"length": size, "limit": limits.text_bytes})
    links = {span.href for span in find_urls(part.text)}
    if part.card and not part.media:
        links.add(part.card.url)
    if limits.links and len(links) > limits.links:
        yield Issue(field=field, key="check.too_many_links", params={"count": len(links), "limit": limits.links})
    if find_urls(part.text) and not limits.clickable:
        yield Issue(field=field, key="check.dead_link", severity=Severity.WARNING)


def _check_videos(videos: Sequence[Media], pictures: bool, limits: Limits, network: str, field: str) -> Iterator[Issue]:
    if limits.video is None:
        yield Issue(field=field, key="check.no_videos", params={"network": network})
        return
    if len(videos) > limits.videos or (pictures and not limits.video.with_pictures):
        params = {"limit": limits.videos, "network": network}
        yield Issue(field=field, key="check.too_many_videos", params=params)
    for video in videos:
        for key, params in unfit(video, limits.video, network):
            yield Issue(field=field, key=key, params=params)
        if video.captions and not limits.captions:
            params = {"network": network}
            yield Issue(field=field, key="check.no_captions", params=params, severity=Severity.WARNING)


def _check_document(document: Media, count: int, limits: Limits, network: str, field: str) -> Iterator[Issue]:
    """`count`: of all that the part holds."""
    if not limits.document:
        yield Issue(field=field, key="check.no_documents", params={"network": network})
    elif count > 1:
        yield Issue(field=field, key="check.one_document", params={"network": network})
    elif document.size > limits.document:
        params = megabytes(document.size, limits.document) | {"network": network}
        yield Issue(field=field, key="check.document_too_large", params=params)


def _check_alts(media: Sequence[Media], limits: Limits, field: str) -> Iterator[Issue]:
    for each in media:
        most = limits.alt_of(each)
        if not most:
            continue
        if not each.alt.strip():
            yield Issue(field=field, key="check.alt_missing_video" if each.is_video else "check.alt_missing")
        elif len(each.alt) > most:
            yield Issue(field=field, key="check.alt_too_long", params={"length": len(each.alt), "limit": most})
