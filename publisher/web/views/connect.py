"""Connecting an account by signing in at its network: our app there, the way there and back, the account to choose."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from publisher.errors import NotAllowed, PublisherError
from publisher.models import Channel, User
from publisher.networks.registry import LABELS
from publisher.newsroom import access
from publisher.newsroom.connect import apps, handshakes
from publisher.web import connect_forms, words
from publisher.web.answers import done
from publisher.web.middleware import status_of
from publisher.web.request import Request, takes_form


@takes_form
@sensitive_post_parameters()
def app(request: Request, network: str) -> HttpResponse:
    """What an administrator enters once for each network, and the address that the network must know of us."""
    access.require(request.user, "manage")
    way = apps.way(network) if network in LABELS else None
    if way is None or way.servers:
        raise Http404
    form = connect_forms.OurApp(request.POST if request.method == "POST" else None, way=way)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                apps.save(request.user, network, form.cleaned_data)
                message = _("%(network)s knows us now. Sign in there to connect an account.") % {"network": way.label}
                return done(request, message, to=reverse("add-channel", args=[network]))
            except PublisherError as error:
                form.add_error(None, words.when_tried(error))
                status = status_of(error)
    return render(request, "desk/network_app.html", {"way": way, "form": form}, status=status)


@require_POST
@never_cache
def leave(request: Request, network: str) -> HttpResponse:
    """Begin, and send the browser to the network: by a page, for our own rules let no form end at another site."""
    access.require(request.user, "manage")
    if network not in LABELS:
        raise Http404
    form = connect_forms.Begin(request.POST)
    channel = form.channel
    if channel is not None:
        get_object_or_404(Channel, pk=channel)
    try:
        begun = handshakes.begin(
            request.user, network, server=form.server, channel_id=channel, session=_session(request)
        )
    except PublisherError as error:
        return _problem(request, error)
    answer = render(request, "desk/leaving.html", {"begun": begun, "label": LABELS[network]})
    answer["Cache-Control"] = "no-store"
    return answer


@login_not_required
@require_GET
@never_cache
def answer(request: HttpRequest, network: str) -> HttpResponse:
    """Where networks lead people back to. Nothing is looked at or changed before the state holds.

    Not by way of the sign-in page: that would write the code into one more address.
    """
    user = request.user
    if not isinstance(user, User):
        return _problem(request, NotAllowed("connect.signed_out"))
    given = {name: request.GET[name] for name in request.GET}
    channel = handshakes.begun_for(network, given.get("state", ""), user)  # a sign-in that fails is forgotten
    try:
        found = handshakes.finish(network, given, user=user, session=_session(request))
    except PublisherError as error:
        return _problem(request, error, again=_beginning(network, channel))
    return redirect("choose-account", found.pk)


@takes_form
@never_cache
def choose(request: Request, handshake_id: int) -> HttpResponse:
    """The accounts of whoever signed in; one is connected, or is connected again."""
    access.require(request.user, "manage")
    session = _session(request)
    try:
        handshake = handshakes.waiting(handshake_id, user=request.user, session=session)
    except PublisherError as error:
        return _problem(request, error)
    channel = handshake.channel
    form = connect_forms.Choose(
        request.POST if request.method == "POST" else None,
        accounts=[(each.id, each.label) for each in handshakes.choices(handshake)],
        again=channel is not None,
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = handshakes.connect(handshake_id, user=request.user, session=session, **form.cleaned_data)
                said = _("%(name)s is connected again.") if channel else _("%(name)s is connected.")
                return done(request, said % {"name": made}, to=reverse("channels"))
            except PublisherError as error:
                form.add_error(None, words.when_tried(error))
                status = status_of(error)
    label = LABELS[handshake.network]
    return render(
        request, "desk/choose_account.html", {"form": form, "label": label, "channel": channel}, status=status
    )


def _session(request: HttpRequest) -> str:
    """Names this session, and no other; whoever signs in again has another."""
    return request.session.session_key or ""


def _beginning(network: str, channel: int | None) -> str:
    """The page on which this sign-in is begun once more; blank for a network that is none."""
    if channel is not None:
        return reverse("reconnect-channel", args=[channel])
    return reverse("add-channel", args=[network]) if network in LABELS else ""


def _problem(request: HttpRequest, error: PublisherError, *, again: str = "") -> HttpResponse:
    back, back_to = (again, _("Begin again")) if again else (reverse("channels"), _("To the channels"))
    context = {"sentence": words.when_tried(error), "back": back, "back_to": back_to}
    return render(request, "desk/problem.html", context, status=status_of(error))
