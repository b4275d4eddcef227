from django.db import models
from django.utils import timezone

from publisher.enums import SourceStatus
from publisher.models.fields import choice, known


class Source(models.Model):
    """Something watched: a feed. Keeps what the next polite request needs."""

    name = models.CharField(max_length=200)
    url = models.URLField(max_length=2000, unique=True)
    language = models.CharField(max_length=12, blank=True)
    """For entries that do not say theirs."""
    active = models.BooleanField(default=True)
    interval = models.PositiveIntegerField(default=900)
    """Seconds between two looks."""
    queue_newest = models.PositiveSmallIntegerField(default=0)
    """How many of the newest entries at first sight go to review; the rest are only remembered."""

    etag = models.TextField(blank=True)
    last_modified = models.TextField(blank=True)
    next_check_at = models.DateTimeField(default=timezone.now)
    last_checked_at = models.DateTimeField(null=True, blank=True)
    last_success_at = models.DateTimeField(null=True, blank=True)
    baseline_at = models.DateTimeField(null=True, blank=True)
    """First sight: from here on, what is new is new."""
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
        constraints = [known("status", SourceStatus, "source_status_known")]
        indexes = [models.Index(fields=["next_check_at"], condition=models.Q(active=True), name="source_due")]

    def __str__(self) -> str:
        return self.name
