"""Which page of a list was asked for."""

from django.http import HttpRequest


def page_number(request: HttpRequest) -> int:
    """?page=N, from 1; anything else is the first page."""
    asked = request.GET.get("page", "")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 7 else 1
