"""Sources: what is watched and how it is doing."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from publisher.enums import SourceKind
from publisher.errors import PublisherError
from publisher.models import Source
from publisher.newsroom import access, queries
from publisher.newsroom.feeds import health, sources
from publisher.web.answers import done
from publisher.web.confirming import confirm
from publisher.web.middleware import status_of
from publisher.web.paging import page_number
from publisher.web.request import Request, takes_form
from publisher.web.source_forms import ChangeSource


@require_safe
def page(request: Request) -> HttpResponse:
    found = queries.sources_page(page_number(request))
    how = health.of_all(found.items)
    cards = [{"source": source, "health": how[source.pk]} for source in found.items]
    return render(request, "desk/sources.html", {"page": found, "cards": cards})


@takes_form
def show(request: Request, source_id: int) -> HttpResponse:
    """Everything about one source; who may manage changes its name and its pace here."""
    source = get_object_or_404(Source, pk=source_id)
    form = ChangeSource.of(source)
    status = 200
    if request.method == "POST":
        access.require(request.user, "manage")
        form = ChangeSource(request.POST)
        status = 422
        if form.is_valid():
            try:
                sources.change(source_id, request.user, **form.values)
                return done(request, _("Saved."), to=reverse("source", args=[source_id]))
            except PublisherError as error:
                form.add_error(None, error.sentence)
                status = status_of(error)
    context = {
        **_card(source),
        "form": form,
        "documents": queries.documents_page(1, 10, source_id).items,
        "events": queries.events_page(1, 30, "source", source_id).items,
        "listing": source.kind == SourceKind.LISTING,
    }
    return render(request, "desk/source.html", context, status=status)


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


@takes_form
def remove(request: Request, source_id: int) -> HttpResponse:
    access.require(request.user, "manage")
    source = get_object_or_404(Source, pk=source_id)

    def act() -> str:
        sources.remove(source_id, request.user)
        return _("%(name)s is no longer watched.") % {"name": source}

    return confirm(
        request,
        act,
        title=_("Stop watching %(name)s?") % {"name": source},
        text=_(
            "Its documents and posts stay. Added again later, it begins anew: what it holds then is only remembered."
        ),
        button=_("Remove the source"),
        to=reverse("sources"),
    )


def _changed(request: Request, source_id: int, message: str, *, undo: str = "") -> HttpResponse:
    source = get_object_or_404(Source, pk=source_id)
    return done(
        request, message, piece=("desk/_source.html", {"card": _card(source)}), undo=undo, back=reverse("sources")
    )


def _card(source: Source) -> dict[str, Any]:
    return {"source": source, "health": health.of(source)}
