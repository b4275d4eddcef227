"""The keys, stored pictures, and whether the service lives."""

import re

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from publisher.newsroom.drafts import media, public
from publisher.web.request import Request

BEGINNINGS = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n": "image/png",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
}
"""How the picture formats that we keep begin. Anything else is handed out as mere bytes, which no browser runs."""


@require_safe
def keys(request: Request) -> HttpResponse:
    return render(request, "desk/keys.html")


@require_safe
def media_file(request: Request, sha256: str) -> HttpResponseBase:
    """A stored picture. Its name is its content, so a browser may keep it."""
    if not re.fullmatch("[0-9a-f]{64}", sha256):
        raise Http404
    try:
        file = media.path(sha256).open("rb")
    except OSError as error:
        raise Http404 from error
    start = file.read(8)
    file.seek(0)
    kind = next((kind for begin, kind in BEGINNINGS.items() if start.startswith(begin)), "application/octet-stream")
    headers = {"Cache-Control": "private, max-age=31536000, immutable", "Content-Security-Policy": "default-src 'none'"}
    return FileResponse(file, content_type=kind, headers=headers)


@login_not_required
@require_safe
def public_file(request: HttpRequest, token: str, name: str) -> HttpResponse:
    """A picture or video for a network that fetches it; the signed address is all that it needs."""
    found = public.open_signed(token)
    if found is None:
        raise Http404
    data, kind = found
    headers = {
        "Content-Security-Policy": "default-src 'none'",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "X-Robots-Tag": "noindex",
    }
    return HttpResponse(data, content_type=kind, headers=headers)


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """For whatever watches the service: "ok" while the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")
