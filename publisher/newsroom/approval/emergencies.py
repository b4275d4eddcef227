"""Emergency publication: one person lets a post go out alone, says why, and a second one looks at it afterwards."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from publisher.errors import InvalidInput, NotAllowed, StaleState
from publisher.models import Emergency, Post, User
from publisher.newsroom import access
from publisher.newsroom.alerts import notify
from publisher.newsroom.approval import review
from publisher.newsroom.record import audit


def publish(
    post_id: int, user: User, *, revision_id: int, reason: str, at: datetime | None = None, translated: bool = False
) -> Post:
    """Approve alone, whoever wrote it and however many approvals it takes otherwise. Stops and embargoes stand.

    Raises as `review.approve` does, and InvalidInput without a reason.
    """
    if not reason.strip():
        raise InvalidInput("emergency.no_reason")
    return review.approve(post_id, user, revision_id=revision_id, at=at, alone=reason.strip(), translated=translated)


def look(emergency_id: int, user: User, note: str = "") -> Emergency:
    """A second person has looked at what went out alone, and takes it off the list."""
    with transaction.atomic():
        rows = Emergency.objects.select_for_update(of=("self",)).select_related("post__channel", "approval")
        found = rows.filter(pk=emergency_id).first()
        if found is None:
            raise InvalidInput("emergency.unknown", id=emergency_id)
        access.require(user, "approve", found.post.channel)
        if user.pk is None or found.by == user.email or found.approval.user_id == user.pk:
            raise NotAllowed("emergency.own")
        done = {"reviewed_by": user.email, "reviewed_at": timezone.now(), "note": note.strip()}
        if Emergency.objects.filter(pk=emergency_id, reviewed_at=None).update(**done) != 1:
            raise StaleState("emergency.reviewed")
        notify.over(f"emergency:{emergency_id}")
        audit.record(user.email, "post", found.post_id, "review emergency", reason=note.strip())
    found.refresh_from_db()
    return found


def waiting() -> "QuerySet[Emergency]":
    """Those that nobody else has looked at yet, newest first."""
    return Emergency.objects.filter(reviewed_at=None).select_related("post__channel", "post__document")
