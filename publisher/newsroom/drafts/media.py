"""Pictures and videos, kept by the hash of their bytes in the data folder: what was approved is what goes out."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from publisher import config
from publisher.networks.limit_types import ImageLimits
from publisher.networks.media import Encoded, fit_image
from publisher.networks.video import is_video
from publisher.types import PDF, Media

BEGINNINGS = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n": "image/png",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
    b"WEBVTT": "text/vtt",
    b"\xef\xbb\xbfWEBVTT": "text/vtt",
    b"%PDF-": PDF,
}
"""How the formats that we keep begin. Anything else is handed out as mere bytes, which no browser runs."""
SMALL = ImageLimits(bytes=60_000, width=400, height=400, types=("image/jpeg", "image/png"))
"""A picture for a list."""


def path(sha256: str) -> Path:
    return config.get().data_dir / "media" / sha256[:2] / sha256


def name_of(data: bytes) -> str:
    """SHA-256 (hex): under which the bytes are kept."""
    return hashlib.sha256(data).hexdigest()


def store(data: bytes) -> str:
    """Keep the bytes; the same bytes are kept once. Returns their SHA-256 (hex). Raises OSError (disk full)."""
    sha256 = name_of(data)
    target = path(sha256)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).replace(target)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    return sha256


@contextmanager
def copied(file: Path) -> Iterator[Path]:
    """A copy beside what is kept, to work on and then to `take`; gone afterwards. Raises OSError (disk full)."""
    folder = config.get().data_dir / "media"
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder)
    os.close(handle)
    try:
        shutil.copyfile(file, name)
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def hashed(file: Path) -> str:
    """SHA-256 (hex) of a file of any length."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def take(copy: Path, sha256: str) -> None:
    """Keep a file that `copied` made, under its hash."""
    target = path(sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    copy.replace(target)


def load(media: Media) -> bytes:
    """The bytes of a picture. Raises OSError when they are gone, or are not those that were stored."""
    data = path(media.sha256).read_bytes()
    if hashlib.sha256(data).hexdigest() != media.sha256:
        raise OSError(f"{media.sha256} holds other bytes than its name says")
    return data


def is_whole(sha256: str) -> bool:
    """Whether the picture is there with the bytes that it was approved with."""
    try:
        return hashed(path(sha256)) == sha256
    except OSError:
        return False


def kind_of(file: Path) -> str:
    """The media type of a kept file, by how it begins."""
    with file.open("rb") as opened:
        start = opened.read(12)
    if is_video(start):
        return "video/quicktime" if start[8:12] == b"qt  " else "video/mp4"
    return next((kind for begin, kind in BEGINNINGS.items() if start.startswith(begin)), "application/octet-stream")


def small(file: Path) -> Encoded:
    """A kept picture for a list. Raises Refused when it is none."""
    return fit_image(file.read_bytes(), SMALL)
