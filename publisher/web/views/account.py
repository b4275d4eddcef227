"""The way in and out."""

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from publisher.errors import NotAllowed, PublisherError
from publisher.models import User
from publisher.newsroom import access
from publisher.web import forms, sessions
from publisher.web.middleware import status_of
from publisher.web.request import takes_form


@login_not_required
@takes_form
@sensitive_post_parameters("password")
@csrf_protect
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    form = forms.SignIn(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and form.is_valid():
        address = request.META.get("REMOTE_ADDR", "")
        try:
            user = access.sign_in(form.cleaned_data["email"], form.cleaned_data["password"], address)
        except PublisherError as error:
            form.add_error(None, error.sentence)
            status = status_of(error)
        else:
            sessions.begin(request, user)
            return redirect(_wanted(request))
    elif request.user.is_authenticated:
        return redirect(_wanted(request))
    context = {"form": form, "next": request.GET.get("next", ""), "nobody": not User.objects.exists()}
    return render(request, "desk/sign_in.html", context, status=422 if form.errors and status == 200 else status)


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
            sessions.begin(request, user)
            return redirect("queue")
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


def _wanted(request: HttpRequest) -> str:
    page = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return page
    return reverse("queue")
