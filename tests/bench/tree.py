"""What a process and all that it started cost: seconds, CPU, memory."""

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Cost:
    seconds: float = 0
    cpu: float = 0
    """Seconds, of all processes."""
    memory: float = 0
    """The most at one moment, MB: what the processes hold for themselves, and their part of what they share (PSS)."""


@contextmanager
def measured(root: int, *, every: float = 0.05) -> Iterator[Cost]:
    """Fill in what `root` and its descendants cost while the block runs."""
    cost = Cost()
    done = threading.Event()

    def watch() -> None:
        while not done.wait(every):
            cost.memory = max(cost.memory, memory(root))

    watcher = threading.Thread(target=watch, daemon=True)
    before, start = cpu(root), time.perf_counter()
    watcher.start()
    try:
        yield cost
    finally:
        cost.seconds, cost.cpu = time.perf_counter() - start, cpu(root) - before
        done.set()
        watcher.join()
        cost.memory = max(cost.memory, memory(root))


def tree(root: int) -> list[int]:
    found = [root]
    for process in found:
        with contextlib.suppress(OSError):
            for thread in Path(f"/proc/{process}/task").iterdir():
                found += map(int, (thread / "children").read_text().split())
    return found


def memory(root: int) -> float:
    kilobytes = 0
    for process in tree(root):
        with contextlib.suppress(OSError, StopIteration):
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
            kilobytes += int(next(line for line in lines if line.startswith("Pss:")).split()[1])
    return kilobytes / 1024


def cpu(root: int) -> float:
    """Seconds that the tree has computed, ended and reaped children included."""
    ticks = 0
    for process in tree(root):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
    return ticks / _TICK
