"""Rules: which documents go to which channels, and whether a person looks first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from publisher.enums import DocumentKind, RuleMode, SourceKind
from publisher.errors import InvalidInput
from publisher.models import Channel, Document, Rule, Source, User
from publisher.newsroom import access, audit


@dataclass(frozen=True, slots=True)
class Plan:
    """A rule as data: what `match` needs of it."""

    rule: Rule
    kinds: frozenset[str]
    sources: frozenset[int]
    channels: frozenset[int]


def plans() -> list[Plan]:
    """Every active rule in its order; three queries however many there are."""
    rules = Rule.objects.filter(active=True).prefetch_related("sources", "channels")
    return [
        Plan(
            rule,
            frozenset(rule.kinds),
            frozenset(source.pk for source in rule.sources.all()),
            frozenset(channel.pk for channel in rule.channels.all()),
        )
        for rule in rules
    ]


def match(document: Document, plans: Sequence[Plan], channels: Iterable[Channel]) -> list[tuple[Channel, Rule]]:
    """Where the document goes: for each channel the first rule that fits, and only in the channel's language."""
    chosen = []
    for channel in channels:
        if document.sample and not channel.sample:
            continue  # a sample text never reaches a real account
        if not _same_language(channel.language, document.language):
            continue
        for plan in plans:
            if _fits(plan, document, channel):
                chosen.append((channel, plan.rule))
                break
    return chosen


def _fits(plan: Plan, document: Document, channel: Channel) -> bool:
    return (
        (not plan.kinds or document.kind in plan.kinds)
        and (document.source_id in plan.sources or (not plan.sources and not _is_of_calendar(document)))
        and (not plan.channels or channel.pk in plan.channels)
    )


def _is_of_calendar(document: Document) -> bool:
    """Events to come are no news: only a rule that names their calendar takes them."""
    return document.source is not None and document.source.kind == SourceKind.CALENDAR


def _same_language(channel: str, document: str) -> bool:
    one, other = (language.lower().partition("-")[0] for language in (channel, document))
    return not one or not other or one == other


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
        rule = Rule.objects.create(**_fields(name, mode, kinds, template, position))
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
        Rule.objects.filter(pk=rule_id).update(**_fields(name, mode, kinds, template, position))
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
    found = []
    documents = Document.objects.filter(first_seen_at__gte=since).select_related("source")
    for document in documents.order_by("-first_seen_at", "-id")[:limit]:
        taken = [channel for channel, _ in match(document, [plan], channels)]
        if taken:
            found.append((document, taken))
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


def _told(rule: Rule, source_ids: Sequence[int], channel_ids: Sequence[int]) -> dict[str, Any]:
    return {
        "name": rule.name,
        "mode": rule.mode,
        "kinds": rule.kinds,
        "sources": list(source_ids),
        "channels": list(channel_ids),
        "position": rule.position,
    }
