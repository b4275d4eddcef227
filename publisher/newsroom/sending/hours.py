"""A channel's best hours as people write them: one line for some days, like `mon-fri 09:00, 14:30`. Pure."""

import re
from collections.abc import Iterable, Mapping
from datetime import time

from publisher.errors import InvalidInput
from publisher.newsroom.sending.when import WEEKDAYS

_LINE = re.compile(r"([a-z]{3})(?:\s*[-–]\s*([a-z]{3}))?\s*:?\s+(.+)")


def read(lines: Iterable[str]) -> dict[str, list[str]]:
    """Hours by weekday, as `Channel.slots` keeps them. Raises InvalidInput with the line that says nothing."""
    found: dict[str, set[str]] = {}
    for line in lines:
        if not line.strip():
            continue
        days, hours = _read_line(line)
        for day in days:
            found.setdefault(day, set()).update(hours)
    return {day: sorted(found[day]) for day in WEEKDAYS if day in found}


def write(slots: Mapping[str, Iterable[str]]) -> list[str]:
    """The lines for these hours: days that follow each other and have the same hours stand together."""
    runs: list[tuple[list[str], tuple[str, ...]]] = []
    for day in WEEKDAYS:
        hours = tuple(sorted(slots.get(day, ())))
        if runs and runs[-1][1] == hours:
            runs[-1][0].append(day)
        else:
            runs.append(([day], hours))
    return [
        f"{days[0]}-{days[-1]} {', '.join(hours)}" if len(days) > 1 else f"{days[0]} {', '.join(hours)}"
        for days, hours in runs
        if hours
    ]


def _read_line(line: str) -> tuple[list[str], list[str]]:
    matched = _LINE.fullmatch(line.strip().casefold())
    if matched is None or not {matched[1], matched[2] or matched[1]} <= set(WEEKDAYS):
        raise InvalidInput("pace.hours_wrong", line=line.strip())
    first, last = WEEKDAYS.index(matched[1]), WEEKDAYS.index(matched[2] or matched[1])
    try:
        hours = [_hour(hour) for hour in re.split(r"[,;\s]+", matched[3]) if hour]
    except ValueError:
        raise InvalidInput("pace.hours_wrong", line=line.strip()) from None
    if first > last or not hours:
        raise InvalidInput("pace.hours_wrong", line=line.strip())
    return list(WEEKDAYS[first : last + 1]), hours


def _hour(written: str) -> str:
    """09:00 for 9:00. Raises ValueError."""
    return time.fromisoformat(written.zfill(5)).strftime("%H:%M")
