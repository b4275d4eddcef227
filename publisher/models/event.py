from django.db import models

from publisher.models.fields import Immutable


class Event(Immutable):
    """Who moved what from where to where, when and why. Each carries the hash of the one before; none changes.

    Subjects are named by kind and number, not by foreign key: the history outlives what it tells of.
    """

    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    """A person's e-mail address, "rule: …", or "publisher" for the service itself."""
    subject = models.CharField(max_length=24)
    subject_id = models.BigIntegerField()
    verb = models.CharField(max_length=40)
    before = models.CharField(max_length=24, blank=True)
    after = models.CharField(max_length=24, blank=True)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["previous_hash"], name="event_chain_never_forks")]
        indexes = [
            models.Index(fields=["subject", "subject_id", "id"], name="event_of_subject"),
            models.Index(fields=["subject", "-id"], name="event_newest_of_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.subject_id}: {self.verb}"
