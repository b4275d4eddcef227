"""Alarms: what a person must look at. One stands open per kind and subject; it is closed once, with what was done."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from publisher.enums import AlarmKind
from publisher.errors import InvalidInput, StaleState
from publisher.models import Alarm, Document, Source, User
from publisher.newsroom import access
from publisher.newsroom.alerts import notify
from publisher.newsroom.pages import Page, paged
from publisher.newsroom.record import audit
from publisher.types import to_json


def raise_alarm(
    kind: AlarmKind,
    key: str,
    *,
    source: Source | None = None,
    document: Document | None = None,
    params: Mapping[str, object] | None = None,
    data: Mapping[str, object] | None = None,
) -> Alarm:
    """Call a person. While one of this kind about this subject stands open, it is brought up to date instead.

    `key` names the sentence in `messages.CATALOGUE`, `params` fills its gaps, `data` is what the acts on it need.
    """
    now = {"key": key, "params": to_json(params or {}), "data": to_json(data or {})}
    subject = {"source": source, "document": document}
    with transaction.atomic():
        alarm = standing(kind, source=source, document=document)
        if alarm is None:
            try:
                with transaction.atomic():
                    alarm = Alarm.objects.create(kind=kind, raised_at=timezone.now(), **subject, **now)
            except IntegrityError:  # another worker raised the same one at this moment
                alarm = standing(kind, source=source, document=document)
                if alarm is None:
                    raise
            else:
                named = {"kind": kind, "source": alarm.source_id, "document": alarm.document_id}
                audit.record(audit.SERVICE, "alarm", alarm.pk, "raise", reason=alarm.sentence, data=named)
                notify.alarm_raised(alarm)
                return alarm
        # Nobody may close it in between unseen: then the call is for a new one.
        if not Alarm.objects.filter(pk=alarm.pk, closed_at=None).update(**now):
            return raise_alarm(kind, key, source=source, document=document, params=params, data=data)
    alarm.refresh_from_db()
    return alarm


def standing(kind: AlarmKind, *, source: Source | None = None, document: Document | None = None) -> Alarm | None:
    """The open alarm of this kind about this document; without a document, about this source."""
    found = Alarm.objects.filter(kind=kind, closed_at=None)
    found = found.filter(document=document) if document else found.filter(source=source, document=None)
    return found.first()


def close(alarm_id: int, actor: str, outcome: str = "") -> Alarm:
    """Settle an alarm: `actor` is an e-mail address, or `audit.SERVICE` where it settled itself.

    Raises InvalidInput for an unknown one, StaleState for one that is closed already.
    """
    with transaction.atomic():
        rows = Alarm.objects.filter(pk=alarm_id, closed_at=None).update(
            closed_at=timezone.now(), closed_by=actor, outcome=outcome
        )
        if rows != 1:
            get(alarm_id)
            raise StaleState("alarm.closed_already")
        audit.record(actor, "alarm", alarm_id, "close", reason=outcome)
        notify.alarm_closed(alarm_id)
    return get(alarm_id)


def settle(user: User, alarm_id: int, outcome: str = "") -> Alarm:
    """A person has seen to it."""
    access.require(user, "write")
    return close(alarm_id, user.email, outcome.strip())


def get(alarm_id: int) -> Alarm:
    alarm = _rows().filter(pk=alarm_id).first()
    if alarm is None:
        raise InvalidInput("alarm.unknown", id=alarm_id)
    return alarm


def count() -> int:
    """How many stand open."""
    return Alarm.objects.filter(closed_at=None).count()


def page(number: int = 1, size: int = 50, *, closed: bool = False) -> Page[Alarm]:
    """Open alarms, or those that are closed, newest first."""
    return paged(_rows().filter(closed_at__isnull=not closed).order_by("-raised_at", "-id"), number, size)


def of_document(document_id: int) -> list[Alarm]:
    """Open alarms about one document, newest first."""
    return list(_rows().filter(document=document_id, closed_at=None))


def _rows() -> "QuerySet[Alarm]":
    return Alarm.objects.select_related("source", "document__source")
