"""What cannot be undone is asked for once more: a page that says what will happen, with the one button that does it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from publisher.errors import PublisherError
from publisher.web.answers import done
from publisher.web.middleware import status_of
from publisher.web.request import Request


def confirm(
    request: Request,
    act: Callable[[], str],
    *,
    title: str,
    text: str,
    button: str,
    to: str,
    back: str = "",
    shown: Any = None,
) -> HttpResponse:
    """The page; its POST acts. `act` gives the sentence that says what was done, and the person comes `to` a page; what
    refuses it is said here. Cancelling leads `back`, or `to` there too; `shown` is the post that it is about."""
    error, status = "", 200
    if request.method == "POST":
        try:
            return done(request, act(), to=to)
        except PublisherError as refusal:
            error, status = refusal.sentence, status_of(refusal)
    context = {"title": title, "text": text, "button": button, "back": back or to, "shown": shown, "error": error}
    return render(request, "desk/confirm.html", context, status=status)
