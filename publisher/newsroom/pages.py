"""Long lists, a page at a time. There is no total: counting a hundred thousand rows helps nobody."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    items: list[Item]
    number: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1


def paged(query: "QuerySet[Any]", number: int, size: int) -> Page[Any]:
    """Page `number`, from 1, of a query that has an order."""
    number = max(number, 1)
    start = (number - 1) * size
    rows = list(query[start : start + size + 1])
    return Page(rows[:size], number, len(rows) > size)
