from django.db import models

from publisher.enums import ChannelHealth
from publisher.models.fields import choice, known


class Channel(models.Model):
    """One account on a network that we may publish to. Its credentials are sealed; nobody sees them again."""

    network = models.CharField(max_length=24)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=12, blank=True)
    """Documents in another language do not go here; blank takes every language."""
    credentials = models.TextField()
    """Sealed (Fernet) JSON."""
    described = models.CharField(max_length=64, blank=True)
    """A hash of the settings that it was made from; blank when a person connected it."""
    account = models.JSONField(default=dict)
    """The `types.Identity` that the network told at the last check."""
    active = models.BooleanField(default=True)
    """False while a person has paused it."""
    health = choice(ChannelHealth, ChannelHealth.UNKNOWN)
    problem = models.TextField(blank=True)
    diagnostic = models.TextField(blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["network", "name", "id"]
        constraints = [known("health", ChannelHealth, "channel_health_known")]

    def __str__(self) -> str:
        return self.name

    @property
    def handle(self) -> str:
        return str(self.account.get("handle", ""))
