"""The stop: nothing goes out while it stands."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from publisher.models import Hold
from publisher.newsroom.sending import holds
from publisher.web import forms
from publisher.web.answers import done
from publisher.web.forms import valid
from publisher.web.request import Request


@require_POST
def stop(request: Request) -> HttpResponse:
    typed = valid(forms.Stop(request.POST))
    hold = holds.set(
        request.user,
        scope=typed["scope"],
        reason=typed["reason"],
        channel_id=typed["channel"],
        document_id=typed["document"],
    )
    message = _("Stopped. Nothing goes out until somebody lifts it.")
    return done(request, message, undo=reverse("lift", args=[hold.pk]))


@require_POST
def lift(request: Request, hold_id: int) -> HttpResponse:
    get_object_or_404(Hold, pk=hold_id)
    if holds.lift(hold_id, request.user).lifted_at is None:
        return done(request, _("The stop still stands: a second person must lift it too."))
    return done(request, _("The stop is lifted. What is due goes out now."))
