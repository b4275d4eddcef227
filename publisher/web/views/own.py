"""One's own page: how one signs in, second factors, signing out everywhere."""

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from publisher import config
from publisher.errors import InvalidInput, PublisherError
from publisher.newsroom import access
from publisher.newsroom.sealing import seal, unseal
from publisher.newsroom.signin import codes, factors, passkeys, qr
from publisher.web import forms, sessions
from publisher.web.middleware import status_of
from publisher.web.request import Request, takes_form

SECRET = "secret_to_confirm"  # noqa: S105  # a name in the session; what stands there is sealed


@require_safe
@never_cache
def page(request: Request) -> HttpResponse:
    return _page(request)


@takes_form
@sessions.fresh("own")
@never_cache
def add_app(request: Request) -> HttpResponse:
    """An app for codes: the secret is made here, shown once, and kept when the first code is right."""
    form = forms.FirstCode(request.POST if request.method == "POST" else None)
    kept = request.session.get(SECRET)
    secret = unseal(kept)["secret"] if kept and request.method == "POST" else codes.new_secret()
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            made = factors.add_app(request.user, secret, form.cleaned_data["code"])
        except PublisherError as error:
            form.add_error("code", error.sentence)
            status = status_of(error)
        else:
            del request.session[SECRET]
            return _added(request, made)
    request.session[SECRET] = seal({"secret": secret})
    image, spelled = qr.of_app(request.user, secret), " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    context = {"form": form, "image": mark_safe(image), "secret": spelled}  # noqa: S308  # drawn by the library
    return render(request, "desk/add_app.html", context, status=422 if form.errors and status == 200 else status)


@takes_form
@sessions.fresh("own")
@never_cache
def add_passkey(request: Request) -> HttpResponse:
    context: dict[str, Any] = {"possible": passkeys.possible(request.get_host())}
    status = 200
    if request.method == "POST":
        try:
            credential = json.loads(request.POST.get("credential") or "{}")
            passkeys.check_new(credential)
            return _added(request, factors.add_passkey(request.user, request.POST.get("name", ""), credential))
        except ValueError:
            context["refusal"], status = InvalidInput("factor.passkey_not_made").sentence, 422
        except PublisherError as error:
            context["refusal"], status = error.sentence, status_of(error)
    if context["possible"]:
        context["options"] = json.dumps(passkeys.ask_for_new(request.user))
    return render(request, "desk/add_passkey.html", context, status=status)


@require_POST
@sessions.fresh("own")
@never_cache
def remove_factor(request: Request, factor_id: int) -> HttpResponse:
    factors.remove(request.user, factor_id)
    messages.success(request, _("Taken away."))
    return redirect("own")


@require_POST
@sessions.fresh("own")
@never_cache
def new_codes(request: Request) -> HttpResponse:
    """The answer is the only place where they are ever shown."""
    return _page(request, factors.new_codes(request.user))


@require_POST
def sign_out_everywhere(request: Request) -> HttpResponse:
    access.end_sessions(request.user.pk, request.user)
    logout(request)
    messages.success(request, _("You are signed out on every device."))
    return redirect("sign-in")


def _added(request: Request, made: list[str]) -> HttpResponse:
    """The session has gained in rights, so it gets a new number. Recovery codes are shown now and never again."""
    request.session.cycle_key()
    messages.success(request, _("Added. From now on it is asked for when you sign in."))
    return _page(request, made) if made else redirect("own")


def _page(request: Request, made: list[str] | None = None) -> HttpResponse:
    settings = config.get()
    context = {
        "factors": factors.listed(request.user),
        "codes": made,
        "codes_left": codes.left(request.user),
        "hours": settings.session_hours,
        "minutes": settings.session_idle_minutes,
    }
    return render(request, "desk/own.html", context)
