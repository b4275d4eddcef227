"""Exchanging the sealing keys: whatever is sealed, wherever it stands, comes under the newest one."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import QuerySet

from publisher.enums import Outcome
from publisher.models import Attempt, Channel, NetworkApp, NoticeAddress, Subscription
from publisher.newsroom.sealing import reseal
from publisher.newsroom.sending.attempts import SEALED

FACTORS = {Authenticator.Type.TOTP: "secret", Authenticator.Type.RECOVERY_CODES: "seed"}
"""Where each kind of second factor keeps its secret. A passkey has none on our side."""


def rotate_keys() -> dict[str, int]:
    """How many of each kind were sealed anew. Sign-ins that are under way are not: they last ten minutes."""
    # What is still to be settled; an attempt that has ended is never changed, and what it was promised means nothing.
    promised = Attempt.objects.filter(outcome__in=[Outcome.PENDING, Outcome.UNCERTAIN], receipt__has_key=SEALED)
    return {
        "channels": _each(Channel.objects.all(), lambda row: {"credentials": reseal(row.credentials)}),
        "apps": _each(NetworkApp.objects.all(), lambda row: {"credentials": reseal(row.credentials)}),
        "places": _each(NoticeAddress.objects.all(), lambda row: {"sealed": reseal(row.sealed)}),
        "hubs": _each(Subscription.objects.all(), lambda row: {"secret": reseal(row.secret)}),
        "factors": _each(
            Authenticator.objects.filter(type__in=FACTORS), lambda row: {"data": _within(row.data, FACTORS[row.type])}
        ),
        "uploads": _each(promised, lambda row: {"receipt": _within(row.receipt, SEALED)}),
    }


def _each(rows: "QuerySet[Any]", anew: Callable[[Any], dict[str, object]]) -> int:
    """Each row in a transaction of its own: the columns that `anew` gives. Those that go meanwhile need nothing."""
    count = 0
    for pk in list(rows.values_list("pk", flat=True)):
        with transaction.atomic():
            row = rows.select_for_update().filter(pk=pk).first()
            if row is not None:
                count += rows.filter(pk=pk).update(**anew(row))
    return count


def _within(data: dict[str, Any], name: str) -> dict[str, Any]:
    return {**data, name: reseal(data[name])}
