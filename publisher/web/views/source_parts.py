"""Picking the parts of a listing page by hand, with a live test on the page as it was fetched once."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from publisher.enums import SourceKind
from publisher.errors import PublisherError
from publisher.models import Source
from publisher.newsroom import access
from publisher.newsroom.feeds import sources
from publisher.web import words
from publisher.web.answers import done
from publisher.web.request import Request, takes_form
from publisher.web.source_forms import AddSource, Parts

SHOWN = 20
"""Entries of the result."""


@takes_form
def pick(request: Request) -> HttpResponse:
    """For a page that is not watched yet."""
    access.require(request.user, "manage")
    url = request.POST.get("url") or request.GET.get("url", "")
    if not url:
        return render(request, "desk/source_add.html", {"form": AddSource()})

    def save(found: dict[str, Any]) -> Source:
        name = request.POST.get("name", "")
        return sources.add(request.user, url=url, name=name, kind=SourceKind.LISTING, data=found)

    return _form(request, url, {}, save)


@takes_form
def change(request: Request, source_id: int) -> HttpResponse:
    """For a listing that is watched, after its page has been rebuilt."""
    access.require(request.user, "manage")
    source = get_object_or_404(Source, pk=source_id, kind=SourceKind.LISTING)

    def save(found: dict[str, Any]) -> Source:
        return sources.change(source_id, request.user, data=found)

    return _form(request, source.url, sources.recipe_of(source), save, source)


@require_POST
def test(request: Request) -> HttpResponse:
    """Only the result, while the person types."""
    access.require(request.user, "manage")
    form = Parts(request.POST)
    context = _tried(request.POST.get("url", ""), form) if form.is_valid() else {"problem": _("Say what one entry is.")}
    return render(request, "desk/_parts_result.html", context)


def _form(request: Request, url: str, known: dict[str, Any], save: Any, source: Source | None = None) -> HttpResponse:
    context: dict[str, Any] = {"url": url, "source": source, "suggestions": ()}
    status = 200
    try:
        context["suggestions"] = suggestions = sources.page_parts(request.user, url)
    except PublisherError as error:
        context["unreadable"] = words.when_tried(error)
        suggestions = ()
    if request.method != "POST":
        first = known or (suggestions[0].recipe if suggestions else {})
        form = Parts(Parts.shown(first)) if first else Parts()
    elif (chosen := request.POST.get("use", "")).isdecimal() and int(chosen) < len(suggestions):
        form = Parts(Parts.shown(suggestions[int(chosen)].recipe))
    else:
        form = Parts(request.POST)
    if form.is_bound and form.is_valid():
        if request.POST.get("do") == "save":
            try:
                made = save(form.recipe)
                said = _("Saved.") if source else _("%(name)s is watched from now on.") % {"name": made}
                return done(request, said, to=reverse("source", args=[made.pk]))
            except PublisherError as error:
                context["problem"] = words.when_tried(error)
                status = 422
        else:
            context |= _tried(url, form)
    elif form.is_bound:
        status = 422
    return render(request, "desk/source_parts.html", {**context, "form": form}, status=status)


def _tried(url: str, form: Parts) -> dict[str, Any]:
    """What these parts find on the page."""
    try:
        seen = sources.try_out(url, SourceKind.LISTING, form.recipe)
    except PublisherError as error:
        return {"problem": words.when_tried(error)}
    return {
        "entries": seen.reading.entries[:SHOWN],
        "count": len(seen.reading.entries),
        "issues": [issue.message for issue in seen.reading.issues],
    }
