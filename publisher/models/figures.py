from django.db import models

from publisher.models.post import Post


class PostFigures(models.Model):
    """What followers did with a post that is out, as its network counted it when it was last asked."""

    post = models.OneToOneField(Post, models.CASCADE, related_name="figures", primary_key=True)
    next_at = models.DateTimeField(null=True, blank=True)
    """When it is asked again; null when it no longer is."""
    reads = models.PositiveSmallIntegerField(default=0)
    """How often it was asked."""
    read_at = models.DateTimeField(null=True, blank=True)
    """When it last answered."""
    impressions = models.PositiveBigIntegerField(null=True, blank=True)
    likes = models.PositiveBigIntegerField(null=True, blank=True)
    replies = models.PositiveBigIntegerField(null=True, blank=True)
    reposts = models.PositiveBigIntegerField(null=True, blank=True)
    past = models.JSONField(default=list, blank=True)
    """Every answer, oldest first: {"at": …, "likes": …}."""
    problem = models.TextField(blank=True)
    """The sentence that says why the last question had no answer."""

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(next_at__isnull=False), name="post_figures_due"),
        ]

    def __str__(self) -> str:
        return f"figures of {self.post_id}"
