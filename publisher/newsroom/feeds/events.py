"""Events to come: a stream apart from the news, off by default.

What a calendar shows is stored and remembered, never drafted as news. Where a rule names the calendar, each event is
drafted on the morning of the day it begins.
"""

from datetime import UTC, datetime, time, timedelta

from django.utils import timezone

from publisher.enums import SourceKind
from publisher.models import Document, Post, Rule
from publisher.newsroom.drafts import drafting
from publisher.types import entry_from_json

MORNING = time(7)
"""On the newsroom's clock: a rule that sends by itself should not wake anybody."""


def draft_due(now: datetime | None = None) -> list[Post]:
    """Draft the events that begin today, each once. Returns the posts made."""
    now = now or timezone.now()
    if timezone.localtime(now).time() < MORNING:
        return []
    posts = []
    for document_id in due(now):
        # From here on it is a document like others: a sweep drafts it if this process dies now.
        if Document.objects.filter(pk=document_id, baseline=True, drafted_at=None).update(baseline=False):
            posts += drafting.draft(document_id)
    return posts


def due(now: datetime) -> list[int]:
    """Events that begin on the newsroom's today, of calendars that a rule in force names; those called off are not."""
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = today + timedelta(days=1)  # on the clock: such a day may be 23 or 25 hours long
    named = Rule.objects.filter(active=True, sources__kind=SourceKind.CALENDAR).values("sources")
    # Times in stored entries are ISO 8601 in UTC: as texts they sort as times.
    begins = {
        "versions__entry__starts_at__gte": today.astimezone(UTC).isoformat(),
        "versions__entry__starts_at__lt": tomorrow.astimezone(UTC).isoformat(),
    }
    waiting = Document.objects.filter(
        source__kind=SourceKind.CALENDAR, source__in=named, baseline=True, drafted_at=None, **begins
    )
    return [document.pk for document in waiting.distinct().order_by("pk") if _begins(document, today, tomorrow)]


def _begins(document: Document, since: datetime, before: datetime) -> bool:
    """Whether its newest version still says so."""
    entry = entry_from_json(document.current.entry)
    return entry.starts_at is not None and since <= entry.starts_at < before and not entry.withdrawn
