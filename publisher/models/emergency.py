from django.db import models
from django.db.models import Q

from publisher.models.post import Approval, Post


class Emergency(models.Model):
    """One person let a post go out alone. It stays on the list until a second person has looked. Closed once."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="emergencies")
    approval = models.OneToOneField(Approval, models.CASCADE, related_name="emergency")
    reason = models.TextField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)
    reviewed_by = models.CharField(max_length=200, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name_plural = "emergencies"
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="emergency_has_reason"),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True, reviewed_by="")
                | (Q(reviewed_at__isnull=False) & ~Q(reviewed_by="")),
                name="emergency_reviewed_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["at"], condition=Q(reviewed_at__isnull=True), name="emergency_open")]

    def __str__(self) -> str:
        return f"{self.by}: {self.post_id}"
