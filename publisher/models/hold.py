from django.db import models
from django.db.models import Q

from publisher.enums import HoldScope
from publisher.models.channel import Channel
from publisher.models.document import Document
from publisher.models.fields import choice, known


class Hold(models.Model):
    """A stop: who set it, why, who lifted it. Read immediately before each call to a network. Closed once."""

    scope = choice(HoldScope, HoldScope.EVERYTHING)
    channel = models.ForeignKey(Channel, models.CASCADE, null=True, blank=True, related_name="holds")
    document = models.ForeignKey(Document, models.CASCADE, null=True, blank=True, related_name="holds")
    reason = models.TextField(blank=True)
    set_by = models.CharField(max_length=200)
    set_at = models.DateTimeField(auto_now_add=True)
    lifted_by = models.CharField(max_length=200, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-set_at", "-id"]
        constraints = [
            known("scope", HoldScope, "hold_scope_known"),
            models.CheckConstraint(
                condition=Q(scope=HoldScope.CHANNEL, channel__isnull=False, document__isnull=True)
                | Q(scope=HoldScope.DOCUMENT, channel__isnull=True, document__isnull=False)
                | Q(scope=HoldScope.EVERYTHING, channel__isnull=True, document__isnull=True),
                name="hold_names_what_its_scope_says",
            ),
        ]
        indexes = [models.Index(fields=["scope"], condition=Q(lifted_at__isnull=True), name="hold_standing")]

    def __str__(self) -> str:
        return f"{self.scope} {self.channel or self.document or ''}".strip()
