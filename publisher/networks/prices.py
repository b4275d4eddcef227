"""What networks bill for each call: the list in prices.toml, with its source and its day. Pure."""

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

FREE = Decimal()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """US dollars."""

    post: Decimal
    post_with_link: Decimal
    description: Decimal
    """For the alt text of one picture."""
    read: Decimal
    """For one post that a look-up reads."""
    delete: Decimal
    source: str
    as_of: date

    def part(self, *, linked: bool, descriptions: int) -> Decimal:
        """One part of a thread, or a post of one part."""
        return (self.post_with_link if linked else self.post) + self.description * descriptions


def of(network: str) -> Prices | None:
    """The price list of a network; None where it bills nothing."""
    return _list().get(network)


@cache
def _list() -> dict[str, Prices]:
    found = tomllib.loads((Path(__file__).parent / "prices.toml").read_text(encoding="utf-8"))
    return {network: _read(row) for network, row in found.items()}


def _read(row: dict[str, Any]) -> Prices:
    billed = ("post", "post_with_link", "description", "read", "delete")
    return Prices(source=row["source"], as_of=row["as_of"], **{name: Decimal(row[name]) for name in billed})
