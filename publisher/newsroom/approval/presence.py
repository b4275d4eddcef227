"""Who has a page of a document open at this moment. Light: one small row for each, and no event.

A page tells so every BEAT seconds. What it costs: one indexed read for each beat, and one write of one row at most
every half BEAT for each person and document: fifty people at fifty documents are two or three rows a second.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from publisher.models import Document, Post, Presence, User

BEAT = 25
"""Seconds between two signs of one page."""
LASTS = timedelta(minutes=1)
"""Who gave no sign for so long is gone."""


def beat(document: Document, user: User, editing: Post | None = None) -> list[Presence]:
    """Note that `user` is there, perhaps editing one of its posts. Returns who else is."""
    now = timezone.now()
    found = list(
        Presence.objects.filter(document=document, seen_at__gt=now - LASTS).select_related("user", "post__channel")
    )
    mine = next((row for row in found if row.user_id == user.pk), None)
    post = editing.pk if editing else None
    if mine is None or mine.post_id != post or now - mine.seen_at > timedelta(seconds=BEAT / 2):
        with transaction.atomic():
            Presence.objects.update_or_create(document=document, user=user, defaults={"post_id": post, "seen_at": now})
    return sorted((row for row in found if row.user_id != user.pk), key=lambda row: row.user.name)


def prune() -> None:
    """Those who are long gone."""
    Presence.objects.filter(seen_at__lt=timezone.now() - timedelta(days=1)).delete()
