from typing import ClassVar

from django.db import models
from django.db.models import Q

from publisher.models.fields import Immutable


class Actor(models.Model):
    """Whoever acts, as the history names them: a person by a number, everything else by its name.

    The chain of events holds of a person only the number and a mark, a hash over the e-mail address and a salt. So the
    address can be forgotten for good (both go), while the chain still verifies; until then the mark proves that the
    number is theirs and nobody else's.
    """

    name = models.CharField(max_length=254, blank=True)
    """A person's e-mail address, "rule: …", "command line", or "publisher" for the service; blank once forgotten."""
    salt = models.CharField(max_length=64, blank=True)
    mark = models.CharField(max_length=64, blank=True)
    """SHA-256 (hex) over salt and address; blank for what is no person."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name"], condition=~Q(name=""), name="actor_named_once")]

    def __str__(self) -> str:
        return self.name or self.pseudonym

    @property
    def pseudonym(self) -> str:
        return f"person {self.pk}"

    @property
    def reference(self) -> str:
        """What the chain holds."""
        return f"{self.pseudonym}, {self.mark}" if self.mark else self.name


class EventManager(models.Manager["Event"]):
    def get_queryset(self) -> "models.QuerySet[Event]":
        return super().get_queryset().select_related("by")


class Event(Immutable):
    """Who moved what from where to where, when and why. Each carries the hash of the one before; none changes.

    Numbers have no gaps: they are given under the lock that keeps the chain in one line. Subjects are named by kind and
    number, not by foreign key: the history outlives what it tells of.
    """

    at = models.DateTimeField()
    by = models.ForeignKey(Actor, models.PROTECT, db_index=False, related_name="events")
    subject = models.CharField(max_length=24)
    subject_id = models.BigIntegerField()
    verb = models.CharField(max_length=40)
    before = models.CharField(max_length=24, blank=True)
    after = models.CharField(max_length=24, blank=True)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    channel_id = models.BigIntegerField(null=True)
    """The channel it is about, for finding; no part of the hash, for it can be told from subject and number."""
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, unique=True)

    objects: ClassVar[EventManager] = EventManager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["previous_hash"], name="event_chain_never_forks")]
        indexes = [
            models.Index(fields=["subject", "subject_id", "id"], name="event_of_subject"),
            models.Index(fields=["subject", "-id"], name="event_newest_of_kind"),
            models.Index(fields=["at"], name="event_at"),
            models.Index(fields=["by", "-id"], name="event_by"),
            models.Index(fields=["channel_id", "-id"], condition=Q(channel_id__isnull=False), name="event_of_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.subject_id}: {self.verb}"

    @property
    def actor(self) -> str:
        """A person's e-mail address, or "person 12" once that is forgotten; "rule: …"; or the service."""
        return str(self.by)
