"""Sources: watch an address, look at it now, pause it, stop watching it."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from publisher import config
from publisher.errors import InvalidInput
from publisher.models import Source, User
from publisher.newsroom import access, audit, outside, push, watching
from publisher.watch.feed import Feed, parse
from publisher.watch.fetch import Fetched


def add(user: User, *, url: str, name: str = "", queue_newest: int = 0, language: str = "") -> Source:
    """Watch a feed from now on. What stands in it is remembered; the `queue_newest` newest go to review.

    The address must answer as a feed at this moment: a typing error should show now, not as silence later.
    Raises InvalidInput and FetchError.
    """
    access.require(user, "manage")
    url = url.strip()
    known = Source.objects.filter(url=url).first()
    if known is not None:
        raise InvalidInput("source.known", name=known.name)
    answer = _look(url)
    feed = parse(answer.body, answer.content_type, answer.url)
    with transaction.atomic():
        source = Source.objects.create(
            url=url,
            name=(name.strip() or feed.title or url)[:200],
            language=language.lower(),
            interval=config.get().poll_interval,
            queue_newest=queue_newest,
            next_check_at=timezone.now() + watching.CLAIM,  # no worker asks while we take in the answer we have
        )
        audit.record(user.email, "source", source.pk, "add", data={"url": url, "name": source.name})
    watching.take(source, answer)
    source.refresh_from_db()
    return source


def try_out(url: str) -> Feed:
    """What the address offers at this moment; nothing is stored. Raises FetchError and InvalidInput."""
    answer = _look(url)
    return parse(answer.body, answer.content_type, answer.url)


def _look(url: str) -> Fetched:
    if not url.startswith(("http://", "https://")):
        raise InvalidInput("source.not_http", url=url)
    return outside.look(url)


def check(source_id: int, user: User) -> Source:
    """Look at the source now, without waiting for its turn."""
    access.require(user, "review")
    source = get(source_id)
    watching.poll([source])
    return get(source_id)


def pause(source_id: int, user: User) -> Source:
    return _set_active(source_id, user, active=False)


def resume(source_id: int, user: User) -> Source:
    return _set_active(source_id, user, active=True)


def remove(source_id: int, user: User) -> None:
    """Stop watching. Its documents and what became of them stay."""
    access.require(user, "manage")
    with transaction.atomic():
        source = get(source_id)
        audit.record(user.email, "source", source_id, "remove", data={"url": source.url, "name": source.name})
        push.leave(source)
        source.delete()


def last_entries(feed: Feed, count: int = 3) -> list[tuple[str, datetime | None]]:
    """Title and date of the newest entries, for the person who tries a feed out."""
    return [(entry.title, entry.published_at) for entry in feed.entries[:count]]


def _set_active(source_id: int, user: User, *, active: bool) -> Source:
    access.require(user, "manage")
    with transaction.atomic():
        source = get(source_id)
        changes: dict[str, object] = {"active": active}
        if active:
            changes["next_check_at"] = timezone.now()
        Source.objects.filter(pk=source_id).update(**changes)
        (push.join if active else push.leave)(source)
        audit.record(user.email, "source", source_id, "resume" if active else "pause")
    return get(source_id)


def get(source_id: int) -> Source:
    source = Source.objects.filter(pk=source_id).first()
    if source is None:
        raise InvalidInput("source.unknown", id=source_id)
    return source
