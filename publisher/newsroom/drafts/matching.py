"""Which rule takes a document to which channel. Reading the rows first, then pure."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time

from django.db.models.fields.json import KT
from django.utils import timezone

from publisher.enums import RuleMode, SourceKind
from publisher.models import Channel, Document, Rule, Sighting, Source, Version
from publisher.newsroom.documents import people
from publisher.newsroom.documents.identity import primary
from publisher.newsroom.documents.people import Key
from publisher.types import Entry


@dataclass(frozen=True, slots=True)
class Plan:
    """A rule as data: what `match` needs of it. Empty asks nothing."""

    rule: Rule
    sources: frozenset[int] = frozenset()
    channels: frozenset[int] = frozenset()
    people: tuple[Key, ...] = ()
    topics: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    not_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """A document as rules look at it."""

    document: Document
    sources: frozenset[int]
    """All that showed it."""
    languages: frozenset[str]
    """Primary tags of its versions; a blank one may be any language."""
    people: frozenset[Key] = frozenset()
    topics: frozenset[str] = frozenset()
    said: str = " "
    """The words of its titles and leads, in all its languages."""
    is_appointment: bool = False
    """An event to come is no news: only a rule that names its calendar takes it."""


def plans() -> list[Plan]:
    """Every active rule in its order; three queries however many there are."""
    return plans_of(Rule.objects.filter(active=True))


def plans_of(rules: Iterable[Rule]) -> list[Plan]:
    """These rules, in their order."""
    listed = sorted(rules, key=lambda rule: (rule.position, rule.pk))
    sources: dict[int, set[int]] = {}
    channels: dict[int, set[int]] = {}
    if listed:
        for rule_id, source_id in Rule.sources.through.objects.values_list("rule_id", "source_id"):
            sources.setdefault(rule_id, set()).add(source_id)
        for rule_id, channel_id in Rule.channels.through.objects.values_list("rule_id", "channel_id"):
            channels.setdefault(rule_id, set()).add(channel_id)
    return [
        Plan(
            rule,
            sources=frozenset(sources.get(rule.pk, ())),
            channels=frozenset(channels.get(rule.pk, ())),
            people=tuple(people.key(name) for name in rule.people),
            topics=frozenset(map(plain, rule.topics)),
            words=tuple(map(plain, rule.words)),
            not_words=tuple(map(plain, rule.not_words)),
        )
        for rule in listed
    ]


def subjects(documents: Sequence[Document]) -> list[Subject]:
    """Three queries however many there are."""
    ids = [document.pk for document in documents]
    sources: dict[int, set[int]] = {}
    for document_id, source_id in Sighting.objects.filter(document_id__in=ids).values_list("document_id", "source_id"):
        sources.setdefault(document_id, set()).add(source_id)
    told: dict[int, dict[str, _Told]] = {}
    kept = Version.objects.filter(document_id__in=ids).order_by("document_id", "number")
    kept = kept.annotate(title=KT("entry__title"), lead=KT("entry__lead"))
    names = ("document_id", "language", "title", "lead", "entry__speakers", "entry__topics")
    for document_id, language, title, lead, speakers, topics in kept.values_list(*names):
        newest = _Told(f"{title or ''} {lead or ''}", tuple(speakers or ()), tuple(topics or ()))
        told.setdefault(document_id, {})[primary(language)] = newest
    calendars = set(Source.objects.filter(kind=SourceKind.CALENDAR).values_list("pk", flat=True))
    return [
        _subject(
            document,
            sources.get(document.pk, set()) | ({document.source_id} if document.source_id else set()),
            told.get(document.pk, {primary(document.language): _Told(f"{document.title} {document.lead}")}),
            is_appointment=document.source_id in calendars,
        )
        for document in documents
    ]


def subject_to_be(document: Document, entry: Entry) -> Subject:
    """A document that is not stored yet."""
    told = _Told(f"{entry.title} {entry.lead}", entry.speakers, entry.topics)
    return _subject(document, {document.source_id} if document.source_id else set(), {primary(entry.language): told})


def match(
    subject: Subject, plans: Sequence[Plan], channels: Iterable[Channel], at: datetime | None = None
) -> list[tuple[Channel, Rule]]:
    """Where the document goes when it is drafted at `at`, else now: for each channel the first rule that fits, and only
    in the channel's language. A rule that ignores it is given too."""
    at = at or timezone.now()
    chosen = []
    for channel in channels:
        if not is_for(subject, channel):
            continue
        rule = next((plan.rule for plan in plans if fits(plan, subject, channel, at)), None)
        if rule is not None:
            chosen.append((channel, rule))
    return chosen


def missing_language(
    subject: Subject, plans: Sequence[Plan], channels: Iterable[Channel], at: datetime
) -> list[tuple[Channel, Rule]]:
    """The channels to which the document would go if it were there in their language, each with its rule."""
    chosen = []
    for channel in channels:
        language = primary(channel.language)
        there = replace(subject, languages=subject.languages | {language})
        if is_for(subject, channel) or not is_for(there, channel):
            continue
        rule = next((plan.rule for plan in plans if fits(plan, there, channel, at)), None)
        if rule is not None and rule.mode != RuleMode.IGNORE:
            chosen.append((channel, rule))
    return chosen


def is_taken(subject: Subject, plans: Sequence[Plan], channels: Iterable[Channel], at: datetime) -> bool:
    """Whether a post is drafted for one of these channels at least."""
    return any(rule.mode != RuleMode.IGNORE for _, rule in match(subject, plans, channels, at))


def is_for(subject: Subject, channel: Channel) -> bool:
    """Whether the channel may have it at all, whatever the rules say."""
    if subject.document.sample and not channel.sample:
        return False  # a sample text never reaches a real account
    language = primary(channel.language)
    return not language or language in subject.languages or "" in subject.languages


def fits(plan: Plan, subject: Subject, channel: Channel, at: datetime) -> bool:
    """Whether the rule takes the document to the channel, if no other one comes first."""
    rule = plan.rule
    named = not plan.sources.isdisjoint(subject.sources)
    languages = subject.languages
    return (
        (named or not (plan.sources or subject.is_appointment))
        and (not plan.channels or channel.pk in plan.channels)
        and (not rule.kinds or subject.document.kind in rule.kinds)
        and (not rule.languages or "" in languages or not languages.isdisjoint(rule.languages))
        and (not plan.people or any(people.bears(known, name) for name in plan.people for known in subject.people))
        and (not plan.topics or not plan.topics.isdisjoint(subject.topics))
        and (not plan.words or any(f" {word} " in subject.said for word in plan.words))
        and not any(f" {word} " in subject.said for word in plan.not_words)
        and is_open(rule.weekdays, rule.starts, rule.ends, at)
    )


def is_open(weekdays: Sequence[int], starts: time | None, ends: time | None, at: datetime) -> bool:
    """Whether a moment lies in the hours of a rule, on the newsroom's clock. What goes over midnight belongs to the day
    on which it began: Friday from 22:00 to 06:00 ends on Saturday morning."""
    local = timezone.localtime(at)
    moment, day = local.time(), local.weekday()
    begins, over = starts or time.min, ends or time.max
    if begins < over:
        inside = begins <= moment and (ends is None or moment < over)
    else:
        inside = moment >= begins or moment < over
        if moment < over:
            day = (day - 1) % 7
    return inside and (not weekdays or day in weekdays)


def plain(text: str) -> str:
    """A text as its words are compared: letters and digits only, without regard to case or to how they are encoded."""
    return " ".join(re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", text).casefold()).split())


@dataclass(frozen=True, slots=True)
class _Told:
    """What a document says of itself in one language."""

    text: str
    speakers: Sequence[str] = ()
    topics: Sequence[str] = ()


def _subject(document: Document, sources: set[int], told: dict[str, _Told], *, is_appointment: bool = False) -> Subject:
    return Subject(
        document,
        frozenset(sources),
        frozenset(told),
        people=frozenset(people.key(name) for each in told.values() for name in each.speakers),
        topics=frozenset(plain(name) for each in told.values() for name in each.topics),
        said=f" {' '.join(plain(each.text) for each in told.values())} ",
        is_appointment=is_appointment,
    )
