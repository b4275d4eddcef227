"""How a channel writes links: what statistics are told, and whether they are short."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publisher import config
from publisher.errors import InvalidInput
from publisher.models import Channel
from publisher.newsroom import access
from publisher.newsroom.drafts import links
from publisher.newsroom.drafts.links import PLACES
from publisher.web.answers import done
from publisher.web.request import Request, takes_form


class StyleForm(forms.Form):
    source = forms.CharField(label="utm_source", required=False, widget=forms.TextInput({"placeholder": "{network}"}))
    medium = forms.CharField(label="utm_medium", required=False, widget=forms.TextInput({"placeholder": "social"}))
    campaign = forms.CharField(
        label="utm_campaign", required=False, widget=forms.TextInput({"placeholder": "{kind}-{year}-{month}"})
    )
    shorten = forms.BooleanField(
        label=gettext_lazy("Short links"),
        required=False,
        help_text=gettext_lazy("The shortener is asked once for each address; if it gives none, the long one stands."),
    )

    either = True
    """The page says that each may be left blank."""


@takes_form
def page(request: Request, channel_id: int) -> HttpResponse:
    channel = get_object_or_404(Channel, pk=channel_id)
    access.require(request.user, "manage", channel)
    form = StyleForm(request.POST if request.method == "POST" else None, initial=links.Style.of(channel).data)
    settings = config.get()
    if not settings.shortener_url and not links.Style.of(channel).shorten:
        del form.fields["shorten"]
    if request.method == "POST" and form.is_valid():
        try:
            links.set(channel_id, request.user, links.Style(**form.cleaned_data))
            message = _("Saved: drafts for %(name)s write links so from now on.") % {"name": channel}
            return done(request, message, to=reverse("channels"))
        except InvalidInput as error:
            form.add_error(None, error.sentence)
    context = {
        "channel": channel,
        "form": form,
        "places": [f"{{{place}}}" for place in PLACES],
        "hosts": settings.own_hosts,
        "example": links.example(channel),
    }
    return render(request, "desk/links.html", context, status=422 if form.errors else 200)
