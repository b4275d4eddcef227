"""Adding a source: any address is entered, what can be watched there is shown, one click watches it."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from publisher.enums import SourceKind
from publisher.errors import PublisherError
from publisher.newsroom import access
from publisher.newsroom.feeds import sources
from publisher.web import words
from publisher.web.answers import done
from publisher.web.middleware import status_of
from publisher.web.request import Request, takes_form
from publisher.web.source_forms import AddSource


@takes_form
def add(request: Request) -> HttpResponse:
    """Looks first, shows what was found with its newest entries, and watches what the person then chooses."""
    access.require(request.user, "manage")
    form = AddSource(request.POST or None)
    context: dict[str, Any] = {"form": form}
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            wanted = _wanted(request)
            if wanted is not None:
                source = sources.add(request.user, **{**form.cleaned_data, **wanted})
                return done(
                    request,
                    _("%(name)s is watched from now on.") % {"name": source},
                    to=reverse("source", args=[source.pk]),
                )
            url = form.cleaned_data["url"]
            context["found"] = found = sources.find(request.user, url)
            context["parts"] = f"{reverse('pick-parts')}?{urlencode({'url': url})}" if found.page else ""
        except PublisherError as error:
            form.add_error("url", words.when_tried(error))
            status = status_of(error)
    return render(request, "desk/source_add.html", context, status=422 if form.errors and status == 200 else status)


def _wanted(request: Request) -> dict[str, str] | None:
    """The offer that the person chose (`feed https://…`), or the address itself; None while they only look."""
    kind, _blank, url = request.POST.get("watch", "").partition(" ")
    if url and kind in set(SourceKind):
        return {"kind": kind, "url": url}
    return {} if request.POST.get("do") == "add" else None
