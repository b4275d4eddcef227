"""What went out, what is on its way, and what needs a hand."""

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from publisher.models import Post
from publisher.newsroom import queries
from publisher.web import words
from publisher.web.paging import page_number
from publisher.web.request import Request

FILTERS = ("", "published", "scheduled", "sending", "failed", "uncertain", "expired", "rejected", "withdrawn")


COUNTED = ("scheduled", "failed", "uncertain", "expired")
"""Those that still wait for something; how many went out is of no use on a button."""


@require_safe
def page(request: Request) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in FILTERS else ""
    numbers = dict(Post.objects.filter(state__in=COUNTED).values_list("state").annotate(Count("pk")).order_by())
    context = {
        "page": queries.published_page(page_number(request), state=state),
        "state": state,
        "filters": [(name, words.STATES.get(name), numbers.get(name)) for name in FILTERS],
    }
    return render(request, "desk/published.html", context)
