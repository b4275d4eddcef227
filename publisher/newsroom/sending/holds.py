"""Stops. A standing hold is read immediately before each call to a network, so that a stop really stops."""

import os

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from publisher import config
from publisher.enums import HoldScope
from publisher.errors import InvalidInput, StaleState
from publisher.models import Document, Hold, Post, Proposal, User
from publisher.newsroom import access, channels, engine
from publisher.newsroom.approval import eyes, proposals
from publisher.newsroom.record import audit

FILE = "HOLD"
ACT = "lift everything"


def standing(post: Post) -> Hold | None:
    """The hold that keeps this post from going out at this moment, if any."""
    return (
        Hold.objects.filter(lifted_at=None)
        .filter(
            Q(scope=HoldScope.EVERYTHING)
            | Q(scope=HoldScope.CHANNEL, channel=post.channel_id)
            | Q(scope=HoldScope.DOCUMENT, document=post.document_id)
        )
        .first()
    )


def of_document(document_id: int) -> Hold | None:
    """The stop that stands for this document alone."""
    return Hold.objects.filter(scope=HoldScope.DOCUMENT, document=document_id, lifted_at=None).first()


def set(  # noqa: A001  # the verb of the house: holds.set
    user: User, *, scope: str, reason: str = "", channel_id: int | None = None, document_id: int | None = None
) -> Hold:
    """Stop everything, one channel, or all posts about one document, from this moment on."""
    channel = channels.get(channel_id) if scope == HoldScope.CHANNEL and channel_id is not None else None
    access.require(user, "stop", channel)
    return _set(user.email, HoldScope(scope), reason, channel_id, document_id)


def set_by_service(document: Document, reason: str) -> Hold:
    """Stop all posts about a document because of what its source did; only a person lifts it."""
    return _set(audit.SERVICE, HoldScope.DOCUMENT, reason, None, document.pk)


def _set(actor: str, scope: HoldScope, reason: str, channel_id: int | None, document_id: int | None) -> Hold:
    if scope == HoldScope.CHANNEL:
        if channel_id is None:
            raise InvalidInput("hold.which_channel")
        channels.get(channel_id)
    if scope == HoldScope.DOCUMENT and not Document.objects.filter(pk=document_id or 0).exists():
        raise InvalidInput("document.unknown", id=document_id)
    with transaction.atomic():
        hold = Hold.objects.create(
            scope=scope,
            channel_id=channel_id if scope == HoldScope.CHANNEL else None,
            document_id=document_id if scope == HoldScope.DOCUMENT else None,
            reason=reason,
            set_by=actor,
        )
        data = {"scope": scope, "channel": hold.channel_id, "document": hold.document_id}
        audit.record(actor, "hold", hold.pk, "set", reason=reason, data=data)
    return hold


def lift(hold_id: int, user: User) -> Hold:
    """End a hold: what waited goes out now, unless it has become too late for it. Who may not approve may not lift.

    Where several people may approve, it takes two of them to lift the stop of everything: the first proposes, and the
    hold that is returned still stands (`lifted_at` is null); the second lifts it.
    """
    with transaction.atomic():
        hold = Hold.objects.select_for_update(of=("self",)).select_related("channel").filter(pk=hold_id).first()
        if hold is None:
            raise InvalidInput("hold.unknown", id=hold_id)
        access.require(user, "approve", hold.channel)
        if hold.lifted_at is not None:
            raise StaleState("hold.lifted_already")
        if hold.scope == HoldScope.EVERYTHING and eyes.several():
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


def _lift(hold_id: int, by: str) -> None:
    if Hold.objects.filter(pk=hold_id, lifted_at=None).update(lifted_at=timezone.now(), lifted_by=by) != 1:
        raise StaleState("hold.lifted_already")
    audit.record(by, "hold", hold_id, "lift")
    engine.enqueue("sweep")
