"""Stops. A standing hold is read immediately before each call to a network, so that a stop really stops."""

import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from publisher import config
from publisher.enums import HoldScope
from publisher.errors import InvalidInput, StaleState
from publisher.models import Channel, Document, Hold, Post, Proposal, User
from publisher.newsroom import access, channels, engine
from publisher.newsroom.approval import eyes, proposals
from publisher.newsroom.drafts import topics
from publisher.newsroom.record import audit

FILE = "HOLD"
ACT = "lift everything"
AT_ONCE = 100
"""Posts whose words are read together while a topic is stopped."""


def standing(post: Post) -> Hold | None:
    """The hold that keeps this post from going out at this moment, if any."""
    alone = Q(scope=HoldScope.EVERYTHING) | Q(scope=HoldScope.CHANNEL, channel=post.channel_id)
    alone |= Q(scope=HoldScope.DOCUMENT, document=post.document_id)
    for hold in Hold.objects.standing().filter(alone | Q(scope__in=[HoldScope.TOPIC, HoldScope.PERIOD])):
        if hold.channel_ids and post.channel_id not in hold.channel_ids:
            continue
        if hold.scope != HoldScope.TOPIC or _about(hold, post):
            return hold
    return None


def free(posts: "QuerySet[Post]", limit: int) -> list[int]:
    """The first of these posts that no stop keeps at this moment. While a topic is stopped, their words are read.

    `standing` has the last word: this only keeps what is stopped from standing in the way of what is not.
    """
    stopped = list(Hold.objects.standing())
    by = {scope: [hold for hold in stopped if hold.scope == scope] for scope in HoldScope}
    if file() is not None or by[HoldScope.EVERYTHING] or any(not hold.channel_ids for hold in by[HoldScope.PERIOD]):
        return []
    closed = {hold.channel_id for hold in by[HoldScope.CHANNEL]}
    closed |= {number for hold in by[HoldScope.PERIOD] for number in hold.channel_ids}
    found = posts.exclude(channel__in=closed).exclude(
        document__in=[hold.document_id for hold in by[HoldScope.DOCUMENT]]
    )
    if not by[HoldScope.TOPIC]:
        return list(found.values_list("pk", flat=True)[:limit])
    rows = found.select_related("document", "revision__version").iterator(AT_ONCE)
    return [post.pk for post in islice(_off_topic(rows, by[HoldScope.TOPIC]), limit)]


def _off_topic(posts: Iterable[Post], stopped: Sequence[Hold]) -> Iterable[Post]:
    for post in posts:
        there = [hold for hold in stopped if not hold.channel_ids or post.channel_id in hold.channel_ids]
        if not any(_about(hold, post) for hold in there):
            yield post


def _about(hold: Hold, post: Post) -> bool:
    """A topic without a word would be a mistake, and stops everything rather than nothing."""
    return not hold.words or topics.mentions(hold.words, topics.said(post))


def of_document(document_id: int) -> Hold | None:
    """The stop that stands for this document alone."""
    return Hold.objects.filter(scope=HoldScope.DOCUMENT, document=document_id, lifted_at=None).first()


def set(  # noqa: A001  # the verb of the house: holds.set
    user: User,
    *,
    scope: str,
    reason: str = "",
    channel_id: int | None = None,
    document_id: int | None = None,
    words: Sequence[str] = (),
    channel_ids: Sequence[int] = (),
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Hold:
    """Stop everything, one channel, all posts about one document, or all about a topic, from this moment on.

    A topic and a period may be stopped on some channels only, later on, and until a moment; a period must end.
    """
    scope = HoldScope(scope)
    some = _channels([channel_id] if scope == HoldScope.CHANNEL and channel_id is not None else channel_ids)
    for channel in some or (None,):
        access.require(user, "stop", channel)
    made = Hold(scope=scope, reason=reason, set_by=user.email)
    if scope == HoldScope.CHANNEL:
        if channel_id is None:
            raise InvalidInput("hold.which_channel")
        made.channel_id = channel_id
    elif scope == HoldScope.DOCUMENT:
        if not Document.objects.filter(pk=document_id or 0).exists():
            raise InvalidInput("document.unknown", id=document_id)
        made.document_id = document_id
    elif scope in {HoldScope.TOPIC, HoldScope.PERIOD}:
        made.channel_ids = [channel.pk for channel in some]
        made.starts_at, made.ends_at = starts_at, ends_at
        _limit(made, words)
    return _set(made)


def set_by_service(document: Document, reason: str) -> Hold:
    """Stop all posts about a document because of what its source did; only a person lifts it."""
    return _set(Hold(scope=HoldScope.DOCUMENT, document=document, reason=reason, set_by=audit.SERVICE))


def _channels(numbers: Sequence[int]) -> list[Channel]:
    return [channels.get(number) for number in dict.fromkeys(numbers)]


def _limit(hold: Hold, words: Sequence[str]) -> None:
    """What a stop of a topic or a period must name."""
    if hold.scope == HoldScope.TOPIC:
        hold.words = topics.cleaned(words)
        if not hold.words:
            raise InvalidInput("hold.which_topic")
    elif hold.ends_at is None:
        raise InvalidInput("hold.times")
    now = timezone.now()
    if hold.ends_at is not None and hold.ends_at <= max(now, hold.starts_at or now):
        raise InvalidInput("hold.times")


def _set(hold: Hold) -> Hold:
    with transaction.atomic():
        hold.save(force_insert=True)
        told: dict[str, object] = {"scope": hold.scope, "channel": hold.channel_id, "document": hold.document_id}
        if hold.scope in {HoldScope.TOPIC, HoldScope.PERIOD}:
            told = {"scope": hold.scope, "words": hold.words, "channels": hold.channel_ids}
            told |= {"from": hold.starts_at, "until": hold.ends_at}
        audit.record(hold.set_by, "hold", hold.pk, "set", reason=hold.reason, data=told, channel_id=hold.channel_id)
    return hold


def takes_two(hold: Hold) -> bool:
    """Whether lifting it lets everything go: then, where several people may approve, two of them must say so."""
    whole = hold.scope == HoldScope.EVERYTHING or (hold.scope == HoldScope.PERIOD and not hold.channel_ids)
    return whole and eyes.several()


def may_lift(user: User, hold: Hold) -> bool:
    """Whether their role lets them: to approve on every channel that it is for."""
    if access.can(user, "approve"):
        return True
    there = [hold.channel] if hold.channel else list(Channel.objects.filter(pk__in=hold.channel_ids))
    return bool(there) and all(access.can(user, "approve", channel) for channel in there)


def lift(hold_id: int, user: User) -> Hold:
    """End a hold: what waited goes out now, unless it has become too late for it. Who may not approve may not lift.

    Where several people may approve, it takes two of them to lift the stop of everything, or of a time on all channels:
    the first proposes, and the hold that is returned still stands (`lifted_at` is null); the second lifts it.
    """
    with transaction.atomic():
        hold = Hold.objects.select_for_update(of=("self",)).select_related("channel").filter(pk=hold_id).first()
        if hold is None:
            raise InvalidInput("hold.unknown", id=hold_id)
        for channel in [hold.channel] if hold.channel else _still(hold.channel_ids) or (None,):
            access.require(user, "approve", channel)
        if hold.lifted_at is not None:
            raise StaleState("hold.lifted_already")
        if hold.ends_at is not None and hold.ends_at <= timezone.now():
            raise StaleState("hold.over")
        if takes_two(hold):
            proposed = proposals.of(ACT, "hold", hold_id)
            if proposed is None:
                proposals.propose(ACT, user, "hold", hold_id, reason=hold.reason)
                return hold
            proposals.take(proposed.pk, user)
        _lift(hold_id, user.email)
    return Hold.objects.get(pk=hold_id)


def lift_confirmed(proposal: Proposal, user: User) -> None:
    """The second person has said yes where all that waits for one is listed."""
    _lift(proposal.subject_id, user.email)


def file() -> str | None:
    """Why everything is stopped by the file HOLD in the data folder; None where there is no such file.

    It works when neither desk nor database does. What cannot be looked at counts as a stop.
    """
    path = config.get().data_dir / FILE
    try:
        if not os.path.lexists(path):
            return None
        with path.open(encoding="utf-8", errors="replace") as said:
            return " ".join(said.read(1000).split()) or "–"
    except OSError:
        return "–"


def _still(numbers: Sequence[int]) -> list[Channel]:
    return list(Channel.objects.filter(pk__in=numbers))


def _lift(hold_id: int, by: str) -> None:
    if Hold.objects.filter(pk=hold_id, lifted_at=None).update(lifted_at=timezone.now(), lifted_by=by) != 1:
        raise StaleState("hold.lifted_already")
    channel_id = Hold.objects.values_list("channel", flat=True).get(pk=hold_id)
    audit.record(by, "hold", hold_id, "lift", channel_id=channel_id)
    engine.enqueue("sweep")
