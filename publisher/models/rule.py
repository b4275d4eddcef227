from django.conf import settings
from django.db import models

from publisher.enums import RuleMode
from publisher.models.channel import Channel
from publisher.models.fields import choice, known
from publisher.models.source import Source


class Rule(models.Model):
    """Which documents go to which channels, and whether a person looks first.

    For each channel the first active rule that fits (by position) counts; where none fits, nothing is drafted. What it
    asks of a document are lists: an empty one asks nothing, of several values one is enough.
    """

    name = models.CharField(max_length=200)
    position = models.PositiveIntegerField(default=100)
    kinds = models.JSONField(default=list, blank=True)
    """Document kinds."""
    languages = models.JSONField(default=list, blank=True)
    """Primary tags: the document is there in one of these."""
    people = models.JSONField(default=list, blank=True)
    """Names of speakers."""
    topics = models.JSONField(default=list, blank=True)
    """As the institution names them."""
    words = models.JSONField(default=list, blank=True)
    """Whole words, or several in a row, of title or lead."""
    not_words = models.JSONField(default=list, blank=True)
    """The same, of which none may stand there."""
    weekdays = models.JSONField(default=list, blank=True)
    """On the newsroom's clock, when the document is drafted; 0 is Monday."""
    starts = models.TimeField(null=True, blank=True)
    """From this time of day on the newsroom's clock …"""
    ends = models.TimeField(null=True, blank=True)
    """… until this one, over midnight where it is the earlier one."""
    sources = models.ManyToManyField(Source, blank=True, related_name="rules")
    channels = models.ManyToManyField(Channel, blank=True, related_name="rules")
    mode = choice(RuleMode, RuleMode.REVIEW)
    cool_off = models.PositiveIntegerField(default=0)
    """Minutes that what it sends by itself stands in the queue first, where a person can hold it."""
    per_hour = models.PositiveIntegerField(default=0)
    """How many posts it may send by itself within an hour, the others wait for review; 0: any number."""
    use_slots = models.BooleanField(default=False)
    """What it sends by itself goes out in the channel's best hours."""
    template = models.CharField(max_length=100, blank=True)
    """A template file to use instead of the one for the kind."""
    hashtags = models.JSONField(default=list, blank=True)
    """Without the #; at the end of a post, unless its template places them."""
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="rules")
    """Who made it or changed it last: with four eyes, they cannot approve what it drafts."""
    confirmed_hash = models.CharField(max_length=64, blank=True)
    """What a second person has agreed to: `newsroom.drafts.rules.Terms.hash`."""
    confirmed_by = models.CharField(max_length=200, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    active = models.BooleanField(default=True)
    sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "id"]
        constraints = [known("mode", RuleMode, "rule_mode_known")]

    def __str__(self) -> str:
        return self.name
