"""Alarms: what a person must look at, and what can be done about it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from publisher.enums import AlarmKind, PostState
from publisher.newsroom.alerts import alarms
from publisher.newsroom.documents import corrections, screening
from publisher.web import forms, shown
from publisher.web.answers import done
from publisher.web.forms import valid
from publisher.web.paging import page_number
from publisher.web.request import Request

LISTED = 10
"""How many of the documents behind an alarm are named on its page."""


@require_safe
def page(request: Request) -> HttpResponse:
    """Those that stand open; with ?closed=1 those that are closed."""
    closed = bool(request.GET.get("closed"))
    found = alarms.page(page_number(request), closed=closed)
    return render(request, "desk/alarms.html", {"page": found, "closed": closed, "query": "closed=1" if closed else ""})


@require_safe
def show(request: Request, alarm_id: int) -> HttpResponse:
    alarm = alarms.get(alarm_id)
    context = {"alarm": alarm, "open": alarm.closed_at is None}
    if alarm.document is not None and alarm.kind in {AlarmKind.CORRECTION, AlarmKind.VANISHED}:
        choices = corrections.choices(alarm)
        posts = shown.show_all([choice.post for choice in choices])
        context |= {
            "choices": list(zip(choices, posts, strict=True)),
            "changes": corrections.changes(alarm) if alarm.kind == AlarmKind.CORRECTION else (),
        }
    elif alarm.kind == AlarmKind.MASS_CHANGE:
        context["remembered"] = screening.remembered(alarm, LISTED)
    return render(request, "desk/alarm.html", context)


@require_POST
def close(request: Request, alarm_id: int) -> HttpResponse:
    """Seen, with a word on what was done."""
    outcome = valid(forms.Outcome(request.POST))["outcome"] or _("Seen.")
    alarms.settle(request.user, alarm_id, outcome)
    return done(request, _("The alarm is closed."), to=reverse("alarms"))


@require_POST
def queue(request: Request, alarm_id: int) -> HttpResponse:
    """The documents that wait behind it are drafted for review."""
    count = len(screening.queue_remembered(alarm_id, request.user))
    message = ngettext(
        "%(count)s document was drafted for review.", "%(count)s documents were drafted for review.", count
    )
    return done(request, message % {"count": count}, to=reverse("alarms"))


@require_POST
def decide(request: Request, alarm_id: int, post_id: int) -> HttpResponse:
    typed = valid(forms.Act(request.POST))
    post = corrections.decide(alarm_id, post_id, typed["act"], request.user, reason=typed["reason"])
    if post.state == PostState.REVIEW:
        to = f"{reverse('document', args=[post.document_id])}#post-{post.pk}"
        return done(request, _("It waits for review: check its words and approve it."), to=to)
    return done(request, _("Noted: the post stays as it is."), to=reverse("alarm", args=[alarm_id]))
