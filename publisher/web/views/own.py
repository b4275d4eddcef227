"""One's own page: how one signs in."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from publisher import config
from publisher.newsroom import access
from publisher.web.request import Request


@require_safe
@never_cache
def page(request: Request) -> HttpResponse:
    settings = config.get()
    context = {"hours": settings.session_hours, "minutes": settings.session_idle_minutes}
    return render(request, "desk/own.html", context)


@require_POST
def sign_out_everywhere(request: Request) -> HttpResponse:
    access.end_sessions(request.user.pk, request.user)
    logout(request)
    messages.success(request, _("You are signed out on every device."))
    return redirect("sign-in")
