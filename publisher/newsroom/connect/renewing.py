"""Tokens that end are renewed before they do: by one worker at a time for each channel, over all processes.

Most refresh tokens work once. Two that use one at the same time lose the account, so whoever renews says so in the
channel's row first, and the others wait and read what came of it. No transaction is open during the call: on SQLite it
would stop everybody. What came is stored before anybody uses it.
"""

import logging
import time
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from publisher.errors import AccountBlocked, NetworkError, Retry
from publisher.models import Channel
from publisher.networks import registry
from publisher.networks.credentials import Credentials
from publisher.networks.sign_in import SignIn, ends_at, plain
from publisher.newsroom.connect.credentials import opened, validate
from publisher.newsroom.sealing import seal, unseal

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
"""Longer than the call may take (`patience.CALL_TIMEOUT`), so that only who died is overtaken."""
WAIT = 30.0
"""Seconds that others wait."""
LOOK = 0.1
"""Seconds between two looks of theirs."""


def fresh(channel: Channel) -> Credentials:
    """The credentials of a channel, with a token that holds for a while yet. Called outside any transaction.

    Raises InvalidInput when they cannot be opened, AccountBlocked when only a new sign-in helps; Retry or RateLimited
    when nothing is known and the token that we have is over. Until then the old one is used.
    """
    own = opened(channel)
    deadline = time.monotonic() + WAIT
    while (sign_in := _due(channel.network, own)) is not None:
        if _claim(channel.pk):
            try:
                return _renew(channel.pk, sign_in)
            finally:
                Channel.objects.filter(pk=channel.pk).update(renewing_until=None)
        if time.monotonic() > deadline:
            raise Retry("connect.busy", f"channel {channel.pk}: renewed elsewhere for {WAIT:.0f} s")
        time.sleep(LOOK)
        own = opened(Channel.objects.get(pk=channel.pk))
    return own


def _due(network: str, own: Credentials) -> SignIn | None:
    """How the token is to be renewed, if it must be now."""
    sign_in = registry.get(network).sign_in
    at = sign_in.renews_at(own) if sign_in else None
    return sign_in if at and at <= timezone.now() else None


def _claim(channel_id: int) -> bool:
    now = timezone.now()
    free = Channel.objects.filter(pk=channel_id).filter(Q(renewing_until=None) | Q(renewing_until__lt=now))
    return free.update(renewing_until=now + LEASE) == 1


def _renew(channel_id: int, sign_in: SignIn) -> Credentials:
    channel = Channel.objects.get(pk=channel_id)
    own = opened(channel)
    if _due(channel.network, own) is None:
        return own  # somebody else did, before we had the claim
    try:
        changed = sign_in.refresh(own)
    except AccountBlocked:
        now = opened(Channel.objects.get(pk=channel_id))
        if plain(now, sign_in.renewed_by) != plain(own, sign_in.renewed_by):
            return now  # a person connected it anew in the meantime
        raise
    except NetworkError as error:
        ends = ends_at(own, sign_in.ends)
        if ends is None or ends <= timezone.now():
            raise
        log.warning("the token of channel %s could not be renewed yet: %s", channel_id, error)
        return own
    return _store(channel_id, own, sign_in, changed)


def _store(channel_id: int, spent: Credentials, sign_in: SignIn, changed: dict[str, str]) -> Credentials:
    """Keeps what came, unless a person has connected the channel anew: then theirs stands. A blank wipes nothing."""
    with transaction.atomic():
        channel = Channel.objects.select_for_update().get(pk=channel_id)
        place, fields = registry.get(channel.network), unseal(channel.credentials)
        if fields.get(sign_in.renewed_by, "") == plain(spent, sign_in.renewed_by):
            fields |= {name: value for name, value in changed.items() if value}
            Channel.objects.filter(pk=channel_id).update(credentials=seal(fields))
    return validate(place, fields)
