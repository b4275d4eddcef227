"""How long a sign-in holds: so many hours at most, and less when nobody uses it."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth import SESSION_KEY, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from publisher import config
from publisher.models import User
from publisher.newsroom import access
from publisher.web.answers import whole_page

BACKEND = "django.contrib.auth.backends.ModelBackend"
BEGUN, SEEN = "begun", "seen"
"""Names in the session: when somebody signed in and when they last did something, in seconds since 1970."""
NOTED_EVERY = 60
"""Seconds between two notes of use: not every page writes a row."""
SIGN_OF_LIFE = "/here/"
"""The address to which an open page tells that it is open, ends so."""
FRESH = 15 * 60
"""Seconds after signing in during which somebody may change how they sign in."""

GetResponse = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponse]


class SessionLimits:
    """Ends a session that has lasted too long or was not used. What a page asks by itself is no use."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session:
            self._look(request)
        return self.get_response(request)

    def _look(self, request: HttpRequest) -> None:
        settings, now = config.get(), int(time.time())
        begun, seen = request.session.get(BEGUN, now), request.session.get(SEEN, 0)
        if now - begun >= settings.session_hours * 3600 or (seen and now - seen >= settings.session_idle_minutes * 60):
            logout(request)
            return
        by_itself = request.htmx and (request.method == "GET" or request.path.endswith(SIGN_OF_LIFE))  # type: ignore[attr-defined]  # django-htmx sets it
        if now - seen >= NOTED_EVERY and not by_itself:
            request.session[BEGUN], request.session[SEEN] = begun, now


class SecondFactorFirst:
    """Where everyone must have a second factor, whoever has none sees only the pages where it is added."""

    OPEN = frozenset({"own", "add-app", "add-passkey", "new-codes", "sign-out-everywhere", "stop", "keys"})

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_asked: Any) -> HttpResponse | None:
        if config.get().second_factor != "everyone" or not getattr(view, "login_required", True):
            return None
        name = request.resolver_match.url_name if request.resolver_match else ""
        if name in self.OPEN or not isinstance(request.user, User) or access.is_protected(request.user):
            return None
        return whole_page(request, redirect("own"))


def begin(request: HttpRequest, user: User) -> None:
    """From now on the browser is this person's; the session gets a new number."""
    login(request, user, BACKEND)
    request.session[BEGUN] = request.session[SEEN] = int(time.time())


def fresh(back: str, *, to_look: bool = True) -> Callable[[View], View]:
    """Asks to sign in again, unless that was in the last minutes: for acts that a session taken over must not do.

    Then the person comes to the same page, or to `back` where they have sent a form. Without `to_look`, a page is shown
    to everybody who may see it, and only its form asks.
    """

    def asked(view: View) -> View:
        @wraps(view)
        def look(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            sent = request.method == "POST"
            if int(time.time()) - int(request.session.get(BEGUN, 0)) < FRESH or not (sent or to_look):
                return view(request, *args, **kwargs)
            page = reverse(back) if sent else request.path
            return redirect(f"{reverse('sign-in')}?{urlencode({'again': '1', 'next': page})}")

        return look

    return asked
