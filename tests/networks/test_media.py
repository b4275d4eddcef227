"""Pictures made fit for a network."""

import io
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw

from publisher.errors import Refused
from publisher.networks import crop
from publisher.networks.animation import moves
from publisher.networks.limit_types import ImageLimits, VideoLimits
from publisher.networks.limits import LIMITS
from publisher.networks.media import MAX_PIXELS, Encoded, fit_image, load_image, load_video
from publisher.networks.patience import upload_time
from publisher.types import Media
from tests.sandbox.caller import animation, picture

ROOMY = ImageLimits(bytes=5_000_000)
ORIENTATION = 0x0112


def encode(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def photo(width: int = 600, height: int = 400) -> Image.Image:
    """Like a photograph in what matters here: it hardly compresses without loss."""
    return Image.merge("RGB", [Image.effect_noise((width, height), 60)] * 3)


def decode(encoded: Encoded) -> Image.Image:
    image = Image.open(io.BytesIO(encoded.data))
    image.load()
    return image


def test_picture_says_what_it_is() -> None:
    fitted = fit_image(encode(photo(300, 200), "JPEG"), ROOMY)
    image = decode(fitted)
    assert (fitted.type, image.format, image.size) == ("image/jpeg", "JPEG", (fitted.width, fitted.height))
    assert (fitted.width, fitted.height) == (300, 200)


def test_same_picture_gives_the_same_bytes() -> None:
    data = encode(photo(), "JPEG")
    assert fit_image(data, ROOMY) == fit_image(data, ROOMY)


@pytest.mark.parametrize(
    ("size", "expected"),
    [((4000, 1000), (2000, 500)), ((1000, 4000), (500, 2000)), ((100, 80), (100, 80)), ((9000, 1), (2000, 1))],
)
def test_picture_shrinks_into_the_frame_and_never_grows(size: tuple[int, int], expected: tuple[int, int]) -> None:
    fitted = fit_image(encode(Image.new("RGB", size, "teal")), ImageLimits(bytes=1_000_000, width=2000, height=2000))
    assert (fitted.width, fitted.height) == expected


@pytest.mark.parametrize("orientation", range(1, 9))
def test_picture_stands_upright(orientation: int) -> None:
    """All eight orientations of EXIF: the red corner is where the camera saw it."""
    upright = Image.new("RGB", (80, 40), "white")
    ImageDraw.Draw(upright).rectangle((0, 0, 19, 9), fill="red")
    back = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    stored = upright if back is None else upright.transpose(back)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    fitted = decode(fit_image(encode(stored, "JPEG", exif=exif, quality=95), ROOMY))
    assert fitted.size == (80, 40)
    red, green, _ = fitted.getpixel((5, 4))  # type: ignore[misc]  # RGB
    assert (red > 200, green < 60) == (True, True)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_but_the_picture_travels_on(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "Taken at the minister's home"
    exif.get_ifd(0x8825)[1] = "N"
    data = encode(photo(), kind, exif=exif)
    assert b"minister" in data
    fitted = fit_image(data, ROOMY)
    assert b"minister" not in fitted.data
    assert dict(decode(fitted).getexif()) == {}
    assert set(decode(fitted).info) <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "progressive",
        "progression",
    }


def test_comments_and_text_chunks_do_not_travel_on() -> None:
    from PIL.PngImagePlugin import PngInfo

    chunks = PngInfo()
    chunks.add_text("Comment", "draft 3, do not publish")
    drawing = Image.new("RGB", (40, 40), "navy")
    assert b"draft 3" not in fit_image(encode(drawing, pnginfo=chunks), ROOMY).data
    assert b"draft 3" not in fit_image(encode(photo(), "JPEG", comment=b"draft 3"), ROOMY).data
    assert b"draft 3" not in fit_image(encode(photo(), "PNG", pnginfo=chunks), ROOMY).data


def test_drawing_with_transparency_stays_png() -> None:
    drawing = Image.new("RGBA", (200, 100), (0, 0, 0, 0))
    ImageDraw.Draw(drawing).ellipse((20, 20, 80, 80), fill=(200, 0, 0, 128))
    fitted = fit_image(encode(drawing), ROOMY)
    assert fitted.type == "image/png"
    assert decode(fitted).convert("RGBA").getpixel((50, 50)) == (200, 0, 0, 128)


def test_transparency_becomes_white_where_the_network_takes_no_png() -> None:
    fitted = fit_image(
        encode(Image.new("RGBA", (50, 50), (0, 0, 0, 0))), ImageLimits(bytes=50_000, types=("image/jpeg",))
    )
    assert (fitted.type, decode(fitted).getpixel((25, 25))) == ("image/jpeg", (255, 255, 255))


def test_network_without_jpeg_gets_png() -> None:
    fitted = fit_image(encode(photo(), "JPEG"), ImageLimits(bytes=100_000, types=("image/png",)))
    assert fitted.type == "image/png"
    assert len(fitted.data) <= 100_000


def test_flat_drawing_stays_png_and_photograph_in_png_becomes_jpeg() -> None:
    assert fit_image(encode(Image.new("RGB", (1200, 630), "navy")), ROOMY).type == "image/png"
    assert fit_image(encode(photo()), ROOMY).type == "image/jpeg"


@pytest.mark.parametrize("limit", [200_000, 60_000, 8_000])
def test_heavy_picture_gets_lighter_until_it_fits(limit: int) -> None:
    fitted = fit_image(encode(photo(1600, 1200), "JPEG", quality=95), ImageLimits(bytes=limit))
    assert limit // 4 < len(fitted.data) <= limit


def test_picture_that_cannot_get_light_enough_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        fit_image(encode(photo(), "JPEG"), ImageLimits(bytes=100))
    assert caught.value.key == "media.too_heavy"


def test_colours_are_brought_into_srgb() -> None:
    """The profile swaps nothing: sRGB's numbers with a profile of their own must come out as they went in."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    fitted = decode(fit_image(encode(Image.new("RGB", (60, 60), (200, 100, 50)), icc_profile=profile), ROOMY))
    assert fitted.getpixel((30, 30)) == (200, 100, 50)
    assert "icc_profile" not in fitted.info


def test_colours_of_another_profile_are_converted() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    grey = Image.new("LAB", (60, 60), (128, 128, 128))
    as_lab = ImageCms.profileToProfile(
        grey, ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB"), outputMode="RGB"
    )
    fitted = decode(fit_image(encode(grey, "TIFF", icc_profile=profile), ROOMY))
    assert fitted.getpixel((30, 30)) == as_lab.getpixel((30, 30))


def test_broken_colour_profile_does_not_lose_the_picture() -> None:
    data = encode(Image.new("RGB", (60, 60), (10, 20, 30)), icc_profile=b"not a profile")
    assert decode(fit_image(data, ROOMY)).getpixel((30, 30)) == (10, 20, 30)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F"])
def test_every_kind_of_pixel_is_taken(mode: str) -> None:
    source = Image.new(mode, (40, 30))
    kind = "TIFF" if mode in {"CMYK", "I", "F"} else "PNG"
    fitted = decode(fit_image(encode(source, kind), ROOMY))
    assert (fitted.size, fitted.mode in {"RGB", "RGBA"}) == ((40, 30), True)


def test_sixteen_bits_keep_their_brightness() -> None:
    grey = Image.new("I;16", (40, 40), 32768)
    assert decode(fit_image(encode(grey), ROOMY)).getpixel((5, 5)) == (128, 128, 128)


def test_transparent_palette_keeps_its_transparency() -> None:
    palette = Image.new("P", (40, 40), 1)
    palette.putpalette([0, 0, 0, 255, 0, 0])
    fitted = decode(fit_image(encode(palette, "GIF", transparency=1), ROOMY))
    assert fitted.convert("RGBA").getpixel((5, 5))[3] == 0  # type: ignore[index]  # RGBA


def test_first_picture_of_an_animation_is_taken() -> None:
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    data = encode(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert decode(fit_image(data, ROOMY)).convert("RGB").getpixel((5, 5)) == (255, 0, 0)


@pytest.mark.parametrize(
    ("data", "moving"),
    [
        (animation("GIF"), True),
        (animation("WEBP"), True),
        (animation("PNG"), True),
        (animation("TIFF"), False),
        (picture(kind="GIF"), False),
        (picture(kind="WEBP"), False),
        (b"GIF89a", False),
    ],
    ids=["gif", "webp", "png", "pages of a tiff", "still gif", "still webp", "cut off"],
)
def test_picture_that_moves_is_told_from_one_that_does_not(data: bytes, moving: bool) -> None:
    assert moves(data) is moving


@pytest.mark.parametrize(
    "data", [b"", b"<html>not found</html>", b"%PDF-1.7", b"%!PS-Adobe-3.0 EPSF-3.0", encode(photo(), "JPEG")[:4000]]
)
def test_what_is_no_picture_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(Refused) as caught:
        fit_image(data, ROOMY)
    assert caught.value.sentence == (
        "An image cannot be read: it is damaged or of a kind we do not know. Choose another one."
    )


def test_bomb_is_not_unfolded() -> None:
    """A small file that says it has more pixels than anybody posts."""
    side = int(MAX_PIXELS**0.5) + 1
    data = encode(Image.new("1", (side, side)))
    assert len(data) < 100_000
    with pytest.raises(Refused) as caught:
        fit_image(data, ROOMY)
    assert caught.value.key == "media.too_many_pixels"


@pytest.mark.filterwarnings("ignore:.*:UserWarning:PIL")  # Pillow says what is wrong with a file; that is the point
@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(["JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF"]),
    cuts=st.lists(st.tuples(st.integers(0, 4000), st.binary(max_size=4)), min_size=1, max_size=6),
)
def test_damaged_file_gives_a_picture_or_a_refusal(kind: str, cuts: list[tuple[int, bytes]]) -> None:
    data = bytearray(_HEALTHY[kind])
    for position, replacement in cuts:
        data[position : position + len(replacement)] = replacement
    try:
        fitted = fit_image(bytes(data), ROOMY)
    except Refused:
        return
    assert decode(fitted).size == (fitted.width, fitted.height)


_HEALTHY = {kind: encode(photo(60, 40), kind) for kind in ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF")}


@settings(max_examples=30, deadline=None)
@given(
    network=st.sampled_from(sorted(LIMITS)),
    width=st.integers(1, 3000),
    height=st.integers(1, 3000),
    mode=st.sampled_from(["RGB", "RGBA", "L", "P"]),
)
def test_result_is_within_the_limits_of_every_network(network: str, width: int, height: int, mode: str) -> None:
    limits = LIMITS[network].image
    assert limits is not None
    fitted = fit_image(encode(Image.new(mode, (width, height))), limits)
    assert fitted.width <= limits.width
    assert fitted.height <= limits.height
    assert len(fitted.data) <= limits.bytes
    assert fitted.type in limits.types


SHAPED = ImageLimits(bytes=8_000_000, types=("image/jpeg",), aspect=(0.8, 1.91))


@pytest.mark.parametrize(
    ("size", "fitted"),
    [((1000, 2000), (1000, 1250)), ((3000, 1000), (1910, 1000)), ((1000, 1000), (1000, 1000))],
    ids=["too tall", "too wide", "within"],
)
def test_picture_outside_the_aspects_of_a_network_is_cropped(size: tuple[int, int], fitted: tuple[int, int]) -> None:
    found = fit_image(encode(Image.new("RGB", size, "teal")), SHAPED)
    assert (found.width, found.height) == fitted


@cache
def scene(place: float, *, tall: bool = False) -> bytes:
    """A plain picture, much too wide (or tall), with something in it that has edges, at a share of its length."""
    image = Image.new("RGB", (900, 300), "skyblue")
    left = round(place * 900) - 60
    image.paste(photo(120, 120), (left, 90))
    return encode(image.rotate(90, expand=True) if tall else image)


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("tall", [False, True])
def test_part_in_which_most_happens_is_kept(place: float, tall: bool) -> None:
    with Image.open(io.BytesIO(scene(place, tall=tall))) as image:
        left, top, right, bottom = crop.window(image, 1, 1)
    begin, end = (top, bottom) if tall else (left, right)
    at = 900 * ((1 - place) if tall else place)
    assert (end - begin, begin <= at - 60, at + 60 <= end) == (300, True, True)


def test_plain_picture_is_cropped_in_the_middle() -> None:
    assert crop.window(Image.new("RGB", (900, 300)), 1, 1) == (300, 0, 600, 300)


@pytest.mark.parametrize(
    ("focus", "left"), [("0,0", 300), ("-1,0.5", 0), ("1,-1", 600), ("0.25,0", 412), ("nonsense", 577), ("2,0", 577)]
)
def test_point_that_a_person_chose_decides_instead(focus: str, left: int) -> None:
    with Image.open(io.BytesIO(scene(0.9))) as image:
        assert crop.window(image, 1, 1, focus) == (left, 0, left + 300, 300)
    media = Media(sha256="a", focus=focus)
    expected = fit_image(scene(0.9), SHAPED, focus)
    assert load_image(media, lambda _: scene(0.9), SHAPED) == expected


VIDEO = VideoLimits(bytes=1000)


def test_video_goes_as_it_is() -> None:
    media = Media(sha256="a", type="video/mp4", width=1920, height=1080)
    assert load_video(media, lambda _: b"video", VIDEO) == Encoded(b"video", "video/mp4", 1920, 1080)


@pytest.mark.parametrize(
    ("media", "data", "sentence"),
    [
        (
            Media(sha256="a", type="video/webm"),
            b"video",
            "A video is of a kind that the network does not take (video/webm). MP4 with H.264 is taken everywhere.",
        ),
        (
            Media(sha256="a", type="video/mp4"),
            bytes(1_000_001),
            "The video has 2 MB; the network takes 0 MB. Choose a smaller one.",
        ),
    ],
    ids=["type", "size"],
)
def test_video_that_the_network_does_not_take_is_refused(media: Media, data: bytes, sentence: str) -> None:
    with pytest.raises(Refused) as caught:
        load_video(media, lambda _: data, VIDEO)
    assert caught.value.sentence == sentence


@pytest.mark.parametrize(
    ("size", "seconds"),
    [(0, 60), (5_000_000, 70), (50_000_000, 160), (10**12, 240)],
    ids=["0", "5 MB", "50 MB", "1 TB"],
)
def test_upload_of_a_large_file_may_take_longer_but_not_for_ever(size: int, seconds: float) -> None:
    assert upload_time(60, size) == seconds
