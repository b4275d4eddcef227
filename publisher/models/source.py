from typing import Any
from urllib.parse import urlsplit

from django.db import models
from django.utils import timezone

from publisher.enums import SourceKind, SourceStatus
from publisher.models.fields import choice, known


class Source(models.Model):
    """Something watched: a feed, a listing page, an institution's API. Keeps what the next polite request needs."""

    name = models.CharField(max_length=200)
    kind = choice(SourceKind, SourceKind.FEED)
    url = models.URLField(max_length=2000, unique=True)
    host = models.CharField(max_length=253, blank=True)
    """The host of `url`, lower case: what a server asks of us holds for all sources on it."""
    language = models.CharField(max_length=12, blank=True)
    """For entries that do not say theirs."""
    recipe = models.JSONField(default=dict, blank=True)
    """For a listing: selectors by part (item, title, link, date …), as `watch.listing` reads them."""
    read_pages = models.BooleanField(default=True)
    """Whether each new document's own page is read for its text."""
    active = models.BooleanField(default=True)
    interval = models.PositiveIntegerField(default=0)
    """Seconds between two looks, where a person has set them; 0 lets the source's own rhythm decide."""
    queue_newest = models.PositiveSmallIntegerField(default=0)
    """How many of the newest entries at first sight go to review; the rest are only remembered."""

    etag = models.TextField(blank=True)
    last_modified = models.TextField(blank=True)
    body_hash = models.CharField(max_length=64, blank=True)
    """SHA-256 of the last answer that was understood: the same bytes are not read again."""
    answered_from = models.URLField(max_length=2000, blank=True)
    """Which address gave the validators, where a redirect leads away from `url`: only that one gets them back."""
    patience = models.PositiveIntegerField(default=0)
    """Seconds that the server's last full answer asked for between two looks, by Cache-Control or Expires."""
    hint = models.PositiveIntegerField(default=0)
    """The same by the feed's own words (ttl, sy:updatePeriod): a person's interval may be shorter."""
    items = models.JSONField(default=list, blank=True)
    """Fingerprints of the items that the last answer showed: the same items are not read again."""
    next_check_at = models.DateTimeField(default=timezone.now)
    last_checked_at = models.DateTimeField(null=True, blank=True)
    last_success_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    """When the institution's archive was last asked for what the source may not have shown."""
    per_week = models.FloatField(null=True, blank=True)
    """How many documents it usually brings in a week; null while that is not known."""
    baseline_at = models.DateTimeField(null=True, blank=True)
    """First sight: from here on, what is new is new."""
    moves_to = models.URLField(max_length=2000, blank=True)
    """Where a permanent redirect points; learned as the new address once it has held for days."""
    moving_since = models.DateTimeField(null=True, blank=True)
    status = choice(SourceStatus, SourceStatus.NEW)
    problem = models.TextField(blank=True)
    """The sentence for the last failure; blank when all is well."""
    diagnostic = models.TextField(blank=True)
    failures = models.PositiveIntegerField(default=0)
    """In a row."""
    sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            known("status", SourceStatus, "source_status_known"),
            known("kind", SourceKind, "source_kind_known"),
        ]
        indexes = [
            models.Index(fields=["next_check_at"], condition=models.Q(active=True), name="source_due"),
            models.Index(fields=["host"], name="source_host"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *arguments: Any, **options: Any) -> None:
        self.host = _host_of(self.url)
        super().save(*arguments, **options)


def _host_of(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


class Host(models.Model):
    """A web server that asked us to stay away for a while: no source on it is read before."""

    name = models.CharField(max_length=253, unique=True)
    held_until = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
