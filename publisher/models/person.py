from django.db import models


class Person(models.Model):
    """A speaker: the name as documents write it, a handle per network."""

    name = models.CharField(max_length=200, unique=True)
    handles = models.JSONField(default=dict, blank=True)
    """Network to handle, like {"x": "@kajakallas"}."""

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.name
