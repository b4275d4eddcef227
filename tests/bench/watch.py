"""A pass over a thousand feeds: Publisher beside `reader` (PyPI), one after the other on the same server in one run."""

import json
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import IO

from tests.bench.feeds import FEEDS
from tests.bench.tree import Cost, measured

ROOT = Path(__file__).parents[2]
PASSES = ("first pass", "unchanged (all 304)", "new entry in a tenth")
DEMANDED = {"first pass": 2.0, "unchanged (all 304)": 5.0, "new entry in a tenth": 5.0}


def ask(process: subprocess.Popen[str]) -> str:
    assert process.stdin
    process.stdin.write("\n")
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
    command = [sys.executable, "-m", f"tests.bench.{module}", *map(str, arguments)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process, line(process.stdout)
    finally:
        process.kill()
        process.wait()


def passes(watcher: subprocess.Popen[str], port: int, rounds: int) -> Iterator[tuple[str, Cost, str]]:
    """The first pass once, the others `rounds` times."""
    for number in range(1 + 2 * rounds):
        name = PASSES[0] if number == 0 else PASSES[1 + (number - 1) % 2]
        if name == PASSES[2]:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/advance", timeout=10).close()
        with measured(watcher.pid, every=0.2) as cost:
            said = ask(watcher)
        yield name, cost, said


def compare(rounds: int = 3) -> tuple[dict[str, dict[str, list[Cost]]], list[float]]:
    """Costs by watcher and pass, and the seconds from each new entry's request to its draft in our queue."""
    found: dict[str, dict[str, list[Cost]]] = {}
    waits: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        for name, arguments in (("ours", (FEEDS,)), ("theirs", (folder,))):
            with started("feeds") as (_, port), started(name, port, *arguments) as (watcher, _):
                for number, (which, cost, said) in enumerate(passes(watcher, int(port), rounds)):
                    check(name, number, said)
                    found.setdefault(name, {}).setdefault(which, []).append(cost)
                    waits += json.loads(said)["waits"] if name == "ours" else []
    return found, waits


def check(name: str, number: int, said: str) -> None:
    """Both must have taken in every entry."""
    count = json.loads(said)["documents"] if name == "ours" else int(said)
    expected = 19_750 + number // 2 * (FEEDS // 10)
    if count != expected:
        raise SystemExit(f"{name} has {count} entries after pass {number}, and should have {expected}: {said[:500]}")


def middle(costs: list[Cost]) -> Cost:
    return Cost(*(median(getattr(cost, name) for cost in costs) for name in ("seconds", "cpu", "memory")))
