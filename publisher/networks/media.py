"""Pictures as a network takes them: upright, small enough, in sRGB, and with nothing in them but the picture.

The same bytes in and the same limits give the same bytes out, so an approval can cover them by their hash.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from publisher.errors import Refused
from publisher.networks import crop
from publisher.networks.limit_types import ImageLimits, Limits, VideoLimits
from publisher.types import Media

if TYPE_CHECKING:
    from PIL.Image import Image

READABLE = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "TIFF", "BMP")
"""What Pillow may decode; formats that call other programs (EPS, PDF) are not among them."""

LOSSLESS = ("PNG", "GIF", "BMP")
"""Likely drawings rather than photographs: worth keeping free of JPEG's smears."""

MAX_PIXELS = 60_000_000
"""A file that unfolds to more is a decompression bomb, or of no use on a social network."""

QUALITIES = (90, 82, 74, 66)
SHRINK = 0.8
SMALLEST = 64
"""Pixels of the longer side below which a picture is not made smaller still."""


@dataclass(frozen=True)
class Encoded:
    """A picture or video ready to be sent; `type` is its media type, `width` and `height` are pixels."""

    data: bytes
    type: str
    width: int
    height: int


def load_image(media: Media, load: Callable[[Media], bytes], limits: ImageLimits | None) -> Encoded:
    """The stored picture, made fit for `limits` (those of a network that takes pictures).

    Raises Refused when its bytes are gone or of no use.
    """
    assert limits is not None, "this network takes no pictures, which check() says"
    try:
        data = load(media)
    except OSError as error:
        raise Refused("media.gone", f"{media.sha256[:12]}: {type(error).__name__}") from error
    return fit_image(data, limits, media.focus)


def load_video(media: Media, load: Callable[[Media], bytes], limits: VideoLimits | None) -> Encoded:
    """The stored video, as it is: we do not encode videos anew. Raises Refused when it is gone or not taken."""
    assert limits is not None, "this network takes no videos, which check() says"
    try:
        data = load(media)
    except OSError as error:
        raise Refused("media.gone", f"{media.sha256[:12]}: {type(error).__name__}") from error
    if media.type not in limits.types:
        raise Refused("media.video_type", media.type, type=media.type or "?")
    if len(data) > limits.bytes:
        megabytes = {"size": -(-len(data) // 1_000_000), "limit": limits.bytes // 1_000_000}
        raise Refused("media.video_too_large", f"{len(data)} bytes", **megabytes)
    return Encoded(data, media.type, media.width, media.height)


def load_media(media: Media, load: Callable[[Media], bytes], limits: Limits) -> Encoded:
    """The stored picture or video, as a network with these limits takes it. Raises Refused."""
    return load_video(media, load, limits.video) if media.is_video else load_image(media, load, limits.image)


def load_document(media: Media, load: Callable[[Media], bytes], limits: Limits) -> Encoded:
    """The stored document, as it is. Raises Refused when it is gone or too large."""
    try:
        data = load(media)
    except OSError as error:
        raise Refused("media.gone", f"{media.sha256[:12]}: {type(error).__name__}") from error
    if len(data) > limits.document:
        megabytes = {"size": -(-len(data) // 1_000_000), "limit": limits.document // 1_000_000}
        raise Refused("media.document_too_large", f"{len(data)} bytes", **megabytes)
    return Encoded(data, media.type, 0, 0)


def load_captions(media: Media, load: Callable[[Media], bytes], limits: Limits) -> bytes:
    """The stored subtitles (WebVTT) of a video; nothing where it has none, or where the network takes none.

    Raises Refused when they are gone or too large.
    """
    if not media.captions or not limits.captions:
        return b""
    try:
        data = load(Media(sha256=media.captions))
    except OSError as error:
        raise Refused("media.gone", f"{media.captions[:12]}: {type(error).__name__}") from error
    if len(data) > limits.captions:
        kilobytes = {"size": -(-len(data) // 1000), "limit": limits.captions // 1000}
        raise Refused("media.captions_too_large", f"{len(data)} bytes", **kilobytes)
    return data


def fit_image(data: bytes, limits: ImageLimits, focus: str = "") -> Encoded:
    """`data` upright, in sRGB, without metadata, within `limits` (shape, pixels and bytes); what must be cut off is
    cut around `focus` (`types.Media.focus`), else as `crop` finds.

    Drawings and pictures with transparency stay PNG where the network takes it and it fits, all else becomes
    JPEG: first at lower quality, then smaller. Of an animation the first frame is taken.
    Raises Refused for what is no picture, is damaged, or would be too large to decode.
    """
    image, drawing = _decode(data, limits)
    if limits.aspect:
        image = image.crop(crop.window(image, *limits.aspect, focus))
    image.thumbnail((limits.width, limits.height))
    # thumbnail() keeps what the file said besides; nothing of it may travel on.
    image.info = {}
    for candidate in _encodings(image, drawing, limits):
        if len(candidate.data) <= limits.bytes:
            return candidate
    raise Refused("media.too_heavy", f"more than {limits.bytes} bytes at {SMALLEST} pixels")


def _decode(data: bytes, limits: ImageLimits) -> tuple["Image", bool]:
    """The picture as RGB or RGBA, and whether it is a drawing (or has transparency)."""
    from PIL import Image, ImageOps  # slow import

    try:
        with Image.open(io.BytesIO(data), formats=READABLE) as opened:
            width, height = opened.size
            if width * height > MAX_PIXELS:
                raise Refused("media.too_many_pixels", f"{width} x {height} pixels", width=width, height=height)
            drawing = opened.format in LOSSLESS
            # JPEG can decode at a half, a quarter, an eighth: saves memory. The side may swap with the orientation.
            side = max(limits.width, limits.height)
            opened.draft(None, (side, side))
            opened.load()
            profile = opened.info.get("icc_profile")
            upright = ImageOps.exif_transpose(opened)
    except Refused:
        raise
    except Image.DecompressionBombError as error:
        raise Refused("media.too_many_pixels", str(error), width="?", height="?") from error
    except Exception as error:
        # Pillow's decoders answer broken files with nearly any type: OSError, SyntaxError, RuntimeError …
        diagnostic = f"{type(error).__name__}: {error}; starts with {data[:12]!r}"
        raise Refused("media.unreadable", diagnostic) from error
    image = _to_srgb(upright, profile)
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    return image, drawing or image.mode == "RGBA"


def _to_srgb(image: "Image", profile: bytes | None) -> "Image":
    from PIL import Image, ImageCms  # slow import

    if image.mode.startswith("I"):
        # 16 bits a pixel: convert() alone would cut off everything brighter than 255.
        image = image.point(lambda value: value * (1 / 256)).convert("L")
    alpha = image.convert("RGBA").getchannel("A") if image.has_transparency_data else None
    if image.mode in ("RGBA", "LA", "PA", "P"):
        image = image.convert("RGBA").convert("RGB")
    if profile and image.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            # A broken profile is no reason to lose the picture.
            converted = None
        image = converted or image
    image = image.convert("RGB")
    if alpha is not None:
        image = Image.merge("RGBA", [*image.split(), alpha])
    return image


def _encodings(image: "Image", drawing: bool, limits: ImageLimits) -> Iterator[Encoded]:
    """Ever smaller renderings, best first."""
    png_only = "image/jpeg" not in limits.types
    if png_only or (drawing and "image/png" in limits.types):
        png = _png(image)
        # Of an opaque picture the PNG is worth keeping only where it is not the heavier one: a drawing, not a photo.
        if png_only or image.mode == "RGBA" or len(png.data) <= len(_jpeg(image, QUALITIES[0]).data):
            yield png
    while True:
        if png_only:
            yield _png(image)
        else:
            for quality in QUALITIES:
                yield _jpeg(image, quality)
        if max(image.size) <= SMALLEST:
            return
        image = image.resize((max(1, int(image.width * SHRINK)), max(1, int(image.height * SHRINK))))


def _png(image: "Image") -> Encoded:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return Encoded(buffer.getvalue(), "image/png", image.width, image.height)


def _jpeg(image: "Image", quality: int) -> Encoded:
    from PIL import Image  # slow import

    if image.mode == "RGBA":
        # JPEG knows no transparency: what shows through is white, as on a page.
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        image = ground
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
    return Encoded(buffer.getvalue(), "image/jpeg", image.width, image.height)
