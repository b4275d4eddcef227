from django.conf import settings
from django.db import models
from django.db.models import Q

from publisher.enums import ProposalOutcome
from publisher.models.fields import choice, known


class Proposal(models.Model):
    """What one person wants done and a second one must confirm. Closed once.

    Like events, it names its subject by kind and number: it outlives what it is about.
    """

    act = models.CharField(max_length=40)
    """A key of `newsroom.approval.pairs.ACTS`."""
    subject = models.CharField(max_length=24)
    subject_id = models.BigIntegerField()
    data = models.JSONField(default=dict)
    """What the act needs besides."""
    reason = models.TextField(blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="proposals")
    by = models.CharField(max_length=200)
    """Who proposed it, by the name they had."""
    at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField()
    """After this nobody can confirm it any more."""
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=200, blank=True)
    outcome = choice(ProposalOutcome, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            known("outcome", ProposalOutcome, "proposal_outcome_known", blank=True),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="proposal_closed_with_outcome",
            ),
            models.UniqueConstraint(
                fields=["act", "subject", "subject_id"], condition=Q(closed_at__isnull=True), name="proposal_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.subject} {self.subject_id}"
