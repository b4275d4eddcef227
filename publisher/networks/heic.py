"""Pictures as iPhones keep them (HEIC), read in a process of its own: what reads them has been taken over by pictures
before, so it knows nothing of ours and gets little time and memory (`confined`).
"""

import importlib.util
import io
import os
import sys
from pathlib import Path

import publisher
from publisher.errors import InvalidInput
from publisher.networks import confined

BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"}
OTHERS = {b"avif", b"avis"}
"""AVIF pictures may say that they are of the same family; those we read ourselves."""
MOST_PIXELS = 60_000_000
LARGEST = 4096
"""Pixels of the longer side of what comes out."""
TOO_LARGE = 3
"""What the process ends with for a picture of more pixels."""


def is_heic(head: bytes) -> bool:
    """Of a file that begins like this; the first hundred bytes name all that it says it is."""
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, min(int.from_bytes(head[:4]), len(head)), 4))}
    return head[4:8] == b"ftyp" and bool(brands & BRANDS) and not brands & OTHERS


def is_read() -> bool:
    """Whether what reads them is installed (the extra `heic`)."""
    return importlib.util.find_spec("pillow_heif") is not None


def unfold(data: bytes) -> bytes:
    """The picture upright as TIFF, with its colour profile and nothing else. Raises InvalidInput."""
    if not is_read():
        raise InvalidInput("media.heic")
    home = str(Path(publisher.__file__).parent.parent)
    path = os.pathsep.join([home, *map(os.path.abspath, filter(None, sys.path))])
    done = confined.run([sys.executable, "-m", __name__], given=data, PYTHONPATH=path)
    code, picture = done or (-1, b"")
    if code == TOO_LARGE:
        width, height = picture.split()
        raise InvalidInput("media.too_many_pixels", width=int(width), height=int(height))
    if code or not picture:
        raise InvalidInput("media.unreadable", f"HEIC: ended with {code}")
    return picture


def _main() -> int:
    import pillow_heif
    from PIL import Image

    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.register_heif_opener(thumbnails=False)
    with Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=["HEIF"]) as image:
        if image.width * image.height > MOST_PIXELS:
            sys.stdout.buffer.write(b"%d %d" % image.size)
            return TOO_LARGE
        image.thumbnail((LARGEST, LARGEST))
        profile, image.info = image.info.get("icc_profile"), {}  # libheif has turned it upright already
        picture = io.BytesIO()
        image.save(picture, "TIFF", icc_profile=profile)
    sys.stdout.buffer.write(picture.getbuffer())
    return 0


if __name__ == "__main__":
    sys.exit(_main())
