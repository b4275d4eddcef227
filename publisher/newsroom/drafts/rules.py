"""Rules: which documents go to which channels, and whether a person looks first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from publisher import messages
from publisher.enums import DocumentKind, RuleMode, SourceKind
from publisher.errors import InvalidInput
from publisher.models import Channel, Document, Rule, Sighting, Source, User, Version
from publisher.newsroom import access
from publisher.newsroom.documents.identity import plain_title, primary
from publisher.newsroom.record import audit
from publisher.types import Entry

OLD = timedelta(days=7)
"""What was published longer ago than this when we first saw it is no news that could go out by itself."""
FAR_AHEAD = timedelta(days=366)
"""A date further ahead is a mistake."""
SAME_NEWS = timedelta(days=2)
"""Within this time, the same title is most likely the same news."""
NO_DATE = 9999
"""The year of an embargo of which the institution does not say how long it lasts."""
_TELLING = 5
"""Words in a title from which on it is not shared by chance (`Daily News`)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A rule as data: what `match` needs of it."""

    rule: Rule
    kinds: frozenset[str]
    sources: frozenset[int]
    channels: frozenset[int]


def plans() -> list[Plan]:
    """Every active rule in its order; three queries however many there are."""
    rules = list(Rule.objects.filter(active=True))
    sources: dict[int, set[int]] = {}
    channels: dict[int, set[int]] = {}
    if rules:
        for rule_id, source_id in Rule.sources.through.objects.values_list("rule_id", "source_id"):
            sources.setdefault(rule_id, set()).add(source_id)
        for rule_id, channel_id in Rule.channels.through.objects.values_list("rule_id", "channel_id"):
            channels.setdefault(rule_id, set()).add(channel_id)
    return [
        Plan(rule, frozenset(rule.kinds), frozenset(sources.get(rule.pk, ())), frozenset(channels.get(rule.pk, ())))
        for rule in rules
    ]


@dataclass(frozen=True, slots=True)
class Subject:
    """A document as rules look at it."""

    document: Document
    sources: frozenset[int]
    """All that showed it."""
    languages: frozenset[str]
    """Primary tags of its versions; a blank one may be any language."""
    is_appointment: bool = False
    """An event to come is no news: only a rule that names its calendar takes it."""


def subjects(documents: Sequence[Document]) -> list[Subject]:
    """Three queries however many there are."""
    ids = [document.pk for document in documents]
    sources: dict[int, set[int]] = {}
    languages: dict[int, set[str]] = {}
    for document_id, source_id in Sighting.objects.filter(document_id__in=ids).values_list("document_id", "source_id"):
        sources.setdefault(document_id, set()).add(source_id)
    spoken = Version.objects.filter(document_id__in=ids).order_by().values_list("document_id", "language")
    for document_id, language in spoken.distinct():
        languages.setdefault(document_id, set()).add(primary(language))
    calendars = set(Source.objects.filter(kind=SourceKind.CALENDAR).values_list("pk", flat=True))
    return [
        Subject(
            document,
            frozenset(sources.get(document.pk, set()) | ({document.source_id} if document.source_id else set())),
            frozenset(languages.get(document.pk, {primary(document.language)})),
            document.source_id in calendars,
        )
        for document in documents
    ]


def match(subject: Subject, plans: Sequence[Plan], channels: Iterable[Channel]) -> list[tuple[Channel, Rule]]:
    """Where the document goes: for each channel the first rule that fits, and only in the channel's language. Pure."""
    chosen = []
    for channel in channels:
        if subject.document.sample and not channel.sample:
            continue  # a sample text never reaches a real account
        if not _speaks(subject, channel):
            continue
        for plan in plans:
            if _fits(plan, subject, channel):
                chosen.append((channel, plan.rule))
                break
    return chosen


def _fits(plan: Plan, subject: Subject, channel: Channel) -> bool:
    named = not plan.sources.isdisjoint(subject.sources)
    return (
        (not plan.kinds or subject.document.kind in plan.kinds)
        and (named or not (plan.sources or subject.is_appointment))
        and (not plan.channels or channel.pk in plan.channels)
    )


def _speaks(subject: Subject, channel: Channel) -> bool:
    language = primary(channel.language)
    return not language or language in subject.languages or "" in subject.languages


def why_not_automatic(document: Document, entry: Entry) -> str:
    """The sentence for what forbids to send this without a person's look; blank when nothing does."""
    seen = document.first_seen_at
    published = document.published_at
    if entry.withdrawn or document.vanished_at is not None:
        return messages.sentence("rule.withdrawn")
    if entry.machine_translated:
        return messages.sentence("rule.machine_translated")
    if document.embargo is not None and document.embargo.year >= NO_DATE:
        return messages.sentence("rule.embargo_without_date")
    # The sample newsroom shows texts of another day, as if they had just come.
    if published is not None and not document.sample and seen - published > OLD:
        return messages.sentence("rule.old", date=published.date().isoformat())
    if published is not None and published - seen > FAR_AHEAD:
        return messages.sentence("rule.odd_date", date=published.date().isoformat())
    twin = _same_title(document)
    return messages.sentence("rule.same_title", source=twin.source.name if twin.source else "–") if twin else ""


def _same_title(document: Document) -> Document | None:
    """Another document with this title that came lately: most likely the same news in other words, or moved."""
    title = plain_title(document.title)
    if len(title.split()) < _TELLING:
        return None
    near = Document.objects.filter(
        first_seen_at__range=(document.first_seen_at - SAME_NEWS, document.first_seen_at + SAME_NEWS),
        sample=document.sample,
    )
    others = near.exclude(pk=document.pk)
    found = next(
        (pk for pk, other in others.values_list("pk", "title") if plain_title(other) == title),
        None,
    )
    return Document.objects.select_related("source").get(pk=found) if found is not None else None


def add(
    user: User,
    *,
    name: str,
    mode: str = RuleMode.REVIEW,
    kinds: Sequence[str] = (),
    source_ids: Sequence[int] = (),
    channel_ids: Sequence[int] = (),
    template: str = "",
    position: int = 100,
) -> Rule:
    access.require(user, "manage")
    _require_known(source_ids, channel_ids)
    with transaction.atomic():
        rule = Rule.objects.create(**_fields(name, mode, kinds, template, position), owner=_owner(user))
        rule.sources.set(source_ids)
        rule.channels.set(channel_ids)
        audit.record(user.email, "rule", rule.pk, "add", data=_told(rule, source_ids, channel_ids))
    return rule


def get(rule_id: int) -> Rule:
    """Raises InvalidInput when there is none."""
    rule = Rule.objects.filter(pk=rule_id).first()
    if rule is None:
        raise InvalidInput("rule.unknown", id=rule_id)
    return rule


def update(
    rule_id: int,
    user: User,
    *,
    name: str,
    mode: str,
    kinds: Sequence[str] = (),
    source_ids: Sequence[int] = (),
    channel_ids: Sequence[int] = (),
    template: str = "",
    position: int = 100,
) -> Rule:
    access.require(user, "manage")
    _require_known(source_ids, channel_ids)
    with transaction.atomic():
        Rule.objects.filter(pk=rule_id).update(**_fields(name, mode, kinds, template, position), owner=_owner(user))
        rule = get(rule_id)
        rule.sources.set(source_ids)
        rule.channels.set(channel_ids)
        audit.record(user.email, "rule", rule.pk, "change", data=_told(rule, source_ids, channel_ids))
    return rule


def remove(rule_id: int, user: User) -> None:
    access.require(user, "manage")
    with transaction.atomic():
        rule = get(rule_id)
        audit.record(user.email, "rule", rule_id, "remove", data={"name": rule.name})
        rule.delete()


def test(rule_id: int, days: int = 30, limit: int = 200) -> list[tuple[Document, list[Channel]]]:
    """What this rule alone would have taken of the last days' documents (the newest `limit`): nothing is drafted."""
    plan = next((plan for plan in plans() if plan.rule.pk == rule_id), None)
    if plan is None:
        get(rule_id)
        raise InvalidInput("rule.not_active")
    channels = list(Channel.objects.all())
    since = timezone.now() - timedelta(days=days)
    recent = list(Document.objects.filter(first_seen_at__gte=since).order_by("-first_seen_at", "-id")[:limit])
    found = []
    for subject in subjects(recent):
        taken = [channel for channel, _ in match(subject, [plan], channels)]
        if taken:
            found.append((subject.document, taken))
    return found


def _require_known(source_ids: Sequence[int], channel_ids: Sequence[int]) -> None:
    for source_id in set(source_ids) - set(Source.objects.in_bulk(source_ids)):
        raise InvalidInput("source.unknown", id=source_id)
    for channel_id in set(channel_ids) - set(Channel.objects.in_bulk(channel_ids)):
        raise InvalidInput("channel.unknown", id=channel_id)


def _fields(name: str, mode: str, kinds: Sequence[str], template: str, position: int) -> dict[str, Any]:
    if not name.strip():
        raise InvalidInput("rule.name_missing")
    unknown = [kind for kind in kinds if kind not in set(DocumentKind)]
    if unknown:
        raise InvalidInput("rule.unknown_kind", kind=unknown[0], known=", ".join(DocumentKind))
    if mode not in set(RuleMode):
        raise InvalidInput("rule.unknown_mode", mode=mode, known=", ".join(RuleMode))
    return {"name": name.strip()[:200], "mode": mode, "kinds": list(kinds), "template": template, "position": position}


def _owner(user: User) -> User | None:
    """Who must not approve what the rule drafts (`eyes`); nobody in particular on the command line without a name."""
    return user if user.pk else None


def _told(rule: Rule, source_ids: Sequence[int], channel_ids: Sequence[int]) -> dict[str, Any]:
    return {
        "name": rule.name,
        "mode": rule.mode,
        "kinds": rule.kinds,
        "sources": list(source_ids),
        "channels": list(channel_ids),
        "position": rule.position,
    }
