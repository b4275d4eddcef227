"""Sources that move: a permanent redirect is learned once it has held, a temporary one never. History keeps both."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.utils import timezone

from publisher.enums import AlarmKind
from publisher.errors import FetchError
from publisher.models import Event, Source
from publisher.newsroom.alerts import alarms
from publisher.newsroom.record import audit
from publisher.watch.fetch import Fetched
from publisher.watch.urls import host_of

HELD_FOR = timedelta(days=7)
"""How long a permanent redirect must lead to the same place: some are mistakes, or a maintenance page."""


def seen(source: Source, answer: Fetched) -> dict[str, object]:
    """What an answer that was understood changes in the row of `source`, by where it came from."""
    target = answer.moved_to[:2001]
    if not target or len(target) > 2000 or target == source.url:
        return {"moves_to": "", "moving_since": None} if source.moves_to else {}
    if source.moves_to != target or source.moving_since is None:
        if _is_only_safer(source.url, target):
            return _learned(source, target)
        return {"moves_to": target, "moving_since": answer.fetched_at}
    if answer.fetched_at - source.moving_since >= HELD_FOR:
        return _learned(source, target)
    return {}


def lost(source: Source, error: FetchError) -> bool:
    """Whether the old address has ended while it led elsewhere: then the source is where it led, from now on."""
    ended = error.key in {"source.not_found", "source.gone"} and error.at in {"", source.url}
    changes = _learned(source, source.moves_to) if ended and source.moves_to else {}
    if "url" not in changes:
        return False
    Source.objects.filter(pk=source.pk).update(**changes, next_check_at=timezone.now())
    return True


def ended(source: Source, error: FetchError) -> None:
    """The source says that it is gone for good: it is asked no more, and a person must find its successor."""
    audit.record(audit.SERVICE, "source", source.pk, "stop", reason=error.sentence)
    alarms.raise_alarm(AlarmKind.MOVED, "alarm.ended", source=source, params={"said": error.sentence})


def was_known(url: str) -> bool:
    """Whether this was the address of a source that has moved since, and is still watched."""
    moved = Event.objects.filter(subject="source", verb="move", data__from=url).values_list("subject_id", flat=True)
    return Source.objects.filter(pk__in=list(moved)).exists()


def _learned(source: Source, target: str) -> dict[str, object]:
    if Source.objects.filter(url=target).exclude(pk=source.pk).exists():
        return {}  # watched already: this source goes on being asked where it was
    audit.record(audit.SERVICE, "source", source.pk, "move", data={"from": source.url, "to": target})
    if not _is_only_safer(source.url, target):
        told = {"old": source.url, "new": target}
        alarms.raise_alarm(AlarmKind.MOVED, "alarm.moved", source=source, params=told)
    source.url = target
    return {"url": target, "host": host_of(target), "moves_to": "", "moving_since": None}


def _is_only_safer(url: str, target: str) -> bool:
    """The same address under https."""
    before, after = urlsplit(url), urlsplit(target)
    return (before.scheme, after.scheme) == ("http", "https") and before[1:] == after[1:]
