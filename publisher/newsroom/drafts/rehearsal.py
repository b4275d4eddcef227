"""A rule rehearsed on the past: what it would have done with the documents of the last days. Nothing is stored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from publisher import messages
from publisher.enums import PostState, RuleMode
from publisher.errors import PublisherError
from publisher.models import Channel, Document, Post, Revision, Rule, Version
from publisher.newsroom import channels
from publisher.newsroom.documents.identity import primary
from publisher.newsroom.drafts import guards, matching, previews, videos
from publisher.newsroom.drafts.matching import Plan
from publisher.newsroom.drafts.pictures import as_if_drawn
from publisher.newsroom.drafts.writing import Tables, write
from publisher.newsroom.pages import Page, paged
from publisher.newsroom.sending.when import Rhythm
from publisher.types import Entry, entry_from_json, to_json

SIZE = 20
"""Documents on a page."""
BEFORE = 3 * guards.HOUR
"""What came in this time before a page is played through too, where a rule may send only so many an hour …"""
MOST_BEFORE = 200
"""… but no more documents than this."""

LONGEST = timedelta(days=14)
"""Further after its document no post goes out by itself: a week's cool-off, and the best hours of another one."""
OTHER = "other rule"
"""The outcome where another rule, which comes first, takes the document to the channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """What becomes of one document on one channel."""

    document: Document
    channel: Channel
    outcome: str
    """A RuleMode in the end, or OTHER."""
    reason: str = ""
    """Why a person would look first, or nothing would be drafted, in words."""
    text: str = ""
    """What the post would say; the parts of a thread with a blank line between them."""
    due: datetime | None = None
    """When it would have gone out by itself."""


@dataclass(frozen=True, slots=True)
class _Stage:
    """What is the same for all pages."""

    rule: Rule
    plans: Sequence[Plan]
    own: Plan
    channels: Sequence[Channel]
    since: datetime


def page(rule: Rule, days: int = 30, number: int = 1, size: int = SIZE) -> Page[Rehearsed]:
    """One page of documents, newest first, with a fixed number of queries; documents that the rule has no part in are
    left out, so that a page may be short or empty though there are others."""
    stage = _set(rule, days)
    listed = paged(_documents(stage), number, size)
    return Page(_rehearse(stage, listed.items), listed.number, listed.has_next)


def all_of(rule: Rule, days: int = 30) -> Iterator[Rehearsed]:
    """The same without end, page by page."""
    number, found = 1, page(rule, days, 1, 100)
    yield from found.items
    while found.has_next:
        number += 1
        found = page(rule, days, number, 100)
        yield from found.items


def _set(rule: Rule, days: int) -> _Stage:
    """The rule among those in force, in its place, whether it is in force itself or not."""
    others = list(Rule.objects.filter(active=True).exclude(pk=rule.pk))
    plans = matching.plans_of([*others, rule])
    own = next(plan for plan in plans if plan.rule.pk == rule.pk)
    channels = list(Channel.objects.filter(active=True))
    return _Stage(rule, plans, own, channels, timezone.now() - timedelta(days=days))


def _documents(stage: _Stage) -> "QuerySet[Document]":
    rows = Document.objects.filter(first_seen_at__gte=stage.since).select_related("source")
    return rows.order_by("-first_seen_at", "-id")


def _rehearse(stage: _Stage, documents: Sequence[Document]) -> list[Rehearsed]:
    if not documents:
        return []
    looked_at = [*documents, *_before(stage, documents[-1])]
    since, until = looked_at[-1].first_seen_at, looked_at[0].first_seen_at + LONGEST
    around = guards.around(looked_at, since, until, as_then=True)
    entries, tables = _entries(looked_at, stage.channels), Tables()
    sent: list[datetime] = []
    found: dict[int, list[Rehearsed]] = {}
    for subject in reversed(matching.subjects(looked_at)):  # oldest first, as they came
        document = subject.document
        found[document.pk] = []
        for channel in stage.channels:
            at = document.first_seen_at
            if not (matching.is_for(subject, channel) and matching.fits(stage.own, subject, channel, at)):
                continue
            first = matching.match(subject, stage.plans, [channel], at)[0][1]
            if first.pk == stage.rule.pk:
                entry = entries[document.pk].get(primary(channel.language)) or entries[document.pk][""]
                found[document.pk].append(_on(stage.rule, document, channel, entry, around, sent, tables))
            else:
                reason = messages.sentence("rule.other_first", name=first.name)
                found[document.pk].append(Rehearsed(document=document, channel=channel, outcome=OTHER, reason=reason))
    return [each for document in documents for each in found[document.pk]]


def _on(
    rule: Rule,
    document: Document,
    channel: Channel,
    entry: Entry,
    around: guards.Around,
    sent: list[datetime],
    tables: Tables,
) -> Rehearsed:
    """What the rule does there; what it sends by itself is added to `sent`."""
    if rule.mode == RuleMode.IGNORE:
        return Rehearsed(document=document, channel=channel, outcome=RuleMode.IGNORE)
    if videos.is_missing(entry, channels.limits(channel)):
        reason = messages.sentence("rule.no_video", name=rule.name, channels=channel.name)
        return Rehearsed(document=document, channel=channel, outcome=RuleMode.IGNORE, reason=reason)
    at, reason = document.first_seen_at, ""
    due = _due(rule, channel, at)
    try:
        draft = as_if_drawn(write(entry, channel, rule, tables, short=False), entry, channels.limits(channel))
        revision = Revision(parts=to_json(draft.parts), language=draft.language, issues=to_json(draft.issues))
        post = Post(document=document, channel=channel, rule=rule, revision=revision, state=PostState.REVIEW)
        text = "\n\n".join(part.text for part in draft.parts)
        if rule.mode == RuleMode.AUTOMATIC:
            reason = guards.why_look(post, entry, previews.check(post, entry), around, at, due)
    except PublisherError as error:
        text, reason = "", error.sentence
    if rule.mode == RuleMode.AUTOMATIC and not reason:
        reason = _of_channel(document, channel) or guards.why_over_cap(rule, due, sent)
        if not reason:
            sent.append(due)
            return Rehearsed(document=document, channel=channel, outcome=RuleMode.AUTOMATIC, text=text, due=due)
    return Rehearsed(document=document, channel=channel, outcome=RuleMode.REVIEW, reason=reason, text=text)


def _of_channel(document: Document, channel: Channel) -> str:
    """Why one rule's word is not enough there. That a second person agrees to it is taken for granted: the page says
    once whether that is still to come."""
    return messages.sentence("approval.rule_and_person") if channel.approvals_for(document.kind) > 1 else ""


def _due(rule: Rule, channel: Channel, at: datetime) -> datetime:
    """When it would have sent what came at `at`: in a best hour whether another post has it or not."""
    after = at + timedelta(minutes=rule.cool_off)
    return next(Rhythm.of(channel).best(after), after) if rule.use_slots else after


def _before(stage: _Stage, oldest: Document) -> list[Document]:
    """What came before the page and counts for how much the rule may send within an hour."""
    if not stage.rule.per_hour:
        return []
    came = (oldest.first_seen_at - BEFORE, oldest.first_seen_at)
    rows = _documents(stage).filter(first_seen_at__range=came)
    before = rows.exclude(first_seen_at=oldest.first_seen_at, pk__gte=oldest.pk)
    return list(before[:MOST_BEFORE])


def _entries(documents: Sequence[Document], channels: Sequence[Channel]) -> Mapping[int, Mapping[str, Entry]]:
    """The newest words of each document in each language of a channel, and under "" in its own. Two queries."""
    spoken = {primary(channel.language) for channel in channels}
    chosen: dict[tuple[int, str], int] = {}
    own = {document.pk: primary(document.language) for document in documents}
    rows = Version.objects.filter(document__in=own).order_by("document", "number")
    for document_id, language, version_id in rows.values_list("document_id", "language", "pk"):
        tag = primary(language)
        if tag in spoken:
            chosen[document_id, tag] = version_id
        if tag == own[document_id] or (document_id, "") not in chosen:
            chosen[document_id, ""] = version_id
    read = dict(Version.objects.filter(pk__in=set(chosen.values())).values_list("pk", "entry"))
    found: dict[int, dict[str, Entry]] = {}
    for (document_id, tag), version_id in chosen.items():
        found.setdefault(document_id, {})[tag] = entry_from_json(read[version_id])
    return found
