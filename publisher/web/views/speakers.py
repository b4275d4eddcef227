"""Who speaks in documents, and their handles on the networks."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from publisher.errors import PublisherError
from publisher.models import Person
from publisher.networks.registry import LABELS
from publisher.newsroom.documents import speakers
from publisher.web.answers import done
from publisher.web.middleware import status_of
from publisher.web.paging import page_number
from publisher.web.request import Request


@require_safe
def page(request: Request) -> HttpResponse:
    return _page(request)


@require_POST
def add(request: Request) -> HttpResponse:
    try:
        person = speakers.add(request.user, request.POST.get("name", ""))
    except PublisherError as error:
        return _page(request, status_of(error), error.sentence)
    return done(request, _("Added."), to=_found(person))


@require_POST
def handles(request: Request, person_id: int) -> HttpResponse:
    person = get_object_or_404(Person, pk=person_id)
    given = {kind: request.POST[kind] for kind in speakers.networks() if kind in request.POST}
    try:
        speakers.set_handles(person_id, request.user, given)
    except PublisherError as error:
        return _page(request, status_of(error), error.sentence)
    return done(request, _("Saved. New drafts name them so."), to=_found(person))


def _found(person: Person) -> str:
    return f"{reverse('speakers')}?{urlencode({'search': person.name})}"


def _page(request: Request, status: int = 200, problem: str = "") -> HttpResponse:
    search = request.GET.get("search", "")
    found = speakers.page(page_number(request), search)
    networks = [(kind, LABELS[kind]) for kind in speakers.networks()]
    rows = [
        (person, [(kind, label, person.handles.get(kind, "")) for kind, label in networks]) for person in found.items
    ]
    context = {"page": found, "rows": rows, "search": search, "problem": problem}
    return render(request, "desk/speakers.html", context, status=status)
