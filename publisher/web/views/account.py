"""The way in and out: a password or a passkey, then the second step where there is one."""

import json
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from publisher import config
from publisher.errors import NotAllowed, PublisherError
from publisher.models import User
from publisher.newsroom import access
from publisher.newsroom.signin import passkeys, steps
from publisher.web import entering, forms
from publisher.web.middleware import status_of
from publisher.web.request import takes_form


@login_not_required
@takes_form
@sensitive_post_parameters("password")
@csrf_protect
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """With `again` in the address also for who is signed in: some acts ask for a sign-in that is only just."""
    form = forms.SignIn(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            user = steps.by_password(typed["email"], typed["password"], _address(request))
        except PublisherError as error:
            form.add_error(None, error.sentence)
            status = status_of(error)
        else:
            return entering.first_step_passed(request, user, entering.wanted(request))
    elif request.user.is_authenticated and "again" not in request.GET:
        return redirect(entering.wanted(request))
    elif request.method != "POST":
        entering.begin_anew(request)  # whoever is here begins anew
    context = {"nobody": not User.objects.exists(), "again": request.user.is_authenticated}
    return entering.sign_in_page(request, form, context, 422 if form.errors and status == 200 else status)


@login_not_required
@takes_form
@csrf_protect
@never_cache
def second_step(request: HttpRequest) -> HttpResponse:
    user = entering.half_way(request)
    if user is None:
        return redirect("sign-in")
    form = forms.Code(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            steps.by_code(user, form.cleaned_data["code"], _address(request))
        except PublisherError as error:
            form.add_error("code", error.sentence)
            status = status_of(error)
        else:
            return entering.enter(request, user, entering.wanted(request))
    context = {"form": form, "passkey": passkeys.possible(request.get_host()) and passkeys.has_one(user)}
    context["query"] = urlencode({"next": entering.wanted(request)})
    return render(request, "desk/second_step.html", context, status=422 if form.errors and status == 200 else status)


@login_not_required
@takes_form
@csrf_protect
@never_cache
def passkey(request: HttpRequest) -> HttpResponse:
    """A GET asks (what the script hands to the device), a POST brings the device's answer."""
    user = entering.half_way(request)
    if request.method != "POST":
        return JsonResponse(passkeys.ask(user))
    try:
        credential = _json(request.POST.get("credential", ""))
        owner = steps.by_passkey(lambda: passkeys.answered(user, credential), _address(request), user=user)
    except PublisherError as error:
        return entering.refused(request, error)
    return entering.enter(request, owner, entering.wanted(request))


@login_not_required
@require_safe
@never_cache
def institution(request: HttpRequest) -> HttpResponse:
    """To the institution's OpenID Connect provider."""
    answer: HttpResponse = _protocol().begin(request)
    return answer


@login_not_required
@require_safe
@never_cache
def institution_callback(request: HttpRequest) -> HttpResponse:
    """Back from there."""
    answer: HttpResponse = _protocol().finish(request)
    return answer


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("sign-in")


@login_not_required
@takes_form
@sensitive_post_parameters("password")
@never_cache
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Behind a one-time link: the first person and the invited say who they are, others choose a new password."""
    invitation = access.open_invitation(token)
    known = invitation.user
    form: forms.NewPassword
    if known:
        form = forms.NewPassword(request.POST if request.method == "POST" else None)
    else:
        form = forms.Welcome(request.POST if request.method == "POST" else None, initial={"email": invitation.email})
        if invitation.email:
            form.fields["email"].disabled = True
    status = 200
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            user = access.redeem(
                token, name=typed.get("name", ""), email=typed.get("email", ""), password=typed["password"]
            )
        except PublisherError as error:
            form.add_error("password" if error.key == "access.password" else None, error.sentence)
            status = status_of(error)
        else:
            return entering.first_step_passed(request, user, reverse("queue"))
    context = {"form": form, "invitation": invitation, "known": known}
    return render(request, "desk/welcome.html", context, status=422 if form.errors and status == 200 else status)


@login_not_required
@require_safe
def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """Django's admin asks here; whoever is signed in already lacks the role for it."""
    if request.user.is_authenticated:
        raise NotAllowed("access.not_allowed")
    query = urlencode({"next": reverse("admin:index")})
    return redirect(f"{settings.LOGIN_URL}?{query}")


def _protocol() -> Any:
    if not config.get().oidc_issuer:
        raise Http404
    from publisher.web import institution  # slow import

    return institution


def _json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))
