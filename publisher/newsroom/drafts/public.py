"""Public addresses of pictures and videos, for networks that fetch them: signed, and good for a day.

What lies behind one is the file as that network takes it, never the one that we keep. The desk hands it out itself:
nobody can guess an address, and nobody can make one up (django.core.signing, HMAC-SHA256 with the newest of our keys).
Or it lies in S3-compatible storage (`bucket`), whose addresses are signed by its own rules.
"""

import os
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.core import signing

from publisher import config
from publisher.errors import Refused
from publisher.networks.media import Encoded
from publisher.newsroom.drafts import bucket, media

LIFETIME = timedelta(days=1)
"""As long as the containers of Instagram and Threads live."""
_SALT = "publisher.newsroom.drafts.public"
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif", "video/mp4": "mp4"}
ENDINGS |= {"video/quicktime": "mov"}


def address(file: Encoded) -> str:
    """Where the network can fetch `file`. Raises Refused where the desk has no address that others reach, and what
    `bucket.address` raises.
    """
    sha256, ending = media.name_of(file.data), ENDINGS.get(file.type, "bin")
    if bucket.is_set():
        return bucket.address(file, f"{sha256}.{ending}", LIFETIME)
    base = config.get().public_url
    if not base:
        raise Refused("media.no_public_address")
    _keep(file, sha256)
    token = signing.TimestampSigner(salt=_SALT).sign_object([sha256, file.type])
    return f"{base}/public/{token}/file.{ending}"


def open_signed(token: str) -> tuple[Path, str] | None:
    """The file and its media type; None when the address was not made by us, is too old, or the file is gone."""
    try:
        sha256, kind = signing.TimestampSigner(salt=_SALT).unsign_object(token, max_age=LIFETIME)
    except (signing.BadSignature, ValueError):
        return None
    path = next((path for path in (_folder() / sha256, media.path(sha256)) if path.is_file()), None)
    return (path, kind) if path else None


def prune() -> None:
    """Delete files whose addresses have ended."""
    bucket.prune()
    with suppress(OSError):  # nothing was ever public
        for path in _folder().iterdir():
            if time.time() - path.stat().st_mtime > 2 * LIFETIME.total_seconds():
                path.unlink(missing_ok=True)


def _keep(file: Encoded, sha256: str) -> None:
    """A video that goes as it is lies among our own files already."""
    if media.path(sha256).is_file():
        return
    path = _folder() / sha256
    if path.is_file():
        os.utime(path)  # it is wanted for another day
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(f".{os.getpid()}.{time.monotonic_ns()}")
    half.write_bytes(file.data)
    half.replace(path)


def _folder() -> Path:
    return config.get().data_dir / "public"
