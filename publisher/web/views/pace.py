"""When a channel sends: the minutes between posts, the posts of a day, the best hours, the money, what is too late."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from publisher.errors import InvalidInput
from publisher.models import Channel
from publisher.newsroom import access
from publisher.newsroom.sending import pacing, spend
from publisher.web.answers import done
from publisher.web.pace_forms import PaceForm
from publisher.web.request import Request, takes_form


@takes_form
def page(request: Request, channel_id: int) -> HttpResponse:
    channel = get_object_or_404(Channel, pk=channel_id)
    access.require(request.user, "manage", channel)
    form = PaceForm(channel, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            pacing.set(channel_id, request.user, form.wanted)
            message = _("Saved. What waits on %(name)s is looked at anew.") % {"name": channel}
            return done(request, message, to=reverse("channels"))
        except InvalidInput as error:
            form.add_error("slots" if error.key == "pace.hours_wrong" else None, error.sentence)
    context = {"channel": channel, "form": form, "money": spend.of(channel)}
    return render(request, "desk/pace.html", context, status=422 if form.errors else 200)
