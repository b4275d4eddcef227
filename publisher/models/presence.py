from django.conf import settings
from django.db import models

from publisher.models.document import Document
from publisher.models.post import Post


class Presence(models.Model):
    """Somebody has a page of a document open: one row for each, written anew while they stay. Nobody's record."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="present")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="present")
    post = models.ForeignKey(Post, models.CASCADE, null=True, related_name="+")
    """The post that they are editing there."""
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "user"], name="presence_once_per_document")]

    def __str__(self) -> str:
        return f"{self.user} at {self.document_id}"
