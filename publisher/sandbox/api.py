"""The API of the sandbox network: JSON over HTTP, one bearer token per account.

    POST   media            multipart: file, alt                            201 {"id", …}
    POST   posts            JSON, header Idempotency-Key                    201 | 200 repeat | 202 working on it
    GET    posts            the newest; ?before=ID, ?limit=, ?key= exactly  200 {"posts": […]}
    GET    posts/ID         one post                                        200
    PUT    posts/ID         JSON: text, language, card, alts; pictures stay 200
    DELETE posts/ID                                                         204
    GET    me               whose token this is, and what the network takes 200

Errors are {"error": code, "message": sentence}. The failure switch of an account decides about POST posts and PUT; only
a bad token and a suspension reach every call.
"""

import time
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from publisher.models.sandbox import SandboxAccount, SandboxFailure, SandboxImage, SandboxPost, hash_token
from publisher.sandbox import posting
from publisher.sandbox.posting import ApiError, Taken

View = Callable[..., HttpResponseBase]

BEFORE: dict[str, ApiError] = {
    SandboxFailure.REFUSED: ApiError(422, "refused", "The text breaks a rule of this network."),
    SandboxFailure.RATE_LIMITED: ApiError(429, "rate_limited", "Too many posts within a minute.", retry_after=60),
    SandboxFailure.SERVER_ERROR_BEFORE: ApiError(503, "unavailable", "The network is out of order."),
}
"""Switches that answer before anything is stored."""

WITHOUT_BYTES = Prefetch("images", SandboxImage.objects.defer("data"))
PROXY_PAGE = "<!doctype html><title>502 Bad Gateway</title><h1>Bad gateway</h1><p>The proxy got no answer.</p>"


class LostAnswerError(ConnectionError):
    """Thrown in the middle of an answer, so that the server breaks the connection: the switch asked for it."""


def _api(view: View) -> View:
    """Find the account behind the token; turn ApiError into its answer."""

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, _account(request), *args, **kwargs)
        except Http404:
            return _error(ApiError(404, "not_found", "There is no such post."))
        except ApiError as error:
            return _error(error)

    return wrapped


def _account(request: HttpRequest) -> SandboxAccount:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    account = SandboxAccount.objects.filter(token_hash=hash_token(token.strip())).first()
    if scheme.lower() != "bearer" or account is None or account.failure == SandboxFailure.BAD_TOKEN:
        raise ApiError(401, "bad_token", "This token is not known here.")
    if account.failure == SandboxFailure.SUSPENDED:
        raise ApiError(403, "suspended", "The account is suspended.")
    return account


def _error(error: ApiError) -> HttpResponse:
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after is not None else None
    return JsonResponse({"error": error.code, "message": error.message}, status=error.status, headers=headers)


@_api
def me(request: HttpRequest, account: SandboxAccount) -> HttpResponseBase:
    _allow(request, "GET")
    return JsonResponse(
        {
            "id": str(account.pk),
            "handle": account.handle,
            "name": account.name,
            "url": request.build_absolute_uri(reverse("sandbox-timeline", args=[account.handle])),
            "limits": {
                "text": posting.TEXT_LIMIT,
                "images": posting.IMAGES,
                "image_bytes": posting.IMAGE_BYTES,
                "alt": posting.ALT_LIMIT,
            },
        }
    )


@_api
def media(request: HttpRequest, account: SandboxAccount) -> HttpResponseBase:
    _allow(request, "POST")
    upload = request.FILES.get("file")
    if upload is None:
        raise ApiError(400, "bad_request", "The request holds no file.")
    image = posting.store_image(account, upload.read(), request.POST.get("alt", ""), timezone.now())
    return JsonResponse(_image_json(request, image), status=201)


@_api
def posts(request: HttpRequest, account: SandboxAccount) -> HttpResponseBase:
    _allow(request, "GET", "POST")
    if request.method == "POST":
        return _take(request, account)
    found = account.posts.order_by("-created_at", "-id")
    if "key" in request.GET:
        found = found.filter(key=request.GET["key"]).exclude(key="")
        # To ask for one post is to look at it; to leaf through the list is not.
        for one in found:
            posting.look_at(one)
    before, limit = _number(request, "before"), _number(request, "limit")
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = found.prefetch_related(WITHOUT_BYTES)[: min(limit or 20, 100)]
    return JsonResponse({"posts": [_post_json(request, account, row) for row in rows]})


@_api
def post(request: HttpRequest, account: SandboxAccount, number: int) -> HttpResponseBase:
    _allow(request, "GET", "PUT", "DELETE")
    found = get_object_or_404(account.posts.prefetch_related(WITHOUT_BYTES), pk=number)
    if request.method == "PUT":
        return _change(request, account, found)
    if request.method == "DELETE":
        found.delete()
        return HttpResponse(status=204)
    return JsonResponse(_post_json(request, account, posting.look_at(found)))


def _take(request: HttpRequest, account: SandboxAccount) -> HttpResponseBase:
    """Store the post, unless the switch says otherwise; then answer as the switch says."""
    if account.failure in BEFORE:
        raise BEFORE[account.failure]
    key = request.headers.get("Idempotency-Key", "")
    taken = posting.take_post(account, posting.read_body(request.body), key, timezone.now())
    return _answer(request, account, taken)


def _change(request: HttpRequest, account: SandboxAccount, found: SandboxPost) -> HttpResponseBase:
    """The same switch decides about an edit."""
    if account.failure in BEFORE:
        raise BEFORE[account.failure]
    changed = posting.change_post(found, posting.read_body(request.body), posting.read_alts(request.body))
    return _answer(request, account, Taken(changed, new=False))


def _answer(request: HttpRequest, account: SandboxAccount, taken: Taken) -> HttpResponseBase:
    match account.failure:
        case SandboxFailure.SERVER_ERROR_AFTER:
            raise ApiError(500, "internal", "Something went wrong on this network.")
        case SandboxFailure.LOST_ANSWER:
            return StreamingHttpResponse(_break_off(), status=201, content_type="application/json")
        case SandboxFailure.HTML_PAGE:
            return HttpResponse(PROXY_PAGE)
        case SandboxFailure.EMPTY_ANSWER:
            return HttpResponse(content_type="application/json")
        case SandboxFailure.SLOW:
            time.sleep(account.delay)
    return JsonResponse(_post_json(request, account, taken.post), status=_status(taken))


def _status(taken: Taken) -> int:
    if taken.post.looks_left:
        return 202
    return 201 if taken.new else 200


def _break_off() -> Iterator[bytes]:
    """The beginning of an answer. A WSGI application cannot hang up; a server does when the answer fails halfway."""
    yield b'{"id": "'
    raise LostAnswerError("The failure switch of this sandbox account breaks the connection.")


def _number(request: HttpRequest, name: str) -> int | None:
    value = request.GET.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 19 else None


def _post_json(request: HttpRequest, account: SandboxAccount, post: SandboxPost) -> dict[str, Any]:
    images = [_image_json(request, image) for image in post.images.all()]
    card_images = [image for image in images if image["position"] == 0]
    return {
        "id": str(post.pk),
        "url": request.build_absolute_uri(reverse("sandbox-post", args=[account.handle, post.pk])),
        "status": "processing" if post.looks_left else "published",
        "text": post.text,
        "language": post.language,
        "card": {**post.card, "image": card_images[0] if card_images else None} if post.card else None,
        "images": [image for image in images if image["position"]],
        "reply_to": str(post.reply_to_id) if post.reply_to_id else None,
        "created_at": post.created_at.isoformat(),
    }


def _image_json(request: HttpRequest, image: SandboxImage) -> dict[str, Any]:
    return {
        "id": str(image.pk),
        "url": request.build_absolute_uri(reverse("sandbox-image", args=[image.pk])),
        "type": image.type,
        "width": image.width,
        "height": image.height,
        "alt": image.alt,
        "position": image.position,
    }


def _allow(request: HttpRequest, *methods: str) -> None:
    if request.method not in methods:
        raise ApiError(405, "method", f"Only {', '.join(methods)}.")
