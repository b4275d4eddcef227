"""What the sandbox network takes and refuses: the rules of its server, stored in its own rows."""

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import regex
from django.db import transaction

from publisher.models.sandbox import SandboxAccount, SandboxFailure, SandboxImage, SandboxPost

TEXT_LIMIT = 300
"""Graphemes."""
ALT_LIMIT = 1000
"""Characters."""
IMAGES = 4
IMAGE_BYTES = 1_000_000
IMAGE_SIDE = 2000
"""Pixels."""
IMAGE_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png"}
KEY_LIMIT = 120
DUPLICATE_WINDOW = timedelta(hours=24)
RATE_WINDOW = timedelta(seconds=60)
ORPHAN_AGE = timedelta(days=1)
LOOKS = 2
"""How often one must ask for a post that is being worked on."""


class ApiError(Exception):
    """An answer that is not a success."""

    def __init__(self, status: int, code: str, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.retry_after = retry_after
        """Seconds."""


@dataclass(frozen=True)
class Asked:
    """The body of a request to post, its shape checked."""

    text: str
    language: str
    images: tuple[tuple[int, str], ...]
    """Ids of uploads, each with its alt text."""
    card: Mapping[str, str] | None
    card_image: int | None
    reply_to: int | None


@dataclass(frozen=True)
class Taken:
    post: SandboxPost
    new: bool = True
    """False when the request was a repeat of one that had been taken before."""


def read_body(body: bytes) -> Asked:
    """The request in `body` (JSON). Raises ApiError 400 for another shape."""
    try:
        data = json.loads(body)
        card = data.get("card")
        return Asked(
            text=_text(data.get("text")),
            language=_text(data.get("language"))[:35],
            images=tuple((_id(item["id"]), _text(item.get("alt"))) for item in data.get("images") or ()),
            card={name: _text(card.get(name)) for name in ("url", "title", "description")} if card else None,
            card_image=_id(card["image"]) if card and card.get("image") else None,
            reply_to=_id(data["reply_to"]) if data.get("reply_to") else None,
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ApiError(400, "bad_request", f"The request is not what this network understands: {error}.") from error


def _text(value: object) -> str:
    """A string that a database can hold: no NUL, no lone surrogates."""
    text = "" if value is None else str(value)
    if "\0" in text:
        raise ValueError("a text holds a NUL")
    text.encode()
    return text


def _id(value: object) -> int:
    number = int(str(value))
    if not 0 < number < 2**63:
        raise ValueError("an id is out of range")
    return number


def store_image(account: SandboxAccount, data: bytes, alt: str, now: datetime) -> SandboxImage:
    """Keep an upload until a post uses it. Raises ApiError 422 for what this network does not take."""
    from PIL import Image  # slow import

    if len(data) > IMAGE_BYTES:
        raise ApiError(422, "image_too_large", f"An image may have {IMAGE_BYTES:,} bytes.")
    if len(alt) > ALT_LIMIT:
        raise ApiError(422, "alt_too_long", f"A description may have {ALT_LIMIT:,} characters.")
    try:
        with Image.open(io.BytesIO(data), formats=list(IMAGE_TYPES)) as image:
            kind, (width, height) = IMAGE_TYPES[str(image.format)], image.size
            image.verify()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ApiError(422, "image_unreadable", "The file is no JPEG or PNG image.") from error
    if max(width, height) > IMAGE_SIDE:
        raise ApiError(422, "image_too_large", f"An image may have {IMAGE_SIDE:,} pixels a side.")
    account.images.filter(post=None, created_at__lt=now - ORPHAN_AGE).delete()
    return SandboxImage.objects.create(
        account=account,
        data=data,
        sha256=hashlib.sha256(data).hexdigest(),
        type=kind,
        width=width,
        height=height,
        alt=alt,
    )


def take_post(account: SandboxAccount, asked: Asked, key: str, now: datetime) -> Taken:
    """Store a post, or find the one that the same request with the same key has stored before.

    Raises ApiError: 409 for a key that came with another body, 422 for what this network does not take (a
    duplicate among it), 429 when too much was posted within a minute.
    """
    if len(key) > KEY_LIMIT:
        raise ApiError(400, "bad_request", f"The Idempotency-Key may have {KEY_LIMIT} characters.")
    with transaction.atomic():
        # One post at a time per account: what follows looks first and writes then.
        SandboxAccount.objects.select_for_update().get(pk=account.pk)
        images = _uploads(account, [number for number, _ in asked.images])
        card_images = _uploads(account, [asked.card_image] if asked.card_image else [])
        body_hash = _body_hash(asked, images, card_images)
        known = account.posts.filter(key=key).first() if key else None
        if known:
            if known.body_hash != body_hash:
                raise ApiError(409, "key_reused", "This key came with another post before.")
            return Taken(known, new=False)
        _refuse_unfit(asked)
        parent = _parent(account, asked.reply_to)
        text_hash = _sha256(asked.text)
        _refuse_repeats(account, asked.text, text_hash, now)
        post = SandboxPost.objects.create(
            account=account,
            key=key,
            body_hash=body_hash,
            text=asked.text,
            text_hash=text_hash,
            language=asked.language,
            card=asked.card,
            reply_to=parent,
            root=(parent.root or parent) if parent else None,
            looks_left=LOOKS if account.failure == SandboxFailure.PROCESSING else 0,
            created_at=now,
        )
        for position, (image, (_, alt)) in enumerate(zip(images, asked.images, strict=True), start=1):
            SandboxImage.objects.filter(pk=image.pk).update(post=post, position=position, alt=alt or image.alt)
        for image in card_images:
            SandboxImage.objects.filter(pk=image.pk).update(post=post, position=0)
    return Taken(post)


def read_alts(body: bytes) -> list[str]:
    """The descriptions of a change, picture by picture. Raises ApiError 400."""
    try:
        return [_text(alt) for alt in json.loads(body).get("alts") or ()]
    except (ValueError, TypeError, AttributeError) as error:
        raise ApiError(400, "bad_request", f"The request is not what this network understands: {error}.") from error


def change_post(post: SandboxPost, asked: Asked, alts: Sequence[str]) -> SandboxPost:
    """Give a post other words. Its pictures stay, each with the description given for it. Raises ApiError 422."""
    pictures = list(post.images.filter(position__gt=0).defer("data").order_by("position"))
    if any(len(alt) > ALT_LIMIT for alt in alts):
        raise ApiError(422, "alt_too_long", f"A description may have {ALT_LIMIT:,} characters.")
    _refuse_unfit(replace(asked, images=tuple((picture.pk, picture.alt) for picture in pictures)))
    with transaction.atomic():
        post.text, post.text_hash = asked.text, _sha256(asked.text)
        post.language, post.card = asked.language, dict(asked.card) if asked.card else None
        post.save(update_fields=["text", "text_hash", "language", "card"])
        for picture, alt in zip(pictures, alts, strict=False):
            SandboxImage.objects.filter(pk=picture.pk).update(alt=alt)
    return post


def look_at(post: SandboxPost) -> SandboxPost:
    """Each look brings a post that is being worked on nearer to its end."""
    if post.looks_left:
        post.looks_left -= 1
        post.save(update_fields=["looks_left"])
    return post


def _refuse_unfit(asked: Asked) -> None:
    if not asked.text.strip() and not asked.images:
        raise ApiError(422, "empty", "A post needs a text or an image.")
    length = len(regex.findall(r"\X", asked.text))
    if length > TEXT_LIMIT:
        raise ApiError(422, "text_too_long", f"The text has {length} characters; {TEXT_LIMIT} are allowed.")
    if len(asked.images) > IMAGES:
        raise ApiError(422, "too_many_images", f"A post may have {IMAGES} images.")
    if any(len(alt) > ALT_LIMIT for _, alt in asked.images):
        raise ApiError(422, "alt_too_long", f"A description may have {ALT_LIMIT:,} characters.")
    if asked.card and not _is_web_address(asked.card["url"]):
        raise ApiError(422, "bad_card", "The card needs the address of a page.")


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _refuse_repeats(account: SandboxAccount, text: str, text_hash: str, now: datetime) -> None:
    if text and account.posts.filter(text_hash=text_hash, created_at__gt=now - DUPLICATE_WINDOW).exists():
        raise ApiError(422, "duplicate", "The same text is already out.")
    recent = account.posts.filter(created_at__gt=now - RATE_WINDOW).order_by("created_at")
    times = list(recent.values_list("created_at", flat=True))
    if len(times) >= account.rate_limit:
        wait = (times[0] + RATE_WINDOW - now).total_seconds() if times else RATE_WINDOW.total_seconds()
        raise ApiError(429, "rate_limited", "Too many posts within a minute.", retry_after=max(1, round(wait)))


def _parent(account: SandboxAccount, number: int | None) -> SandboxPost | None:
    if number is None:
        return None
    parent = SandboxPost.objects.select_related("root").filter(account=account, pk=number).first()
    if parent is None:
        raise ApiError(422, "no_parent", "The post to reply to is not there.")
    return parent


def _uploads(account: SandboxAccount, numbers: Sequence[int]) -> list[SandboxImage]:
    """The pictures without their bytes, in the order asked for."""
    found = account.images.defer("data").in_bulk(numbers)
    if len(found) != len(numbers):
        raise ApiError(422, "no_image", "An image of the post was not uploaded before.")
    return [found[number] for number in numbers]


def _body_hash(asked: Asked, images: Sequence[SandboxImage], card_images: Sequence[SandboxImage]) -> str:
    """Over what was asked for. Pictures count by their bytes: a repeated request has uploaded them anew."""
    return _sha256(
        json.dumps(
            [
                asked.text,
                asked.language,
                dict(asked.card) if asked.card else None,
                [image.sha256 for image in card_images],
                [[image.sha256, alt] for image, (_, alt) in zip(images, asked.images, strict=True)],
                asked.reply_to,
            ]
        )
    )


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
