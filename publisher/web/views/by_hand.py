"""Posting by hand: all that a post needs on one page, and the word that it is done."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from publisher.enums import PostState
from publisher.errors import PublisherError
from publisher.models import Post
from publisher.newsroom.sending import by_hand
from publisher.types import Part
from publisher.web import forms
from publisher.web.answers import done
from publisher.web.forms import valid
from publisher.web.middleware import status_of
from publisher.web.request import Request

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "video/mp4": "mp4", "video/quicktime": "mov"}


@require_safe
def page(request: Request, post_id: int) -> HttpResponse:
    post = _load(post_id)
    return _page(request, post) if by_hand.waits(post) else redirect(_document(post))


@require_safe
def picture(request: Request, post_id: int, number: int) -> HttpResponse:
    """A picture as the place takes it, to be downloaded: small enough, and with nothing in it but the picture. A video
    goes as it is."""
    post = _load(post_id)
    image = by_hand.picture(post, number)
    if image is None:
        raise Http404
    name = f"post-{post.pk}-{number}.{ENDINGS.get(image.type, 'img')}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(image.data, content_type=image.type, headers=headers)


@require_POST
def done_by_hand(request: Request, post_id: int) -> HttpResponse:
    typed = valid(forms.Done(request.POST))
    try:
        post = by_hand.done(post_id, request.user, url=typed["url"])
    except PublisherError as error:
        return _refused(request, post_id, error)
    return done(request, _("Noted: it is out on %(channel)s.") % {"channel": post.channel}, to=_document(post))


@require_POST
def not_done(request: Request, post_id: int) -> HttpResponse:
    typed = valid(forms.NotDone(request.POST))
    try:
        post = by_hand.not_done(post_id, request.user, reason=typed["reason"])
    except PublisherError as error:
        return _refused(request, post_id, error)
    return done(request, _("Noted: it was not posted. It can be changed or sent again."), to=_document(post))


def _refused(request: Request, post_id: int, error: PublisherError) -> HttpResponse:
    """Said on the page itself while the post still waits; else as everywhere."""
    post = _load(post_id)
    if not by_hand.waits(post):
        raise error
    return _page(request, post, problem=error.sentence, status=status_of(error))


def _page(request: Request, post: Post, *, problem: str = "", status: int = 200) -> HttpResponse:
    context = {"post": post, "part": _part(post), "problem": problem}
    return render(request, "desk/by_hand.html", context, status=status)


def _load(post_id: int) -> Post:
    rows = Post.objects.select_related("channel", "document", "revision").exclude(state=PostState.DRAFT)
    return get_object_or_404(rows, pk=post_id)


def _part(post: Post) -> Part:
    assert post.revision is not None  # only a draft in the making has none
    return post.revision.content[0]


def _document(post: Post) -> str:
    return f"{reverse('document', args=[post.document_id])}#post-{post.pk}"
