"""A file as an answer, whole or one range of it (RFC 9110, 14): players jump about in a film, and networks fetch it in
pieces."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

PIECE = 64 * 1024


def serve(request: HttpRequest, path: Path, kind: str, headers: dict[str, str]) -> HttpResponseBase:
    """Raises OSError when there is no such file."""
    size = path.stat().st_size
    file = path.open("rb")
    headers = headers | {"Accept-Ranges": "bytes"}
    found = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", request.headers.get("Range", ""))
    if not found or not (found[1] or found[2]):
        return FileResponse(file, content_type=kind, headers=headers)
    start = int(found[1]) if found[1] else max(0, size - int(found[2]))
    end = min(int(found[2]), size - 1) if found[1] and found[2] else size - 1
    if start > end:
        file.close()
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    told = {"Content-Range": f"bytes {start}-{end}/{size}", "Content-Length": str(end - start + 1)}
    file.seek(start)
    return StreamingHttpResponse(_pieces(file, end - start + 1), status=206, content_type=kind, headers=headers | told)


def _pieces(file: BinaryIO, left: int) -> Iterator[bytes]:
    with file:
        while left > 0 and (piece := file.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
