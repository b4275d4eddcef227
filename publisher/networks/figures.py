"""Figures as networks tell them: numbers that may be missing, and what Meta says of a post of each of its networks."""

from collections.abc import Mapping
from typing import Any

from publisher.errors import Retry
from publisher.networks.wire import Wire
from publisher.types import Figures


def of_page_post(wire: Wire, number: str) -> Figures:
    """A post of a Facebook page. Its reach is an insight, for which the token needs a right that posting does not."""
    fields = "reactions.limit(0).summary(total_count),comments.limit(0).summary(total_count),shares"
    told = wire.ask("GET", number, params={"fields": fields}, needs=("id",)).object
    shares = told.get("shares")
    return Figures(
        likes=_total(told.get("reactions")),
        replies=_total(told.get("comments")),
        # Facebook leaves the field out where nobody has shared it.
        reposts=count(shares.get("count")) if isinstance(shares, dict) else 0,
    )


def of_media(wire: Wire, number: str) -> Figures:
    """A post on Instagram; nobody can pass one on to their own followers there."""
    told = wire.ask("GET", number, params={"fields": "id,like_count,comments_count"}, needs=("id",)).object
    return Figures(likes=count(told.get("like_count")), replies=count(told.get("comments_count")))


def of_thread(wire: Wire, number: str) -> Figures:
    """A post on Threads, by its insights (scope threads_manage_insights). Reposts and quotations are added up."""
    params = {"metric": "views,likes,replies,reposts,quotes"}
    answer = wire.ask("GET", f"{number}/insights", params=params, needs=("data",))
    found: dict[str, int | None] = {}
    rows = answer.object["data"]
    for row in rows if isinstance(rows, list) else []:
        if not isinstance(row, dict):
            raise Retry("network.unavailable", answer.told, network=wire.label)
        values = row.get("values")
        first = values[0] if isinstance(values, list) and values and isinstance(values[0], dict) else {}
        found[str(row.get("name"))] = count(first.get("value"))
    return Figures(
        impressions=found.get("views"),
        likes=found.get("likes"),
        replies=found.get("replies"),
        reposts=added(found.get("reposts"), found.get("quotes")),
    )


def count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def added(*counts: int | None) -> int | None:
    """The sum of what is known; None where nothing is."""
    known = [each for each in counts if each is not None]
    return sum(known) if known else None


def _total(edge: object) -> int | None:
    summary: Mapping[str, Any] = edge.get("summary", {}) if isinstance(edge, dict) else {}
    return count(summary.get("total_count"))
