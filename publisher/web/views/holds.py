"""The stops: nothing goes out while one stands."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from publisher.errors import PublisherError
from publisher.models import Channel, Hold
from publisher.newsroom import access, queries
from publisher.newsroom.drafts import periods
from publisher.newsroom.sending import holds
from publisher.web import stop_forms
from publisher.web.answers import done
from publisher.web.forms import valid
from publisher.web.middleware import status_of
from publisher.web.request import Request, takes_form

FORMS = (stop_forms.StopChannel, stop_forms.StopTopic, stop_forms.StopPeriod)


@takes_form
def stop(request: Request) -> HttpResponse:
    """What is stopped and will be; a POST stops something. What the page's own forms ask is answered beside them."""
    if request.method != "POST":
        return _page(request)
    own = [form for kind in FORMS if (form := kind(request.POST)).is_bound] if "page" in request.POST else []
    if any(not form.is_valid() for form in own):
        return _page(request, 422)
    try:
        hold = _set(request)
    except PublisherError as error:
        if not own:
            raise
        return _page(request, status_of(error), error.sentence)
    if hold.starts_at:
        return done(
            request, _("Noted. It begins by itself."), undo=reverse("lift", args=[hold.pk]), back=reverse("stop")
        )
    message = _("Stopped. Nothing goes out until it ends.") if hold.ends_at else _("Stopped, until somebody lifts it.")
    return done(request, message, undo=reverse("lift", args=[hold.pk]), back=reverse("stop"))


@require_POST
def lift(request: Request, hold_id: int) -> HttpResponse:
    get_object_or_404(Hold, pk=hold_id)
    if holds.lift(hold_id, request.user).lifted_at is None:
        return done(request, _("The stop still stands: a second person must lift it too."), back=reverse("stop"))
    return done(request, _("The stop is lifted. What is due goes out now."), back=reverse("stop"))


@takes_form
def sensitive(request: Request) -> HttpResponse:
    """The sensitive periods: those that stand, those to come, the newest of those that are over; a POST adds one."""
    form = stop_forms.Period(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        access.require(request.user, "stop")
        status = 422
        if form.is_valid():
            try:
                periods.add(request.user, **form.values)
            except PublisherError as error:
                form.add_error(None, forms.ValidationError(error.sentence))
            else:
                message = _("Noted. In that time nothing in its scope goes out by a rule alone.")
                return done(request, message, to=reverse("periods"))
    context = {"form": form, "coming": list(periods.coming()), "over": periods.over_lately()}
    return render(request, "desk/periods.html", context, status=status)


@require_POST
def end_period(request: Request, period_id: int) -> HttpResponse:
    periods.end(period_id, request.user)
    return done(request, _("The period is over. What waits in review still waits for a person."), to=reverse("periods"))


def _set(request: Request) -> Hold:
    typed = valid(stop_forms.Stop(request.POST))
    return holds.set(
        request.user,
        scope=typed["scope"],
        reason=typed["reason"],
        channel_id=typed["channel"],
        document_id=typed["document"],
        words=typed["words"],
        channel_ids=[channel.pk for channel in typed["channels"]],
        starts_at=typed["starts_at"],
        ends_at=typed["ends_at"],
    )


def _page(request: Request, status: int = 200, problem: str = "") -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    context = {
        "standing": queries.holds(),
        "later": list(Hold.objects.coming()),
        "forms": [kind(data) for kind in FORMS],
        "channels": Channel.objects.exists(),
        "problem": problem,
        "periods": list(periods.coming()),
    }
    return render(request, "desk/stops.html", context, status=status)
