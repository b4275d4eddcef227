from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from publisher.enums import HoldScope
from publisher.models.channel import Channel
from publisher.models.document import Document
from publisher.models.fields import choice, known

ALWAYS = Q(starts_at__isnull=True, ends_at__isnull=True)


class HoldManager(models.Manager["Hold"]):
    def standing(self, at: datetime | None = None) -> "models.QuerySet[Hold]":
        """Those that stop something at this moment."""
        now = at or timezone.now()
        begun, not_over = Q(starts_at=None) | Q(starts_at__lte=now), Q(ends_at=None) | Q(ends_at__gt=now)
        return self.filter(begun, not_over, lifted_at=None)

    def coming(self) -> "models.QuerySet[Hold]":
        """Those that will stop something later."""
        return self.filter(lifted_at=None, starts_at__gt=timezone.now()).order_by("starts_at", "id")


class Hold(models.Model):
    """A stop: who set it, why, who lifted it. Read immediately before each call to a network. Closed once.

    One for a topic or a period may begin later and end by itself; nothing is written then.
    """

    scope = choice(HoldScope, HoldScope.EVERYTHING)
    channel = models.ForeignKey(Channel, models.CASCADE, null=True, blank=True, related_name="holds")
    document = models.ForeignKey(Document, models.CASCADE, null=True, blank=True, related_name="holds")
    words = models.JSONField(default=list, blank=True)
    """Of a topic: a post or its document that holds one of these is stopped."""
    channel_ids = models.JSONField(default=list, blank=True)
    """Of a topic or a period: only these channels; empty takes all. Numbers, so that a channel that is taken away never
    makes it one for all of them."""
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    set_by = models.CharField(max_length=200)
    set_at = models.DateTimeField(auto_now_add=True)
    lifted_by = models.CharField(max_length=200, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[HoldManager] = HoldManager()

    class Meta:
        ordering = ["-set_at", "-id"]
        constraints = [
            known("scope", HoldScope, "hold_scope_known"),
            models.CheckConstraint(
                condition=(ALWAYS & Q(scope=HoldScope.CHANNEL, channel__isnull=False, document__isnull=True))
                | (ALWAYS & Q(scope=HoldScope.DOCUMENT, channel__isnull=True, document__isnull=False))
                | (ALWAYS & Q(scope=HoldScope.EVERYTHING, channel__isnull=True, document__isnull=True))
                | Q(scope=HoldScope.TOPIC, channel__isnull=True, document__isnull=True)
                | Q(scope=HoldScope.PERIOD, channel__isnull=True, document__isnull=True, ends_at__isnull=False),
                name="hold_names_what_its_scope_says",
            ),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="hold_ends_after_it_starts",
            ),
        ]
        indexes = [models.Index(fields=["scope"], condition=Q(lifted_at__isnull=True), name="hold_standing")]

    def __str__(self) -> str:
        return f"{self.scope} {self.channel or self.document or ', '.join(self.words)}".strip()
