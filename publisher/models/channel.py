from django.db import models

from publisher.enums import ChannelHealth, LatePolicy
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
    renewing_until = models.DateTimeField(null=True, blank=True)
    """Somebody is renewing its token, until then at most: others wait."""
    four_eyes = models.BooleanField(default=True)
    """Whoever wrote or edited a post, or owns the rule that made it, cannot approve it."""
    approvals = models.PositiveSmallIntegerField(default=1)
    """How many people must say yes."""
    approvals_by_kind = models.JSONField(default=dict, blank=True)
    """Where it is another number for a kind of document: {"statement": 2}."""
    spacing = models.PositiveSmallIntegerField(default=0)
    """Minutes between two posts; 0 = none are asked for."""
    daily_cap = models.PositiveSmallIntegerField(default=0)
    """Posts a day, on the newsroom's calendar; 0 = as many as there are."""
    slots = models.JSONField(default=dict, blank=True)
    """The best hours of each weekday, on the newsroom's clock: {"mon": ["09:00", "14:30"]}."""
    spend_cap = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    """US dollars a calendar month; null = no limit."""
    late = choice(LatePolicy, LatePolicy.ASK)
    late_by_kind = models.JSONField(default=dict, blank=True)
    """Where it is another policy for a kind of document: {"press_release": "send"}."""
    language_hours = models.PositiveSmallIntegerField(default=0)
    """Hours for which it waits for a document in its language, then a person is asked; 0 = it waits and asks nobody."""
    links = models.JSONField(default=dict, blank=True)
    """How links in its posts are written (`newsroom.drafts.links.Style`)."""
    sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["network", "name", "id"]
        constraints = [
            known("health", ChannelHealth, "channel_health_known"),
            known("late", LatePolicy, "channel_late_known"),
            models.CheckConstraint(condition=models.Q(approvals__in=[1, 2]), name="channel_approvals_one_or_two"),
        ]

    def __str__(self) -> str:
        return self.name

    def approvals_for(self, kind: str) -> int:
        """How many people must say yes to a post about a document of this kind."""
        return int(self.approvals_by_kind.get(kind, self.approvals))

    def late_for(self, kind: str) -> LatePolicy:
        """What becomes of a post about a document of this kind whose time has passed."""
        return LatePolicy(self.late_by_kind.get(kind, self.late))

    @property
    def handle(self) -> str:
        return str(self.account.get("handle", ""))
