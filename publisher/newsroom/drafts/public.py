"""Public addresses of pictures and videos, for networks that fetch them: signed, and good for a day.

What lies behind one is the file as that network takes it, never the one that we keep. Nobody can guess an address, and
nobody can make one up (django.core.signing, HMAC-SHA256 with the newest of our keys).
"""

from datetime import timedelta
from pathlib import Path

from django.core import signing

from publisher import config
from publisher.errors import Refused
from publisher.networks.media import Encoded
from publisher.newsroom.drafts import media

LIFETIME = timedelta(days=1)
"""As long as the containers of Instagram and Threads live."""
_SALT = "publisher.newsroom.drafts.public"
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif", "video/mp4": "mp4"}


def address(file: Encoded) -> str:
    """Where the network can fetch `file`. Raises Refused where the desk has no address that others reach."""
    base = config.get().public_url
    if not base:
        raise Refused("media.no_public_address")
    token = signing.TimestampSigner(salt=_SALT).sign_object([media.store(file.data), file.type])
    return f"{base}/public/{token}/file.{ENDINGS.get(file.type, 'bin')}"


def open_signed(token: str) -> tuple[Path, str] | None:
    """The file and its media type; None when the address was not made by us, is too old, or the file is gone."""
    try:
        sha256, kind = signing.TimestampSigner(salt=_SALT).unsign_object(token, max_age=LIFETIME)
    except (signing.BadSignature, ValueError):
        return None
    path = media.path(sha256)
    return (path, kind) if path.is_file() else None
