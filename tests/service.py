"""Starts the service as a person does, in a process of its own, and stops it with Ctrl-C."""

import functools
import itertools
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.ports import free_port

ROOT = Path(__file__).resolve().parent.parent
_numbers = itertools.count(1)
STOP = 5
"""Seconds within which Ctrl-C ends the service."""


def clean_environment(**changes: str) -> dict[str, str]:
    """Ours without what the tests, make or a developer's settings have put into it."""
    foreign = ("PUBLISHER_", "DJANGO_", "PYTHON", "PYTEST_", "MAKE", "MFLAGS", "VIRTUAL_ENV", "COV_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return kept | changes


@functools.cache
def _tables() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        environment = clean_environment(PYTHONPATH=str(ROOT), PUBLISHER_DATA_DIR=folder)
        command = [sys.executable, "-m", "publisher", "manage", "migrate", "--verbosity", "0"]
        subprocess.run(command, cwd=folder, env=environment, check=True, timeout=120)
        return (Path(folder) / "publisher.sqlite3").read_bytes()


def make_tables(data: Path) -> None:
    """A data folder with empty tables, as `publisher manage migrate` leaves them, in no time: they are made once."""
    data.mkdir(parents=True, exist_ok=True)
    (data / "publisher.sqlite3").write_bytes(_tables())


@dataclass
class Service:
    process: subprocess.Popen[bytes]
    address: str
    log: Path

    @property
    def output(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def get(self, path: str) -> tuple[int, str]:
        """Status and body, after redirects; no proxy of this machine stands between."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(self.address + path, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def wait_until_it_says(self, line: str, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while f"{line}\n" not in self.output:
            assert self.process.poll() is None, f"it ended with status {self.process.returncode}:\n{self.output}"
            assert time.monotonic() < deadline, f"no “{line}” after {seconds} seconds:\n{self.output}"
            time.sleep(0.05)  # the only way to see another process's line

    def timeline_posts(self) -> set[tuple[str, str]]:
        """Place and time of every post that the sandbox network shows to the public."""
        accounts = re.findall(r'href="(/timeline/[^"/]+)"', self.get("/timeline/")[1])
        posts = re.compile(r'<article id="([^"]+)".*?<time datetime="([^"]+)"', re.DOTALL)
        return {
            (f"{account}#{place}", when) for account in accounts for place, when in posts.findall(self.get(account)[1])
        }

    def wait_for_timeline_posts(self, seconds: float) -> set[tuple[str, str]]:
        """The posts that went out by themselves, once the first is there."""
        deadline = time.monotonic() + seconds
        while not (posts := self.timeline_posts()):
            assert time.monotonic() < deadline, f"nothing went out within {seconds} seconds:\n{self.output}"
            time.sleep(0.2)  # as a follower would look again
        return posts

    def press_ctrl_c(self) -> int:
        """Interrupt the whole group, as a terminal does. The exit status; fails when it takes longer than STOP."""
        os.killpg(self.process.pid, signal.SIGINT)
        status = self.process.wait(STOP)
        assert not _kill_group(self.process.pid), "something of the service went on after its end"
        return status


def _kill_group(pid: int) -> bool:
    """Whether any process of the group was still there."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def running(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    seconds: float,
    *,
    port: int = 0,
    ready: str = "Publisher is ready on {address}",
) -> Iterator[Service]:
    """The service that `command` starts in `folder`, ready (it says so) within `seconds`; its log is beside the folder.

    On a free port unless one is given.
    """
    port = port or free_port()
    log = folder.with_name(f"{folder.name}-{next(_numbers)}.log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**environment, "PUBLISHER_PORT": str(port)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        service = Service(process, f"http://127.0.0.1:{port}", log)
        service.wait_until_it_says(ready.format(address=service.address), seconds)
        yield service
    finally:
        _kill_group(process.pid)
        process.wait()
