"""A video on its way to a Facebook page: opened, sent in pieces, and only then published.

Source: `POST /{page}/videos` with `upload_phase` and the fields of a video, as Meta's specification of Page and AdVideo
has them. What is opened is one video and no other: to finish it twice makes no second post, and it says itself whether
it is out. So its number is kept before it is published.
"""

from collections.abc import Callable, Mapping
from typing import Any

from publisher.errors import Refused, Retry
from publisher.networks.media import Encoded
from publisher.networks.wire import Answer, Wire, sentence

LABEL = "Facebook"
FIELDS = "id,status,post_id,permalink_url"
MOST_PIECES = 2000
OPEN, WORKING, OUT = "open", "working", "out"
"""Still to be published; being prepared; on the page."""


def upload(wire: Wire, page: str, video: Encoded, alive: Callable[[], None]) -> dict[str, str]:
    """The video and its session, with all bytes there and nothing published."""
    path, size = f"{page}/videos", len(video.data)
    form = {"upload_phase": "start", "file_size": str(size)}
    answer = wire.ask("POST", path, data=form, needs=("video_id", "upload_session_id", "start_offset", "end_offset"))
    session = str(answer.object["upload_session_id"])
    kept = {"video": str(answer.object["video_id"]), "session": session}
    for _ in range(MOST_PIECES):
        start, end = _piece(answer, size)
        if start == end:
            return kept
        alive()
        form = {"upload_phase": "transfer", "upload_session_id": session, "start_offset": str(start)}
        files = {"video_file_chunk": ("video.mp4", video.data[start:end], "application/octet-stream")}
        answer = wire.ask("POST", path, data=form, files=files, needs=("start_offset", "end_offset"))
    raise Retry("network.unavailable", f"the upload of {size} bytes does not end", network=LABEL)


def publish(wire: Wire, page: str, session: str, words: str) -> None:
    """The one call that followers see something of."""
    form = {"upload_phase": "finish", "upload_session_id": session, "description": words}
    wire.send("POST", f"{page}/videos", data=form, needs=("success",))


def look(wire: Wire, number: str) -> tuple[str, Mapping[str, Any]]:
    """How a video stands, and what Facebook says of it. Raises Refused where Facebook cannot use it."""
    told = wire.ask("GET", number, params={"fields": FIELDS}, needs=("id",)).object
    status = told.get("status")
    status = status if isinstance(status, dict) else {}
    if status.get("video_status") == "error":
        phase = status.get("processing_phase")
        error = phase.get("error") if isinstance(phase, dict) else None
        why = error.get("message") if isinstance(error, dict) else ""
        raise Refused("network.media_refused", str(status)[:300], network=LABEL, why=sentence(why))
    if told.get("post_id") and status.get("video_status") == "ready":
        return OUT, told
    phases = (status.get("processing_phase"), status.get("publishing_phase"))
    begun = status.get("video_status") in ("processing", "ready") or any(map(_is_under_way, phases))
    return (WORKING if begun else OPEN), told


def _is_under_way(phase: object) -> bool:
    return isinstance(phase, dict) and phase.get("status") in ("in_progress", "complete")


def _piece(answer: Answer, size: int) -> tuple[int, int]:
    try:
        start, end = int(answer.object["start_offset"]), int(answer.object["end_offset"])
    except (TypeError, ValueError):
        start, end = -1, -1
    if not 0 <= start <= end <= size:
        raise Retry("network.unavailable", answer.told, network=LABEL)
    return start, end
