"""The queue: what waits for a person, newest first, and what changed since it was last shown."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from publisher.models import Channel, Post, Source
from publisher.newsroom import queries, sample
from publisher.newsroom.approval import assignment
from publisher.web import shown
from publisher.web.answers import done
from publisher.web.paging import page_number
from publisher.web.request import Request


@require_safe
def page(request: Request) -> HttpResponse:
    # The token is older than the list, so that nothing which changes in between is missed.
    token = queries.newest_change()
    number = page_number(request)
    mine = "mine" in request.GET
    found = queries.queue_page(number, assigned_to=request.user if mine else None)
    context = {
        "mine": mine,
        "mine_count": assignment.of(request.user),
        "page": found,
        "items": _items(found.items),
        "token": token,
        "sample": sample.present(),
    }
    if not found.items and number == 1:
        context |= {"sources": Source.objects.exists(), "channels": Channel.objects.exists()}
    return render(request, "desk/queue.html", context)


@require_safe
def changes(request: Request) -> HttpResponse:
    """What is new since `token`: documents for the top of the list, posts that moved on. 204 when nothing is.

    The page tells what it shows: `document` and `post` numbers, and for each post that nobody is editing
    `seen=<post>:<revision>:<state>`. A post without `seen` is left alone: somebody may be typing in it.
    """
    token = queries.newest_change()
    if token == request.GET.get("token"):
        return HttpResponse(status=204)
    number = page_number(request)
    documents, posts = set(request.GET.getlist("document")), set(request.GET.getlist("post"))
    mine = "mine" in request.GET
    fresh: list[queries.QueueItem] = []
    added: list[Post] = []
    for item in queries.queue_page(number, assigned_to=request.user if mine else None).items:
        if str(item.document.pk) in documents:
            added += [post for post in item.posts if str(post.pk) not in posts]
        elif number == 1:
            fresh.append(item)
    context = {
        "token": token,
        "number": number,
        "mine": mine,
        "fresh": _items(fresh),
        "was_empty": not documents,
        "added": shown.show_all(added),
        "moved": shown.show_all(_moved(request.GET.getlist("seen"))),
    }
    return render(request, "desk/_changes.html", context)


@require_POST
def remove_sample(request: Request) -> HttpResponse:
    sample.remove(request.user)
    return done(request, _("The sample newsroom is gone. Add your own sources and channels."), to="/")


def _items(items: list[queries.QueueItem]) -> list[dict[str, Any]]:
    """The documents as the page shows them; all their posts are checked together."""
    posts = iter(shown.show_all([post for item in items for post in item.posts]))
    return [
        {
            "document": item.document,
            "summary": item.summary,
            "shown": [next(posts) for _post in item.posts],
            "waiting": sum(post.state == "review" for post in item.posts),
        }
        for item in items
    ]


def _moved(seen: list[str]) -> list[Post]:
    known = {key: rest for key, _colon, rest in (item.partition(":") for item in seen) if key.isdecimal()}
    posts = Post.objects.filter(pk__in=known)
    posts = posts.select_related("channel", "document__source", "revision", "rule", "assigned_to")
    return [post for post in posts if known[str(post.pk)] != shown.mark(post)]
