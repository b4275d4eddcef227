"""The record of a Bluesky post, its key and its content identifier: pure, and the same for preview and publish.

Sources: the lexicons app.bsky.feed.post, app.bsky.richtext.facet and app.bsky.embed.images, gallery, video and
external; the atproto specifications of record keys (TID) and of the data model (DAG-CBOR, CID).
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from publisher.text.links import BLUESKY_STYLE, Span, display_url, find_links
from publisher.text.measure import graphemes
from publisher.types import Media, Part, Run

COLLECTION = "app.bsky.feed.post"
APP = "https://bsky.app"

TID_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TAG_GRAPHEMES, TAG_BYTES = 64, 640
IMAGES = 4
"""So many pictures go as app.bsky.embed.images, which every client knows; more of them as a gallery."""

_HANDLE = re.compile(r"(?=.{3,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_PART_KEY = re.compile(r"(.+):(\d+)", re.DOTALL)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class Blob:
    """An uploaded file: the reference that the server gave for it, and its size in pixels (0 = not known)."""

    ref: Mapping[str, Any]
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What only the call brings; a preview has none of it."""

    created_at: str = ""
    dids: Mapping[str, str] | None = None
    """DID by handle, for those that could be resolved. None = nobody asked yet."""
    blobs: tuple[Blob, ...] = ()
    """One per image in order, or that of the video, or the one thumbnail of the card."""
    captions: Mapping[str, Any] | None = None
    """The reference of the video's subtitles."""
    reply: Mapping[str, Any] | None = None


def build_record(part: Part, language: str, given: Given | None = None) -> dict[str, Any]:
    """The record as JSON. Without `given` it lacks createdAt, DIDs, blobs with aspect ratios, and reply."""
    given = given or Given()
    record: dict[str, Any] = {"$type": COLLECTION, "text": part.text}
    if given.created_at:
        record["createdAt"] = given.created_at
    if _LANGUAGE.fullmatch(language):
        record["langs"] = [language]
    if facets := _facets(part.text, given.dids):
        record["facets"] = facets
    if embed := _embed(part, language, given):
        record["embed"] = embed
    if given.reply:
        record["reply"] = dict(given.reply)
    return record


def is_ours(record: Mapping[str, Any], text: str, created_at: str) -> bool:
    """Whether the record under our key is the post we meant.

    Embeds and mentions may differ from those of another try (a handle that resolves by now), text and time never do.
    """
    return record.get("text") == text and record.get("createdAt") == created_at


def reply_to(root: Mapping[str, str], parent: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The reply reference; `root` and `parent` hold uri and cid."""
    return {name: {"uri": ref["uri"], "cid": ref["cid"]} for name, ref in (("root", root), ("parent", parent))}


def text_runs(text: str) -> tuple[Run, ...]:
    """The text as bsky.app shows it: what the facets make clickable, links cut short."""
    runs: list[Run] = []
    position = 0
    for span in find_links(text):
        if not (href := _shown_href(span)):
            continue
        if text[position : span.start]:
            runs.append(Run(text=text[position : span.start]))
        shown = display_url(span.text, BLUESKY_STYLE) if span.kind == "url" else span.text
        runs.append(Run(text=shown, href=href))
        position = span.end
    if text[position:]:
        runs.append(Run(text=text[position:]))
    return tuple(runs)


def mentioned(text: str) -> list[str]:
    """The handles that the text mentions, in order, without @."""
    return [handle for span in find_links(text) if (handle := _handle(span))]


def format_time(stamp: datetime) -> str:
    """`stamp` as a record holds it: UTC, milliseconds, Z."""
    return stamp.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def make_tid(stamp: datetime, key: str) -> str:
    """The record key for `key`: 13 characters that depend on nothing but `stamp` and `key`.

    The milliseconds are the stamp's. Twenty bits below them come from the key, so that posts stamped alike do not
    meet; the part index at the end of a key ("…:3") is added, so that the parts of a thread stand in order.
    """
    match = _PART_KEY.fullmatch(key)
    base, index = (match[1], int(match[2])) if match else (key, 0)
    chance = int.from_bytes(hashlib.sha256(base.encode()).digest()[:8])
    milliseconds = (stamp - EPOCH) // timedelta(milliseconds=1)
    microseconds = milliseconds * 1000 + chance % 800 + index
    number = (microseconds << 10) | ((chance >> 32) & 0x3FF)
    return "".join(TID_ALPHABET[(number >> shift) & 31] for shift in range(60, -1, -5))


def record_cid(record: Mapping[str, Any]) -> str:
    """The content identifier that every server will compute for this record: a thread can refer to it beforehand."""
    import libipld  # slow import

    block = libipld.encode_dag_cbor(_to_ipld(record))
    # CID version 1, codec DAG-CBOR, hash SHA-256 of 32 bytes.
    return str(libipld.encode_cid(b"\x01\x71\x12\x20" + hashlib.sha256(block).digest()))


def _to_ipld(value: Any) -> Any:
    """JSON's {"$link": cid} as the bytes that DAG-CBOR encodes as a link."""
    import libipld  # slow import

    if isinstance(value, Mapping):
        if set(value) == {"$link"}:
            return libipld.decode_multibase(value["$link"])[1]
        return {name: _to_ipld(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_to_ipld(item) for item in value]
    return value


def _facets(text: str, dids: Mapping[str, str] | None) -> list[dict[str, Any]]:
    """What is clickable. Positions count UTF-8 bytes, not characters."""
    facets = []
    for span in find_links(text):
        feature = _feature(span, dids)
        if feature:
            start = len(text[: span.start].encode())
            index = {"byteStart": start, "byteEnd": start + len(span.text.encode())}
            facets.append({"index": index, "features": [feature]})
    return facets


def _feature(span: Span, dids: Mapping[str, str] | None) -> dict[str, str] | None:
    if span.href:
        return {"$type": "app.bsky.richtext.facet#link", "uri": span.href}
    if handle := _handle(span):
        feature = {"$type": "app.bsky.richtext.facet#mention"}
        if dids is None:
            return feature
        return {**feature, "did": dids[handle]} if handle in dids else None
    if tag := _tag(span):
        return {"$type": "app.bsky.richtext.facet#tag", "tag": tag}
    return None


def _shown_href(span: Span) -> str:
    if handle := _handle(span):
        return f"{APP}/profile/{handle}"
    if tag := _tag(span):
        return f"{APP}/hashtag/{tag}"
    return span.href


def _handle(span: Span) -> str:
    """The handle of a mention; blank for @name without a domain and for @name@host, which are nobody here."""
    handle = span.text[1:].lower()
    return handle if span.kind == "mention" and _HANDLE.fullmatch(handle) else ""


def _tag(span: Span) -> str:
    tag = span.text[1:]
    fits = span.kind == "hashtag" and graphemes(tag) <= TAG_GRAPHEMES and len(tag.encode()) <= TAG_BYTES
    return tag if fits else ""


def _embed(part: Part, language: str, given: Given) -> dict[str, Any] | None:
    """The video, else images, else the card: a post takes one embed."""
    if part.media and part.media[0].is_video:
        return _video(part.media[0], language, given)
    if part.media:
        return _images(part.media, given.blobs)
    if part.card:
        external: dict[str, Any] = {
            "uri": part.card.url,
            "title": part.card.title,
            "description": part.card.description,
        }
        if given.blobs:
            external["thumb"] = dict(given.blobs[0].ref)
        return {"$type": "app.bsky.embed.external", "external": external}
    return None


def _images(media: Sequence[Media], blobs: Sequence[Blob]) -> dict[str, Any]:
    images: list[dict[str, Any]] = [{"alt": item.alt} for item in media]
    for image, blob in zip(images, blobs, strict=False):
        image["image"] = dict(blob.ref)
        image["aspectRatio"] = {"width": blob.width, "height": blob.height}
    if len(images) <= IMAGES:
        return {"$type": "app.bsky.embed.images", "images": images}
    items = [{"$type": "app.bsky.embed.gallery#image", **image} for image in images]
    return {"$type": "app.bsky.embed.gallery", "items": items}


def _video(video: Media, language: str, given: Given) -> dict[str, Any]:
    embed: dict[str, Any] = {"$type": "app.bsky.embed.video", "alt": video.alt}
    if video.captions:
        spoken = language if _LANGUAGE.fullmatch(language) else "und"  # BCP 47: not known
        embed["captions"] = [{"lang": spoken, **({"file": dict(given.captions)} if given.captions else {})}]
    for blob in given.blobs:
        embed["video"] = dict(blob.ref)
        if blob.width and blob.height:
            embed["aspectRatio"] = {"width": blob.width, "height": blob.height}
    return embed
