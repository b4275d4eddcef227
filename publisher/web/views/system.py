"""The keys, stored pictures, and whether the service lives."""

import re
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from publisher.errors import Refused
from publisher.models import Channel
from publisher.newsroom.drafts import media, previews, public
from publisher.types import PDF
from publisher.web import ranges
from publisher.web.request import Request

IMMUTABLE = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'",
}


@require_safe
def keys(request: Request) -> HttpResponse:
    return render(request, "desk/keys.html")


@require_safe
def media_file(request: Request, sha256: str) -> HttpResponseBase:
    """A stored picture, video or document. Its name is its content, so a browser may keep it."""
    path = _stored(sha256)
    kind = media.kind_of(path)
    answer = ranges.serve(request, path, kind, IMMUTABLE)
    if kind == PDF:  # it can do more than be shown: it is saved, and opened outside of the desk
        answer["Content-Disposition"] = "attachment; filename=document.pdf"
    return answer


@require_safe
def small_picture(request: Request, sha256: str) -> HttpResponse:
    """A stored picture for a list."""
    try:
        small = media.small(_stored(sha256))
    except Refused as error:
        raise Http404 from error
    return HttpResponse(small.data, content_type=small.type, headers=IMMUTABLE)


@require_safe
def sent_picture(request: Request, channel_id: int, sha256: str) -> HttpResponse:
    """A stored picture as it is sent to a channel: ?focus= is what stays in sight, ?card= that of a link."""
    _stored(sha256)
    channel = get_object_or_404(Channel, pk=channel_id)
    try:
        sent = previews.picture(channel, sha256, request.GET.get("focus", ""), card="card" in request.GET)
    except Refused as error:
        raise Http404 from error
    headers = IMMUTABLE | {"Cache-Control": "private, max-age=600"}
    return HttpResponse(sent.data, content_type=sent.type, headers=headers)


@login_not_required
@require_safe
def public_file(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """A picture or video for a network that fetches it; the signed address is all that it needs."""
    found = public.open_signed(token)
    if found is None:
        raise Http404
    path, kind = found
    headers = {
        "Content-Security-Policy": "default-src 'none'",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "X-Robots-Tag": "noindex",
    }
    return ranges.serve(request, path, kind, headers)


def _stored(sha256: str) -> Path:
    path = media.path(sha256)
    if not re.fullmatch("[0-9a-f]{64}", sha256) or not path.is_file():
        raise Http404
    return path


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
