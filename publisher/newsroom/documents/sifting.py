"""Sifting: what is new in the answer of a source. Rows are read here and nothing is written."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from enum import StrEnum
from typing import TypeVar

from publisher.models import Document, Event, Identity, Sighting, Source, Version
from publisher.newsroom import rows
from publisher.newsroom.documents.identity import Names, names_of, plain_title, primary, shared_urls, site_of
from publisher.types import Entry

Item = TypeVar("Item")

REDATED = timedelta(days=1)
"""A known text with a date this much later has been put on top again: that is no news."""
TOLD_FOR = timedelta(days=7)
"""A feed that dates everything anew at each look is told of once in this time for each document."""
ALIKE = 0.5
"""Two titles this much alike (difflib's ratio) may be one that was edited."""
TWINS_WITHIN = timedelta(days=7)
"""Two addresses with the very same words are one text where their dates lie this near, or are not given."""
_AT_ONCE = 900
"""Keys in one query."""


class Verdict(StrEnum):
    """What an entry is to us."""

    NEW = "new"
    LANGUAGE = "language"
    """A document that we have, in another language."""
    TWIN = "twin"
    """The very words of a document that we have, under another guid and address: flagged, not posted again."""
    SIGHTED = "sighted"
    """A document that we have from another source."""
    CHANGED = "changed"
    RESURFACED = "resurfaced"
    """A document that we have, with a later date and nothing else."""
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Known:
    """A document that some key of a batch already names."""

    id: int
    languages: frozenset[str] = frozenset()
    """Primary tags of its versions."""
    shown: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """How the asking source shows it: words and address by language. Only its own earlier words tell of a change."""
    published_at: datetime | None = None
    title: str = ""

    def speaks(self, language: str) -> bool:
        """Whether there is something in `language` already; what names no language may be in any."""
        return not language or language in self.languages or "" in self.languages


@dataclass(frozen=True, slots=True)
class Found:
    """One entry as its source shows it, and what it is to us."""

    entry: Entry
    names: Names
    verdict: Verdict
    known: Known | None = None


def judge(entry: Entry, names: Names, known: Mapping[str, Known]) -> tuple[Verdict, Known | None]:
    """What `entry` is to us, given the documents for which its names are `known`. Pure."""
    language = primary(entry.language)
    match = next((known[key] for key in names.own if key in known), None)
    if match is None:
        spoken = (known[key] for key in names.weak if key in known)
        if other := next((each for each in spoken if not each.speaks(language)), None):
            return Verdict.LANGUAGE, other
        twin = next((known[key] for key in names.texts if key in known), None)
        return (Verdict.TWIN, twin) if twin and _near(entry.published_at, twin.published_at) else (Verdict.NEW, None)
    before = match.shown.get(language)
    if before is None:
        # The same address under another label is no translation.
        before = next((each for each in match.shown.values() if each[1] and each[1] == entry.url), None)
    if before is None:
        return (Verdict.SIGHTED if match.speaks(language) else Verdict.LANGUAGE), match
    if before[0] != words_of(entry):
        return Verdict.CHANGED, match
    later = entry.published_at and match.published_at and entry.published_at - match.published_at >= REDATED
    return (Verdict.RESURFACED if later else Verdict.KNOWN), match


def words_of(entry: Entry) -> str:
    """A hash of what a reader sees, without the address: a new address alone is no change."""
    return entry.words


def oldest_first(entries: Sequence[Entry], now: datetime) -> list[Entry]:
    """By date; entries without one, or with one in the future, in the order of the feed (newest first there)."""
    latest = now + timedelta(days=1)

    def when(entry: Entry) -> datetime:
        return entry.published_at if entry.published_at and entry.published_at <= latest else latest

    return sorted(reversed(entries), key=when)  # noqa: C414  # sorting is stable: equals keep this order


def sift(source: Source, entries: Sequence[Entry], now: datetime) -> list[Found]:
    """What each entry of one answer is to us, oldest first."""
    entries = [_tidy(entry, source) for entry in entries]
    shared = shared_urls(entries)
    site = site_of(source.url)
    named: list[tuple[Entry, Names]] = []
    in_batch: set[tuple[str, str]] = set()
    for entry in oldest_first(entries, now):
        names = names_of(entry, source.pk, site=site, url_is_shared=entry.url in shared)
        here = {(key, primary(entry.language)) for key in names.own}
        if not names.own or here & in_batch:
            continue  # the same document in the same language twice in one answer
        in_batch |= here
        named.append((entry, names))
    known = known_by([key for _, names in named for key in names.all], source)
    named = [
        (entry, names.without_address() if _shares_address(entry, names, known) else names) for entry, names in named
    ]
    return _untold([Found(entry, names, *judge(entry, names, known)) for entry, names in named], now)


def known_by(keys: Sequence[str], source: Source) -> dict[str, Known]:
    """The documents that these keys name, as `source` knows them."""
    named: list[tuple[str, int]] = []
    for some in _portions(list(dict.fromkeys(keys))):
        named += rows.find(Identity, ("key", "document_id"), "key", some)
    ids = list({document_id for _, document_id in named})
    languages: dict[int, set[str]] = {}
    shown: dict[int, dict[str, tuple[str, str]]] = {}
    heads: dict[int, tuple[datetime | None, str]] = {}
    for few in _portions(ids):
        rows_of = Document.objects.filter(pk__in=few).values_list("pk", "published_at", "title")
        heads.update({document_id: (when, title) for document_id, when, title in rows_of})
        spoken = Version.objects.filter(document_id__in=few).order_by()
        for document_id, language in spoken.values_list("document_id", "language").distinct():
            languages.setdefault(document_id, set()).add(primary(language))
        seen = Sighting.objects.filter(document_id__in=few, source_id=source.pk).order_by()
        for document_id, language, words, url in seen.values_list("document_id", "language", "hash", "url"):
            shown.setdefault(document_id, {})[primary(language)] = (words, url)
    made = {
        each: Known(each, frozenset(languages.get(each, ())), shown.get(each, {}), *heads.get(each, (None, "")))
        for each in ids
    }
    return {key: made[document_id] for key, document_id in named}


def _portions(items: list[Item]) -> list[list[Item]]:
    return [items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE)]


def _tidy(entry: Entry, source: Source) -> Entry:
    if "\0" not in entry.guid and entry.source and (entry.language or not source.language):
        return entry
    return replace(
        entry,
        guid=entry.guid.replace("\0", ""),  # PostgreSQL takes no NUL
        language=entry.language or source.language,
        source=entry.source or source.url,
    )


def _untold(found: list[Found], now: datetime) -> list[Found]:
    """Without the re-dated documents that were told of lately."""
    again = [each.known.id for each in found if each.verdict is Verdict.RESURFACED and each.known]
    if not again:
        return found
    since = now - TOLD_FOR
    told = Event.objects.filter(subject="document", subject_id__in=again, verb="resurface", at__gte=since)
    lately = set(told.values_list("subject_id", flat=True))
    return [
        replace(each, verdict=Verdict.KNOWN)
        if each.verdict is Verdict.RESURFACED and each.known and each.known.id in lately
        else each
        for each in found
    ]


def _shares_address(entry: Entry, names: Names, known: Mapping[str, Known]) -> bool:
    """Whether an entry has only its address in common with a document of this source, which is about something else:
    some feeds link all they have to one page of news.

    A guid that changed under one address is another matter: then the titles are alike, and not in all but a number.
    """
    named = next((key for key in names.own if key in known), "")
    if not named.startswith("url:") or len(names.own) == 1 or not known[named].shown:
        return False
    titles = [plain_title(title) for title in (entry.title, known[named].title)]
    if titles[0] == titles[1]:
        return False
    numbered = [re.sub(r"\d+", "#", title) for title in titles]
    return numbered[0] == numbered[1] or SequenceMatcher(a=titles[0], b=titles[1]).ratio() < ALIKE


def _near(one: datetime | None, other: datetime | None) -> bool:
    return one is None or other is None or abs(one - other) <= TWINS_WITHIN
