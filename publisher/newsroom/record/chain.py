"""Whether the history is as it was written: each event carries the hash of the one before, and those of the rows
that were written with it (`seals`): versions, revisions, attempts.

A change that leaves the hash as it was is told by the event itself; one whose hash was made anew, by the next event,
which names the hash that was there before; what is missing, by the numbers, which have no gaps. Whoever writes the
whole rest of the chain anew, or cuts its end off, is told by an anchor: a hash that was sent out before
(`newsroom.record.anchors`).
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from publisher import messages
from publisher.models import Actor, Event
from publisher.newsroom.record import seals
from publisher.types import digest

AT_ONCE = 5000
"""Rows read at a time."""
MOST = 100
"""Findings told; one act of tampering can spoil every row after it."""

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
FIELDS = ("at", "subject", "subject_id", "verb", "before", "after", "reason", "data")
_COLUMNS = ("id", "by_id", *FIELDS, "previous_hash", "hash")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was written; `number` is the event's, or the person's."""

    kind: str
    """changed, missing, rewritten, unlinked, name, erased, anchor, cut; version, revision, approval, attempt, each also
    with _gone; approval_put_in:
    a key of `messages`, after "audit."."""
    number: int
    params: Mapping[str, object]

    @property
    def sentence(self) -> str:
        return messages.sentence(f"audit.{self.kind}", number=self.number, **self.params)


@dataclass(slots=True)
class Walk:
    """A walk along the chain, which can pause: where it stands, what it found."""

    number: int = 0
    """The event it has come to."""
    hash: str = ""
    """That event's hash as it stands in the row."""
    count: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def intact(self) -> bool:
        return not self.findings

    def find(self, kind: str, number: int, **params: object) -> None:
        if len(self.findings) < MOST:
            self.findings.append(Finding(kind, number, params))


def event_hash(number: int, actor: str, content: Mapping[str, Any], previous: str) -> str:
    """The hash of one event: over the one before, its number, who acted, and what `FIELDS` names. Its text is
    canonical JSON (sorted keys, no blanks, UTF-8), times are ISO 8601 in UTC: anybody can compute it again."""
    at = content["at"]
    told = {**content, "at": at.isoformat() if isinstance(at, datetime) else at, "id": number, "actor": actor}
    # `digest` without its walk through the values: what a row holds is JSON already.
    return hashlib.sha256(_CANONICAL.encode([previous, told]).encode()).hexdigest()


def mark(salt: str, name: str) -> str:
    """What the chain holds of a person."""
    return digest([salt, name])


def walk(start: Walk | None = None, limit: int | None = None) -> Walk:
    """Go on along the chain from where `start` stands, by at most `limit` events."""
    seen = start or Walk()
    actors = {actor.pk: actor.reference for actor in Actor.objects.all()}
    sealed: dict[str, tuple[str, int]] = {}
    for row in _rows(seen.number, limit):
        event = dict(zip(_COLUMNS, row, strict=True))
        _look(seen, event, actors)
        sealed |= {name: (hash_, seen.number) for name, hash_ in seals.told(event["data"]).items()}
        if len(sealed) >= AT_ONCE:
            _compare(seen, sealed)
            sealed.clear()
    _compare(seen, sealed)
    return seen


def _compare(seen: Walk, sealed: Mapping[str, tuple[str, int]]) -> None:
    """Hold the rows against what the events told of them: a name to its hash and the event's number."""
    for name, there in seals.broken({name: hash_ for name, (hash_, _) in sealed.items()}):
        _, number = sealed[name]
        if (there and seals.sealed_anew(name, number)) or (not there and seals.may_be_gone(name)):
            continue
        kind, params = seals.params(name)
        seen.find(kind if there else f"{kind}_gone", number, **params)


def _look(seen: Walk, row: dict[str, Any], actors: Mapping[int, str]) -> None:
    number, previous, hash_ = row["id"], row["previous_hash"], row["hash"]
    if number != seen.number + 1:
        seen.find("missing", seen.number + 1, last=number - 1)
    content = {name: row[name] for name in FIELDS}
    if hash_ != event_hash(number, actors.get(row["by_id"], ""), content, previous):
        seen.find("changed", number)
    elif previous != seen.hash and number == seen.number + 1:
        seen.find("rewritten" if seen.number else "unlinked", seen.number or number, next=number)
    seen.number, seen.hash, seen.count = number, hash_, seen.count + 1


def check_people(seen: Walk) -> None:
    """Whether the addresses belong to the marks in the chain, and who is forgotten was forgotten by a person's act."""
    forgotten = set(Event.objects.filter(subject="person", verb="forget").values_list("subject_id", flat=True))
    for actor in Actor.objects.exclude(mark="").order_by("pk"):
        if actor.name and mark(actor.salt, actor.name) != actor.mark:
            seen.find("name", actor.pk)
        elif not actor.name and actor.pk not in forgotten:
            seen.find("erased", actor.pk)


def check_approvals(seen: Walk) -> None:
    """Whether each was given: what is approved goes out."""
    for name in seals.put_in():
        _, params = seals.params(name)
        seen.find("approval_put_in", seen.number, **params)


def verify() -> Walk:
    """Walk the whole chain."""
    seen = walk()
    check_approvals(seen)
    check_people(seen)
    return seen


def _rows(after: int, limit: int | None) -> Iterator[tuple[Any, ...]]:
    # By number, a slice at a time: a cursor over the whole table would be one long transaction.
    left = limit
    while left is None or left > 0:
        size = AT_ONCE if left is None else min(AT_ONCE, left)
        query = Event.objects.select_related(None).filter(pk__gt=after).order_by("pk").values_list(*_COLUMNS)[:size]
        rows = list(query)
        yield from rows
        if len(rows) < size:
            return
        after = rows[-1][0]
        left = None if left is None else left - size
