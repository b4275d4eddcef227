from django.db import models
from django.db.models import Q

from publisher import messages
from publisher.enums import AlarmKind
from publisher.models.document import Document
from publisher.models.fields import choice, known
from publisher.models.source import Source


class Alarm(models.Model):
    """Something that a person must look at: about a source or a document. Closed once, with what was done."""

    kind = choice(AlarmKind)
    source = models.ForeignKey(Source, models.CASCADE, null=True, blank=True, related_name="alarms")
    document = models.ForeignKey(Document, models.CASCADE, null=True, blank=True, related_name="alarms")
    key = models.CharField(max_length=80)
    """The sentence in `messages.CATALOGUE`, with `params` in its gaps."""
    params = models.JSONField(default=dict)
    data = models.JSONField(default=dict)
    """What the acts on it need, by kind: the documents that wait, the versions before and after …"""
    raised_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=200, blank=True)
    """A person's e-mail address, or "publisher" when it settled itself."""
    outcome = models.TextField(blank=True)

    class Meta:
        ordering = ["-raised_at", "-id"]
        constraints = [
            known("kind", AlarmKind, "alarm_kind_known"),
            models.CheckConstraint(
                condition=Q(source__isnull=False) | Q(document__isnull=False), name="alarm_has_subject"
            ),
            models.UniqueConstraint(
                fields=["kind", "source"],
                condition=Q(closed_at__isnull=True, document__isnull=True),
                name="alarm_open_once_for_source",
            ),
            models.UniqueConstraint(
                fields=["kind", "document"],
                condition=Q(closed_at__isnull=True, document__isnull=False),
                name="alarm_open_once_for_document",
            ),
        ]
        indexes = [
            models.Index(fields=["-raised_at", "-id"], condition=Q(closed_at__isnull=True), name="alarm_open"),
            models.Index(fields=["-raised_at", "-id"], name="alarm_newest"),
        ]

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        return messages.sentence(self.key, **self.params)
