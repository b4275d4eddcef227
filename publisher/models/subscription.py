from django.db import models

from publisher.enums import SubscriptionState
from publisher.models.fields import choice, known
from publisher.models.source import Source


class Subscription(models.Model):
    """What a hub is asked to push to us for one source (WebSub, W3C). Polling stays as the safety net."""

    source = models.OneToOneField(Source, models.CASCADE, related_name="subscription")
    hub = models.URLField(max_length=2000)
    topic = models.URLField(max_length=2000)
    """The address that the feed itself gives as its own."""
    token = models.CharField(max_length=64, unique=True)
    """The secret part of the address that the hub calls."""
    secret = models.TextField()
    """Sealed: the key with which the hub signs what it sends."""
    state = choice(SubscriptionState, SubscriptionState.ASKED)
    asked_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    pushed_at = models.DateTimeField(null=True, blank=True)
    """When the hub last brought something."""
    problem = models.TextField(blank=True)

    class Meta:
        constraints = [known("state", SubscriptionState, "subscription_state_known")]
        indexes = [models.Index(fields=["lease_until"], name="subscription_lease")]

    def __str__(self) -> str:
        return f"{self.source} at {self.hub}"
