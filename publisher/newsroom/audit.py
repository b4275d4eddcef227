"""The history: a chain of events, each carrying the hash of the one before."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from publisher.models import Event
from publisher.types import digest, to_json

SERVICE = "publisher"
"""The actor when the service itself does something."""


def record(
    actor: str,
    subject: str,
    subject_id: int,
    verb: str,
    *,
    before: str = "",
    after: str = "",
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> Event:
    """Append one event. Call it in the transaction that makes the change, so that neither exists without the other."""
    with transaction.atomic(savepoint=False):
        _one_at_a_time()
        last = Event.objects.order_by("-id").values_list("hash", flat=True).first()
        event = Event(
            at=timezone.now(),
            actor=actor,
            subject=subject,
            subject_id=subject_id,
            verb=verb,
            before=before,
            after=after,
            reason=reason,
            data=to_json(data or {}),
            previous_hash=last or "",
        )
        event.hash = _hash(event)
        event.save()
        return event


def verify() -> tuple[int, Event | None]:
    """How many events hang together, and the first that does not (None when all do)."""
    previous = ""
    count = 0
    for event in Event.objects.order_by("id").iterator(chunk_size=2000):
        if event.previous_hash != previous or event.hash != _hash(event):
            return count, event
        previous = event.hash
        count += 1
    return count, None


def export() -> Iterator[dict[str, Any]]:
    """Every event, oldest first, as JSON types."""
    for event in Event.objects.order_by("id").iterator(chunk_size=2000):
        yield {"id": event.pk, **_content(event), "previous_hash": event.previous_hash, "hash": event.hash}


def _content(event: Event) -> dict[str, Any]:
    names = ("at", "actor", "subject", "subject_id", "verb", "before", "after", "reason", "data")
    return {name: to_json(getattr(event, name)) for name in names}


def _hash(event: Event) -> str:
    return digest([event.previous_hash, _content(event)])


def _one_at_a_time() -> None:
    """SQLite has one writer anyway; PostgreSQL must be asked, or two events could follow the same one."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [0x5075626C])
