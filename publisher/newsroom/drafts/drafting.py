"""Drafting: a document becomes a post per channel, ready for review or, where a rule says so, approved by it."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from publisher import config, messages
from publisher.compose.draft import compose
from publisher.enums import CardStyle, Origin, RuleMode, Severity, SourceKind
from publisher.errors import FetchError, InvalidInput, Refused
from publisher.models import Channel, Document, Post, Revision, Rule, Source, User, Version
from publisher.networks.limits import ImageLimits
from publisher.networks.media import Encoded, fit_image
from publisher.newsroom import access, channels, engine
from publisher.newsroom.approval import eyes, signing
from publisher.newsroom.approval.signing import revision_hash
from publisher.newsroom.documents.identity import primary
from publisher.newsroom.drafts import media, periods, previews
from publisher.newsroom.drafts.rules import OLD, Plan, Subject, match, plans, subjects, why_not_automatic
from publisher.newsroom.feeds import outside
from publisher.newsroom.record import audit
from publisher.newsroom.workflow import move
from publisher.types import Draft, Entry, Media, Part, entry_from_json, to_json

log = logging.getLogger(__name__)

KEPT = ImageLimits(bytes=4_000_000, width=2400, height=2400, types=("image/jpeg", "image/png"))
"""How a picture of a source is kept: small enough to hold, large enough for every network to make its own from."""
FRESH = timedelta(days=2)
"""A remembered document published within this time is news when another source brings it."""


@dataclass(slots=True)
class Pictures:
    """The pictures of one document, by address, as they are kept for its posts."""

    kept: dict[str, Media] = field(default_factory=dict)
    fetch: bool = True
    """Whether one that is not here yet may be fetched: never within a transaction."""


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
        return _draft(document, plans(), Channel.objects.filter(active=True), pictures, by_hand=True) if fresh else []
    if now - document.first_seen_at > OLD:
        return []
    naming = [plan for plan in plans() if source_id in plan.sources]
    return _draft(document, naming, Channel.objects.filter(active=True), pictures) if naming else []


def draft_by_hand(document_id: int, user: User) -> list[Post]:
    """Drafts for review of a document that was only remembered, or whose rules have changed since."""
    access.require(user, "write")
    document = Document.objects.select_related("source").filter(pk=document_id).first()
    if document is None:
        raise InvalidInput("document.unknown", id=document_id)
    return _draft(document, plans(), Channel.objects.filter(active=True), by_hand=True)


def wanted_pictures(source: Source, entry: Entry) -> list[str]:
    """The addresses of the pictures that drafts of a document of this source will show: those of cards of ours."""
    if entry.image is None:
        return []
    document = Document(kind=entry.kind, language=entry.language, source=source, sample=source.sample)
    subject = Subject(document, frozenset({source.pk}), frozenset({primary(entry.language)}))
    goes_to = match(subject, plans(), Channel.objects.filter(active=True))
    return [entry.image.url] if any(_makes_cards(channel) for channel, _ in goes_to) else []


def _makes_cards(channel: Channel) -> bool:
    try:
        return channels.limits(channel).card is CardStyle.OURS
    except (TypeError, ValueError):  # what is wrong with it is told when it is drafted for
        return False


def keep_picture(pictures: Pictures, url: str, data: Encoded) -> None:
    """The picture at `url`, made small enough, is kept for drafts. Raises OSError (disk full)."""
    pictures.kept[url] = Media(
        url=url, sha256=media.store(data.data), type=data.type, width=data.width, height=data.height
    )


def _draft(
    document: Document,
    plans: Sequence[Plan],
    open_to: Iterable[Channel],
    pictures: Pictures | None = None,
    *,
    by_hand: bool = False,
) -> list[Post]:
    pictures = pictures or Pictures()
    posts, failed = [], []
    words: dict[str, tuple[Version, Entry]] = {}
    for channel, rule in _goes_to(document, plans, list(open_to)):
        try:
            if channel.language not in words:
                words[channel.language] = _words_for(document, channel)
            version, entry = words[channel.language]
            made = _compose(entry, channel, rule, pictures)
            with transaction.atomic():
                post = _store(document, channel, rule, made, version)
                if rule.mode == RuleMode.AUTOMATIC and not by_hand:
                    _approve_by_rule(post, rule, entry)
                posts.append(post)
        except Exception:
            if document.posts.filter(origin=Origin.RULE, channel=channel).exists():
                continue  # another worker drafted it meanwhile, and the database let only one post be
            # One channel's trouble must not cost the document its other posts; the queue shows the sentence.
            log.exception("document %s could not be drafted for channel %s", document.pk, channel.pk)
            failed.append(channel.name)
    problem = messages.sentence("document.not_drafted", channels=", ".join(failed)) if failed else ""
    Document.objects.filter(pk=document.pk).update(drafted_at=timezone.now(), baseline=False, problem=problem)
    return posts


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


def _compose(entry: Entry, channel: Channel, rule: Rule | None, pictures: Pictures) -> Draft:
    made = compose(
        entry,
        channel.network,
        limits=channels.limits(channel),
        language=entry.language,
        template=rule.template if rule else "",
        folder=config.get().templates_dir,
    )
    cards = channels.limits(channel).card is CardStyle.OURS
    return replace(made, parts=tuple(_with_pictures(part, pictures, cards=cards) for part in made.parts))


def _with_pictures(part: Part, pictures: Pictures, *, cards: bool) -> Part:
    card = part.card
    if cards and card and card.image:
        card = replace(card, image=_fetched(card.image, pictures))
    return replace(part, card=card, media=tuple(_fetched(item, pictures) for item in part.media))


def _fetched(picture: Media, pictures: Pictures) -> Media:
    """The picture with its bytes kept; without them when its server does not give it (the check says so)."""
    if picture.sha256 or not picture.url:
        return picture
    if picture.url not in pictures.kept and pictures.fetch:
        pictures.kept[picture.url] = picture
        try:
            data, _ = outside.fetch_image(picture.url)
            keep_picture(pictures, picture.url, fit_image(data, KEPT))
        except (FetchError, Refused, OSError) as error:
            log.warning("no picture for a card: %s", error)
    return replace(pictures.kept.get(picture.url, picture), alt=picture.alt)


def _store(document: Document, channel: Channel, rule: Rule, made: Draft, version: Version) -> Post:
    post = Post.objects.create(document=document, channel=channel, rule=rule, origin=Origin.RULE)
    post.revision = add_revision(
        post, made.parts, language=made.language, author=None, draft=made, version=version, number=1
    )
    Post.objects.filter(pk=post.pk).update(revision=post.revision)
    return move(post, "submit", actor=f"rule: {rule.name}")


def _approve_by_rule(post: Post, rule: Rule, entry: Entry) -> None:
    """Approve on the rule's word, unless something stands against document or draft: then a person must look."""
    due = max(timezone.now(), post.document.embargo or timezone.now())
    reason = why_not_automatic(post.document, entry)
    if not reason and (period := periods.over(post, entry, due)):
        reason = messages.sentence("period.over_it", name=period.name)
    if not reason:
        issues = previews.check(post)
        against = [issue for issue in issues if issue.severity is Severity.ERROR or issue.field.endswith("template")]
        reason = against[0].message if against else ""
    if reason:
        Post.objects.filter(pk=post.pk).update(reason=reason)
        audit.record(audit.SERVICE, "post", post.pk, "keep for review", reason=reason)
        return
    assert post.revision is not None
    signing.sign(post, f"rule: {rule.name}", not_before=due)
    if eyes.missing(post, due):
        reason = messages.sentence("approval.rule_and_person")
        Post.objects.filter(pk=post.pk).update(reason=reason)
        audit.record(f"rule: {rule.name}", "post", post.pk, "first approval", reason=reason)
        return
    move(post, "approve", actor=f"rule: {rule.name}", approved_revision=post.revision, due_at=due, not_before=None)
    engine.enqueue("deliver", post.pk, at=due if due > timezone.now() else None)


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
