"""What a person does with one post. Each action answers with the post as it stands then."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from publisher import config
from publisher.enums import PostState, ThreadStyle
from publisher.errors import PublisherError
from publisher.models import Post
from publisher.newsroom import access, channels
from publisher.newsroom.approval import edits, review
from publisher.newsroom.drafts import attaching, library, previews
from publisher.newsroom.sending import follow_up, pacing
from publisher.types import Media, Part
from publisher.web import editing, forms, shown, uploads, words
from publisher.web.answers import came_from, done
from publisher.web.confirming import confirm
from publisher.web.forms import valid
from publisher.web.middleware import status_of
from publisher.web.outlook import outlook
from publisher.web.request import Request, takes_form
from publisher.web.source_text import ShownLine, show_source
from publisher.web.templatetags.times import clock


@require_safe
def show(request: Request, post_id: int) -> HttpResponse:
    """One post as it stands; ?seen= asks only whether it looks different now (204: it does not)."""
    post = _load(post_id)
    if not request.htmx:
        return redirect(f"{reverse('document', args=[post.document_id])}#post-{post_id}")
    if request.GET.get("seen") == shown.mark(post):
        return HttpResponse(status=204)
    template, context = _piece(request, post)
    news = f"{post.channel}: {words.STATES[post.state]}."
    return render(request, template, context | ({"news": news} if "seen" in request.GET else {}))


@require_POST
def approve(request: Request, post_id: int) -> HttpResponse:
    typed = valid(forms.Approve(request.POST))
    review.approve(post_id, request.user, revision_id=typed.pop("revision"), **typed)
    post = _load(post_id)
    if post.state == PostState.EXPIRED:
        return _moved(request, post, post.reason)
    return _moved(request, post, _("Approved for %(channel)s.") % {"channel": post.channel} + " " + outlook(post))


@require_POST
def schedule(request: Request, post_id: int) -> HttpResponse:
    typed = valid(forms.Schedule(request.POST))
    review.approve(post_id, request.user, revision_id=typed.pop("revision"), **typed)
    return _scheduled(request, post_id, typed["at"])


@require_POST
def reschedule(request: Request, post_id: int) -> HttpResponse:
    at = None if request.POST.get("slot") else valid(forms.When(request.POST))["at"]
    post = review.reschedule(post_id, request.user, at=at)
    assert post.due_at is not None
    return _scheduled(request, post_id, post.due_at)


@require_POST
def send_now(request: Request, post_id: int) -> HttpResponse:
    review.reschedule(post_id, request.user, at=timezone.now())
    post = _load(post_id)
    return _moved(request, post, outlook(post))


@require_POST
def send_anyway(request: Request, post_id: int) -> HttpResponse:
    """Whatever its channel's pace says."""
    pacing.send_anyway(post_id, request.user)
    post = _load(post_id)
    return _moved(request, post, outlook(post))


@require_POST
def unschedule(request: Request, post_id: int) -> HttpResponse:
    review.unschedule(post_id, request.user)
    return _moved(request, _load(post_id), _("Taken back: it waits for review again."))


@require_POST
def reject(request: Request, post_id: int) -> HttpResponse:
    typed = valid(forms.Reject(request.POST))
    review.reject(post_id, request.user, revision_id=typed["revision"], reason=typed["reason"])
    post = _load(post_id)
    message = _("Rejected for %(channel)s.") % {"channel": post.channel}
    return _moved(request, post, message, undo=reverse("reopen", args=[post_id]))


@require_POST
def reopen(request: Request, post_id: int) -> HttpResponse:
    review.reopen(post_id, request.user)
    return _moved(request, _load(post_id), _("It waits for review again."))


@require_POST
def retry(request: Request, post_id: int) -> HttpResponse:
    review.retry(post_id, request.user)
    post = _load(post_id)
    return _moved(request, post, outlook(post))


@require_POST
def leave(request: Request, post_id: int) -> HttpResponse:
    review.leave(post_id, request.user)
    return _moved(request, _load(post_id), _("Noted: the thread stays as it is."))


@require_POST
def decide(request: Request, post_id: int) -> HttpResponse:
    typed = valid(forms.Decide(request.POST))
    out = typed["out"] == "yes"
    review.decide(post_id, request.user, out=out, url=typed["url"])
    message = _("Noted: it is out.") if out else _("Noted: it is not out. You can send it again.")
    return _moved(request, _load(post_id), message)


@takes_form
def withdraw(request: Request, post_id: int) -> HttpResponse:
    """Asked once more first: what is deleted on a network cannot be brought back."""
    post = _load(post_id)
    access.require(request.user, "approve", post.channel)

    def act() -> str:
        follow_up.withdraw(post_id, request.user)
        return _("Withdrawn: the post is deleted on the network.")

    return confirm(
        request,
        act,
        title=_("Withdraw this post?"),
        text=_("It is deleted on %(channel)s. Followers may have seen or copied it, and this cannot be undone.")
        % {"channel": post.channel},
        button=_("Withdraw it"),
        to=_document(post),
        back=came_from(request, _document(post)),
        shown=shown.show(post),
    )


@takes_form
def edit(request: Request, post_id: int) -> HttpResponse:
    """The editor. A conflict or a refusal shows beside what was typed, which stays."""
    post = _load(post_id)
    access.require(request.user, "write", post.channel)
    if request.method != "POST":
        return _editor(request, post, editing.from_parts(_content(post)))
    typed = _typed(request, post)
    action = request.POST.get("do", "save")
    if action.startswith(("upload-", "document-")):
        return _with_files(request, post, typed, *action.split("-", 1))
    if action not in {"save", "card", "library"}:
        lines = [line.quoted for line in _lines(post)] if action.startswith("line-") else []
        return _editor(request, post, editing.changed(typed, action, lines), added=action == "add")
    try:
        seen = valid(forms.Edited(request.POST))["revision"]
        review.edit(post_id, request.user, revision_id=seen, parts=[item.part for item in typed])
    except PublisherError as error:
        return _editor(request, post, typed, error=error)
    if action != "save":
        page = reverse("card", args=[post_id]) if action == "card" else f"{reverse('library')}?post={post_id}"
        return HttpResponseClientRedirect(page) if request.htmx else redirect(page)
    post = _load(post_id)
    message = _("Saved for %(channel)s.") % {"channel": post.channel}
    if shown.show(post).blocked:
        message += " " + _("It cannot go out like this yet; what stands against it is said under it.")
    return _moved(request, post, message, to=_document(post))


@require_POST
def measure(request: Request, post_id: int) -> HttpResponse:
    """Preview, counters and issues of a text that is being typed. Nothing is stored."""
    post = _load(post_id)
    parts = [item.part for item in _typed(request, post)]
    return render(request, "desk/_live.html", {"shown": shown.show_parts(post, parts), "post": post, "oob": True})


def _load(post_id: int) -> Post:
    rows = Post.objects.select_related("channel", "document__source", "revision", "rule", "assigned_to")
    return get_object_or_404(rows, pk=post_id)


def _lines(post: Post) -> list[ShownLine]:
    """What the document offers to quote in this post."""
    source = previews.source_of(post)
    return show_source(source).lines if source else []


def _content(post: Post) -> tuple[Part, ...]:
    return post.revision.content if post.revision else ()


def _typed(request: Request, post: Post) -> list[editing.EditedPart]:
    base = get_object_or_404(post.revisions, pk=valid(forms.Edited(request.POST))["base"])
    added = library.find(editing.hashes(request.POST), base.language)
    return editing.from_form(request.POST, base.content, added)


def _with_files(
    request: Request, post: Post, typed: Sequence[editing.EditedPart], whence: str, place: str
) -> HttpResponse:
    """The editor with the files that were chosen, or the document's picture; the post is not saved yet."""
    at, language = int(place) if place.isdecimal() else -1, previews.language_of(post)
    try:
        if whence == "document":
            assets = [attaching.picture_of_document(post, request.user)]
        else:
            assets = uploads.take(request, f"file-{place}", language)
        media = [library.media_of(asset, language) for asset in assets]
    except PublisherError as error:
        return _editor(request, post, typed, error=error)
    return _editor(request, post, editing.added(typed, at, media), uploaded=at)


def _told(parts: Sequence[editing.EditedPart], alt_of: Callable[[Media], int]) -> list[editing.EditedPart]:
    """The parts, each picture with how long its description may be, and with what the library knows of it: who is to
    be named, and whether it moved."""
    hashes = [picture.media.sha256 for part in parts for picture in part.pictures]
    named, moved = library.credits_of(hashes), library.animated(hashes)

    def told(picture: editing.EditedPicture) -> editing.EditedPicture:
        sha256 = picture.media.sha256
        most = alt_of(picture.media)
        return replace(picture, credit=named.get(sha256, ""), animated=sha256 in moved, alt_most=most)

    return [replace(part, pictures=tuple(map(told, part.pictures))) for part in parts]


def _editor(
    request: Request,
    post: Post,
    parts: Sequence[editing.EditedPart],
    *,
    error: PublisherError | None = None,
    added: bool = False,
    uploaded: int = -1,
) -> HttpResponse:
    """After a conflict the other text stands beside what was typed, and saving again replaces it knowingly."""
    seen, base = post.revision_id, post.revision_id
    if request.method == "POST":
        typed = valid(forms.Edited(request.POST))
        seen, base = typed["revision"], typed["base"]
    limits = channels.limits(post.channel)
    conflict = error is not None and seen != post.revision_id
    source = previews.source_of(post)
    context = {
        "post": post,
        "parts": _told(parts, limits.alt_of),
        "document_shows": source is not None and source.image is not None,
        "shown": shown.show_parts(post, [item.part for item in parts]),
        "pictures": bool(limits.images),
        "crops": limits.focus or bool(limits.image and limits.image.aspect),
        "takes": uploads.accepted(post.channel),
        "uploaded": uploaded,
        "most": config.get().upload_megabytes,
        "threads": limits.thread is not ThreadStyle.NONE,
        "error": error.sentence if error else "",
        "theirs": _content(post) if conflict else (),
        "changes": edits.since(post, base) if conflict else (),
        "added": added,
        "lines": show_source(source).lines if source else [],
        "revision": post.revision_id if conflict else seen,
        "base": base,
        "back": _document(post),
    }
    template = "desk/_post_edit.html" if request.htmx else "desk/post_edit.html"
    response = render(request, template, context, status=status_of(error) if error else 200)
    response["HX-Reswap"] = "outerHTML"
    return response


def _moved(request: Request, post: Post, message: str, *, undo: str = "", to: str = "") -> HttpResponse:
    return done(request, message, piece=_piece(request, post), undo=undo, back=_document(post), to=to)


def _scheduled(request: Request, post_id: int, at: datetime) -> HttpResponse:
    post = _load(post_id)
    message = _("Scheduled for %(when)s on %(channel)s.") % {"when": clock(at), "channel": post.channel}
    return _moved(request, post, message, undo=reverse("unschedule", args=[post_id]))


def _piece(request: Request, post: Post) -> tuple[str, dict[str, Any]]:
    """The template that replaces what the person acted on: a row of a list, or the post with its preview."""
    if (request.htmx.target or "").startswith("row-"):
        return "desk/_row.html", {"post": post}
    return "desk/_post.html", {"shown": shown.show(post), "post": post}


def _document(post: Post) -> str:
    return f"{reverse('document', args=[post.document_id])}#post-{post.pk}"
