"""What a server of Mastodon's family says of itself: which software it is, and what it takes. Nothing is taken for
granted: where a relative does not say, it is trusted with little.

Sources: the Instance entity of docs.joinmastodon.org in both versions; NodeInfo 2.0 and 2.1; what Akkoma (top-level
limits, no `configuration`), Takahe, GoToSocial, Pixelfed and Friendica answer by their own code.
"""

from collections.abc import Mapping
from math import isqrt
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from publisher.errors import AccountBlocked, NetworkError

if TYPE_CHECKING:
    from publisher.networks.mastodon_wire import Server

NEEDED_SCOPES = ("read:statuses", "write:statuses", "write:media")
MASTODON = ("mastodon", "hometown", "glitchcafe")
"""Names that Mastodon and its closest forks give themselves in NodeInfo."""
CAUTIOUS = {"alt": 1000, "images": 4, "image_bytes": 8_000_000, "videos": 0}
"""For a relative that does not say: a thousand characters is Pixelfed's own limit of a description."""
ANY_FILE = ("akkoma", "pleroma")
"""Software that takes every kind of file, up to `upload_limit`."""
WHOLE = ("gotosocial", "pixelfed", "takahe")
"""Software that counts code points, links and mentions as long as they are, whatever it says of links."""
PICTURES_ONLY = ("pixelfed",)
"""Software that takes no post without a picture or video."""


def read_instance(server: "Server") -> dict[str, Any]:
    """The Instance entity, version 2 or else 1; nothing where the server has neither."""
    for path in ("/api/v2/instance", "/api/v1/instance"):
        answer = server.read(path)
        data = answer.json
        if answer.status == 200 and isinstance(data, dict):
            return data
        if answer.status == 429 or answer.status >= 500:
            # To go on with our own numbers would overwrite the right ones that an earlier check brought.
            raise server.error(answer, needs="read:accounts")
    return {}


def read_software(server: "Server") -> str:
    """The name that the server's software gives itself (NodeInfo), in lower case; blank where it does not say."""
    try:
        links = server.read("/.well-known/nodeinfo").json
        found = links.get("links") if isinstance(links, dict) else None
        places = [link.get("href") for link in found or () if isinstance(link, dict)]
        # Its path only: the question goes to the server that somebody entered, wherever the link leads.
        paths = [urlsplit(place).path for place in places if isinstance(place, str)]
        told = server.read(paths[-1]).json if paths and paths[-1].startswith("/") else None
    except NetworkError:
        return ""
    software = told.get("software") if isinstance(told, dict) else None
    name = software.get("name") if isinstance(software, dict) else None
    return name.strip().lower() if isinstance(name, str) else ""


def limits_of(instance: Mapping[str, Any], software: str = MASTODON[0]) -> dict[str, int]:
    """Fields of Limits as this server sets them; Pleroma's names where it has no `configuration`."""
    configuration = _object(instance, "configuration")
    statuses, attachments = _object(configuration, "statuses"), _object(configuration, "media_attachments")
    upload = instance.get("upload_limit")
    found: dict[str, object] = {
        "text": statuses.get("max_characters") or instance.get("max_toot_chars"),
        "images": statuses.get("max_media_attachments"),
        "image_bytes": attachments.get("image_size_limit") or upload,
        "video_bytes": attachments.get("video_size_limit") or upload,
        "video_pixels": attachments.get("video_matrix_limit"),
        "video_frames": attachments.get("video_frame_rate_limit"),
        "alt": attachments.get("description_limit") or instance.get("description_limit"),
    }
    limits = {name: value for name, value in found.items() if isinstance(value, int) and value > 0}
    url_length = statuses.get("characters_reserved_per_url")
    if isinstance(url_length, int) and url_length >= 0:
        limits["url_length"] = url_length
    elif "text" in limits and "max_characters" not in statuses:
        # Pleroma counts a link as long as it is.
        limits["url_length"] = 0
    matrix = attachments.get("image_matrix_limit")
    if isinstance(matrix, int) and matrix > 0:  # pixels; whatever its shape, a picture with such sides has no more
        limits["image_side"] = isqrt(matrix)
    types = attachments.get("supported_mime_types")
    if isinstance(types, list):
        limits["videos"] = int("video/mp4" in types)
    elif software in ANY_FILE:
        limits["videos"] = 1
    if software in WHOLE:
        limits["code_points"] = 1
    if software in PICTURES_ONLY:
        limits["needs_picture"] = 1
    return limits if software in MASTODON else CAUTIOUS | limits


def check_scopes(server: "Server") -> None:
    """Raises AccountBlocked when the token's application lacks what posting takes; older servers do not tell."""
    answer = server.call("app_verify_credentials")
    application = answer.json if answer.status == 200 else None
    scopes = application.get("scopes") if isinstance(application, dict) else None
    if not isinstance(scopes, list) or not scopes:
        return
    missing = [needed for needed in NEEDED_SCOPES if needed not in scopes and needed.partition(":")[0] not in scopes]
    if missing:
        raise AccountBlocked("mastodon.scopes", f"scopes: {scopes}", missing=", ".join(missing))


def _object(parent: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = parent.get(name)
    return value if isinstance(value, dict) else {}
