"""Channels that wait for a document in their language: for a set time, then a person says what is to be."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from publisher.enums import LanguageOutcome
from publisher.errors import StaleState
from publisher.models import Channel, Document, LanguageWait, Post, User
from publisher.newsroom import access
from publisher.newsroom.drafts.matching import Plan, missing_language, subjects
from publisher.newsroom.record import audit


def note(document: Document, plans: Sequence[Plan], channels: Iterable[Channel]) -> None:
    """Write down which of these channels wait for the document in their language, each once."""
    waiting = [channel for channel in channels if channel.language_hours and channel.language]
    if not waiting or not plans:
        return
    (subject,) = subjects([document])
    now = timezone.now()
    rows = [
        LanguageWait(document=document, channel=channel, until=now + timedelta(hours=channel.language_hours))
        for channel, _rule in missing_language(subject, plans, waiting, now)
    ]
    LanguageWait.objects.bulk_create(rows, ignore_conflicts=True)


def came(document: Document, posts: Iterable[Post]) -> None:
    """The channels of these posts have it now."""
    channels = [post.channel_id for post in posts]
    if channels:
        _open(document.pk).filter(channel__in=channels).update(outcome=LanguageOutcome.CAME)


def skip(document_id: int, channel_id: int, user: User) -> LanguageWait:
    """Nothing goes there about this document, unless its language comes after all. Raises StaleState."""
    with transaction.atomic():
        wait = taken(document_id, channel_id, user, LanguageOutcome.SKIPPED)
        data = {"channel": wait.channel.name}
        audit.record(user.email, "document", document_id, "skip language", data=data)
    return wait


def taken(document_id: int, channel_id: int, user: User, outcome: LanguageOutcome) -> LanguageWait:
    """The wait, ended by a person; in a transaction. Raises NotAllowed, StaleState where nothing waits (any more)."""
    access.require(user, "write", Channel.objects.filter(pk=channel_id).first())
    rows = _open(document_id).filter(channel=channel_id).select_related("channel")
    wait = rows.select_for_update(of=("self",)).first()
    if wait is None:
        raise StaleState("language.not_waiting")
    LanguageWait.objects.filter(pk=wait.pk).update(outcome=outcome, by=user.email)
    wait.refresh_from_db()
    return wait


def _open(document_id: int) -> "QuerySet[LanguageWait]":
    return LanguageWait.objects.filter(document=document_id, outcome="")
