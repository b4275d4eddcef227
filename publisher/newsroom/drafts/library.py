"""The media library: each picture, video and document once, with what people say of it and the posts that hold it.

What is uploaded is told by its content and stored without what a camera notes; what sources and cards bring comes in
with the first revision that holds it. Bytes that any revision of a post holds, or has held, stay: they are part of the
record.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from publisher import config
from publisher.errors import InvalidInput, Refused
from publisher.models import Asset, AssetUse, Post, User
from publisher.networks import animation, crop, document, heic, video, video_notes
from publisher.networks.limit_types import ImageLimits
from publisher.networks.media import fit_image
from publisher.newsroom import access, rows
from publisher.newsroom.drafts import media
from publisher.newsroom.pages import Page, paged
from publisher.newsroom.record import audit
from publisher.text import captions as vtt
from publisher.text.languages import primary
from publisher.types import PDF, Media, Part

KEPT = ImageLimits(bytes=16_000_000, width=4096, height=4096, types=("image/jpeg", "image/png"))
"""How an uploaded picture is kept: large enough for every network to make its own from."""
LONGEST_ALT = 4086
"""Characters: what the most generous network takes."""
PAGE = 30


@dataclass(frozen=True, slots=True)
class Listed:
    asset: Asset
    uses: int
    """How many posts hold it, or have held it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody says of a file; None leaves it as it is."""

    alt: str | None = None
    language: str = ""
    """Of the description."""
    credit: str | None = None
    focus: str | None = None


def add(user: User, file: Path, *, name: str = "", said: Said | None = None) -> Asset:
    """Take an upload in. The same file again is the same asset. Raises NotAllowed, InvalidInput (not a picture or video
    of ours, damaged, too large) or OSError (disk full).
    """
    access.require_somewhere(user, "write")
    size, limit = file.stat().st_size, config.get().upload_megabytes
    if size > limit * 1_000_000:
        raise InvalidInput("media.upload_too_large", size=-(-size // 1_000_000), limit=limit)
    with file.open("rb") as opened:
        head = opened.read(100)
    said, name = said or Said(), _clean(Path(name.replace("\\", "/")).name, 255)
    if document.is_pdf(head):
        return _add_document(user, file, name, said)
    if video.is_video(head):
        return _add_video(user, file, name, said)
    data = file.read_bytes()
    return add_picture(user, heic.unfold(data) if heic.is_heic(head) else data, name=name, said=said)


def reads_heic() -> bool:
    """Whether an iPhone's pictures are taken as they are."""
    return heic.is_read()


def add_picture(user: User, data: bytes, *, name: str = "", url: str = "", said: Said | None = None) -> Asset:
    """The same for a picture that is at hand; `url`: where it was taken from."""
    access.require_somewhere(user, "write")
    try:
        fitted = fit_image(data, KEPT)
    except Refused as error:
        key = "media.upload_unreadable" if error.key == "media.unreadable" else error.key
        raise InvalidInput(key, error.diagnostic, **error.params) from error
    made = Asset(type=fitted.type, width=fitted.width, height=fitted.height, size=len(fitted.data), name=name)
    made.url, made.animated = url, animation.moves(data)
    with transaction.atomic():
        # The file is written within the transaction: who takes the same one away at this moment waits, or has done so.
        made.sha256 = media.name_of(fitted.data)
        asset = _kept(user, made, said or Said())
        media.store(fitted.data)
    return asset


def _add_video(user: User, file: Path, name: str, said: Said) -> Asset:
    with media.copied(file) as copy:
        video_notes.strip(copy)
        facts = video.read(copy)
        made = Asset(type=facts.type, width=facts.width, height=facts.height, size=copy.stat().st_size, name=name)
        made.seconds, made.codecs = facts.seconds, facts.codecs[:100]
        made.frame_rate, made.probed = facts.frame_rate, facts.probed
        made.sha256 = media.hashed(copy)
        with transaction.atomic():
            asset = _kept(user, made, said)
            media.take(copy, made.sha256)
    return asset


def _add_document(user: User, file: Path, name: str, said: Said) -> Asset:
    """As it is: what its author's program noted in it stays."""
    data = file.read_bytes()
    document.check(data)
    with transaction.atomic():
        made = Asset(sha256=media.name_of(data), type=PDF, size=len(data), name=name)
        asset = _kept(user, made, said)
        media.store(data)
    return asset


def _kept(user: User, made: Asset, said: Said) -> Asset:
    """The row of these bytes, new or there already. What is said of it adds to what was."""
    asset = Asset.objects.select_for_update().filter(sha256=made.sha256).first()
    if asset is None:
        made.added_at = timezone.now()
        _say(made, said)
        made.save()
        audit.record(user.email, "media", made.pk, "add", data={"name": made.name, "sha256": made.sha256})
        return made
    asset.name, asset.url = asset.name or made.name, asset.url or made.url
    asset.animated = asset.animated or made.animated
    if said.alt or said.credit:
        _say(asset, Said(alt=said.alt or None, language=said.language, credit=said.credit or None))
    asset.save()
    return asset


def describe(asset_id: int, user: User, said: Said) -> Asset:
    """Change what is said of a file. Posts that hold it keep what they say. Raises NotAllowed, InvalidInput."""
    access.require_somewhere(user, "write")
    with transaction.atomic():
        asset = _locked(asset_id)
        before = (dict(asset.alts), asset.credit, asset.focus)
        _say(asset, said)
        if before != (asset.alts, asset.credit, asset.focus):
            asset.save()
            data = {"alts": asset.alts, "credit": asset.credit, "focus": asset.focus}
            audit.record(user.email, "media", asset.pk, "describe", data=data)
    return asset


def caption(asset_id: int, user: User, data: bytes, language: str) -> Asset:
    """Give a video subtitles (WebVTT) in a language; without data, take them away. Raises NotAllowed, InvalidInput."""
    access.require_somewhere(user, "write")
    wrong, line = vtt.problem(data) if data else ("", 0)
    if wrong:
        raise InvalidInput(f"captions.{wrong}", line=line)
    with transaction.atomic():
        asset = _locked(asset_id)
        if not asset.is_video:
            raise InvalidInput("captions.no_video")
        kept = {name: sha for name, sha in asset.captions.items() if name != primary(language)}
        kept |= {primary(language): media.store(data)} if data else {}
        if kept == asset.captions:
            return asset
        asset.captions = kept
        asset.save()
        told = {"language": primary(language), "sha256": asset.captions.get(primary(language), "")}
        audit.record(user.email, "media", asset.pk, "caption", data=told)
    return asset


def remove(asset_id: int, user: User) -> None:
    """Take a file that no post holds out of the library, with its bytes. It cannot be undone.

    Raises NotAllowed, or InvalidInput when a post holds it or has held it.
    """
    access.require(user, "approve")
    with transaction.atomic():
        asset = _locked(asset_id)
        if asset.uses.exists():
            raise InvalidInput("media.in_use", count=asset.uses.count())
        audit.record(user.email, "media", asset.pk, "remove", data={"name": asset.name, "sha256": asset.sha256})
        asset.delete()
        media.path(asset.sha256).unlink(missing_ok=True)  # subtitles stay: a post may hold the same words


def hold(post: Post, parts: Iterable[Part], language: str, *, by_person: bool, named: dict[str, str]) -> None:
    """Note that a revision of `post` holds these files: what is not in the library comes in. What a person says of one
    is what is offered for it next time. `named`: who is to be named, by the address a picture was taken from.
    """
    held = {item.sha256: item for part in parts for item in _files(part) if item.sha256}
    if not held:
        return
    names = list(held)
    known = dict(rows.find(Asset, ("sha256", "id"), "sha256", names))
    fresh = [_brought(item, language, named) for sha, item in held.items() if sha not in known]
    if fresh:
        rows.insert_all(fresh, ignore_conflicts=True)
        known = dict(rows.find(Asset, ("sha256", "id"), "sha256", names))
    rows.insert_values(
        AssetUse, ("asset_id", "post_id"), [(pk, post.pk) for pk in known.values()], ignore_conflicts=True
    )
    if by_person:
        for asset in Asset.objects.select_for_update().filter(pk__in=known.values()).order_by("pk"):
            item = held[asset.sha256]
            before = asset.alts.get(primary(language)), asset.focus
            if (item.alt or before[0], item.focus or before[1]) != before:
                _say(asset, Said(alt=item.alt or None, language=language, focus=item.focus or None))
                asset.save()


def alt_in(asset: Asset, language: str) -> str:
    """The description that was written for it in this language last, else one of no language."""
    return str(asset.alts.get(primary(language)) or asset.alts.get("") or "")


def media_of(asset: Asset, language: str) -> Media:
    """The file for a post in `language`."""
    own = primary(language)
    return Media(
        url=asset.url,
        alt=alt_in(asset, language),
        sha256=asset.sha256,
        type=asset.type,
        width=asset.width,
        height=asset.height,
        seconds=asset.seconds,
        captions=asset.captions.get(own, ""),
        focus=asset.focus,
        size=asset.size if asset.is_video or asset.is_document else 0,
        codecs=asset.codecs,
        frame_rate=asset.frame_rate,
    )


def page(number: int = 1, search: str = "") -> Page[Listed]:
    """Newest first; with `search` those of which all its words stand in name, credit or a description."""
    found = Asset.objects.all()
    for word in search.casefold().split()[:8]:
        found = found.filter(words__contains=word)
    listed = paged(found, number, PAGE)
    held = AssetUse.objects.filter(asset__in=[asset.pk for asset in listed.items]).values_list("asset")
    uses = dict(held.annotate(Count("post")))  # counted there: a logo may be in every post
    return Page([Listed(asset, uses.get(asset.pk, 0)) for asset in listed.items], number, listed.has_next)


def posts_with(asset: Asset, most: int = 50) -> list[Post]:
    """Posts that hold it, or have held it, newest first."""
    found = Post.objects.select_related("channel", "document").filter(assets__asset=asset).order_by("-id")
    return list(found[:most])


def find(sha256s: Sequence[str], language: str) -> dict[str, Media]:
    """Files of the library by their hashes, as `media_of` gives them."""
    return {asset.sha256: media_of(asset, language) for asset in Asset.objects.filter(sha256__in=sha256s)}


def credits_of(sha256s: Sequence[str]) -> dict[str, str]:
    """Who is to be named for files, by their hashes; only where somebody is."""
    found = Asset.objects.filter(sha256__in=sha256s).exclude(credit="")
    return dict(found.values_list("sha256", "credit"))


def animated(sha256s: Sequence[str]) -> set[str]:
    """Which of these files moved when they were uploaded."""
    return set(Asset.objects.filter(sha256__in=sha256s, animated=True).values_list("sha256", flat=True))


def get(asset_id: int) -> Asset:
    """Raises InvalidInput when there is none."""
    asset = Asset.objects.filter(pk=asset_id).first()
    if asset is None:
        raise InvalidInput("media.unknown", id=asset_id)
    return asset


def _locked(asset_id: int) -> Asset:
    asset = Asset.objects.select_for_update().filter(pk=asset_id).first()
    if asset is None:
        raise InvalidInput("media.unknown", id=asset_id)
    return asset


def _say(asset: Asset, said: Said) -> None:
    if said.alt is not None:
        alts = {**asset.alts, primary(said.language): _clean(said.alt, LONGEST_ALT)}
        asset.alts = {language: alt for language, alt in alts.items() if alt}
    if said.credit is not None:
        asset.credit = _clean(said.credit, 500)
    if said.focus is not None:
        if said.focus and crop.point(said.focus) is None:
            raise InvalidInput("media.bad_focus", focus=said.focus)
        asset.focus = said.focus
    asset.words = " ".join([asset.name, asset.credit, *asset.alts.values()]).casefold()


def _brought(item: Media, language: str, named: dict[str, str]) -> Asset:
    """A file that came with a post: of a source, or a card that was drawn."""
    asset = Asset(sha256=item.sha256, type=item.type, width=item.width, height=item.height, url=item.url)
    asset.seconds, asset.codecs, asset.frame_rate = item.seconds, item.codecs, item.frame_rate
    asset.name, asset.added_at = _clean(Path(item.url).name, 255) if item.url else "", timezone.now()
    with suppress(OSError):
        asset.size = media.path(item.sha256).stat().st_size
    _say(asset, Said(alt=item.alt, language=language, credit=named.get(item.url, "")))
    return asset


def _files(part: Part) -> Iterable[Media]:
    yield from part.media
    if part.card and part.card.image:
        yield part.card.image


def _clean(text: str, most: int) -> str:
    return " ".join(text.replace("\0", "").split())[:most]
