"""`kill -9` while a call to a network is under way: after the restart each post is settled, and stands there once.

The service runs as people start it, set up from `.env` alone; between it and each network stands a proxy. None
is searched for posts: what is not found there must not be believed for 30 seconds and more (test_networks_journey.py
has X, without the process).
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.journey_press import Item, Press, open_press
from tests.networks.places import Place, open_place
from tests.peers.faults import hang
from tests.service import clean_environment, make_tables, running

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parent.parent.parent
COMMAND = [sys.executable, "-m", "publisher"]
KINDS = ("bluesky", "sandbox")
SOON = 60.0
"""Seconds for what the service does by itself: a poll each second, a look-up at once."""


@pytest.fixture
def press() -> Iterator[Press]:
    with open_press() as opened:
        yield opened


@pytest.fixture
def places(request: pytest.FixtureRequest) -> Iterator[Mapping[str, Place]]:
    with ExitStack() as stack:
        yield {kind: stack.enter_context(open_place(kind, request)) for kind in KINDS}


@pytest.fixture
def folder(tmp_path: Path, press: Press, places: Mapping[str, Place]) -> Path:
    """Where the service is started, with nothing in it but its `.env`."""
    made = tmp_path / "publisher"
    make_tables(made / "var")
    sandbox = places["sandbox"]
    account = {"network": "sandbox", "credentials": {**sandbox.fields(), "base_url": sandbox.proxy.url}}
    settings = {"sources": press.url, "poll_interval": "1", "sample": "false", "channels": json.dumps([account])}
    fields = {**places["bluesky"].fields(), "base_url": places["bluesky"].proxy.url}
    settings |= {f"bluesky_{name}": value for name, value in fields.items()}
    lines = [f"PUBLISHER_{name.upper()}='{value}'\n" for name, value in settings.items()]
    (made / ".env").write_text("".join(lines), encoding="utf-8")
    return made


def environment() -> dict[str, str]:
    return clean_environment(PYTHONPATH=str(ROOT), PUBLISHER_PRIVATE_HOSTS="127.0.0.0/8")


def approve_all(folder: Path) -> None:
    """Each by a process of its own, at once: the first call may not end before the last has begun."""
    numbers = [str(number) for (number,) in rows(folder, "SELECT id FROM publisher_post")]
    commands = [
        subprocess.Popen(
            [*COMMAND, "queue", "approve", number], cwd=folder, env=environment(), stdout=subprocess.DEVNULL
        )
        for number in numbers
    ]
    assert [command.wait(SOON) for command in commands] == [0] * len(numbers)


def rows(folder: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    """What the database says, behind the service's back."""
    with closing(sqlite3.connect(f"file:{folder / 'var' / 'publisher.sqlite3'}?mode=ro", uri=True)) as database:
        return database.execute(query, values).fetchall()


def states(folder: Path) -> dict[str, str]:
    found = rows(
        folder,
        "SELECT network, state FROM publisher_post JOIN publisher_channel ON channel_id = publisher_channel.id",
    )
    return dict(found)


def wait_until(condition: Callable[[], object], what: Callable[[], object]) -> None:
    deadline = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < deadline, what()
        time.sleep(0.05)  # the only way to see what another process does


@pytest.mark.parametrize("forwarded", [True, False], ids=["answer lost", "request lost"])
def test_post_whose_service_was_killed_in_mid_call_stands_once(
    folder: Path, press: Press, places: Mapping[str, Place], forwarded: bool
) -> None:
    with running([*COMMAND, "run"], folder, environment(), SOON) as service:
        wait_until(lambda: rows(folder, "SELECT * FROM publisher_document"), lambda: service.output)
        press.items.append(Item(1, "Neues aus Graz 🌉"))
        wait_until(lambda: states(folder) == dict.fromkeys(KINDS, "review"), lambda: service.output)
        for place in places.values():
            place.proxy.reset()
            place.proxy.fail(hang(after_forwarding=forwarded), path=place.posting, method="POST")
        approve_all(folder)
        for place in places.values():
            wait_until(place.posted, lambda: service.output)
            if forwarded:
                wait_until(place.standing, lambda: service.output)
        os.kill(service.process.pid, signal.SIGKILL)
        service.process.wait()
    assert states(folder) == dict.fromkeys(KINDS, "sending")
    assert rows(folder, "SELECT outcome, ended_at FROM publisher_attempt") == [("", None)] * len(KINDS)

    with running([*COMMAND, "run"], folder, environment(), SOON) as service:
        wait_until(
            lambda: states(folder) == dict.fromkeys(KINDS, "published"), lambda: (states(folder), service.output)
        )
        assert service.press_ctrl_c() == 0

    way = ["lose", "find"] if forwarded else ["lose", "send again", "claim", "publish"]
    for (number,) in rows(folder, "SELECT id FROM publisher_post"):
        history = "SELECT verb FROM publisher_event WHERE subject = 'post' AND subject_id = ? ORDER BY id"
        assert [verb for (verb,) in rows(folder, history, number)] == ["submit", "approve", "claim", *way]
    outcomes = ["published"] if forwarded else ["absent", "published"]
    assert [outcome for (outcome,) in rows(folder, "SELECT outcome FROM publisher_attempt ORDER BY post_id, id")] == (
        outcomes * len(KINDS)
    )
    for place in places.values():
        assert len(place.standing()) == 1
        assert len(place.posted()) == len(outcomes)
