"""What every page of the desk knows. Read only when a template asks: pieces for htmx pay for nothing else."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from publisher.enums import HoldScope
from publisher.newsroom import access, queries
from publisher.newsroom.alerts import alarms, outbox
from publisher.newsroom.approval import eyes
from publisher.newsroom.sending import holds


def desk(request: HttpRequest) -> dict[str, Any]:
    context: dict[str, Any] = {"zone": settings.TIME_ZONE}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return context
    counts = SimpleLazyObject(queries.counts)
    standing = SimpleLazyObject(lambda: list(queries.holds()))
    return context | {
        "can": {action: access.can(user, action) for action in access.MAY},
        "somewhere": SimpleLazyObject(lambda: {action: access.can_somewhere(user, action) for action in access.MAY}),
        "needs_factor": SimpleLazyObject(lambda: access.asks_for_factor(user) and not access.is_protected(user)),
        "counts": counts,
        "trouble": SimpleLazyObject(lambda: counts.failed + counts.uncertain),
        "alone": SimpleLazyObject(lambda: not eyes.colleagues()),
        "stopped_by_file": SimpleLazyObject(lambda: holds.file() or ""),
        "second": SimpleLazyObject(queries.waits_for_second),
        "holds": SimpleLazyObject(lambda: [hold for hold in standing if hold.scope != HoldScope.DOCUMENT]),
        "document_holds": SimpleLazyObject(lambda: {hold.document_id: hold for hold in standing if hold.document_id}),
        "alarms_open": SimpleLazyObject(alarms.count),
        "messages_stuck": SimpleLazyObject(outbox.trouble),
    }
