"""The team: who is in, what each may do, one-time links for new colleagues and new passwords."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from publisher.errors import PublisherError
from publisher.models import Channel, User
from publisher.newsroom import access, grants, queries
from publisher.newsroom.record import forgetting
from publisher.newsroom.signin import factors, openid
from publisher.web import forms, sessions, words
from publisher.web.answers import done
from publisher.web.confirming import confirm
from publisher.web.forms import valid
from publisher.web.middleware import status_of
from publisher.web.request import Request, takes_form


@takes_form
@never_cache
@sessions.fresh("team", to_look=False)
def page(request: Request) -> HttpResponse:
    """The list; a POST invites, and its answer is the only place where the link is ever shown."""
    form = forms.Invite(request.POST if request.method == "POST" else None)
    status = 200
    link = ""
    if request.method == "POST" and form.is_valid():
        try:
            link = access.link(access.invite(form.cleaned_data["email"], form.cleaned_data["role"], request.user))
        except PublisherError as error:
            form.add_error("email", error.sentence)
            status = status_of(error)
    context = {"form": form if not link else forms.Invite(), "link": link, "email": form.data.get("email", "")}
    return _team(request, context, status=422 if form.errors and status == 200 else status)


@require_POST
@sessions.fresh("team", to_look=False)
def role(request: Request, user_id: int) -> HttpResponse:
    user = access.set_role(_known(user_id), request.POST.get("role", ""), request.user)
    message = _("%(name)s is now: %(role)s.") % {"name": user, "role": words.ROLES[user.role]}
    return done(request, message, back=reverse("team"))


@require_POST
@sessions.fresh("team", to_look=False)
def grant(request: Request, user_id: int) -> HttpResponse:
    """A role on one channel; none takes it away again."""
    typed = valid(forms.GiveRole(request.POST))
    user = get_object_or_404(User, pk=user_id)
    channel = get_object_or_404(Channel, pk=typed["channel"])
    if not typed["role"]:
        grants.take(user.pk, channel.pk, request.user)
        message = _("On %(channel)s, only the role for all channels counts for %(name)s now.")
        return done(request, message % {"channel": channel, "name": user}, back=reverse("team"))
    grants.give(user.pk, channel.pk, typed["role"], request.user)
    message = _("%(name)s on %(channel)s: %(role)s.")
    told = {"name": user, "channel": channel, "role": words.ROLES[typed["role"]]}
    return done(request, message % told, back=reverse("team"))


@require_POST
def access_to_desk(request: Request, user_id: int) -> HttpResponse:
    active = request.POST.get("active") == "yes"
    user = access.set_active(_known(user_id), request.user, active=active)
    message = _("%(name)s may sign in again.") if active else _("%(name)s is shut out from now on.")
    return done(request, message % {"name": user}, back=reverse("team"))


@require_POST
def sign_out(request: Request, user_id: int) -> HttpResponse:
    """On every device."""
    user = access.end_sessions(_known(user_id), request.user)
    return done(request, _("%(name)s is signed out on every device.") % {"name": user}, back=reverse("team"))


@require_POST
@sessions.fresh("team", to_look=False)
def detach(request: Request, user_id: int) -> HttpResponse:
    """From the institution's account."""
    user = openid.detach(_known(user_id), request.user)
    message = _("The next account with the address of %(name)s is joined to them.") % {"name": user}
    return done(request, message, back=reverse("team"))


@takes_form
@sessions.fresh("team", to_look=False)
def reset_factor(request: Request, user_id: int) -> HttpResponse:
    """Asked once more first: from then on the password alone lets this person in."""
    access.require(request.user, "manage")
    user = get_object_or_404(User, pk=user_id)

    def act() -> str:
        factors.reset(user_id, request.user)
        return _("%(name)s has no second factor any more, and is told so.") % {"name": user}

    return confirm(
        request,
        act,
        title=_("Take the second factor of %(name)s away?") % {"name": user},
        text=_(
            "Do it when a device is lost, and only when you know that it is they who ask: call them back. All their "
            "apps, passkeys and recovery codes stop working, they are signed out everywhere, and the password alone "
            "lets them in until they add another one."
        ),
        button=_("Take it away"),
        to=reverse("team"),
    )


@takes_form
def forget(request: Request, user_id: int) -> HttpResponse:
    """Asked once more first, with what stays and what goes."""
    access.require(request.user, "manage")
    user = get_object_or_404(User, pk=user_id)

    def act() -> str:
        number = forgetting.forget(user_id, request.user)
        return _("Forgotten. The history calls them “%(number)s” from now on.") % {"number": number}

    return confirm(
        request,
        act,
        title=_("Forget %(name)s?") % {"name": user},
        text=_(
            "Name and e-mail address are taken out of everything and cannot be brought back; they can no longer sign "
            "in. What they did stays in the history under a number, and the history still verifies. What they typed "
            "stays as it is."
        ),
        button=_("Forget this person"),
        to=reverse("team"),
    )


@require_POST
@never_cache
@sessions.fresh("team", to_look=False)
def password(request: Request, user_id: int) -> HttpResponse:
    """A link with which a colleague chooses a new password."""
    access.require(request.user, "manage")
    user = get_object_or_404(User, pk=user_id)
    link = access.password_link(user, request.user.email)
    return _team(request, {"form": forms.Invite(), "link": link, "email": user.email, "again": True})


def _team(request: Request, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    shown = {"users": queries.users(), "roles": words.ROLES, "channels": Channel.objects.all()}
    return render(request, "desk/team.html", {**context, **shown}, status=status)


def _known(user_id: int) -> int:
    return get_object_or_404(User, pk=user_id).pk
