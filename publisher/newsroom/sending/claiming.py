"""Claims: a post is taken by one worker, and what it will send is written down, before anything is called.

What may stand between an approval and the call is read anew here, once more when everything is uploaded, and again
before each further part of a thread.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from publisher.enums import ChannelHealth, Pace, PostState, ThreadStyle
from publisher.errors import Held, StaleState
from publisher.models import Attempt, Post
from publisher.networks import registry
from publisher.newsroom.approval import eyes, signing
from publisher.newsroom.documents import changes
from publisher.newsroom.record import audit
from publisher.newsroom.sending import attempts, holds, late, pacing, workers
from publisher.newsroom.workflow import move
from publisher.types import Part, Receipt, digest

LEASE = timedelta(minutes=6)
"""Longer than all calls for one part may take together: uploads a minute each, of large files four, the post itself
20 seconds. Uploads in pieces take it anew with each."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What this worker has promised to send: attempts are open, nothing is called yet."""

    post: Post
    attempts: tuple[Attempt, ...]
    parts: tuple[Part, ...]
    thread: tuple[Receipt, ...]


def due(limit: int = 200) -> list[int]:
    """Posts whose time has come, oldest first."""
    now = timezone.now()
    found = Post.objects.filter(state=PostState.SCHEDULED, due_at__lte=now, channel__active=True)
    found = found.filter(Q(not_before=None) | Q(not_before__lte=now)).exclude(channel__health=ChannelHealth.BLOCKED)
    found = found.exclude(pace=Pace.ASKS)
    return holds.free(found.order_by("due_at"), limit)


def claim(post_id: int) -> Claim | None:
    """First transaction: take the post and open an Attempt for what goes out in the next call."""
    now = timezone.now()
    with transaction.atomic():
        post = (
            Post.objects.select_for_update(of=("self",))
            .select_related("channel", "document", "revision", "rule")
            .filter(pk=post_id, state=PostState.SCHEDULED)
            .exclude(pace=Pace.ASKS)  # also when another month has come: a person says
            .first()
        )
        if post is None or post.due_at is None or post.due_at > now or (post.not_before and post.not_before > now):
            return None
        if changes.catch_up(post):
            return None
        if late.settle(post, now):
            return None
        try:
            hindrances(post)
        except Held as held:
            Post.objects.filter(pk=post.pk).update(reason=held.sentence)
            return None
        if pacing.hold_back(post, now):
            return None
        pace = post.pace if post.pace == Pace.ANYWAY else ""
        move(post, "claim", actor=audit.SERVICE, claimed_by=workers.me(), claimed_until=now + LEASE, pace=pace)
        # An answer may have come late, after the post was scheduled again: then nothing is left to send.
        return None if attempts.finish(post, "publish") else open_next(post)


def open_next(post: Post) -> Claim | None:
    """Open the Attempts for the next call: the next part, or all that remain where the network takes them at once."""
    assert post.revision is not None
    receipts = attempts.receipts(post)
    parts = post.revision.content[len(receipts) :]
    atomic = registry.get_limits(post.channel.network).thread is ThreadStyle.ATOMIC
    together = parts if atomic and not receipts else parts[:1]
    network = registry.get(post.channel.network)
    now = timezone.now()
    first = post.current_attempts.order_by("id").first()
    base = digest([post.pk, post.revision.number, post.revision.hash])[:32]
    opened = [
        Attempt.objects.create(
            post=post,
            revision=post.revision,
            part=index,
            key=f"{base}:{index}",
            stamp=first.stamp if first else now,
            worker=workers.me(),
            started_at=now,
            cost=0 if post.edits_id else network.cost(post.revision.content[index]),
        )
        for index in range(len(receipts), len(receipts) + len(together))
    ]
    return Claim(post, tuple(opened), tuple(together), tuple(receipts))


def hindrances(post: Post) -> None:
    """Everything that may stand between an approval and the call, read anew. Raises Held."""
    channel = post.channel
    channel.refresh_from_db()
    post.document.refresh_from_db(fields=["embargo_until", "embargo_lifted"])
    stopped = holds.file()
    if stopped is not None:
        raise Held("held.file", why=stopped)
    hold = holds.standing(post)
    if hold is not None:
        raise Held("held.hold", by=hold.set_by, why=hold.reason or "–")
    if not channel.active:
        raise Held("held.paused", channel=channel.name)
    if channel.health == ChannelHealth.BLOCKED:
        raise Held("held.blocked", channel=channel.name)
    embargo = post.document.embargo
    if embargo and embargo > timezone.now():
        raise Held("held.embargo", until=embargo.isoformat())
    revision = post.revision
    if revision is None or post.approved_revision_id != revision.pk:
        raise Held("held.not_approved")
    if signing.content_hash(post) != revision.hash:
        raise Held("held.not_approved")
    eyes.require_enough(post)


def look_again(claimed: Claim) -> None:
    """Read anew what may stand in the way, and take the whole lease. Raises Held, StaleState."""
    hindrances(claimed.post)
    renew(claimed)


def renew(claimed: Claim) -> None:
    """Take the whole lease for the call. Raises StaleState when the claim was given up meanwhile: this worker slept,
    was taken for dead, and another may be sending the same post."""
    mine = Attempt.objects.filter(pk__in=[attempt.pk for attempt in claimed.attempts], ended_at=None).values("post")
    claims = Post.objects.filter(pk=claimed.post.pk, state=PostState.SENDING, claimed_by=workers.me(), pk__in=mine)
    if not claims.update(claimed_until=timezone.now() + LEASE):
        raise StaleState("post.changed_meanwhile", "the claim was given up before the call")


def stands(claimed: Claim) -> bool:
    """Whether the claim still stands: who gives it up closes its attempts."""
    mine = [attempt.pk for attempt in claimed.attempts]
    return Attempt.objects.filter(pk__in=mine, ended_at=None).count() == len(mine)
