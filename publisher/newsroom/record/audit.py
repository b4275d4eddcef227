"""The history: a chain of events, each carrying the hash of the one before. `chain` tells whether it holds."""

import json
import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from publisher.models import Actor, Event, Invitation, Post, User
from publisher.newsroom import rows
from publisher.newsroom.record import chain
from publisher.types import to_json

SERVICE = "publisher"
"""The actor when the service itself does something."""
_ADDRESS = re.compile(r"[^\s@<>\"'(),;:\[\]]+@[^\s@<>\"'(),;:\[\]]+\.\w+")
_PSEUDONYM = re.compile(r"\[person (\d+)\]")


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
    channel_id: int | None = None,
) -> Event:
    """Append one event. Call it in the transaction that makes the change, so that neither exists without the other.

    `actor` is a person's e-mail address, "rule: …", or the name of a service. Addresses of the team in `reason` and
    `data` are written as numbers, "[person 12]": the chain holds nobody's address. `channel_id` is for events that are
    about a channel and no post.
    """
    with transaction.atomic(savepoint=False):
        _one_at_a_time()
        by = _actor(actor)
        number, previous = _last()
        content = {
            "at": timezone.now(),
            "subject": subject,
            "subject_id": subject_id,
            "verb": verb,
            "before": str(before),
            "after": str(after),
            "reason": _without_addresses(reason),
            "data": json.loads(_without_addresses(json.dumps(to_json(data or {}), ensure_ascii=False))),
        }
        event = Event(id=number + 1, by=by, previous_hash=previous, **content)
        event.channel_id = channel_id or _channel(subject, subject_id)
        event.hash = chain.event_hash(number + 1, by.reference, content, previous)
        rows.insert_all([event])
        event._state.adding = False  # noqa: SLF001 (as Django leaves a stored row: an event is never saved again)
        return event


def _channel(subject: str, subject_id: int) -> int | None:
    """Which channel an event is found under."""
    if subject == "post":
        return Post.objects.filter(pk=subject_id).values_list("channel", flat=True).first()
    return subject_id if subject == "channel" else None


def whom(said: str) -> Actor | None:
    """Whoever the history knows by this name: an e-mail address, "person 12", "rule: …", the name of a service."""
    name = said.strip()
    number = re.fullmatch(r"(?i)person (\d{1,15})", name)
    if number:
        return Actor.objects.filter(pk=number[1]).exclude(mark="").first()
    return Actor.objects.filter(name=name.lower() if "@" in name else name).first()


def person(email: str) -> Actor:
    """The number under which the history knows a person; a new one for whom it has not met, or has forgotten."""
    with transaction.atomic():
        _one_at_a_time()
        return _actor(email)


def named(events: Iterable[Event]) -> list[Event]:
    """The events, for reading: people in their reasons are called by their addresses while these are known."""
    listed = list(events)
    numbers = {int(number) for event in listed for number in _PSEUDONYM.findall(event.reason)}
    if numbers:
        names = {actor.pk: str(actor) for actor in Actor.objects.filter(pk__in=numbers)}
        for event in listed:
            event.reason = _PSEUDONYM.sub(lambda found: names.get(int(found[1]), found[0]), event.reason)
    return listed


def _last() -> tuple[int, str]:
    """Number and hash of the newest event, (0, "") where there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, hash FROM publisher_event ORDER BY id DESC LIMIT 1")
        return cursor.fetchone() or (0, "")


def _actor(name: str) -> Actor:
    name = name[:254]
    columns = ("id", "name", "salt", "mark")
    for known in rows.find(Actor, columns, "name", [name]):
        return Actor.from_db(connection.alias, columns, known)
    if not _ADDRESS.fullmatch(name) or name.startswith("rule: "):
        return Actor.objects.create(name=name)
    salt = secrets.token_hex(16)
    return Actor.objects.create(name=name, salt=salt, mark=chain.mark(salt, name))


def _without_addresses(text: str) -> str:
    return _ADDRESS.sub(_pseudonym, text) if "@" in text else text


def _pseudonym(found: re.Match[str]) -> str:
    email = found[0].lower()
    ours = (
        Actor.objects.filter(name=email).exclude(mark="").exists()
        or User.objects.filter(email=email).exists()
        or Invitation.objects.filter(email=email).exists()
    )
    return f"[{_actor(email).pseudonym}]" if ours else found[0]


def _one_at_a_time() -> None:
    """SQLite has one writer anyway; PostgreSQL must be asked, or two events could follow the same one."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [0x5075626C])
