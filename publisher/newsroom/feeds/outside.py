"""The newsroom's way out to other people's servers: under our name, past the guard, and not before a server's time.

The one place where the settings for it (`contact`, `private_hosts`) and the rows of `Host` meet `watch.fetch`.
"""

import threading
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import lru_cache

from asgiref.sync import async_to_sync, sync_to_async
from django.db import transaction
from django.utils import timezone

from publisher import config
from publisher.models import Host, Source
from publisher.watch.fetch import (
    BODY_LIMIT,
    FEEDS,
    PICTURE_LIMIT,
    PICTURES,
    Fetched,
    Request,
    Web,
    picture_type,
    user_agent,
)
from publisher.watch.guard import Guard
from publisher.watch.schedule import share
from publisher.watch.waiting import LONGEST_RETRY

LOOK_LASTS = timedelta(minutes=15)
"""How long the answer of an address that a person tries out is kept for the moment when it becomes a source."""
AFTER_HOLD = timedelta(minutes=10)
"""The time over which the sources of a host are spread after it was held."""
FURTHEST = LONGEST_RETRY + timedelta(hours=1)
"""No server can ask for more: what is held for longer was held while our clock was ahead."""
_LOOKS = 20
"""Answers kept."""
_looked: OrderedDict[str, Fetched] = OrderedDict()
_lock = threading.Lock()


def agent() -> str:
    return user_agent(config.get().contact)


def guard() -> Guard:
    """The public web, what the setting `private_hosts` admits, and our own place for the sample newsroom."""
    settings = config.get()
    return _guard(settings.private_hosts, settings.local_address)


@lru_cache(maxsize=8)
def _guard(exceptions: str, own: str) -> Guard:
    return Guard.admitting(exceptions, own)


@asynccontextmanager
async def web() -> AsyncIterator[Web]:
    """The way out of one event loop; it knows which hosts are held, and keeps it when one asks us to wait."""
    known, admitted = await sync_to_async(_rows)()
    async with Web(agent(), guard=admitted, held=known, on_hold=sync_to_async(hold)) as opened:
        yield opened


def _rows() -> tuple[Mapping[str, datetime], Guard]:
    """What the rows say of hosts. The sample newsroom's is among them: the desk may stand at a port of its own."""
    sample = Source.objects.filter(sample=True).values_list("url", flat=True).first()
    return held(), _guard(config.get().private_hosts, sample) if sample else guard()


def fetch(url: str, *, limit: int = BODY_LIMIT, accept: str = FEEDS) -> Fetched:
    """GET one address, for callers without an event loop. Raises FetchError."""

    async def get() -> Fetched:
        async with web() as opened:
            return await opened.get(Request(url), limit=limit, accept=accept)

    return async_to_sync(get)()


def fetch_image(url: str) -> tuple[bytes, str]:
    """A picture and its type by its own bytes. Raises FetchError."""
    body = fetch(url, limit=PICTURE_LIMIT, accept=PICTURES).body
    return body, picture_type(body)


def look(url: str) -> Fetched:
    """What an address gives that a person tries out. Raises FetchError.

    It is asked once, however often it is tried within a quarter of an hour: adding it as a source takes the same
    answer, so that its server sees one request without validators and no second.
    """
    with _lock:
        known = _looked.get(url)
    if known is not None and timezone.now() - known.fetched_at < LOOK_LASTS:
        return known
    answer = fetch(url)
    keep(url, answer)
    return answer


def keep(url: str, answer: Fetched) -> None:
    """An answer that somebody got while looking around: `look` gives it then."""
    with _lock:
        _looked[url] = answer
        _looked.move_to_end(url)
        while len(_looked) > _LOOKS:
            _looked.popitem(last=False)


def forget() -> None:
    """Forget the answers that were kept, as a new process has."""
    with _lock:
        _looked.clear()


def held() -> Mapping[str, datetime]:
    """Hosts that asked us to stay away, and until when."""
    now = timezone.now()
    standing = Host.objects.filter(held_until__gt=now, held_until__lte=now + FURTHEST)
    return dict(standing.values_list("name", "held_until"))


def hold(host: str, until: datetime) -> None:
    """No request to `host` before `until`. Its sources come after that one by one, not all at once."""
    with transaction.atomic():
        Host.objects.filter(held_until__lt=timezone.now()).delete()
        Host.objects.update_or_create(name=host, defaults={"held_until": until})
        for source in Source.objects.filter(host=host, active=True, next_check_at__lt=until):
            Source.objects.filter(pk=source.pk).update(next_check_at=until + AFTER_HOLD * share(source.url))
