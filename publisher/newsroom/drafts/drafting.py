"""Drafting: a document becomes a post per channel, ready for review or, where a rule says so, approved by it."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from publisher import messages
from publisher.enums import LanguageOutcome, Origin, RuleMode, SourceKind
from publisher.errors import InvalidInput
from publisher.models import Channel, Document, Event, Post, Revision, Rule, User, Version
from publisher.newsroom import access, channels, engine, rows
from publisher.newsroom.approval import eyes, signing
from publisher.newsroom.approval.signing import revision_hash
from publisher.newsroom.documents.identity import primary
from publisher.newsroom.drafts import guards, languages, library, links, previews, videos
from publisher.newsroom.drafts.guards import OLD
from publisher.newsroom.drafts.matching import Plan, match, missing_language, plans, subjects
from publisher.newsroom.drafts.pictures import Pictures, with_pictures
from publisher.newsroom.drafts.writing import Tables, write
from publisher.newsroom.record import audit, seals
from publisher.newsroom.sending import when
from publisher.newsroom.workflow import move
from publisher.types import Draft, Entry, Part, entry_from_json, to_json

log = logging.getLogger(__name__)

FRESH = timedelta(days=2)
"""A remembered document published within this time is news when another source brings it."""


def draft(document_id: int, pictures: Pictures | None = None) -> list[Post]:
    """Apply the rules to a new document, once. Returns the posts made."""
    document = Document.objects.select_related("source").get(pk=document_id)
    if document.drafted_at is not None or document.baseline:
        return []
    return _draft(document, plans(), Channel.objects.filter(active=True), pictures)


def draft_new(document: Document, pictures: Pictures) -> list[Post]:
    """The same for a document that was stored in this transaction."""
    open_to = list(Channel.objects.filter(active=True))
    return _draft(document, plans() if open_to else (), open_to, pictures)


def draft_language(document_id: int, language: str, pictures: Pictures | None = None) -> list[Post]:
    """A document is there in another language now: drafts for the channels of that language, and no others."""
    document = Document.objects.select_related("source").get(pk=document_id)
    if document.drafted_at is None or document.baseline:
        return draft(document_id, pictures)
    spoken = [each for each in Channel.objects.filter(active=True) if primary(each.language) == language]
    return _draft(document, plans(), spoken, pictures)


def draft_for_source(document_id: int, source_id: int, pictures: Pictures | None = None) -> list[Post]:
    """Another source shows the document: what the rules that name this source want of it.

    A document that was only remembered, because it stood in a new source when that was first seen, is news when a
    source that we know brings it; a person looks at it first.
    """
    document = Document.objects.select_related("source").get(pk=document_id)
    now = timezone.now()
    if document.drafted_at is None and not document.baseline:
        return []  # it is being drafted, and this sighting counts there
    if document.baseline:
        is_event = document.source is not None and document.source.kind == SourceKind.CALENDAR
        fresh = document.published_at is not None and now - document.published_at < FRESH and not is_event
        if not fresh:
            return []
        remembered = messages.sentence("rule.remembered")
        return _draft(document, plans(), Channel.objects.filter(active=True), pictures, look=remembered)
    if now - document.first_seen_at > OLD:
        return []
    naming = [plan for plan in plans() if source_id in plan.sources]
    return _draft(document, naming, Channel.objects.filter(active=True), pictures) if naming else []


def draft_by_hand(document_id: int, user: User, *, why: str = "rule.by_hand", also_ignored: bool = True) -> list[Post]:
    """Drafts for review of a document that was only remembered, or whose rules have changed since.

    `why`: the sentence (its key) that posts show which a rule would have sent by itself. `also_ignored`: rules that
    would ignore the document are passed over, because somebody asks for this very document.
    """
    access.require(user, "write")
    document = Document.objects.select_related("source").filter(pk=document_id).first()
    if document is None:
        raise InvalidInput("document.unknown", id=document_id)
    asked = [plan for plan in plans() if not (also_ignored and plan.rule.mode == RuleMode.IGNORE)]
    look = messages.sentence(why)
    return _draft(document, asked, Channel.objects.filter(active=True), look=look, bare=also_ignored)


def draft_in_language(document_id: int, channel_id: int, user: User, language: str = "") -> Post:
    """A draft for review in a language that the document has (its main one by default), for a channel that waited for
    another. Raises InvalidInput, StaleState where it does not wait (any more)."""
    document = Document.objects.select_related("source").filter(pk=document_id).first()
    channel = Channel.objects.filter(pk=channel_id).first()
    if document is None or channel is None:
        raise InvalidInput("document.unknown", id=document_id)
    access.require(user, "write", channel)
    version = document.current_in(language or document.language)
    if version is None:
        raise InvalidInput("language.none", language=language)
    (subject,) = subjects([document])
    fitting = missing_language(subject, plans(), [channel], timezone.now()) or match(subject, plans(), [channel])
    if not fitting or fitting[0][1].mode == RuleMode.IGNORE:
        raise InvalidInput("document.nothing_to_draft")
    rule, entry = fitting[0][1], entry_from_json(version.entry)
    links.shorten_all(entry, [channel])
    made = with_pictures(write(entry, channel, rule), entry, channels.limits(channel), Pictures())
    with transaction.atomic():
        languages.taken(document_id, channel_id, user, LanguageOutcome.USED)
        data = {"channel": channel.name, "language": version.language}
        audit.record(user.email, "document", document_id, "use language", data=data)
        return _store(document, channel, rule, made, version)


def _draft(
    document: Document,
    plans: Sequence[Plan],
    open_to: Iterable[Channel],
    pictures: Pictures | None = None,
    *,
    look: str = "",
    bare: bool = False,
) -> list[Post]:
    """`look`: why a person looks at all of them first, as a sentence. `bare`: also where only videos go, of a document
    without one: somebody will add it."""
    pictures = pictures or Pictures()
    posts, failed, unseen = [], [], []
    words: dict[str, tuple[Version, Entry]] = {}
    tables = Tables()
    open_to = list(open_to)
    first = document.drafted_at is None
    goes_to = _goes_to(document, plans, open_to)
    for channel, rule in goes_to:
        if rule.mode == RuleMode.IGNORE:
            continue
        try:
            if channel.language not in words:
                words[channel.language] = _words_for(document, channel)
            version, entry = words[channel.language]
            if videos.is_missing(entry, channels.limits(channel)) and not bare:
                unseen.append((channel, rule))
                continue
            if pictures.fetch:
                links.shorten_all(entry, [channel])
            made = write(entry, channel, rule, tables)
            made = with_pictures(made, entry, channels.limits(channel), pictures)
            with transaction.atomic():
                post = _store(document, channel, rule, made, version)
                if rule.mode == RuleMode.AUTOMATIC:
                    _approve_by_rule(post, rule, entry, look)
                posts.append(post)
        except Exception:
            if document.posts.filter(origin=Origin.RULE, channel=channel).exists():
                continue  # another worker drafted it meanwhile, and the database let only one post be
            # One channel's trouble must not cost the document its other posts; the queue shows the sentence.
            log.exception("document %s could not be drafted for channel %s", document.pk, channel.pk)
            failed.append(channel.name)
    problem = messages.sentence("document.not_drafted", channels=", ".join(failed)) if failed else ""
    with transaction.atomic():
        ignored = [(channel, rule) for channel, rule in goes_to if rule.mode == RuleMode.IGNORE]
        _tell(document, "rule.ignores", ignored)
        _tell(document, "rule.no_video", unseen)
        if first:
            languages.note(document, plans, open_to)
        else:
            languages.came(document, posts)
        done = {"drafted_at": timezone.now(), "baseline": False, "problem": problem}
        rows.update(Document, [(document.pk, done)])
    return posts


def _tell(document: Document, why: str, ignored: Sequence[tuple[Channel, Rule]]) -> None:
    """The document's history says by which rule nothing is drafted, and for which channels; once.

    `why`: the sentence (its key)."""
    by_rule: dict[Rule, list[str]] = {}
    for channel, rule in ignored:
        by_rule.setdefault(rule, []).append(channel.name)
    for rule, names in by_rule.items():
        reason = messages.sentence(why, name=rule.name, channels=", ".join(names))
        data = {"rule": rule.pk, "channels": names}
        if not Event.objects.filter(subject="document", subject_id=document.pk, verb="ignore", data=data).exists():
            audit.record(f"rule: {rule.name}", "document", document.pk, "ignore", reason=reason, data=data)


def _goes_to(document: Document, plans: Sequence[Plan], open_to: Sequence[Channel]) -> list[tuple[Channel, Rule]]:
    """The channels for which there is no draft by a rule yet, and the rule for each."""
    if not open_to or not plans:
        return []
    (subject,) = subjects([document])
    there = set(document.posts.filter(origin=Origin.RULE).values_list("channel_id", flat=True))
    return match(subject, plans, [channel for channel in open_to if channel.pk not in there])


def _words_for(document: Document, channel: Channel) -> tuple[Version, Entry]:
    """The document in the channel's language, else in its main one."""
    version = document.current_in(channel.language) or document.current
    return version, entry_from_json(version.entry)


def _store(document: Document, channel: Channel, rule: Rule, made: Draft, version: Version) -> Post:
    post = Post.objects.create(document=document, channel=channel, rule=rule, origin=Origin.RULE)
    post.revision = add_revision(
        post, made.parts, language=made.language, author=None, draft=made, version=version, number=1
    )
    Post.objects.filter(pk=post.pk).update(revision=post.revision)
    return move(post, "submit", actor=f"rule: {rule.name}")


def _approve_by_rule(post: Post, rule: Rule, entry: Entry, look: str) -> None:
    """Approve on the rule's word, unless something stands against document or draft: then a person must look."""
    now = timezone.now()
    due = _due(rule, post, now)
    reason = (
        look
        or guards.why_look(post, entry, previews.check(post), guards.around([post.document], now, due), now, due)
        or guards.why_not_agreed(post, rule)
        or guards.why_over_cap(rule, due)
    )
    if reason:
        Post.objects.filter(pk=post.pk).update(reason=reason)
        audit.record(audit.SERVICE, "post", post.pk, "keep for review", reason=reason)
        return
    actor = f"rule: {rule.name}"
    assert post.revision is not None
    signing.sign(post, actor, not_before=due)
    if eyes.missing(post, due):
        reason = messages.sentence("approval.rule_and_person")
        Post.objects.filter(pk=post.pk).update(reason=reason)
        sealed = {seals.KEY: seals.of_approvals(post)}
        audit.record(actor, "post", post.pk, "first approval", reason=reason, data=sealed)
        return
    times: dict[str, Any] = {"due_at": due, "not_before": None, "counts_down": due > now}
    move(post, "approve", actor=actor, data={"rule": rule.pk}, approved_revision=post.revision, **times)
    engine.enqueue("deliver", post.pk, at=due if due > now else None)


def _due(rule: Rule, post: Post, now: datetime) -> datetime:
    """When the rule sends what it is given now: after its cool-off, in the channel's next free best hour if it says so.
    The channel is locked then, so that no two posts are given the same hour."""
    after = now + timedelta(minutes=rule.cool_off)
    if not rule.use_slots:
        return after
    return when.earliest(when.lock(post.channel_id), after, besides=post)


def add_revision(
    post: Post,
    parts: Sequence[Part],
    *,
    language: str,
    author: User | None,
    draft: Draft | None = None,
    version: Version | None = None,
    number: int = 0,
) -> Revision:
    """`version`: the words it is written from; by default those of the revision before, else the newest of today.
    `number` is the next one by default.
    """
    if version is None and post.revision is not None:
        version = post.revision.version
    if version is None:
        version = post.document.current_in(language) or post.document.current
    if not number:
        last = post.revisions.order_by("-number").first()
        number = last.number + 1 if last else 1
    named = {image["url"]: image.get("credit", "")} if (image := version.entry.get("image")) else {}
    library.hold(post, parts, language, by_person=author is not None, named=named)
    return Revision.objects.create(
        post=post,
        number=number,
        parts=to_json(parts),
        language=language,
        template=draft.template if draft else "",
        template_hash=draft.template_hash if draft else "",
        issues=to_json(draft.issues) if draft else [],
        author=author if author and author.pk else None,
        version=version,
        hash=revision_hash(post.channel, language, parts),
    )
