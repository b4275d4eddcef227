"""Push: feeds that name a hub (WebSub) tell us what is new at once. Polling stays as the safety net.

One Subscription row for each source, and here all that is asked of hubs and answered to them; `pushed` takes in what
they bring. The address that a hub calls holds a token: who does not know it learns nothing.
"""

import logging
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from asgiref.sync import async_to_sync
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from publisher import config, messages
from publisher.enums import SourceStatus, SubscriptionState
from publisher.errors import FetchError
from publisher.models import Source, Subscription
from publisher.newsroom import engine, sealing
from publisher.newsroom.feeds import outside
from publisher.newsroom.record import audit
from publisher.watch import websub
from publisher.watch.fetch import Fetched, open_session
from publisher.watch.websub import Offer

log = logging.getLogger(__name__)

ASK_AGAIN = timedelta(hours=1)
"""After a request that no hub has confirmed."""
ASK_AFTER_NO = timedelta(days=1)
"""After a hub said no."""
STRETCH = 4
"""How much slower a feed is polled while its hub keeps its promise …"""
SAFETY_NET = timedelta(hours=6)
"""… but not more slowly than this."""
WITHIN = 10.0
"""Seconds that a hub gets for its answer to a request."""


def notice(source: Source, answer: Fetched) -> None:
    """A source was read: ask the hub that it names, where it is not the one that was asked before.

    Without an address that hubs can call (`public_url`) nothing is asked.
    """
    if not config.get().public_url or answer.status is not SourceStatus.OK:
        return
    offer = websub.offered(answer.headers, answer.body, answer.url)
    known = Subscription.objects.filter(source=source).first()
    if offer is None:
        if known is not None and known.state != SubscriptionState.ENDED:
            leave(source)
        return
    same = known is not None and (known.hub, known.topic) == (offer.hub, offer.topic)
    if same and known is not None and known.state != SubscriptionState.ENDED:
        return
    if known is not None and not same:
        leave(source)
    with transaction.atomic():
        Subscription.objects.update_or_create(
            source=source,
            defaults={
                "hub": offer.hub,
                "topic": offer.topic,
                "token": _new_token(),
                "secret": sealing.seal({"secret": secrets.token_urlsafe(32)}),
                "state": SubscriptionState.ASKED,
                "asked_at": timezone.now(),
                "lease_until": None,
                "problem": "",
            },
        )
        engine.enqueue("subscribe", source.pk)


def subscribe(source_id: int) -> None:
    """Ask the hub for pushes, or for more time. Its yes or no comes as a call of its own."""
    found = Subscription.objects.select_related("source").filter(source_id=source_id, source__active=True).first()
    if found is None or found.state == SubscriptionState.ENDED or not config.get().public_url:
        return
    # Before the call: a hub may ask back while we still wait for its answer.
    Subscription.objects.filter(pk=found.pk).update(asked_at=timezone.now())
    secret = sealing.unseal(found.secret)["secret"]
    form = websub.subscription_form("subscribe", Offer(found.hub, found.topic), _callback(found.token), secret)
    try:
        _ask(found.hub, form)
    except FetchError as error:
        log.info("hub %s for source %s: %s", found.hub, source_id, error)
        Subscription.objects.filter(pk=found.pk).update(problem=error.sentence)


def leave(source: Source) -> None:
    """Want no more pushes: the source is paused or removed, or names no hub any more. The hub is told."""
    found = Subscription.objects.filter(source=source).first()
    if found is None or found.state == SubscriptionState.ENDED:
        return
    with transaction.atomic():
        Subscription.objects.filter(pk=found.pk).update(state=SubscriptionState.ENDED, lease_until=None, problem="")
        if config.get().public_url:
            engine.enqueue("unsubscribe", found.hub, found.topic, found.token)


def join(source: Source) -> None:
    """A paused source is watched again: ask its hub again."""
    with transaction.atomic():
        ended = Subscription.objects.filter(source=source, state=SubscriptionState.ENDED)
        if ended.update(state=SubscriptionState.ASKED, asked_at=timezone.now(), token=_new_token()):
            engine.enqueue("subscribe", source.pk)


def unsubscribe(hub: str, topic: str, token: str) -> None:
    """Tell a hub that we want no more. If it does not hear us, the lease ends by itself, and until then it gets 410."""
    try:
        _ask(hub, websub.subscription_form("unsubscribe", Offer(hub, topic), _callback(token)))
    except FetchError as error:
        log.info("hub %s was not told that we want no more pushes: %s", hub, error)


def due(now: datetime | None = None) -> list[int]:
    """Sources whose hub is to be asked (again): leases that end soon or have ended, requests that brought nothing."""
    now = now or timezone.now()
    rows = Subscription.objects.filter(source__active=True)
    soon = now + websub.LONGEST_LEASE * (1 - websub.RENEW_AFTER)
    leases = rows.filter(state=SubscriptionState.ACTIVE, lease_until__lte=soon)
    ending = [
        source_id
        for source_id, asked_at, until in leases.values_list("source_id", "asked_at", "lease_until")
        if until and websub.renew_at(asked_at, until) <= now
    ]
    unanswered = rows.filter(state=SubscriptionState.ASKED, asked_at__lte=now - ASK_AGAIN)
    refused = rows.filter(state=SubscriptionState.DENIED, asked_at__lte=now - ASK_AFTER_NO)
    return [*ending, *(unanswered | refused).values_list("source_id", flat=True)]


def renew() -> None:
    """Ask again where that is due, mark leases that ran out, and leave the hubs of sources that are watched no more."""
    ran_out = Subscription.objects.filter(state=SubscriptionState.ACTIVE, lease_until__lt=timezone.now())
    ran_out.update(state=SubscriptionState.ASKED, problem=messages.sentence("push.lease_over"))
    for source in Source.objects.filter(active=False, subscription__state=SubscriptionState.ACTIVE):
        leave(source)
    for source_id in due():
        engine.enqueue("subscribe", source_id)


# --- what hubs say ----------------------------------------------------------------------------------------------------


def confirm(token: str, question: Mapping[str, str]) -> str | None:
    """The answer to a hub's question whether we meant a request (5.3), or None for "no, or no such address".

    `question` is the query of its call. A hub's refusal (5.2) comes here too and is answered with an empty text.
    """
    mode, topic = question.get("hub.mode", ""), question.get("hub.topic", "")
    found = Subscription.objects.filter(token=token).first()
    if found is None:
        # Of a removed source, or an earlier token: what we no longer know we no longer want.
        return question.get("hub.challenge") or None if mode == "unsubscribe" and _is_ours(token) else None
    if topic != found.topic:
        return None
    if mode == "denied":
        _denied(found, question.get("hub.reason", ""))
        return ""
    challenge = question.get("hub.challenge")
    wanted = found.state != SubscriptionState.ENDED
    if not challenge or (mode, wanted) not in {("subscribe", True), ("unsubscribe", False)}:
        return None
    if wanted:
        until = timezone.now() + websub.lease_of(question.get("hub.lease_seconds", ""))
        with transaction.atomic():
            Subscription.objects.filter(pk=found.pk).update(
                state=SubscriptionState.ACTIVE, lease_until=until, problem=""
            )
            if found.state != SubscriptionState.ACTIVE:
                audit.record(audit.SERVICE, "source", found.source_id, "push agreed", data={"hub": found.hub})
    return challenge


def _denied(found: Subscription, reason: str) -> None:
    sentence = messages.sentence("push.denied", why=" ".join(reason.split())[:200] or "–")
    with transaction.atomic():
        Subscription.objects.filter(pk=found.pk).update(
            state=SubscriptionState.DENIED, lease_until=None, problem=sentence
        )
        audit.record(audit.SERVICE, "source", found.source_id, "push denied", reason=sentence)


def knows(token: str) -> bool | None:
    """Whether pushes to this token are wanted; None for a token that we never gave out."""
    state = Subscription.objects.filter(token=token).values_list("state", flat=True).first()
    if state is None:
        return False if _is_ours(token) else None
    return state != SubscriptionState.ENDED


# --- what others want to know -----------------------------------------------------------------------------------------


def trusted(source_ids: Iterable[int], now: datetime) -> set[int]:
    """Those whose pushes work so well that they need be polled less often: the hub promised, and has delivered."""
    if not config.get().public_url:
        return set()
    active = Subscription.objects.filter(source__in=list(source_ids), state=SubscriptionState.ACTIVE, problem="")
    return set(active.filter(lease_until__gt=now, pushed_at__isnull=False).values_list("source_id", flat=True))


def stretched(interval: timedelta, *, pushed: bool) -> timedelta:
    """The time between two polls, where it is `interval` without pushes: while they work, polls are the safety net."""
    return max(interval, min(interval * STRETCH, SAFETY_NET)) if pushed else interval


def _ask(hub: str, form: Mapping[str, str]) -> None:
    async def call() -> None:
        guard = outside.guard()
        async with open_session(outside.agent(), guard=guard, total=WITHIN) as session:
            await websub.ask(session, hub, form, guard)

    async_to_sync(call)()


def _callback(token: str) -> str:
    return f"{config.get().public_url}/push/{token}/"


def _new_token() -> str:
    """32 random characters, and 32 that show that it is one of ours: made-up ones cost no look into the database."""
    nonce = secrets.token_hex(16)
    return nonce + _mark(nonce)


def _is_ours(token: str) -> bool:
    return len(token) == 64 and constant_time_compare(token[32:], _mark(token[:32]))


def _mark(nonce: str) -> str:
    return salted_hmac("publisher.newsroom.feeds.push", nonce, algorithm="sha256").hexdigest()[:32]
