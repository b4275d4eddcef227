"""Pictures, videos and documents on their way to LinkedIn: uploaded in calls that leave nothing that followers see.

Sources: learn.microsoft.com, "Images API", "Videos API" and "Documents API". A video goes up in the parts that LinkedIn
asks for, each of which is answered with a tag; the tags end the upload. Videos and documents can be posted once they
are AVAILABLE.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

from publisher.errors import Refused, Retry
from publisher.networks.linkedin_answers import LABEL
from publisher.networks.media import Encoded
from publisher.networks.wire import Answer, Wire

AVAILABLE, FAILED = "AVAILABLE", "PROCESSING_FAILED"


def upload_image(wire: Wire, image: Encoded, owner: str, base_url: str) -> str:
    """The URN of the picture. `base_url`: the address of the API, which the upload may go to."""
    return _put(wire, "image", image, owner, base_url)


def upload_video(wire: Wire, video: Encoded, owner: str, base_url: str, alive: Callable[[], None]) -> str:
    """The URN of the video, which LinkedIn prepares from now on."""
    size = len(video.data)
    asked = {"owner": owner, "fileSizeBytes": size, "uploadCaptions": False, "uploadThumbnail": False}
    given, answer = _opened(wire, "videos", asked)
    urn, parts = str(given.get("video") or ""), given.get("uploadInstructions")
    if not urn or not isinstance(parts, list) or not all(_is_part(part, size, base_url) for part in parts):
        raise Retry("network.unavailable", answer.told, network=LABEL)
    tags = []
    for part in parts:
        alive()
        piece = video.data[part["firstByte"] : part["lastByte"] + 1]
        put = wire.ask("PUT", part["uploadUrl"], content=piece, headers={"Content-Type": "application/octet-stream"})
        tags.append(put.headers.get("ETag", "").strip('"'))
    token = str(given.get("uploadToken") or "")
    finished = {"finalizeUploadRequest": {"video": urn, "uploadToken": token, "uploadedPartIds": tags}}
    wire.ask("POST", "videos", params={"action": "finalizeUpload"}, json=finished)
    return urn


def upload_document(wire: Wire, document: Encoded, owner: str, base_url: str) -> str:
    """The URN of the document, which LinkedIn prepares from now on."""
    return _put(wire, "document", document, owner, base_url)


def is_available(wire: Wire, urn: str) -> bool:
    """Whether a video or document can be posted. Raises Refused where LinkedIn cannot use it."""
    resource = "documents" if urn.startswith("urn:li:document:") else "videos"
    answer = wire.ask("GET", f"{resource}/{quote(urn, safe='')}", needs=("status",))
    state = answer.object["status"]
    if state == FAILED:
        raise Refused("linkedin.file_refused", answer.told)
    return bool(state == AVAILABLE)


def _put(wire: Wire, kind: str, file: Encoded, owner: str, base_url: str) -> str:
    """One file in one piece."""
    given, answer = _opened(wire, f"{kind}s", {"owner": owner})
    urn, address = str(given.get(kind) or ""), str(given.get("uploadUrl") or "")
    if not urn or not _is_theirs(address, base_url):
        raise Retry("network.unavailable", answer.told, network=LABEL)
    wire.ask("PUT", address, content=file.data, headers={"Content-Type": file.type})
    return urn


def _opened(wire: Wire, resource: str, asked: dict[str, Any]) -> tuple[dict[str, Any], Answer]:
    body = {"initializeUploadRequest": asked}
    answer = wire.ask("POST", resource, params={"action": "initializeUpload"}, json=body, needs=("value",))
    given = answer.object["value"]
    return given if isinstance(given, dict) else {}, answer


def _is_part(part: object, size: int, base_url: str) -> bool:
    if not isinstance(part, dict):
        return False
    first, last = part.get("firstByte"), part.get("lastByte")
    inside = isinstance(first, int) and isinstance(last, int) and 0 <= first <= last < size
    return inside and _is_theirs(str(part.get("uploadUrl") or ""), base_url)


def _is_theirs(address: str, base_url: str) -> bool:
    """Whether the token may go to that address: where an upload goes is LinkedIn's to say, but only among its own."""
    given, api = urlsplit(address), urlsplit(base_url)
    if (given.scheme, given.netloc) == (api.scheme, api.netloc):
        return True
    return given.scheme == "https" and f".{given.hostname}".endswith(".linkedin.com")
