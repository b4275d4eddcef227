"""Sources: the feeds that are watched."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from publisher.errors import PublisherError
from publisher.models import Source
from publisher.newsroom import access, queries, sources
from publisher.web import forms, words
from publisher.web.answers import done
from publisher.web.middleware import status_of
from publisher.web.paging import page_number
from publisher.web.request import Request


@require_safe
def page(request: Request) -> HttpResponse:
    return render(request, "desk/sources.html", {"page": queries.sources_page(page_number(request))})


def add(request: Request) -> HttpResponse:
    """Tried out first: the feed is fetched and shown; only then is it watched."""
    access.require(request.user, "manage")
    form = forms.AddSource(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form}
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("do") == "add":
                source = sources.add(request.user, **form.cleaned_data)
                return done(request, _("%(name)s is watched from now on.") % {"name": source}, to=reverse("sources"))
            context["feed"] = feed = sources.try_out(form.cleaned_data["url"])
            context["entries"] = sources.last_entries(feed, 5)
        except PublisherError as error:
            form.add_error("url", words.when_tried(error))
            status = status_of(error)
    return render(request, "desk/source_add.html", context, status=422 if form.errors and status == 200 else status)


@require_POST
def check(request: Request, source_id: int) -> HttpResponse:
    source = sources.check(source_id, request.user)
    if source.problem:
        return _changed(request, source_id, f"{source}: {source.problem}")
    return _changed(request, source_id, _("%(name)s was read just now.") % {"name": source})


@require_POST
def pause(request: Request, source_id: int) -> HttpResponse:
    sources.pause(source_id, request.user)
    return _changed(request, source_id, _("Paused."), undo=reverse("resume-source", args=[source_id]))


@require_POST
def resume(request: Request, source_id: int) -> HttpResponse:
    sources.resume(source_id, request.user)
    return _changed(request, source_id, _("Watched again."), undo=reverse("pause-source", args=[source_id]))


def remove(request: Request, source_id: int) -> HttpResponse:
    access.require(request.user, "manage")
    source = get_object_or_404(Source, pk=source_id)
    if request.method == "POST":
        sources.remove(source_id, request.user)
        return done(request, _("%(name)s is no longer watched.") % {"name": source}, to=reverse("sources"))
    context = {
        "title": _("Stop watching %(name)s?") % {"name": source},
        "text": _(
            "Its documents and posts stay. Added again later, it begins anew: what it holds then is only remembered."
        ),
        "button": _("Remove the source"),
        "back": reverse("sources"),
    }
    return render(request, "desk/confirm.html", context)


def _changed(request: Request, source_id: int, message: str, *, undo: str = "") -> HttpResponse:
    source = get_object_or_404(Source, pk=source_id)
    return done(request, message, piece=("desk/_source.html", {"source": source}), undo=undo, back=reverse("sources"))
