"""The history: looked through, checked, handed out."""

from datetime import date, datetime, time, timedelta

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from publisher import config
from publisher.errors import InvalidInput
from publisher.models import Channel, Event, User
from publisher.newsroom import access, queries
from publisher.newsroom.pages import Page
from publisher.newsroom.record import anchors, audit, chain, exports, provenance
from publisher.web import verbs
from publisher.web.paging import page_number
from publisher.web.request import Request

SUBJECTS = ("", *verbs.SUBJECTS)
AT_ONCE = 5_000
"""Events that one step of a check looks at, with the rows that they seal: a second or so."""


@require_safe
def page(request: Request) -> HttpResponse:
    subject = request.GET.get("subject", "")
    subject = subject if subject in SUBJECTS else ""
    asked = {name: request.GET.get(name, "").strip() for name in ("person", "channel", "since", "until")}
    since, until = _day(asked["since"]), _day(asked["until"])
    by = audit.whom(asked["person"]) if asked["person"] else None
    channel = _number(request, "channel")
    found: Page[Event] = Page([], 1, has_next=False)
    if by is not None or not asked["person"]:
        found = queries.events_page(
            page_number(request),
            subject=subject,
            by=by,
            channel_id=channel or None,
            since=since,
            until=until + timedelta(days=1) if until else None,
        )
    audit.named(found.items)
    context = {
        "page": found,
        "subject": subject,
        "subjects": SUBJECTS,
        "asked": asked | {"channel": channel},
        "narrowed": bool(subject or any(asked.values())),
        "people": User.objects.filter(is_active=True).order_by("name", "pk"),
        "channels": Channel.objects.order_by("network", "name", "pk"),
    }
    return render(request, "desk/history.html", context)


@require_safe
def provenance_of(request: Request, post_id: int) -> HttpResponse:
    """Where one post comes from."""
    return render(request, "desk/provenance.html", {"found": provenance.of(post_id)})


@require_safe
def export(request: Request) -> HttpResponseBase:
    """The record of some days as a file; `until` is the last day."""
    access.require(request.user, "manage")
    what, form = request.GET.get("what", "events"), request.GET.get("format", "jsonl")
    if what not in exports.KINDS or form not in exports.FORMATS:
        raise InvalidInput("audit.no_export")
    since, until = _day(request.GET.get("since", "")), _day(request.GET.get("until", ""))
    lines = exports.lines(what, form, since, until + timedelta(days=1) if until else None)
    kind = "text/csv; charset=utf-8" if form == "csv" else "application/x-ndjson"
    headers = {"Content-Disposition": f'attachment; filename="publisher-{what}.{form}"', "Cache-Control": "no-store"}
    return StreamingHttpResponse((line.encode() for line in lines), content_type=kind, headers=headers)


@require_safe
@never_cache
def verify(request: Request) -> HttpResponse:
    """A step of a check, which asks for the next one; without htmx all steps at once."""
    start = chain.Walk(_number(request, "number"), request.GET.get("hash", ""), _number(request, "count"))
    seen = chain.walk(start, AT_ONCE if request.htmx else None)
    told: list[str] = request.session.get("history_findings", []) if start.number else []
    head = anchors.head()
    ended = head is None or seen.number >= head.number
    if ended:
        chain.check_approvals(seen)
        chain.check_people(seen)
        anchors.check_own(seen)
    told = [*told, *(each.sentence for each in seen.findings)][: chain.MOST]
    request.session["history_findings"] = told
    context = {"seen": seen, "findings": told, "ended": ended, "head": head}
    return render(request, "desk/_verify.html" if request.htmx else "desk/verify.html", context)


def _day(text: str) -> datetime | None:
    """The day's first moment on the newsroom's clock. Raises InvalidInput."""
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time(), config.get().zone)
    except ValueError:
        raise InvalidInput("audit.no_export") from None


def _number(request: Request, name: str) -> int:
    asked = request.GET.get(name, "")
    return int(asked) if asked.isdecimal() and len(asked) < 16 else 0
