"""What every answer of the desk goes through: what browsers may do with it, and errors in plain words."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from publisher.errors import ConfigError, Held, NotAllowed, PublisherError, StaleState
from publisher.newsroom import trouble
from publisher.web.answers import status_line

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]

POLICY = "; ".join(
    [
        "default-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    ]
)


UNUSED = [
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
]
"""What a page could ask of a machine and ours never do."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in UNUSED),
    # A link to a post, or one with a token in it, is told to no other site.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # No proxy on the way keeps a page for the next person.
    "Cache-Control": "private, no-cache",
}
ONLY_TLS = "max-age=31536000"
"""For a year the browser comes by HTTPS alone, whatever somebody between says (RFC 6797)."""


class SecurityHeaders:
    """Nothing from outside, nothing inline, in nobody's frame, told to nobody. On every answer: it stands first.

    A view that says one of them itself (pictures, which a browser may keep) is left its own.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        # People's way to us decides, not the last hop: a web server before us speaks HTTPS for us.
        self.headers = HEADERS | ({"Strict-Transport-Security": ONLY_TLS} if settings.SESSION_COOKIE_SECURE else {})

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        return response


class PlainErrors:
    """Whatever goes wrong becomes a sentence: a page, or the status line when htmx asked.

    The status line leaves the page as it is, so nothing that was typed is lost.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.htmx:  # type: ignore[attr-defined]  # django-htmx sets it
            return response
        if _asks_to_sign_in(response):
            # 286 tells htmx to stop polling; one sentence is enough.
            polling = request.method == "GET"
            return status_line(request, "", status=286 if polling else 401, sign_in=True)
        # An answer that says itself where it goes (HX-Reswap) is meant for the page as it is.
        if response.status_code >= 400 and "HX-Reswap" not in response.headers:
            return status_line(request, _in_words(response.status_code), status=response.status_code, error=True)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, ObjectDoesNotExist):
            raise Http404 from error
        known = error if isinstance(error, PublisherError) else trouble.explain(error)
        if known is None:
            return None
        if known is error:
            logger.info("%s %s: %s: %s", request.method, request.path, type(error).__name__, error)
        else:
            logger.error("%s %s failed", request.method, request.path, exc_info=error)
        status = status_of(known)
        if request.htmx:  # type: ignore[attr-defined]  # django-htmx sets it
            return status_line(request, known.sentence, status=status, error=True)
        return render(request, "desk/problem.html", {"sentence": known.sentence}, status=status)


def status_of(error: PublisherError) -> int:
    if error.key.endswith(".unknown"):
        return 404
    if isinstance(error, NotAllowed):
        return 403
    if isinstance(error, (StaleState, Held)):
        return 409
    if isinstance(error, ConfigError):
        return 503
    return 422


def _asks_to_sign_in(response: HttpResponse) -> bool:
    return response.status_code == 302 and response.headers.get("Location", "").startswith(str(settings.LOGIN_URL))


def _in_words(status: int) -> str:
    return {
        403: _("That did not pass the safety check: the page is older than your sign-in. Load the page again."),
        404: _("That is no longer there. Load the page again."),
        400: _("The desk did not understand that. Load the page again and repeat it."),
    }.get(status, _("Something went wrong on our side, and it has been noted. Nothing was sent. Please try again."))
