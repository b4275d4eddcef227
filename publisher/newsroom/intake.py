"""Intake: what a source showed becomes documents and versions. Never two documents for one text, never one lost."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from publisher.enums import Origin, PostState, SourceKind
from publisher.models import Document, Identity, Post, Source, Version
from publisher.newsroom import audit
from publisher.newsroom.workflow import move
from publisher.types import Entry, digest, entry_to_json

LONGEST_URL = 2000
"""Characters that the columns for addresses hold."""


@dataclass(frozen=True, slots=True)
class Known:
    """A document that some identity of a batch already names."""

    id: int
    hash: str
    source_id: int | None = None
    """Where it was first seen: only that source tells of changes, for another one words the same text otherwise."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with one entry: make a document (`known` is None), add a version (`changed`), or remember keys."""

    entry: Entry
    keys: tuple[str, ...]
    known: Known | None
    changed: bool = False
    baseline: bool = False


@dataclass(frozen=True, slots=True)
class Stored:
    """What a batch became."""

    new: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    to_draft: tuple[int, ...] = field(default=())


def identities(entry: Entry, source_id: int, *, url_is_shared: bool = False) -> tuple[str, ...]:
    """The names this entry is known by, strongest first: reference and language, guid (within its source), URL.

    The French version of IP/26/1900 is a document of its own. A URL that several entries of one feed share (a link to
    the front page) tells nothing and is left out.
    """
    keys = []
    if entry.reference:
        keys.append(f"ref:{entry.reference}:{entry.language.partition('-')[0]}")
    if entry.guid:
        keys.append(f"guid:{source_id}:{_schemeless(entry.guid)}")
    if entry.url and not (url_is_shared and keys):
        keys.append(f"url:{_schemeless(entry.url)}")
    return tuple(_fitting(key) for key in keys)


def decide(
    entries: Sequence[Entry],
    known: Mapping[str, Known],
    *,
    source_id: int,
    first_sight: bool,
    queue_newest: int = 0,
    now: datetime,
) -> list[Decision]:
    """What to do with the entries of one poll, oldest first. Pure.

    On first sight everything is baseline (remembered, not posted), save the `queue_newest` newest.
    """
    shared = {url for url, count in Counter(entry.url for entry in entries).items() if count > 1}
    decisions: list[Decision] = []
    in_batch: set[str] = set()
    for entry in oldest_first(entries, now):
        keys = identities(entry, source_id, url_is_shared=entry.url in shared)
        if not keys or any(key in in_batch for key in keys):
            continue
        in_batch.update(keys)
        match = next((known[key] for key in keys if key in known), None)
        changed = match is not None and match.hash != entry.hash and match.source_id in {None, source_id}
        decisions.append(Decision(entry, keys, match, changed, baseline=first_sight))
    if first_sight and queue_newest:
        fresh = [index for index, decision in enumerate(decisions) if decision.known is None][-queue_newest:]
        for index in fresh:
            made = decisions[index]
            decisions[index] = Decision(made.entry, made.keys, None, baseline=False)
    return decisions


def oldest_first(entries: Sequence[Entry], now: datetime) -> list[Entry]:
    """By date; entries without one, or with one in the future, in the order of the feed (newest first there)."""
    latest = now + timedelta(days=1)

    def when(entry: Entry) -> datetime:
        return entry.published_at if entry.published_at and entry.published_at <= latest else latest

    return sorted(reversed(entries), key=when)  # noqa: C414  # sorting is stable: equals keep this order


def take_in(source: Source, entries: Sequence[Entry], *, fetched_at: datetime, fetched_from: str) -> Stored:
    """Store what one poll of `source` showed. One transaction: all of it or nothing."""
    entries = [replace(entry, guid=entry.guid.replace("\0", "")) for entry in entries]  # PostgreSQL takes no NUL
    with transaction.atomic():
        source = Source.objects.select_for_update().get(pk=source.pk)
        entries = [replace(entry, language=entry.language or source.language) for entry in entries]
        first_sight = source.baseline_at is None
        decisions = decide(
            entries,
            _known(entries, source.pk),
            source_id=source.pk,
            first_sight=first_sight,
            queue_newest=source.queue_newest,
            now=fetched_at,
        )
        if source.kind == SourceKind.CALENDAR:  # events to come: drafted on their day, by `events`
            decisions = [replace(decision, baseline=True) for decision in decisions]
        new, changed, to_draft = [], [], []
        for decision in decisions:
            if decision.known is None:
                document = _create(source, decision, fetched_at, fetched_from)
                new.append(document.pk)
                if not decision.baseline:
                    to_draft.append(document.pk)
            elif decision.changed:
                _add_version(decision, decision.known.id, fetched_at, fetched_from)
                changed.append(decision.known.id)
            if decision.known is not None:
                _remember(decision.keys, decision.known.id)
        if first_sight:
            Source.objects.filter(pk=source.pk).update(baseline_at=fetched_at)
            audit.record(
                audit.SERVICE, "source", source.pk, "first sight", data={"remembered": len(new) - len(to_draft)}
            )
    return Stored(tuple(new), tuple(changed), tuple(to_draft))


def _known(entries: Sequence[Entry], source_id: int) -> dict[str, Known]:
    keys = {key for entry in entries for key in identities(entry, source_id)}
    rows = list(Identity.objects.filter(key__in=keys).values_list("key", "document_id", "document__source_id"))
    documents = {key: document_id for key, document_id, _ in rows}
    sources = {document_id: first_seen_in for _, document_id, first_seen_in in rows}
    hashes: dict[int, str] = {}
    versions = Version.objects.filter(document_id__in=set(documents.values())).order_by("number")
    hashes.update(versions.values_list("document_id", "hash"))  # the last version of each wins
    return {
        key: Known(document_id, hashes.get(document_id, ""), sources[document_id])
        for key, document_id in documents.items()
    }


def _create(source: Source, decision: Decision, fetched_at: datetime, fetched_from: str) -> Document:
    document = Document.objects.create(
        **_shown(decision.entry),
        first_seen_at=fetched_at,
        baseline=decision.baseline,
        source=source,
        sample=source.sample,
    )
    Version.objects.create(
        document=document,
        number=1,
        language=decision.entry.language,
        hash=decision.entry.hash,
        entry=entry_to_json(decision.entry),
        fetched_at=fetched_at,
        fetched_from=fetched_from[:LONGEST_URL],
    )
    _remember(decision.keys, document.pk)
    if not decision.baseline:
        audit.record(
            audit.SERVICE, "document", document.pk, "arrive", data={"title": document.title, "url": document.url}
        )
    return document


def _add_version(decision: Decision, document_id: int, fetched_at: datetime, fetched_from: str) -> None:
    document = Document.objects.select_for_update().get(pk=document_id)
    number = document.versions.count() + 1
    Version.objects.create(
        document=document,
        number=number,
        language=decision.entry.language,
        hash=decision.entry.hash,
        entry=entry_to_json(decision.entry),
        fetched_at=fetched_at,
        fetched_from=fetched_from[:LONGEST_URL],
    )
    Document.objects.filter(pk=document_id).update(**_shown(decision.entry), changed_at=timezone.now())
    audit.record(
        audit.SERVICE, "document", document_id, "change", data={"version": number, "hash": decision.entry.hash}
    )
    # What was approved was approved for the words as they stood: it goes back to a person.
    approved = Post.objects.filter(document_id=document_id, state=PostState.SCHEDULED, origin=Origin.RULE)
    for post in approved.select_related("channel"):
        reason = "The source changed this text after the approval."
        move(
            post, "unschedule", actor=audit.SERVICE, reason=reason, approved_revision=None, due_at=None, not_before=None
        )


def _shown(entry: Entry) -> dict[str, object]:
    return {
        "kind": entry.kind,
        "title": entry.title,
        "lead": entry.lead,
        "url": entry.url if len(entry.url) <= LONGEST_URL else "",  # its version keeps all of it
        "reference": entry.reference,
        "language": entry.language,
        "published_at": entry.published_at,
        "precision": entry.precision,
        "embargo_until": entry.embargo_until,
    }


def _remember(keys: Sequence[str], document_id: int) -> None:
    Identity.objects.bulk_create([Identity(key=key, document_id=document_id) for key in keys], ignore_conflicts=True)


def _fitting(key: str) -> str:
    """What an index on PostgreSQL holds: at most 2,700 bytes."""
    return key if len(key.encode()) <= LONGEST_URL else f"{key[:200]}…{digest(key)}"


def _schemeless(url: str) -> str:
    """http and https, with and without a slash at the end, are one address."""
    for scheme in ("https://", "http://"):
        if url.startswith(scheme):
            return url.removeprefix(scheme).rstrip("/")
    return url
