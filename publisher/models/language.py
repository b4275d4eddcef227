from django.db import models
from django.utils import timezone

from publisher.enums import LanguageOutcome
from publisher.models.channel import Channel
from publisher.models.document import Document
from publisher.models.fields import choice, known


class LanguageWait(models.Model):
    """A channel waits for a document in its language; when the time is over, a person is asked."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="language_waits")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="language_waits")
    until = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, blank=True)
    """When its page in that language was last looked for."""
    outcome = choice(LanguageOutcome, blank=True)
    """Blank while it waits, or asks."""
    by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["until", "id"]
        constraints = [
            models.UniqueConstraint(fields=["document", "channel"], name="language_wait_once"),
            known("outcome", LanguageOutcome, "language_outcome_known", blank=True),
        ]
        indexes = [models.Index(fields=["until"], condition=models.Q(outcome=""), name="language_wait_open")]

    def __str__(self) -> str:
        return f"{self.document_id} for {self.channel_id}"

    @property
    def asks(self) -> bool:
        return not self.outcome and self.until <= timezone.now()
