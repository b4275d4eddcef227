"""What we know of a web server beforehand: its time zone and hours of work, what it tolerates, its quirks. Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from publisher.watch.data import table


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """A row of `hosts.toml`, which says what each field means."""

    zone: str = "Europe/Brussels"
    opens: int = 8
    closes: int = 20
    shortest_minutes: int = 60
    identity: bool = False
    shared: bool = False

    @property
    def shortest(self) -> timedelta:
        return timedelta(minutes=self.shortest_minutes)

    def is_open(self, at: datetime) -> bool:
        """Whether the press office is at work."""
        there = at.astimezone(ZoneInfo(self.zone))
        return there.weekday() < 5 and self.opens <= there.hour < self.closes

    def opening_after(self, at: datetime) -> datetime:
        """When its next day of work begins."""
        there = at.astimezone(ZoneInfo(self.zone))
        day = there.date() if there.hour < self.opens else there.date() + timedelta(days=1)
        while day.weekday() >= 5:
            day += timedelta(days=1)
        return datetime.combine(day, time(self.opens), ZoneInfo(self.zone))


@lru_cache(maxsize=4096)
def manners_of(host: str) -> Manners:
    """What holds for `host` (lower case, no port): its own row, or that of the nearest host above it."""
    rows: dict[str, dict[str, Any]] = table("hosts")["hosts"]
    while host:
        if host in rows:
            return Manners(**rows[host])
        host = host.partition(".")[2]
    return Manners()
