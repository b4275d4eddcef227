"""A document that its institution took down: nothing more goes out about it, and a person is called."""

from django.db import transaction
from django.utils import timezone

from publisher import messages
from publisher.enums import AlarmKind, HoldScope, PostState
from publisher.models import Document, Hold, Post
from publisher.newsroom.alerts import alarms
from publisher.newsroom.record import audit
from publisher.newsroom.sending import holds

OVER = (PostState.REJECTED, PostState.WITHDRAWN)
"""Posts in these states are nobody's care any more."""


def gone(document: Document, *, withdrawn: bool = False) -> None:
    """Stop every post about a document that is not there any more (404, 410) or that no longer holds (`withdrawn`)."""
    why = "withdrawn" if withdrawn else "vanished"
    with transaction.atomic():
        first = Document.objects.filter(pk=document.pk, vanished_at=None).update(vanished_at=timezone.now())
        if not first:
            return
        audit.record(audit.SERVICE, "document", document.pk, "vanish", reason=messages.sentence(f"hold.{why}"))
        if not Hold.objects.filter(document=document, scope=HoldScope.DOCUMENT, lifted_at=None).exists():
            holds.set_by_service(document, messages.sentence(f"hold.{why}"))
        if document.posts.exclude(state__in=OVER).exists():
            data = {"links": live_links(document)}
            alarms.raise_alarm(AlarmKind.VANISHED, f"alarm.{why}", document=document, data=data)
    document.refresh_from_db()


def back(document: Document) -> None:
    """It is there again. The alarm says so; the stop stays until a person lifts it."""
    with transaction.atomic():
        if not Document.objects.filter(pk=document.pk, vanished_at__isnull=False).update(vanished_at=None):
            return
        audit.record(audit.SERVICE, "document", document.pk, "return")
        standing = alarms.standing(AlarmKind.VANISHED, document=document)
        if standing or Hold.objects.filter(document=document, lifted_at=None).exists():
            data = {"links": live_links(document)}
            alarms.raise_alarm(AlarmKind.VANISHED, "alarm.returned", document=document, data=data)
    document.refresh_from_db()


def live_links(document: Document) -> list[dict[str, object]]:
    """Where followers see our posts about a document: post, channel, address."""
    out = Post.objects.filter(document=document, state=PostState.PUBLISHED, edits=None).select_related("channel")
    return [{"post": post.pk, "channel": post.channel.name, "url": post.url} for post in out.order_by("pk")]
