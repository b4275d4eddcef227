"""The pictures and videos of a small Mastodon: taken, processed for as long as a test wants, looked at."""

from dataclasses import dataclass
from typing import Any

from tests.peers.mastodon_dialects import MASTODON
from tests.peers.mastodon_entities import IMAGE_TYPES, VIDEO_BYTES, VIDEO_TYPES
from tests.peers.mastodon_http import Problem, Request, Served


@dataclass(kw_only=True)
class Medium:
    id: str
    data: bytes
    type: str
    description: str | None
    focus: str
    looks: int
    """How many more times it is still being processed when asked for."""
    broken: bool = False


class Uploads(Served):
    """A server that takes files; what its dialect does differently is said by `dialect`."""

    def __init__(self) -> None:
        super().__init__()
        self.dialect = MASTODON
        self.media: dict[str, Medium] = {}
        self.processing = 0
        """How many looks the next pictures take until they are ready; 0 = at once."""
        self.breaks_media = False
        """Whether processing of the next pictures fails in the end."""
        self.alt = 1500
        self.image_bytes = 16 * 1024 * 1024
        self._last = 0

    def next_id(self) -> str:
        """A snowflake: milliseconds, then a counter."""
        self._last = max((int(self.now().timestamp() * 1000) << 16), self._last + 1)
        return f"01{self._last:022X}AR" if self.dialect.flakes else str(self._last)

    def upload(self, request: Request, version: str) -> tuple[int, Any]:
        if not request.file or request.file_type not in (*IMAGE_TYPES, *VIDEO_TYPES):
            raise Problem(422, "Validation failed: File content type is invalid, File is invalid")
        most = VIDEO_BYTES if request.file_type in VIDEO_TYPES else self.image_bytes
        if len(request.file) > most:
            raise Problem(422, f"Validation failed: File file size must be less than {most} bytes")
        description = request.form.get("description")
        if len(description or "") > self.alt:
            raise Problem(422, f"Validation failed: Description is too long (maximum is {self.alt} characters)")
        medium = Medium(
            id=self.next_id(),
            data=request.file,
            type=request.file_type,
            description=None if self.dialect.describes_later else description,
            focus=request.form.get("focus", ""),
            looks=self.processing if version == "v2" else 0,
            broken=self.breaks_media,
        )
        self.media[medium.id] = medium
        return (202 if medium.looks or medium.broken else 200), self.attachment(medium)

    def look_at(self, id_: str) -> tuple[int, Any]:
        medium = self.media.get(id_)
        if not medium:
            raise Problem(404, "Record not found")
        if medium.looks:
            medium.looks -= 1
            return 206, self.attachment(medium)
        if medium.broken:
            raise Problem(422, "Error processing thumbnail for uploaded media")
        return 200, self.attachment(medium)

    def attachment(self, medium: Medium) -> dict[str, Any]:
        ready = not medium.looks and not medium.broken
        return {
            "id": medium.id,
            "type": medium.type.partition("/")[0],
            "url": f"{self.url}/media/{medium.id}" if ready else None,
            "preview_url": f"{self.url}/media/{medium.id}" if ready else None,
            "remote_url": None,
            "meta": None,
            "description": medium.description,
            "blurhash": None,
        }
