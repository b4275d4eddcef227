"""Coming in, whichever way: how far somebody is, to which page they go, and the sign-in page that says no."""

import time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from publisher import config
from publisher.errors import PublisherError
from publisher.models import User
from publisher.newsroom import access
from publisher.newsroom.signin import passkeys, steps
from publisher.web import forms, sessions
from publisher.web.middleware import status_of

HALF = "half"
"""Name in the session: who has passed the first step, and when."""
HALF_LASTS = 10 * 60
"""Seconds for the second step."""


def begin_anew(request: HttpRequest) -> None:
    """Whatever step was passed here is forgotten."""
    request.session.pop(HALF, None)


def first_step_passed(request: HttpRequest, user: User, page: str) -> HttpResponse:
    """To the second step, where this person has one."""
    if not user.has_factor:
        return enter(request, user, page)
    request.session.cycle_key()
    request.session[HALF] = {"user": user.pk, "hash": user.get_session_auth_hash(), "at": int(time.time())}
    return redirect(f"{reverse('second-step')}?{urlencode({'next': page})}")


def enter(request: HttpRequest, user: User, page: str) -> HttpResponse:
    """All steps are passed. Who must have a second factor and has none is led to where it is added."""
    steps.complete(user)
    begin_anew(request)
    sessions.begin(request, user)
    return redirect("own" if access.asks_for_factor(user) and not access.is_protected(user) else page)


def wanted(request: HttpRequest) -> str:
    """The page of ours that the person was on the way to."""
    return safe(request, request.GET.get("next", ""))


def safe(request: HttpRequest, page: str) -> str:
    """The page, if it is one of ours; else the queue."""
    if url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return page
    return reverse("queue")


def refused(request: HttpRequest, error: PublisherError) -> HttpResponse:
    """The sign-in page with why it did not work another way."""
    return sign_in_page(request, forms.SignIn(None), {"refusal": error.sentence}, status_of(error))


def half_way(request: HttpRequest) -> User | None:
    """Who has passed the first step here, not long ago, and may still come in."""
    half = request.session.get(HALF)
    if not half or int(time.time()) - half["at"] > HALF_LASTS:
        return None
    user = User.objects.filter(pk=half["user"], is_active=True).first()
    return user if user and user.get_session_auth_hash() == half["hash"] else None


def sign_in_page(request: HttpRequest, form: forms.SignIn, context: dict[str, Any], status: int) -> HttpResponse:
    context |= {"form": form, "query": urlencode({"next": wanted(request)})}
    context["institution"] = config.get().oidc_name if config.get().oidc_issuer else ""
    context["passkey"] = passkeys.possible(request.get_host()) and passkeys.anybody_has_one()
    return render(request, "desk/sign_in.html", context, status=status)
