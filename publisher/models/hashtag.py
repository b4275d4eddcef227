from django.db import models


class Hashtag(models.Model):
    """The hashtag of a topic, as the institution names it in one language."""

    topic = models.CharField(max_length=200)
    language = models.CharField(max_length=12, blank=True)
    """The primary tag; blank for every language that has none of its own."""
    tag = models.CharField(max_length=100)
    """Without #."""

    class Meta:
        ordering = ["topic", "language"]
        constraints = [models.UniqueConstraint(fields=["topic", "language"], name="hashtag_once_per_language")]

    def __str__(self) -> str:
        return f"#{self.tag}"
