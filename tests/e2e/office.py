"""A press office that is set up from its `.env` alone, and what its rows say.

It watches a feed on loopback and has one account, @press, on the sandbox network, which the office's own desk serves.
"""

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests.ports import free_port
from tests.service import Service, clean_environment, make_tables, running
from tests.watch.server import Answer, Server

ROOT = Path(__file__).resolve().parent.parent.parent
COMMAND = [sys.executable, "-m", "publisher"]
SOON = 40.0
"""Seconds for what goes by itself: looks at the feed each second, sweeps, the look-up of a lost post."""
OPEN_ACCOUNT = (
    "from publisher.newsroom import database; database.prepare();"
    "from publisher.models import SandboxAccount as A; print(A.objects.open('press', 'The Press Office')[1])"
)
ITEM = "<item><title>{title}</title><link>https://press.example.org/{number}</link><guid>{number}</guid></item>"
FEED = '<rss version="2.0"><channel><title>Press Room</title><language>en</language>{items}</channel></rss>'


@dataclass
class Office:
    folder: Path
    web: Server
    database: str = ""
    """PostgreSQL for rows and queue, or blank for SQLite."""
    port: int = field(default_factory=free_port)
    titles: list[str] = field(default_factory=lambda: ["What stood there before"])

    def set_up(self) -> None:
        self.folder.mkdir()
        if not self.database:
            make_tables(self.folder / "var")
        self.show_feed()
        common = {"sources": self.web.url(), "poll_interval": "1", "sample": "false"}
        common["private_hosts"] = "127.0.0.1"  # the feed's server
        if self.database:
            common |= {"database_url": self.database, "queue_url": self.database}
        self._write(common)
        token = self.publisher("manage", "shell", "--verbosity", "0", "-c", OPEN_ACCOUNT).stdout.split()[-1]
        credentials = {"base_url": f"http://127.0.0.1:{self.port}", "account": "press", "token": token}
        self._write({**common, "channels": json.dumps([{"network": "sandbox", "credentials": credentials}])})

    def _write(self, settings: dict[str, str]) -> None:
        lines = [f"PUBLISHER_{name.upper()}='{value}'\n" for name, value in settings.items()]
        (self.folder / ".env").write_text("".join(lines), encoding="utf-8")

    def show_feed(self) -> None:
        items = [ITEM.format(title=title, number=number) for number, title in enumerate(self.titles)]
        self.web.serve(Answer(body=FEED.format(items="".join(reversed(items))).encode()))

    def puts_out(self, *titles: str) -> None:
        """New entries come into the feed, the last on top."""
        self.titles += titles
        self.show_feed()

    def running(self, *command: str, ready: str = "Publisher is ready on {address}") -> AbstractContextManager[Service]:
        return running([*COMMAND, *command], self.folder, self._environment(), SOON, port=self.port, ready=ready)

    def publisher(self, *arguments: object, status: int = 0) -> "subprocess.CompletedProcess[str]":
        command = [*COMMAND, *map(str, arguments)]
        done = subprocess.run(
            command, cwd=self.folder, env=self._environment(), capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == status, done
        return done

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the database says, behind the service's back; the SQL is the same on both databases."""
        if self.database:
            with psycopg.connect(self.database) as connection:
                return connection.execute(query).fetchall()  # type: ignore[call-overload,no-any-return]  # plain SQL
        with closing(sqlite3.connect(self._file)) as connection:
            return connection.execute(query).fetchall()

    def change(self, statement: str) -> None:
        if self.database:
            with psycopg.connect(self.database) as connection:
                connection.execute(statement)  # type: ignore[call-overload]  # plain SQL
            return
        with closing(sqlite3.connect(self._file, timeout=20)) as connection, connection:
            connection.execute(statement)

    @property
    def _file(self) -> Path:
        return self.folder / "var" / "publisher.sqlite3"

    def states(self) -> list[str]:
        return [state for (state,) in self.rows("SELECT state FROM publisher_post ORDER BY id")]

    def texts_on_the_network(self) -> list[str]:
        return [text for (text,) in self.rows("SELECT text FROM publisher_sandboxpost ORDER BY id")]

    def first_sight(self) -> None:
        """Wait until the account is connected and the feed has been seen: what comes from now on is news."""
        until(lambda: self.rows("SELECT 1 FROM publisher_channel"), self._logs)
        until(lambda: self.rows("SELECT 1 FROM publisher_source WHERE baseline_at IS NOT NULL"), self._logs)

    def wait_for(self, *states: str) -> None:
        until(lambda: self.states() == list(states), lambda: (self.states(), self._logs()))

    def approve(self, number: int = 1) -> None:
        """The post of that number, by a process of its own."""
        self.publisher("queue", "approve", number)

    def _environment(self) -> dict[str, str]:
        return clean_environment(PYTHONPATH=str(ROOT), PUBLISHER_PRIVATE_HOSTS="127.0.0.0/8")

    def _logs(self) -> str:
        return "\n".join(log.read_text("utf-8") for log in sorted(self.folder.parent.glob(f"{self.folder.name}-*.log")))


def until(condition: Callable[[], object], told: Callable[[], object]) -> None:
    deadline = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < deadline, told()
        time.sleep(0.05)  # the only way to see what another process does


@contextmanager
def open_office(folder: Path, database: str = "") -> Iterator[Office]:
    with Server().running() as web:
        office = Office(folder, web, database)
        office.set_up()
        yield office
