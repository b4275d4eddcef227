"""The media library: looking for a file, taking one in, saying what it shows, using it in a post."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from publisher import config
from publisher.errors import PublisherError
from publisher.models import Asset, Post
from publisher.newsroom import access
from publisher.newsroom.drafts import attaching, library
from publisher.web import forms, uploads
from publisher.web.answers import came_from, done, whole_page
from publisher.web.confirming import confirm
from publisher.web.forms import valid
from publisher.web.media_forms import Describe, Subtitles
from publisher.web.middleware import status_of
from publisher.web.paging import page_number
from publisher.web.request import Request, takes_form


@require_safe
def page(request: Request) -> HttpResponse:
    return _page(request)


@require_POST
def add(request: Request) -> HttpResponse:
    try:
        taken = uploads.take(request, "file", request.POST.get("language", "").strip())
    except PublisherError as error:
        if request.htmx:
            raise  # it is said in the status line; what was typed and chosen stays
        return _page(request, status_of(error), error.sentence)
    post, (first, *others) = _post(request.POST.get("post", "")), taken
    if post:
        to = f"{reverse('library')}?post={post.pk}"
    else:
        messages.success(request, _("They are in the library.") if others else _("It is in the library."))
        to = reverse("library") if others else reverse("asset", args=[first.pk])
    return whole_page(request, HttpResponseRedirect(to))


@takes_form
def show(request: Request, asset_id: int) -> HttpResponse:
    """One file: what is said of it, and where it is used."""
    asset = get_object_or_404(Asset, pk=asset_id)
    language = request.GET.get("language", "") or next(iter(asset.alts), config.get().language)
    form = Describe.of(asset, language, request.POST if request.method == "POST" else None)
    status, problem = 200, ""
    if request.method == "POST":
        try:
            valid(form)
            library.describe(asset_id, request.user, form.said)
            return done(request, _("Saved. Posts that hold it keep their own words."), to=request.path)
        except PublisherError as error:
            status, problem = status_of(error), error.sentence
    context: dict[str, Any] = {"asset": asset, "form": form, "problem": problem, "posts": library.posts_with(asset)}
    context["subtitles"] = Subtitles()
    return render(request, "desk/asset.html", context, status=status)


@require_POST
def subtitles(request: Request, asset_id: int) -> HttpResponse:
    asset = get_object_or_404(Asset, pk=asset_id)
    form = Subtitles(request.POST, request.FILES)
    typed = valid(form)
    data = typed["file"].read() if typed["file"] else b""
    library.caption(asset.pk, request.user, data, typed["language"].strip())
    return done(request, _("Saved."), to=reverse("asset", args=[asset_id]))


@require_POST
def use(request: Request, asset_id: int) -> HttpResponse:
    """Put the file into a post: a new revision of it."""
    asset, post = get_object_or_404(Asset, pk=asset_id), _post(request.POST.get("post", ""))
    post = post or get_object_or_404(Post, pk=0)
    revision = valid(forms.Seen(request.POST))["revision"]
    attaching.attach(post.pk, request.user, [asset], revision_id=revision)
    return done(request, _("It is in the post now."), to=reverse("edit", args=[post.pk]))


@takes_form
def remove(request: Request, asset_id: int) -> HttpResponse:
    """Asked once more first: the bytes cannot be brought back."""
    access.require(request.user, "approve")
    asset = get_object_or_404(Asset, pk=asset_id)

    def act() -> str:
        library.remove(asset_id, request.user)
        return _("Removed from the library.")

    return confirm(
        request,
        act,
        title=_("Remove this file?"),
        text=_("No post holds %(name)s. Its bytes are deleted, and this cannot be undone.") % {"name": asset},
        button=_("Remove it"),
        to=reverse("library"),
        back=came_from(request, reverse("asset", args=[asset_id])),
    )


def _page(request: Request, status: int = 200, problem: str = "") -> HttpResponse:
    search = request.GET.get("search", "")
    post = _post(request.GET.get("post", "") or request.POST.get("post", ""))
    context: dict[str, Any] = {
        "page": library.page(page_number(request), search),
        "search": search,
        "post": post,
        "problem": problem,
        "most": config.get().upload_megabytes,
        "takes": uploads.accepted(post.channel if post else None),
        "language": post.revision.language if post and post.revision else config.get().language,
    }
    return render(request, "desk/library.html", context, status=status)


def _post(number: str) -> Post | None:
    """The post that a file is looked for, if any."""
    if not number.isdecimal() or len(number) > 15:
        return None
    return Post.objects.select_related("channel", "document", "revision").filter(pk=int(number)).first()
