"""What went out, what is on its way, and what needs a hand."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from publisher.newsroom import queries
from publisher.web import words
from publisher.web.paging import page_number
from publisher.web.request import Request

FILTERS = ("", "published", "scheduled", "sending", "failed", "uncertain", "expired", "rejected", "withdrawn")


@require_safe
def page(request: Request) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in FILTERS else ""
    context = {
        "page": queries.published_page(page_number(request), state=state),
        "state": state,
        "filters": [(name, words.STATES.get(name)) for name in FILTERS],
    }
    return render(request, "desk/published.html", context)
