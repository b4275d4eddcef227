from django.db import models
from django.db.models import F, Q

from publisher.models.channel import Channel


class SensitivePeriod(models.Model):
    """A time in which nothing goes out without a person's look: mourning, the weeks before an election.

    Ended early by setting its end; never taken away.
    """

    name = models.CharField(max_length=200)
    """What the reviewer reads as the reason."""
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    channels = models.ManyToManyField(Channel, blank=True, related_name="periods")
    """None takes all."""
    kinds = models.JSONField(default=list, blank=True)
    """Kinds of documents; empty takes all."""
    words = models.JSONField(default=list, blank=True)
    """Only documents whose title, lead or text holds one of these; empty takes all."""
    set_by = models.CharField(max_length=200)
    set_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gte=F("starts_at")), name="period_ends_after_it_starts")
        ]

    def __str__(self) -> str:
        return self.name
