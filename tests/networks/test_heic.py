"""Pictures as iPhones keep them, read by a process of their own."""

import io
import struct

import pillow_heif
import pytest
from PIL import Image, ImageCms

from publisher.errors import InvalidInput
from publisher.networks import heic
from publisher.networks.limit_types import ImageLimits
from publisher.networks.media import fit_image

P3 = {b"rXYZ": (0.51512, 0.2412, -0.00105), b"gXYZ": (0.29198, 0.69225, 0.04189), b"bXYZ": (0.1571, 0.06657, 0.78407)}
"""The colours of Display P3, as a profile states them."""


def display_p3() -> bytes:
    """The profile of an iPhone's pictures: sRGB's with other colours."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    (count,) = struct.unpack_from(">I", profile, 128)
    for place in range(132, 132 + 12 * count, 12):
        name, at, _ = struct.unpack_from(">4sII", profile, place)
        if name in P3:
            struct.pack_into(">3i", profile, at + 8, *(round(value * 65536) for value in P3[name]))
    return bytes(profile)


def picture() -> bytes:
    """Red above green, held on its side, with the place where it was taken."""
    image = Image.new("RGB", (96, 64), (0, 200, 0))
    image.paste((200, 0, 0), (0, 0, 48, 64))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[2] = (50.0, 50.0, 48.0)
    made = io.BytesIO()
    pillow_heif.from_pillow(image).save(made, exif=exif.tobytes(), icc_profile=display_p3(), quality=-1)
    return made.getvalue()


def avif() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(made, "AVIF")
    return made.getvalue()


PICTURE = picture()


def test_picture_of_an_iphone_comes_out_upright_in_srgb_and_without_its_place() -> None:
    assert heic.is_heic(PICTURE[:100])
    unfolded = heic.unfold(PICTURE)
    assert b"Exif" not in unfolded
    fitted = fit_image(unfolded, ImageLimits(bytes=10**6))
    with Image.open(io.BytesIO(fitted.data)) as image:
        assert (image.size, image.info.get("icc_profile")) == ((64, 96), None)
        shown = [image.convert("RGB").getpixel((32, row)) for row in (10, 86)]
    for pixel, wanted in zip(shown, [(218, 0, 0), (0, 203, 0)], strict=True):  # P3's 200 is more of each in sRGB
        assert isinstance(pixel, tuple)
        assert max(abs(value - right) for value, right in zip(pixel, wanted, strict=True)) <= 6, pixel


def test_picture_that_is_put_together_to_hurt_is_refused() -> None:
    size = PICTURE.index(b"ispe") + 8
    large = PICTURE[:size] + struct.pack(">II", 9_000, 9_000) + PICTURE[size + 8 :]
    keys = []
    for data in (large, PICTURE[: len(PICTURE) // 2], PICTURE[:40]):
        with pytest.raises(InvalidInput) as refused:
            heic.unfold(data)
        keys.append((refused.value.key, refused.value.params))
    assert keys == [("media.too_many_pixels", {"width": 9_000, "height": 9_000}), *[("media.unreadable", {})] * 2]


def test_desk_that_reads_none_says_how_to_get_a_jpeg(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heic, "is_read", lambda: False)
    with pytest.raises(InvalidInput) as refused:
        heic.unfold(PICTURE)
    assert refused.value.key == "media.heic"


@pytest.mark.parametrize("head", [avif()[:100], b"", b"\xff\xd8\xff\xe0", b"\0\0\0\x14ftypqt  \0\0\0\0qt  "])
def test_other_files_are_none(head: bytes) -> None:
    assert not heic.is_heic(head)
