"""Intake: what a source showed becomes documents and versions. Never two documents for one text, never one lost.

`sifting` says what an entry is to us; here it is stored: `keep` one document, with all that goes with it, in one
transaction; `remember` many that are no news, in one.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone

from publisher.enums import Precision, SourceKind
from publisher.models import Document, Identity, Sighting, Source, Version
from publisher.newsroom import rows
from publisher.newsroom.documents import people
from publisher.newsroom.documents.identity import LONGEST, comparable_title, primary
from publisher.newsroom.documents.sifting import Found, Verdict, judge, known_by, words_of
from publisher.newsroom.record import audit, seals
from publisher.text.diff import is_change
from publisher.types import Entry, entry_from_json, entry_to_json

AHEAD = timedelta(days=1)
"""A date up to this far ahead is a matter of clocks; what lies further ahead is not to go out before it."""
FAR_AHEAD = timedelta(days=366)
"""A date further ahead than this is a mistake."""
WESTERNMOST = timedelta(hours=12)
"""How far the clocks of the last zone on earth are behind UTC."""
TOLD = 500
"""Versions that one event seals, where many are remembered at once."""
RETRY_PAGE = timedelta(minutes=5)
"""When a document's own page, which could not be read, is tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A document as completed from its own page, or as its source shows it where there is no page."""

    entry: Entry
    fetched_at: datetime
    fetched_from: str
    etag: str = ""
    last_modified: str = ""
    has_page: bool = False
    missed: bool = False
    """Its page could not be read: the text may be a part only."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What `keep` did: the document, what its entry was to us, and the versions where its text is another one now."""

    document: Document
    verdict: Verdict
    language: str
    source: Source
    before: Version | None = None
    after: Version | None = None
    again: bool = False
    """Its source had shown it before, in whatever language."""


Then = Callable[[Kept], None]
"""What else is done in the transaction that stores a document."""


def as_shown(source: Source, entry: Entry, *, fetched_at: datetime, fetched_from: str) -> Whole:
    """The document without a look at its page."""
    return Whole(entry=dated(entry, source, fetched_at), fetched_at=fetched_at, fetched_from=fetched_from)


def dated(entry: Entry, source: Source, now: datetime) -> Entry:
    """What is dated ahead waits for its time, like a text under embargo: for the latest instant that its date can mean.
    Not so the events of a calendar."""
    if entry.embargo_until is not None or source.kind == SourceKind.CALENDAR or entry.published_at is None:
        return entry
    latest = _latest(entry, entry.published_at)
    if latest - now > AHEAD and entry.published_at - now < FAR_AHEAD:
        return replace(entry, embargo_until=latest)
    return entry


def _latest(entry: Entry, at: datetime) -> datetime:
    """A day begins in the institution's zone; what was written without a zone, and a day in a zone that we do not know,
    may mean the westernmost one."""
    if entry.precision is Precision.DAY and entry.zone:
        return datetime.combine(at.date(), time(), ZoneInfo(entry.zone)).astimezone(UTC)
    return at + WESTERNMOST if entry.floating or entry.precision is Precision.DAY else at


def keep(source: Source, found: Found, whole: Whole, then: Then | None = None) -> Kept | None:
    """Store what became of one entry, with all that `then` does for it: everything or nothing. None: nothing to do."""
    try:
        return _keep(source, found, whole, then)
    except IntegrityError:  # another worker stored it between our look and our writing: now it is known
        return _keep(source, found, whole, then)


@transaction.atomic
def _keep(source: Source, found: Found, whole: Whole, then: Then | None) -> Kept | None:
    names = found.names.with_page(whole.entry)
    # Judged again: another visit may have brought it meanwhile, and its page tells of more names.
    known = known_by(names.all, source)
    verdict, match = judge(found.entry, names, known)
    if verdict is Verdict.KNOWN:
        return None
    if match is None:
        document, version = _create(source, found, whole)
        _name([(key, document.pk) for key in names.own_kept], strictly=True)
        kept = Kept(document, verdict, primary(whole.entry.language), source)
        arrived = {"title": document.title, "url": document.url, **_sealed(version)}
        audit.record(audit.SERVICE, "document", document.pk, "arrive", data=arrived)
        rest = [key for key in names.kept if key not in names.own]
        if _remember(rest, kept.document.pk) < len(rest) and _are_anothers(
            [key for key in names.texts if key not in known], kept.document
        ):
            raise IntegrityError("another worker stored the same words at this moment")
    else:
        kept = _note(source, replace(found, verdict=verdict, known=match), whole)
        _remember(names.kept, kept.document.pk)
    if then is not None:
        then(kept)
    return kept


@contextmanager
def alone(source: Source) -> Iterator[None]:
    """A transaction in which no other visit to `source` stores anything."""
    with transaction.atomic():
        list(Source.objects.select_for_update().filter(pk=source.pk).order_by().values_list("pk"))
        yield


def remember(
    source: Source,
    found: Sequence[Found],
    *,
    fetched_at: datetime,
    fetched_from: str,
    also: Callable[[list[int]], None] | None = None,
) -> list[int]:
    """Store documents that are no news: nothing is drafted. All of them and what `also` does, or nothing.

    Gives the ids of those that are new.
    """
    with alone(source):
        known = known_by([key for each in found for key in each.names.all], source)
        judged = [Found(each.entry, each.names, *judge(each.entry, each.names, known)) for each in found]
        ids, versions = _remember_all(source, judged, fetched_at=fetched_at, fetched_from=fetched_from)
        _seal(source, "remember", versions)
        if also is not None:
            also(ids)
    return ids


def _remember_all(
    source: Source, found: Sequence[Found], *, fetched_at: datetime, fetched_from: str
) -> tuple[list[int], list[Version]]:
    """Store what was judged in this transaction. Gives the ids of what is new, and the versions."""
    new: list[tuple[Found, Whole, Document]] = []
    holders: dict[str, Document] = {}
    versions: list[Version] = []
    sightings: list[tuple[Document, Entry]] = []
    keys: list[tuple[str, Document]] = []
    for each in found:
        whole = as_shown(source, each.entry, fetched_at=fetched_at, fetched_from=fetched_from)
        if each.known is not None:
            if each.verdict is not Verdict.KNOWN:
                kept = _note(source, each, whole)
                _remember(each.names.kept, kept.document.pk)
            continue
        document = next((holders[key] for key in each.names.own if key in holders), None)
        number = 1
        if document is None:
            document = _row(source, whole, baseline=True)
            new.append((each, whole, document))
        else:  # in another language, or what two entries of this answer name together
            number = 1 + sum(version.document is document for version in versions)
        holders |= dict.fromkeys(each.names.own, document)
        versions.append(_version(document, number, whole))
        sightings.append((document, each.entry))
        keys += [(key, document) for key in each.names.kept]
    rows.insert([document for _, _, document in new])
    rows.insert_all(versions)
    seen = [_sighting(source, document, entry, fetched_at) for document, entry in sightings]
    rows.insert_all(seen, ignore_conflicts=True)
    _name([(key, document.pk) for key, document in keys])
    people.link([(document, whole.entry.speakers) for _, whole, document in new])
    return [document.pk for _, _, document in new], versions


def _seal(source: Source, verb: str, versions: Sequence[Version], **data: object) -> None:
    """Tell of versions that were remembered; with `data` even where there are none."""
    for start in range(0, max(len(versions), 1), TOLD):
        told = {**data, **_sealed(*versions[start : start + TOLD])}
        if told:
            audit.record(audit.SERVICE, "source", source.pk, verb, data=told)


def first_sight(
    source: Source, found: Sequence[Found], *, fetched_at: datetime, fetched_from: str
) -> tuple[list[int], list[Found]]:
    """Everything that stands there is remembered and nothing is posted, save the `queue_newest` newest: they are left.

    `found` was judged in this transaction, `alone` with the source. Gives the ids of what was remembered, and what is
    left to be kept.
    """
    fresh = [each for each in found if each.verdict is Verdict.NEW]
    left = fresh[-source.queue_newest :] if source.queue_newest else []
    old = [each for each in found if each not in left]
    ids, versions = _remember_all(source, old, fetched_at=fetched_at, fetched_from=fetched_from)
    Source.objects.filter(pk=source.pk).update(baseline_at=fetched_at)
    _seal(source, "first sight", versions, remembered=len(ids))
    return ids, left


def _create(source: Source, found: Found, whole: Whole) -> tuple[Document, Version]:
    document = _row(source, whole, baseline=False)
    if whole.has_page:
        document.page_etag, document.page_last_modified = whole.etag, whole.last_modified
        document.recheck_at = whole.fetched_at + RETRY_PAGE if whole.missed else None  # else by `rechecks`
    rows.insert([document])
    version = _version(document, 1, whole)
    rows.insert_all([version])
    rows.insert_all([_sighting(source, document, found.entry, whole.fetched_at)])
    people.link([(document, whole.entry.speakers)])
    return document, version


def _note(source: Source, found: Found, whole: Whole) -> Kept:
    """What an entry adds to a document that we have."""
    assert found.known is not None
    document = Document.objects.select_for_update().get(pk=found.known.id)
    entry, language = found.entry, primary(whole.entry.language)
    kept = Kept(document, found.verdict, language, source, again=bool(found.known.shown))
    told: dict[str, object] = {"source": source.name, "url": entry.url}
    if found.verdict is Verdict.RESURFACED:
        when = entry.published_at.isoformat() if entry.published_at else ""
        audit.record(audit.SERVICE, "document", document.pk, "resurface", data={**told, "dated": when})
        return kept
    if found.verdict is Verdict.CHANGED:
        Sighting.objects.filter(document=document, source=source, language=_shown_in(found)).update(
            hash=words_of(entry), url=_column(entry.url)
        )
        return _note_change(kept, whole)
    Sighting.objects.bulk_create([_sighting(source, document, entry, whole.fetched_at)], ignore_conflicts=True)
    if found.verdict is Verdict.LANGUAGE:
        version = _version(document, document.versions.count() + 1, whole)
        version.save(force_insert=True)
        told |= {"language": language, **_sealed(version)}
        audit.record(audit.SERVICE, "document", document.pk, "translate", data=told)
        return replace(kept, after=version)
    verb = "duplicate" if found.verdict is Verdict.TWIN else "sight"
    audit.record(audit.SERVICE, "document", document.pk, verb, data=told)
    return kept


def _note_change(kept: Kept, whole: Whole) -> Kept:
    """A source shows other words than before: a new version, unless the whole document reads as it did."""
    document = kept.document
    before = document.current_in(kept.language) or document.current
    if whole.missed and before.entry.get("recipe"):
        # Part of a text against a whole one tells nothing: its page is read again soon.
        Document.objects.filter(pk=document.pk).update(recheck_at=whole.fetched_at + RETRY_PAGE)
        return kept
    if not _differs(entry_from_json(before.entry), whole.entry):
        return kept
    after = _version(document, document.versions.count() + 1, whole)
    after.save(force_insert=True)
    changes: dict[str, object] = {"changed_at": whole.fetched_at}
    if primary(before.language) == primary(document.language):
        changes |= _columns(whole.entry)
    Document.objects.filter(pk=document.pk).update(**changes)
    document.refresh_from_db()
    people.link([(document, whole.entry.speakers)])
    told = {"version": after.number, "hash": after.hash, **_sealed(after)}
    audit.record(audit.SERVICE, "document", document.pk, "change", data=told)
    return replace(kept, before=before, after=after)


def _differs(before: Entry, after: Entry) -> bool:
    """Whether a reader or a schedule would notice."""
    times = [(entry.starts_at, entry.ends_at, entry.embargo_until, entry.withdrawn) for entry in (before, after)]
    return is_change(before, after) or times[0] != times[1]


def _shown_in(found: Found) -> str:
    """The language under which the source's sighting stands."""
    assert found.known is not None
    language = primary(found.entry.language)
    if language in found.known.shown:
        return language
    return next(each for each, (_, url) in found.known.shown.items() if url == found.entry.url)


def _row(source: Source, whole: Whole, *, baseline: bool) -> Document:
    return Document(
        **_columns(whole.entry),
        first_seen_at=whole.fetched_at,
        baseline=baseline,
        source=source,
        sample=source.sample,
    )


def _columns(entry: Entry) -> dict[str, object]:
    return {
        "kind": entry.kind,
        "title": entry.title,
        "plain_title": comparable_title(entry.title),
        "lead": entry.lead,
        "url": _column(entry.url),
        "reference": entry.reference,
        "language": entry.language,
        "published_at": entry.published_at,
        "precision": entry.precision,
        "embargo_until": entry.embargo_until,
    }


def _version(document: Document, number: int, whole: Whole) -> Version:
    entry = entry_to_json(whole.entry)
    return Version(
        document=document,
        number=number,
        language=whole.entry.language,
        hash=entry["hash"],
        entry=entry,
        fetched_at=whole.fetched_at,
        fetched_from=whole.fetched_from[:LONGEST],
    )


def _sealed(*versions: Version) -> dict[str, seals.Seals]:
    made = seals.of_versions(versions)
    return {seals.KEY: made} if made else {}


def _sighting(source: Source, document: Document, entry: Entry, now: datetime) -> Sighting:
    return Sighting(
        document=document,
        source=source,
        language=primary(entry.language),
        url=_column(entry.url),
        hash=words_of(entry),
        first_seen_at=now,
    )


def _column(url: str) -> str:
    return url if len(url) <= LONGEST else ""  # the version keeps all of it


def _remember(keys: Sequence[str], document_id: int) -> int:
    return _name([(key, document_id) for key in keys])


def _name(names: Sequence[tuple[str, int]], *, strictly: bool = False) -> int:
    """Documents are known by these keys from now on, save by those that name another one already: with `strictly` they
    raise IntegrityError. Gives the number of keys that were new.
    """
    now = timezone.now()
    values = [(key, document_id, now) for key, document_id in names]
    return rows.insert_values(Identity, ("key", "document_id", "seen_at"), values, ignore_conflicts=not strictly)


def _are_anothers(keys: Sequence[str], document: Document) -> bool:
    """Whether another document has one of these keys."""
    return bool(keys) and Identity.objects.filter(key__in=keys).exclude(document=document).exists()
