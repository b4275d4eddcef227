"""Pictures, kept by the hash of their bytes in the data folder: what was approved is what goes out."""

import hashlib
import os
import tempfile
from pathlib import Path

from publisher import config
from publisher.types import Media


def path(sha256: str) -> Path:
    return config.get().data_dir / "media" / sha256[:2] / sha256


def store(data: bytes) -> str:
    """Keep the bytes; the same bytes are kept once. Returns their SHA-256 (hex). Raises OSError (disk full)."""
    sha256 = hashlib.sha256(data).hexdigest()
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


def load(media: Media) -> bytes:
    """The bytes of a picture. Raises OSError when they are gone, or are not those that were stored."""
    data = path(media.sha256).read_bytes()
    if hashlib.sha256(data).hexdigest() != media.sha256:
        raise OSError(f"{media.sha256} holds other bytes than its name says")
    return data


def is_whole(sha256: str) -> bool:
    """Whether the picture is there with the bytes that it was approved with."""
    try:
        load(Media(sha256=sha256))
    except OSError:
        return False
    return True
