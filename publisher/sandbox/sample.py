"""The feeds of the sample newsroom, served as an institution's web server would: with validators and 304."""

import hashlib
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

HERE = Path(__file__).resolve().parent.parent / "sample"
IMAGE_TYPES = {"jpg": "image/jpeg", "png": "image/png"}


@login_not_required
@require_safe
def feed(request: HttpRequest, name: str) -> HttpResponse:
    """A feed file; `{base}` in it becomes the address that was asked."""
    path = _existing(HERE / f"{name}.xml")
    text = path.read_text(encoding="utf-8").replace("{base}", f"{request.scheme}://{request.get_host()}")
    return _answer(request, path, text.encode(), "application/xml; charset=utf-8")


@login_not_required
@require_safe
def image(request: HttpRequest, name: str, ending: str) -> HttpResponse:
    if ending not in IMAGE_TYPES:
        raise Http404
    path = _existing(HERE / "images" / f"{name}.{ending}")
    return _answer(request, path, path.read_bytes(), IMAGE_TYPES[ending])


def _existing(path: Path) -> Path:
    """The names in the addresses are slugs, so no path leads out of the folder."""
    if not path.is_file():
        raise Http404
    return path


def _answer(request: HttpRequest, path: Path, body: bytes, content_type: str) -> HttpResponse:
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    changed = int(path.stat().st_mtime)
    response = HttpResponse(
        body,
        content_type=content_type,
        headers={
            "ETag": etag,
            "Last-Modified": http_date(changed),
            "Cache-Control": "no-cache",
            "X-Content-Type-Options": "nosniff",
        },
    )
    return get_conditional_response(request, etag, changed, response) or response
