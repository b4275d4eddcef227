"""Channels: the accounts that may be published to."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from publisher.errors import PublisherError
from publisher.models import Channel, SandboxAccount
from publisher.models.sandbox import SandboxFailure
from publisher.networks.registry import LABELS
from publisher.newsroom import access, channels, expiry, queries, sample
from publisher.newsroom.connect import apps
from publisher.newsroom.sending import hours, spend
from publisher.newsroom.sending.spend import Spend
from publisher.web import forms, words
from publisher.web.answers import done
from publisher.web.confirming import confirm
from publisher.web.middleware import status_of
from publisher.web.paging import page_number
from publisher.web.request import Request, takes_form


@require_safe
def page(request: Request) -> HttpResponse:
    found = queries.channels_page(page_number(request))
    switches, money = _switches(), spend.of_all(found.items)
    context = {
        "page": found,
        "cards": [_card(channel, switches, money.get(channel.pk)) for channel in found.items],
        "networks": LABELS.items(),
    }
    return render(request, "desk/channels.html", context)


@takes_form
@sensitive_post_parameters()
def add(request: Request, network: str) -> HttpResponse:
    """The network is asked who the credentials belong to; nothing is kept if it does not know them."""
    access.require(request.user, "manage")
    if network not in LABELS:
        raise Http404
    form = forms.Connect(
        request.POST if request.method == "POST" else None, credentials=channels.credential_fields(network)
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            channel = channels.add(
                request.user,
                network=network,
                name=form.cleaned_data["name"],
                language=form.cleaned_data["language"],
                credentials=form.credentials,
            )
            return done(request, _("%(name)s is connected.") % {"name": channel}, to=reverse("channels"))
        except PublisherError as error:
            form.add_error(None, words.when_tried(error))
            status = status_of(error)
    return _form(request, network, form, status=status)


@takes_form
@sensitive_post_parameters()
def reconnect(request: Request, channel_id: int) -> HttpResponse:
    """New credentials for the same account. A box left blank keeps what we have."""
    access.require(request.user, "manage")
    channel = get_object_or_404(Channel, pk=channel_id)
    form = forms.Connect(
        request.POST if request.method == "POST" else None,
        credentials=channels.credential_fields(channel.network),
        again=True,
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            channels.reconnect(channel_id, request.user, form.credentials)
            return done(request, _("%(name)s is connected again.") % {"name": channel}, to=reverse("channels"))
        except PublisherError as error:
            form.add_error(None, words.when_tried(error))
            status = status_of(error)
    return _form(request, channel.network, form, channel=channel, status=status)


@require_POST
def check(request: Request, channel_id: int) -> HttpResponse:
    channel = channels.check(channel_id, request.user)
    if channel.problem:
        return _changed(request, channel_id, f"{channel}: {channel.problem}")
    return _changed(request, channel_id, _("%(name)s answers and knows us.") % {"name": channel})


@require_POST
def pause(request: Request, channel_id: int) -> HttpResponse:
    channels.pause(channel_id, request.user)
    message = _("Paused: nothing goes out there until you resume it.")
    return _changed(request, channel_id, message, undo=reverse("resume-channel", args=[channel_id]))


@require_POST
def resume(request: Request, channel_id: int) -> HttpResponse:
    channels.resume(channel_id, request.user)
    message = _("Resumed: what is due goes out.")
    return _changed(request, channel_id, message, undo=reverse("pause-channel", args=[channel_id]))


@takes_form
def remove(request: Request, channel_id: int) -> HttpResponse:
    access.require(request.user, "manage")
    channel = get_object_or_404(Channel, pk=channel_id)

    def act() -> str:
        channels.remove(channel_id, request.user)
        return _("%(name)s is removed.") % {"name": channel}

    return confirm(
        request,
        act,
        title=_("Remove %(name)s?") % {"name": channel},
        text=_(
            "Its credentials and the posts that wait for it are deleted, which cannot be undone. The account stays."
        ),
        button=_("Remove the channel"),
        to=reverse("channels"),
    )


@require_POST
def failure(request: Request, channel_id: int) -> HttpResponse:
    """The sandbox network's switch."""
    chosen = request.POST.get("failure", "")
    if chosen not in SandboxFailure.values:
        raise Http404
    sample.set_failure(channel_id, request.user, chosen)
    label = SandboxFailure(chosen).label
    name = get_object_or_404(Channel, pk=channel_id)
    return _changed(request, channel_id, _("%(name)s, from now on: %(does)s.") % {"name": name, "does": label})


def _form(
    request: Request, network: str, form: forms.Connect, *, channel: Channel | None = None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "network": network, "label": LABELS[network], "channel": channel, "way": apps.way(network)}
    if form.errors and status == 200:
        status = 422
    return render(request, "desk/channel_form.html", context, status=status)


def _changed(request: Request, channel_id: int, message: str, *, undo: str = "") -> HttpResponse:
    channel = get_object_or_404(Channel, pk=channel_id)
    card = {"card": _card(channel, _switches(), spend.of(channel))}
    return done(request, message, piece=("desk/_channel.html", card), undo=undo, back=reverse("channels"))


def _switches() -> dict[str, str]:
    """How each account of the sandbox network answers at present, by handle."""
    return dict(SandboxAccount.objects.values_list("handle", "failure"))


def _card(channel: Channel, switches: dict[str, str], money: Spend | None) -> dict[str, Any]:
    on_sandbox = channel.network == "sandbox"  # the one network that we run ourselves, switch included
    switch = switches.get(channel.handle) if on_sandbox else None
    return {
        "channel": channel,
        "ends": expiry.countdown(channel),
        "pace": _pace(channel, money),
        "switch": switch,
        "failures": SandboxFailure.choices if switch else [],
    }


def _pace(channel: Channel, money: Spend | None) -> list[str]:
    """When it sends and what it has cost this month, a phrase for each."""
    said = []
    if channel.spacing:
        said.append(_("%(minutes)s minutes between two posts") % {"minutes": channel.spacing})
    if channel.daily_cap:
        said.append(_("posts a day: %(count)s at most") % {"count": channel.daily_cap})
    if channel.slots:
        said.append(_("best hours: %(hours)s") % {"hours": "; ".join(hours.write(channel.slots))})
    if money and money.cap is not None:
        amounts = {"spent": money.written, "cap": spend.written(money.cap)}
        said.append(_("about $%(spent)s of $%(cap)s spent this month") % amounts)
    elif money:
        said.append(_("about $%(spent)s spent this month") % {"spent": money.written})
    return said
