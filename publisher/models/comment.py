from django.conf import settings
from django.db import models
from django.db.models import Q

from publisher.models.post import Post, Revision


class Comment(models.Model):
    """What somebody said about a post, perhaps asking for changes. Its words never change; it can be withdrawn once."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="comments")
    revision = models.ForeignKey(Revision, models.CASCADE, related_name="comments")
    """The words that were current when it was said: those that are to change, where it asks for changes."""
    asks = models.BooleanField(default=False)
    """Whether it asks for changes; until another revision, or its withdrawal, the post cannot be approved."""
    text = models.TextField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="comments")
    by = models.CharField(max_length=200)
    """The name as it was."""
    told = models.JSONField(default=list)
    """Numbers of the people who were mentioned."""
    at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_by="")),
                name="comment_withdrawn_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by}: {self.text}"
