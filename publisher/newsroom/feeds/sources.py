"""Sources: try an address out, watch it, look at it now, change it, pause it, stop watching it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from asgiref.sync import async_to_sync
from django.db import transaction
from django.utils import timezone

from publisher import config
from publisher.enums import SourceKind
from publisher.errors import InvalidInput
from publisher.models import Source, User
from publisher.newsroom import access
from publisher.newsroom.feeds import claims, outside, push, watching
from publisher.newsroom.record import audit
from publisher.watch import leads, recipe, suggest, workbench
from publisher.watch.discover import Discovery, discover
from publisher.watch.fetch import Fetched
from publisher.watch.reading import Reading, read_source
from publisher.watch.suggest import Suggestion
from publisher.watch.urls import host_of

SHORTEST_INTERVAL = 60
LONGEST_INTERVAL = 7 * 86400
"""Seconds between two looks that a person may ask for."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What an address showed when it was tried out."""

    kind: SourceKind
    reading: Reading
    answer: Fetched

    @property
    def title(self) -> str:
        return self.reading.title


def find(user: User, url: str) -> Discovery:
    """What can be watched at this address or where it leads. Raises InvalidInput and FetchError."""
    access.require(user, "manage")
    url = _address(url)
    found = async_to_sync(_find)(url)
    for offer in found.offers:
        outside.keep(offer.url, offer.answer)
    if found.page is not None:
        outside.keep(url, found.page)
    return found


def try_out(url: str, kind: str = "", data: Mapping[str, Any] | None = None) -> Tried:
    """What the address offers at this moment, read as `kind` or as what it seems. Raises FetchError and InvalidInput.

    Nothing is stored, but the answer is remembered for a while: watching it then asks nobody again.
    """
    url = _address(url)
    return _read(url, outside.look(url), kind, data)


def page_parts(user: User, url: str) -> tuple[Suggestion, ...]:
    """What could be the list of documents on this page. Raises FetchError and InvalidInput."""
    access.require(user, "manage")
    url = _address(url)
    answer = outside.look(url)
    return workbench.run_now(suggest.suggest, answer.body, answer.content_type, answer.url)


def add(
    user: User,
    *,
    url: str,
    name: str = "",
    queue_newest: int = 0,
    language: str = "",
    kind: str = "",
    data: Mapping[str, Any] | None = None,
    read_pages: bool = True,
    interval: int | None = None,
) -> Source:
    """Watch an address from now on. What stands there is remembered; the `queue_newest` newest go to review.

    It is read as `kind`, or as what it seems; `data` is the recipe of a listing (or which addresses of a sitemap, whose
    events of a calendar). The address must answer as such at this moment: a typing error should show now, not as
    silence later. Raises InvalidInput and FetchError.
    """
    access.require(user, "manage")
    url = _address(url)
    known = Source.objects.filter(url=url).first()
    if known is not None:
        raise InvalidInput("source.known", name=known.name)
    seen = try_out(url, kind, data)
    with transaction.atomic():
        source = Source.objects.create(
            url=url,
            host=host_of(url),
            kind=seen.kind,
            recipe=dict(data or {}),
            read_pages=read_pages,
            name=(name.strip() or seen.title or url)[:200],
            language=language.lower(),
            interval=config.get().poll_interval if interval is None else _interval(interval),
            queue_newest=queue_newest,
            next_check_at=timezone.now() + claims.LASTS,  # no worker asks while we take in the answer we have
        )
        added = {"url": url, "name": source.name, "kind": source.kind}
        audit.record(user.email, "source", source.pk, "add", data=added)
    watching.take(source, seen.answer)
    source.refresh_from_db()
    return source


def change(
    source_id: int,
    user: User,
    *,
    name: str | None = None,
    interval: int | None = None,
    language: str | None = None,
    read_pages: bool | None = None,
    data: Mapping[str, Any] | None = None,
) -> Source:
    """Change what is not None. New selectors must find something at this moment. Raises InvalidInput and FetchError."""
    access.require(user, "manage")
    source = get(source_id)
    changes: dict[str, Any] = {}
    if name is not None:
        changes["name"] = name.strip()[:200] or source.name
    if interval is not None and interval != source.interval:
        changes["interval"] = _interval(interval)
        changes["next_check_at"] = min(source.next_check_at, _later(changes["interval"], source))
    if language is not None:
        changes["language"] = language.strip().lower()
    if read_pages is not None:
        changes["read_pages"] = read_pages
    if data is not None and dict(data) != source.recipe:
        if SourceKind(source.kind) is SourceKind.LISTING:
            try_out(source.url, source.kind, data)
        else:
            recipe.check(data)
        # What the old selectors saw says nothing of what the new ones will see.
        changes |= {"recipe": dict(data), "body_hash": "", "items": [], "etag": "", "last_modified": ""}
        if source.failures:
            changes["next_check_at"] = timezone.now()
    changes = {field: value for field, value in changes.items() if getattr(source, field) != value}
    if not changes:
        return source
    with transaction.atomic():
        Source.objects.filter(pk=source_id).update(**changes)
        told = {field: value for field, value in changes.items() if field in _TOLD}
        audit.record(user.email, "source", source_id, "change", data=told)
    return get(source_id)


_TOLD = ("name", "interval", "language", "read_pages", "recipe")


def check(source_id: int, user: User) -> Source:
    """Look at the source now, without waiting for its turn."""
    access.require(user, "write")
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


def get(source_id: int) -> Source:
    source = Source.objects.filter(pk=source_id).first()
    if source is None:
        raise InvalidInput("source.unknown", id=source_id)
    return source


def recipe_of(source: Source) -> dict[str, Any]:
    """The recipe by which a listing is read: its own, else the one that comes with us."""
    return source.recipe or recipe.shipped(source.url)


async def _find(url: str) -> Discovery:
    async with outside.web() as web:
        return await discover(web, url)


def _read(url: str, answer: Fetched, kind: str, data: Mapping[str, Any] | None) -> Tried:
    """The answer read as `kind`; a page of which a shipped recipe knows the parts is a listing."""
    if data:
        recipe.check(data)
    if kind and kind not in set(SourceKind):
        raise InvalidInput("source.unknown_kind", kind=kind, known=", ".join(SourceKind))
    seen = SourceKind(kind) if kind else workbench.run_now(leads.kind_of_answer, answer.body, answer.content_type)
    if seen is SourceKind.FEED and not kind and leads.is_press_corner(url):
        seen = SourceKind.PRESS_CORNER
    if seen is None:
        seen = SourceKind.LISTING if data or recipe.shipped(url) else SourceKind.FEED
    reading = workbench.run_now(
        read_source, seen, answer.body, content_type=answer.content_type, url=answer.url, recipe=dict(data or {})
    )
    return Tried(seen, reading, answer)


def _address(url: str) -> str:
    url = re.sub(r"^(?:webcal|feed):(?://)?(?=https?:)|^webcal:", "", url.strip(), flags=re.IGNORECASE)
    if url.startswith("//"):
        url = f"https:{url}"
    if not url.startswith(("http://", "https://")):
        raise InvalidInput("source.not_http", url=url)
    return url


def _interval(seconds: int) -> int:
    if seconds and not SHORTEST_INTERVAL <= seconds <= LONGEST_INTERVAL:
        raise InvalidInput("source.interval", least=SHORTEST_INTERVAL // 60, most=LONGEST_INTERVAL // 86400)
    return seconds


def _later(interval: int, source: Source) -> datetime:
    """When a source with this interval is due; never earlier than now."""
    if not interval or source.last_checked_at is None:
        return source.next_check_at
    return max(timezone.now(), source.last_checked_at + timedelta(seconds=interval))


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
