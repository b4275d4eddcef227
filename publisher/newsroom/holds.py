"""Stops. A standing hold is read immediately before each call to a network, so that a stop really stops."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from publisher.enums import HoldScope
from publisher.errors import InvalidInput, StaleState
from publisher.models import Channel, Hold, User
from publisher.newsroom import access, audit, channels, engine


def standing(channel: Channel) -> Hold | None:
    """The hold that keeps this channel from sending at this moment, if any."""
    return (
        Hold.objects.filter(lifted_at=None)
        .filter(Q(scope=HoldScope.EVERYTHING) | Q(scope=HoldScope.CHANNEL, channel=channel))
        .first()
    )


def set(user: User, *, scope: str, reason: str = "", channel_id: int | None = None) -> Hold:  # noqa: A001  # the verb of the house: holds.set
    """Stop everything, or one channel, from this moment on."""
    access.require(user, "stop")
    if scope == HoldScope.CHANNEL:
        if channel_id is None:
            raise InvalidInput("hold.which_channel")
        channels.get(channel_id)
    with transaction.atomic():
        hold = Hold.objects.create(
            scope=HoldScope(scope),
            channel_id=channel_id if scope == HoldScope.CHANNEL else None,
            reason=reason,
            set_by=user.email,
        )
        audit.record(user.email, "hold", hold.pk, "set", reason=reason, data={"scope": scope, "channel": channel_id})
    return hold


def lift(hold_id: int, user: User) -> Hold:
    """End a hold: what waited goes out now, unless it has become too late for it."""
    access.require(user, "stop")
    with transaction.atomic():
        rows = Hold.objects.filter(pk=hold_id, lifted_at=None).update(lifted_at=timezone.now(), lifted_by=user.email)
        if rows != 1:
            if not Hold.objects.filter(pk=hold_id).exists():
                raise InvalidInput("hold.unknown", id=hold_id)
            raise StaleState("hold.lifted_already")
        audit.record(user.email, "hold", hold_id, "lift")
        engine.enqueue("sweep")
    return Hold.objects.get(pk=hold_id)
