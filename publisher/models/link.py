from django.db import models


class ShortLink(models.Model):
    """The short address that the shortener gave for a long one: it is asked once."""

    url = models.CharField(max_length=2100, unique=True)
    short = models.CharField(max_length=200)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.short
