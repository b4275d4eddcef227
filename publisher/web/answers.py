"""How the desk answers after an action: a changed piece and the status line for htmx, the page again without it."""

import re
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme


def done(
    request: HttpRequest,
    message: str,
    *,
    piece: tuple[str, Mapping[str, Any]] | None = None,
    undo: str = "",
    back: str = "",
    to: str = "",
) -> HttpResponse:
    """Say what was done. `piece` is the template and context that replaces what the person acted on;
    `undo` is the address that takes it back by a plain POST. Without htmx the person comes `to` a page, or else back
    to where they acted, or else to `back`."""
    if piece and request.htmx:  # type: ignore[attr-defined]  # django-htmx sets it
        template, context = piece
        body = render_to_string(template, dict(context), request)
        acted_on = request.htmx.target or ""  # type: ignore[attr-defined]  # django-htmx sets it
        # Only an id of ours goes back into the page.
        target = acted_on if re.fullmatch(r"[a-z]+-\d+", acted_on) else ""
        line = render_to_string(
            "desk/_status.html", {"message": message, "undo": undo, "target": target, "oob": True}, request
        )
        return HttpResponse(body + line)
    # extra_tags is the one place of a stored message that can carry the address to undo it.
    messages.success(request, message, extra_tags=undo)
    return HttpResponseRedirect(to or came_from(request, back or "/"))


def whole_page(request: HttpRequest, answer: HttpResponseRedirect) -> HttpResponse:
    """Where an answer leads, with htmx too: the whole page, not a piece of the one that asked."""
    if request.htmx:  # type: ignore[attr-defined]  # django-htmx sets it
        return HttpResponse(headers={"HX-Redirect": answer.url})
    return answer


def status_line(
    request: HttpRequest, message: str, *, status: int = 200, error: bool = False, sign_in: bool = False
) -> HttpResponse:
    """Only the status line, for htmx; the rest of the page stays as it is."""
    context = {"message": message, "error": error, "sign_in": sign_in}
    response = HttpResponse(render_to_string("desk/_status.html", context, request), status=status)
    response["HX-Retarget"] = "#status"
    response["HX-Reswap"] = "innerHTML"
    return response


def came_from(request: HttpRequest, otherwise: str) -> str:
    """The page of ours that the person acted on."""
    page = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return page
    return otherwise
