"""Small helpers that the models share."""

from enum import StrEnum

from django.db import models
from django.db.models import Q


def choice(kind: type[StrEnum], default: StrEnum | None = None, *, blank: bool = False) -> "models.CharField[str, str]":
    """A text column that holds one value of an enum."""
    return models.CharField(
        max_length=24,
        choices=[(item.value, item.value.replace("_", " ")) for item in kind],
        default=default.value if default else "",
        blank=blank,
    )


def known(field: str, kind: type[StrEnum], name: str, *, blank: bool = False) -> models.CheckConstraint:
    """The database takes only the enum's values."""
    values = [item.value for item in kind] + ([""] if blank else [])
    return models.CheckConstraint(condition=Q(**{f"{field}__in": values}), name=name)


class Immutable(models.Model):
    """A row that is written once. Changing it is a bug, so it says no."""

    class Meta:
        abstract = True

    def save(self, *args: object, **kwargs: object) -> None:
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} rows never change")
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
