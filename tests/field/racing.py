"""Two acts at one moment, the same way each time: on PostgreSQL, where transactions overlap.

The first act halts within its transaction, right after the statement that is named. Then the second one runs until it
waits for the first one's lock, halts at the same statement itself (there was no lock), or ends. Only then the first
goes on to its end, and the second after it. Nothing depends on how fast the machine is.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection, connections

POSTGRESQL = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="one writer at a time: its transactions never overlap"
)
PATIENCE = 30.0
"""Seconds after which something is wrong."""


@dataclass
class Raced:
    results: tuple[Any, Any]
    """What the two gave, or the error that they raised."""
    waited: bool
    """Whether the second one waited for the first one's lock."""


@dataclass
class _Runner:
    act: Callable[[], Any]
    at: str
    """How the statement begins, and which table it names: "SELECT publisher_post"."""
    nth: int
    """Which of these statements."""
    there: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)
    pid: int = 0
    result: Any = None

    def run(self) -> None:
        try:
            connection.ensure_connection()
            self.pid = connection.connection.info.backend_pid
            with connection.execute_wrapper(self._halt):
                self.result = self.act()
        except Exception as error:  # noqa: BLE001  # what it raises is what is looked at
            self.result = error
        finally:
            self.done.set()
            connections.close_all()

    def _halt(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        verb, _, table = self.at.partition(" ")
        here = sql.startswith(verb) and f'"{table}"' in sql and connection.in_atomic_block
        result = execute(sql, *rest)
        self.nth -= here
        if here and self.nth == 0:
            self.there.set()
            assert self.go_on.wait(PATIENCE)
        return result

    def start(self) -> threading.Thread:
        thread = threading.Thread(target=self.run)
        thread.start()
        return thread

    def comes_to_a_halt(self) -> bool:
        """Wait until it halts, ends, or is kept waiting; True for the last."""
        for _ in range(int(PATIENCE / 0.01)):
            if self.there.wait(0.01) or self.done.is_set():
                return False
            with connection.cursor() as cursor:
                cursor.execute("SELECT cardinality(pg_blocking_pids(%s))", [self.pid])
                if cursor.fetchone()[0]:
                    return True
        pytest.fail("one of the two neither halted nor ended")


def race(
    first: Callable[[], Any], second: Callable[[], Any], *, at: str = "SELECT publisher_post", nth: int = 1
) -> Raced:
    """Run the two. The statement is looked for within transactions only."""
    one, other = _Runner(first, at, nth), _Runner(second, at, nth)
    threads = [one.start()]
    one.comes_to_a_halt()
    threads.append(other.start())
    waited = other.comes_to_a_halt()
    for each, thread in zip((one, other), threads, strict=True):
        each.go_on.set()
        thread.join(PATIENCE)
    return Raced((one.result, other.result), waited)
