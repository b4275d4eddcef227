"""The sandbox network as its followers see it: public pages, without sign-in and without scripts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from publisher.models.sandbox import SandboxAccount, SandboxImage, SandboxPost
from publisher.text.links import BLUESKY_STYLE, display_url, find_urls
from publisher.types import Run

PAGE = 20
"""Threads on one page; a single post is a thread of one."""

VISIBLE = Q(looks_left=0)


@dataclass(frozen=True)
class Shown:
    """One post, ready for the template."""

    id: int
    created_at: datetime
    language: str
    runs: tuple[Run, ...]
    images: tuple[SandboxImage, ...]
    card: dict[str, str] | None
    card_image: SandboxImage | None
    card_host: str


@login_not_required
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """Every account, with how much it has posted."""
    found = SandboxAccount.objects.annotate(
        count=Count("posts", filter=Q(posts__looks_left=0)), latest=Max("posts__created_at")
    )
    return render(request, "sandbox/accounts.html", {"accounts": found.order_by("handle")})


@login_not_required
@require_safe
def timeline(request: HttpRequest, handle: str) -> HttpResponse:
    """The newest posts of one account, threads kept together. ?before=ID leafs back."""
    account = get_object_or_404(SandboxAccount, handle=handle)
    roots = account.posts.filter(VISIBLE, root=None).order_by("-created_at", "-id")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        roots = roots.filter(pk__lt=int(before))
    # One more than fits tells whether there is another page, without counting them all.
    found = list(_with_thread(roots)[: PAGE + 1])
    context = {
        "account": account,
        "threads": [_thread(root) for root in found[:PAGE]],
        "older": found[PAGE - 1].pk if len(found) > PAGE else None,
        "newest": not before,
    }
    return render(request, "sandbox/timeline.html", context)


@login_not_required
@require_safe
def post(request: HttpRequest, handle: str, number: int) -> HttpResponse:
    """One post, within its thread."""
    account = get_object_or_404(SandboxAccount, handle=handle)
    one = get_object_or_404(account.posts.filter(VISIBLE), pk=number)
    root = get_object_or_404(_with_thread(account.posts.all()), pk=one.root_id or one.pk)
    context = {"account": account, "threads": [_thread(root)], "single": one.pk}
    return render(request, "sandbox/timeline.html", context)


@login_not_required
@require_safe
def image(request: HttpRequest, number: int) -> HttpResponse:
    """The bytes of a picture. They never change, so a browser may keep them."""
    found = get_object_or_404(SandboxImage, pk=number)
    response = HttpResponse(
        bytes(found.data),
        content_type=found.type,
        headers={
            "ETag": f'"{found.sha256}"',
            "Cache-Control": "public, max-age=31536000, immutable",
            "X-Content-Type-Options": "nosniff",
        },
    )
    return get_conditional_response(request, response["ETag"], response=response) or response


def _with_thread(posts: "QuerySet[SandboxPost]") -> "QuerySet[SandboxPost]":
    """With pictures (not their bytes) and replies: three queries more, however many posts."""
    pictures = Prefetch("images", SandboxImage.objects.defer("data"))
    replies = SandboxPost.objects.filter(VISIBLE).order_by("created_at", "id").prefetch_related(pictures)
    return posts.prefetch_related(pictures, Prefetch("thread", replies))


def _thread(root: SandboxPost) -> Sequence[Shown]:
    return [_shown(one) for one in (root, *root.thread.all())]


def _shown(one: SandboxPost) -> Shown:
    pictures = list(one.images.all())
    return Shown(
        id=one.pk,
        created_at=one.created_at,
        language=one.language,
        runs=show_text(one.text),
        images=tuple(picture for picture in pictures if picture.position),
        card=one.card,
        card_image=next((picture for picture in pictures if not picture.position), None),
        card_host=urlsplit(one.card["url"]).hostname or "" if one.card else "",
    )


def show_text(text: str) -> tuple[Run, ...]:
    """`text` with its links shortened for the eye."""
    runs: list[Run] = []
    end = 0
    for span in find_urls(text):
        if span.start > end:
            runs.append(Run(text=text[end : span.start]))
        runs.append(Run(text=display_url(span.href, BLUESKY_STYLE), href=span.href))
        end = span.end
    if end < len(text):
        runs.append(Run(text=text[end:]))
    return tuple(runs)
