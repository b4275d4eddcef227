"""Passes over a thousand feeds: Publisher beside `reader` (PyPI), taking turns, each with a server of its own."""

import json
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import IO

from tests.bench.feeds import FEEDS
from tests.bench.tree import Cost, measured

ROOT = Path(__file__).parents[2]
PASSES = ("first pass", "unchanged (all 304)", "new entry in a tenth")
ENTRIES = 19_750
DEMANDED = {"first pass": 2.0, "unchanged (all 304)": 5.0, "new entry in a tenth": 5.0}


def ask(process: subprocess.Popen[str], command: str = "") -> str:
    assert process.stdin
    process.stdin.write(f"{command}\n")
    process.stdin.flush()
    return line(process.stdout)


def line(stream: IO[str] | None) -> str:
    assert stream
    said = stream.readline().strip()
    if not said:
        raise SystemExit("a process of the bench ended before its time")
    return said


@contextmanager
def started(module: str, *arguments: object) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process of the bench, and the first line that it says."""
    command = [sys.executable, "-m", f"tests.bench.{module}", *filter(None, map(str, arguments))]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process, line(process.stdout)
    finally:
        process.kill()
        process.wait()


@dataclass
class Side:
    """One of the two, with a server and a folder of its own."""

    name: str
    watcher: subprocess.Popen[str]
    port: int
    done: int = 0
    costs: dict[str, list[Cost]] = field(default_factory=dict)

    def go(self, which: str) -> None:
        """One pass; both must have taken in every entry."""
        if which == PASSES[2]:
            advance(self.port)
        with measured(self.watcher.pid, every=0.2) as cost:
            said = ask(self.watcher)
        self.costs.setdefault(which, []).append(cost)
        self.done += which == PASSES[2]
        count = json.loads(said)["documents"] if self.name == "ours" else int(said)
        expected = ENTRIES + self.done * (FEEDS // 10)
        if count != expected:
            raise SystemExit(f"{self.name} has {count} entries after {which}, and should have {expected}: {said[:500]}")


@contextmanager
def side(name: str, markup: str = "") -> Iterator[Side]:
    with (
        tempfile.TemporaryDirectory() as folder,
        started("feeds", markup) as (_, port),
        started(name, port, FEEDS if name == "ours" else folder) as (watcher, _),
    ):
        yield Side(name, watcher, int(port))


def compare(rounds: int = 3) -> tuple[dict[str, dict[str, list[Cost]]], dict[int, list[float]]]:
    """Costs by side and pass; and the seconds from a request to the draft in our queue, by how many come at once.

    In each round both start anew, and take turns pass by pass.
    """
    found: dict[str, dict[str, list[Cost]]] = {"ours": {}, "theirs": {}}
    waits: dict[int, list[float]] = {}
    for number in range(rounds):
        with side("ours") as ours, side("theirs") as theirs:
            for which in (PASSES[0], PASSES[1], PASSES[2], PASSES[1], PASSES[2]):
                for each in (ours, theirs) if number % 2 == 0 else (theirs, ours):
                    each.go(which)
            for each in (ours, theirs):
                for which, costs in each.costs.items():
                    found[each.name].setdefault(which, []).extend(costs)
            for count, some in to_the_queue(ours):
                waits.setdefault(count, []).extend(some)
    return found, waits


def first_pass(markup: str) -> tuple[Cost, Cost]:
    """One first pass of each over feeds with another markup."""
    costs = []
    for name in ("ours", "theirs"):
        with side(name, markup) as each:
            each.go(PASSES[0])
            costs += each.costs[PASSES[0]]
    return costs[0], costs[1]


def to_the_queue(ours: Side) -> Iterator[tuple[int, list[float]]]:
    """How long entries take that come one, ten and a hundred at a time; the first does not count, it loads things."""
    for count in (0, 1, 1, 1, 10, 100):
        advance(ours.port)
        said = json.loads(ask(ours.watcher, "draft" if count == FEEDS // 10 else f"draft {count or 1}"))
        ask(ours.watcher, "draft")  # what the others brought: each is to have one new entry the next time
        if count:
            yield count, said["waits"]


def advance(port: int) -> None:
    """One new entry in every tenth feed."""
    urllib.request.urlopen(f"http://127.0.0.1:{port}/advance", timeout=10).close()


def middle(costs: list[Cost]) -> Cost:
    return Cost(*(median(getattr(cost, name) for cost in costs) for name in ("seconds", "cpu", "memory")))
