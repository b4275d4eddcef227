from django.conf import settings
from django.db import models

from publisher.enums import RuleMode
from publisher.models.channel import Channel
from publisher.models.fields import choice, known
from publisher.models.source import Source


class Rule(models.Model):
    """Which documents go to which channels, and whether a person looks first.

    For each channel the first active rule that fits (by position) counts; where none fits, nothing is drafted.
    """

    name = models.CharField(max_length=200)
    position = models.PositiveIntegerField(default=100)
    kinds = models.JSONField(default=list, blank=True)
    """Document kinds; empty takes all."""
    sources = models.ManyToManyField(Source, blank=True, related_name="rules")
    """None takes all."""
    channels = models.ManyToManyField(Channel, blank=True, related_name="rules")
    """None takes all."""
    mode = choice(RuleMode, RuleMode.REVIEW)
    template = models.CharField(max_length=100, blank=True)
    """A template file to use instead of the one for the kind."""
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="rules")
    """Who made it or changed it last: with four eyes, they cannot approve what it drafts."""
    active = models.BooleanField(default=True)
    sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "id"]
        constraints = [known("mode", RuleMode, "rule_mode_known")]

    def __str__(self) -> str:
        return self.name
