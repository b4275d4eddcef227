"""Notifications: what each person is told by e-mail, where the whole newsroom is told, and what became of it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from publisher import config
from publisher.errors import PublisherError
from publisher.newsroom.alerts import outbox, places, wishes
from publisher.web import forms
from publisher.web.answers import done
from publisher.web.forms import valid
from publisher.web.middleware import status_of
from publisher.web.paging import page_number
from publisher.web.request import Request


@require_safe
def page(request: Request) -> HttpResponse:
    return _page(request, forms.Place())


@require_POST
def wish(request: Request) -> HttpResponse:
    """Each person for themselves."""
    wishes.choose(request.user, valid(forms.Wishes(request.POST))["kinds"])
    return done(request, _("Noted: you get e-mail about what is ticked."), to=reverse("notifications"))


@require_POST
def test(request: Request) -> HttpResponse:
    """An e-mail to who asks, at once."""
    return _sent(request, outbox.try_out(request.user))


@require_POST
def test_place(request: Request, place_id: int) -> HttpResponse:
    return _sent(request, outbox.try_out(request.user, place_id))


@require_POST
@sensitive_post_parameters("address")
def add(request: Request) -> HttpResponse:
    form = forms.Place(request.POST)
    status = 422
    if form.is_valid():
        typed = form.cleaned_data
        try:
            place = places.add(request.user, name=typed["name"], address=typed["address"], kinds=typed["kinds"])
            message = _("%(name)s is added. Send a test to see that it works.") % {"name": place}
            return done(request, message, to=reverse("notifications"))
        except PublisherError as error:
            status = status_of(error)
            if status == 403:
                raise
            form.add_error("name" if error.key.startswith("place.name") else "address", error.sentence)
    return _page(request, form, status=status)


@require_POST
def remove(request: Request, place_id: int) -> HttpResponse:
    name = str(places.remove(place_id, request.user))
    return done(request, _("%(name)s is removed.") % {"name": name}, to=reverse("notifications"))


def _sent(request: Request, to: str) -> HttpResponse:
    return done(request, _("A test was sent to %(to)s.") % {"to": to}, to=reverse("notifications"))


def _page(request: Request, form: forms.Place, *, status: int = 200) -> HttpResponse:
    wanted = [kind for kind, yes in wishes.choices(request.user).items() if yes]
    context = {
        "sender": config.get().sender,
        "stuck": outbox.trouble(),
        "stuck_count": outbox.waiting_count(),
        "wishes": forms.Wishes(initial={"kinds": wanted}),
        "places": places.listed(),
        "form": form,
        "page": outbox.page(page_number(request), 30),
    }
    return render(request, "desk/notifications.html", context, status=status)
