"""The hashtags of topics, a table for each language."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from publisher.errors import PublisherError
from publisher.newsroom.drafts import hashtags
from publisher.web.answers import done
from publisher.web.middleware import status_of
from publisher.web.paging import page_number
from publisher.web.request import Request


@require_safe
def page(request: Request) -> HttpResponse:
    return _page(request)


@require_POST
def set_(request: Request) -> HttpResponse:
    given = {name: request.POST.get(name, "") for name in ("topic", "tag", "language")}
    try:
        row = hashtags.set(request.user, **given)
    except PublisherError as error:
        return _page(request, status_of(error), error.sentence, given)
    return done(request, _("New drafts about %(topic)s have %(tag)s.") % {"topic": row.topic, "tag": row}, to=_list())


@require_POST
def remove(request: Request, hashtag_id: int) -> HttpResponse:
    hashtags.remove(hashtag_id, request.user)
    return done(request, _("Removed: new drafts no longer have it."), to=_list())


def _list() -> str:
    return reverse("hashtags")


def _page(request: Request, status: int = 200, problem: str = "", given: dict[str, str] | None = None) -> HttpResponse:
    search = request.GET.get("search", "")
    found = hashtags.page(page_number(request), search)
    context = {"page": found, "search": search, "problem": problem, "given": given or {}}
    return render(request, "desk/hashtags.html", context, status=status)
