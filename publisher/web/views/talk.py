"""Working together on a post: what colleagues say about it, who sees to it, who else is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from publisher.enums import PostState
from publisher.errors import PublisherError
from publisher.models import Comment, Document, Post, Revision, User
from publisher.newsroom import access
from publisher.newsroom.approval import assignment, comments, presence
from publisher.newsroom.pages import Page
from publisher.web import forms, shown
from publisher.web.answers import done
from publisher.web.forms import valid
from publisher.web.middleware import status_of
from publisher.web.paging import page_number
from publisher.web.request import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownComment:
    comment: Comment
    told: list[str]
    """Names of those who were mentioned."""
    stands: bool
    """A request for changes that nobody has answered yet."""
    answer: Revision | None
    """The words that came after a request."""
    may_withdraw: bool


@require_safe
def page(request: Request, post_id: int) -> HttpResponse:
    """The page; asked by the page itself with ?seen=, only what was said since (204: nothing)."""
    post = _load(post_id)
    if not request.htmx:
        return _page(request, post)
    context = _thread(request, post)
    if request.GET.get("seen") == context["mark"]:
        return HttpResponse(status=204)
    return render(request, "desk/_thread.html", {"post": post, **context})


@require_POST
def say(request: Request, post_id: int) -> HttpResponse:
    post = _load(post_id)
    text = request.POST.get("text", "")
    try:
        made = comments.say(post_id, request.user, text)
    except PublisherError as error:
        return _page(request, post, {"text": text, "problem": error.sentence}, status_of(error))
    return done(request, _told(made, _("Said.")), to=f"{reverse('talk', args=[post_id])}#comment-{made.pk}")


@require_POST
def ask(request: Request, post_id: int) -> HttpResponse:
    """Ask for changes of the words that were on the screen."""
    post = _load(post_id)
    text = request.POST.get("text", "")
    revision = valid(forms.Seen(request.POST))["revision"]
    try:
        made = comments.ask(post_id, request.user, revision_id=revision, text=text)
    except PublisherError as error:
        return _page(request, post, {"asked": text, "ask_problem": error.sentence}, status_of(error))
    message = _("Asked. The post waits for other words.")
    return done(request, _told(made, message), to=f"{reverse('talk', args=[post_id])}#comment-{made.pk}")


@require_POST
def withdraw(request: Request, comment_id: int) -> HttpResponse:
    found = get_object_or_404(Comment, pk=comment_id)
    comments.withdraw(comment_id, request.user)
    return done(request, _("Withdrawn; that it was stays to be seen."), to=reverse("talk", args=[found.post_id]))


@require_POST
def assign(request: Request, post_id: int) -> HttpResponse:
    get_object_or_404(Post, pk=post_id)
    number = request.POST.get("to", "")
    to = get_object_or_404(User, pk=number, is_active=True) if number.isdecimal() else None
    assignment.assign(post_id, request.user, to)
    message = _("%(name)s sees to it now.") % {"name": to.name} if to else _("Nobody sees to it now.")
    return done(request, message, to=reverse("talk", args=[post_id]))


@require_POST
def here(request: Request, document_id: int) -> HttpResponse:
    """The sign of life of an open page; `editing` is the post in its editor. Answers who else is there."""
    document = get_object_or_404(Document, pk=document_id)
    number = next((each for each in request.POST.getlist("editing") if each.isdecimal()), "")
    editing = Post.objects.filter(pk=number, document=document).first() if number else None
    others = presence.beat(document, request.user, editing)
    return render(request, "desk/_present.html", {"others": others, "editing": editing})


def _load(post_id: int) -> Post:
    rows = Post.objects.select_related("channel", "document__source", "revision", "assigned_to")
    return get_object_or_404(rows, pk=post_id)


def _page(request: Request, post: Post, typed: Mapping[str, str] | None = None, status: int = 200) -> HttpResponse:
    may_ask = access.can(request.user, "approve", post.channel)
    context = {
        "post": post,
        "shown": shown.show_all([post])[0],
        "candidates": assignment.candidates(post.channel),
        "colleagues": User.objects.filter(is_active=True).exclude(pk=request.user.pk).order_by("name", "pk"),
        "may_ask": may_ask and post.state in {PostState.REVIEW, PostState.SCHEDULED},
        **_thread(request, post),
        **(typed or {}),
    }
    return render(request, "desk/talk.html", context, status=status)


def _thread(request: Request, post: Post) -> dict[str, Any]:
    asked = page_number(request) if "page" in request.GET else 0
    found = comments.thread(post.pk, asked)
    rows = _shown(found, post, request.user)
    last = found.items[-1].pk if found.items else 0
    withdrawn = sum(row.withdrawn_at is not None for row in found.items)
    mark = f"{last}:{withdrawn}:{post.revision_id}:{post.changes_asked_id or ''}"
    return {"thread": found, "rows": rows, "mark": mark, "live": not found.has_next}


def _shown(found: Page[Comment], post: Post, user: User) -> list[ShownComment]:
    people = User.objects.in_bulk({number for row in found.items for number in row.told})
    requests = any(row.asks for row in found.items)
    revisions = list(post.revisions.select_related("author").order_by("number")) if requests else []
    return [
        ShownComment(
            comment=row,
            told=[people[number].name for number in row.told if number in people],
            stands=row.asks
            and row.withdrawn_at is None
            and post.changes_asked_id == row.revision_id == post.revision_id,
            answer=_answer(row, revisions),
            may_withdraw=row.withdrawn_at is None and comments.may_withdraw(row, user, post),
        )
        for row in found.items
    ]


def _answer(row: Comment, revisions: Sequence[Revision]) -> Revision | None:
    if not row.asks or row.withdrawn_at is not None:
        return None
    return next((one for one in revisions if one.number > row.revision.number), None)


def _told(made: Comment, message: str) -> str:
    names = User.objects.filter(pk__in=made.told).order_by("name").values_list("name", flat=True)
    return f"{message} {_('Told:')} {', '.join(names)}." if names else message
