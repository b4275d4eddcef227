"""The record, handed out: for archives, courts of auditors and requests under freedom-of-information laws.

All of it is streamed: a record of any length takes the same memory.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from publisher.models import Event, Post, Version
from publisher.newsroom.record import chain, provenance
from publisher.types import to_json

AT_ONCE = 2000
"""Rows read at a time."""

Row = dict[str, Any]


def events(since: datetime | None = None, until: datetime | None = None) -> Iterator[Row]:
    """Every event of the time, oldest first, with what it takes to compute each hash again."""
    for event in Event.objects.filter(**_within("at", since, until)).order_by("id").iterator(AT_ONCE):
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


def sources(since: datetime | None = None, until: datetime | None = None) -> Iterator[Row]:
    """Every version of every document that was fetched in the time: the words that posts were written from."""
    found = Version.objects.filter(**_within("fetched_at", since, until)).order_by("id")
    for version in found.iterator(AT_ONCE):
        yield {
            "document": version.document_id,
            "number": version.number,
            "language": version.language,
            "fetched_at": version.fetched_at.isoformat(),
            "fetched_from": version.fetched_from,
            "hash": version.hash,
            "entry": version.entry,
        }


def posts(since: datetime | None = None, until: datetime | None = None) -> Iterator[Row]:
    """Every post made in the time, with all that `newsroom.record.provenance` knows of it."""
    numbers = Post.objects.filter(**_within("created_at", since, until)).order_by("id").values_list("id", flat=True)
    for number in numbers.iterator(AT_ONCE):
        yield provenance.of(number)


KINDS: Mapping[str, Callable[[datetime | None, datetime | None], Iterator[Row]]] = {
    "events": events,
    "sources": sources,
    "posts": posts,
}
FORMATS = ("jsonl", "csv")


def lines(what: str, form: str, since: datetime | None = None, until: datetime | None = None) -> Iterator[str]:
    """One of `KINDS` in one of `FORMATS`, a line at a time, each with its line break."""
    rows = KINDS[what](since, until)
    return _csv(rows) if form == "csv" else (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _csv(rows: Iterator[Row]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for number, row in enumerate(rows):
        if number == 0:
            writer.writerow(row)
        writer.writerow([_cell(value) for value in row.values()])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _cell(value: Any) -> str:
    """Objects and lists as JSON. A quotation mark keeps a spreadsheet from running a formula (OWASP)."""
    text = value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _within(field: str, since: datetime | None, until: datetime | None) -> dict[str, datetime]:
    """From `since` on, and before `until`."""
    return ({f"{field}__gte": since} if since else {}) | ({f"{field}__lt": until} if until else {})
