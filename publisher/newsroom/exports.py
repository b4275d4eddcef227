"""The record, handed out: for archives, courts of auditors and requests under freedom-of-information laws."""

from collections.abc import Iterator
from typing import Any

from publisher.models import Event
from publisher.newsroom import chain
from publisher.types import to_json

AT_ONCE = 2000
"""Rows read at a time: an archive of any length takes the same memory."""


def events() -> Iterator[dict[str, Any]]:
    """Every event, oldest first, as JSON types, with what it takes to compute each hash again."""
    for event in Event.objects.order_by("id").iterator(AT_ONCE):
        told = {name: to_json(getattr(event, name)) for name in chain.FIELDS}
        yield {
            "id": event.pk,
            "at": told.pop("at"),
            "actor": event.actor,
            "reference": event.by.reference,
            **told,
            "previous_hash": event.previous_hash,
            "hash": event.hash,
        }
