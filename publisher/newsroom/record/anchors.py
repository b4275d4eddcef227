"""Anchors: the head of the chain as it stood, written down where the database's rows cannot reach it.

Each hour a line in `anchors/` of the data folder, each day a line in the digest that people get by e-mail. Whoever cuts
the end of the history off, or writes all of it anew, cannot take back what was sent out.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from publisher import config
from publisher.errors import InvalidInput
from publisher.models import Event
from publisher.newsroom.record import chain
from publisher.newsroom.record.chain import Walk


@dataclass(frozen=True, slots=True)
class Anchor:
    number: int
    hash: str

    @property
    def text(self) -> str:
        """As people are sent it, and as `publisher audit verify --anchor` takes it."""
        return f"{self.number}:{self.hash}"


def head() -> Anchor | None:
    """The last event; None before the first."""
    last = Event.objects.select_related(None).order_by("-id").values_list("id", "hash").first()
    return Anchor(*last) if last else None


def write() -> Anchor | None:
    """Add the head to this month's file, on disk when this returns; None when nothing happened since the last time.

    Raises OSError (disk full).
    """
    now, standing = timezone.now(), head()
    if standing is None or standing == _last():
        return None
    folder().mkdir(parents=True, exist_ok=True)
    line = json.dumps({"at": now.isoformat(timespec="seconds"), "number": standing.number, "hash": standing.hash})
    with (folder() / f"{now:%Y-%m}.jsonl").open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n" if _is_cut(file.name) else f"{line}\n")
        file.flush()
        os.fsync(file.fileno())
    return standing


def folder() -> Path:
    return config.get().data_dir / "anchors"


def read(path: Path) -> list[Anchor]:
    """The anchors of a file, or of all files of a folder, oldest first. Raises InvalidInput when there are none."""
    try:
        files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
        found = [anchor for file in files for line in file.read_bytes().splitlines() if (anchor := _told(line))]
    except OSError as error:
        raise InvalidInput("audit.no_anchors", type(error).__name__, path=str(path)) from error
    if not found:
        raise InvalidInput("audit.no_anchors", path=str(path))
    return found


def parse(text: str) -> Anchor:
    """`118:9f3c…`, as the digest tells it. Raises InvalidInput."""
    number, _, hash_ = text.strip().partition(":")
    if not number.isdecimal() or not hash_:
        raise InvalidInput("audit.wrong_anchor", text=text)
    return Anchor(int(number), hash_.lower())


def verify(others: Iterable[Anchor] = ()) -> Walk:
    """Walk the whole chain and hold it against our own anchors and `others`, which were kept elsewhere."""
    seen = chain.verify()
    check_own(seen)
    check(seen, others)
    return seen


def check_own(seen: Walk) -> None:
    """Hold what was walked against the anchors of the data folder."""
    check(seen, read(folder()) if _kept() else ())


def check(seen: Walk, anchors: Iterable[Anchor]) -> None:
    """Tell which anchors the rows no longer bear out: the first of those beyond the end, and each that differs."""
    known = {anchor.number: anchor for anchor in anchors}
    hashes = dict(Event.objects.filter(pk__in=_within(known, seen.number)).values_list("pk", "hash"))
    beyond = [number for number in known if number > seen.number]
    if beyond:
        seen.find("cut", seen.number, anchored=max(beyond))
    for number, anchor in sorted(known.items()):
        if number <= seen.number and hashes.get(number) != anchor.hash:
            seen.find("anchor", number)


def _within(known: Iterable[int], last: int) -> list[int]:
    return [number for number in known if number <= last]


def _last() -> Anchor | None:
    return read(folder())[-1] if _kept() else None


def _is_cut(name: str) -> bool:
    """Whether a crash left the last line without its end."""
    there = Path(name).read_bytes()
    return bool(there) and not there.endswith(b"\n")


def _kept() -> bool:
    return any(_told(line) for file in folder().glob("*.jsonl") for line in file.read_bytes().splitlines())


def _told(line: bytes) -> Anchor | None:
    """None for what a crash cut short."""
    try:
        told = json.loads(line)
        return Anchor(int(told["number"]), str(told["hash"]))
    except (ValueError, KeyError, TypeError):
        return None
