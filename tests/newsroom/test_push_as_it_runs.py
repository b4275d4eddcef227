"""The whole service as a process, a real hub and a feed: from the moment of publication to the queue, by the clock."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.newsroom.test_watching import Feed
from tests.peers.hub import Hub
from tests.ports import free_port
from tests.service import clean_environment, make_tables, running

ROOT = Path(__file__).resolve().parents[2]
PUBLISHER = [sys.executable, "-m", "publisher"]
POSTS = """
    SELECT c.name, p.state, count(*) FROM publisher_post p
    JOIN publisher_document d ON d.id = p.document_id JOIN publisher_channel c ON c.id = p.channel_id
    WHERE d.title = ? GROUP BY 1, 2 ORDER BY 1, 2
"""


@dataclass
class Office:
    """A newsroom at work, whose source's pushes are agreed on."""

    feed: Feed
    hub: Hub
    database: Path
    environment: dict[str, str]

    def rows(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=5) as connection:
            return connection.execute(query, values).fetchall()

    def publish(self, number: int, title: str) -> None:
        self.feed.items.insert(0, (number, title))
        self.hub.publish(self.feed.url)

    def run(self, *command: str) -> None:
        subprocess.run([*PUBLISHER, *command], env=self.environment, cwd=ROOT, check=True, timeout=30)


def wait_for(what: Callable[[], object], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, f"not so within {seconds} seconds"
        time.sleep(0.01)  # another process: there is nothing to wait on


@pytest.fixture(scope="module")
def office(hub: Hub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    feed = Feed()
    feed.items = [(1, "Old news")]
    feed.headers = {"Link": f'<{hub.url}>; rel="hub", <{feed.url}>; rel="self"'}
    folder, port = tmp_path_factory.mktemp("office"), free_port()
    make_tables(folder)
    environment = clean_environment(
        PYTHONPATH=str(ROOT),
        PUBLISHER_DATA_DIR=str(folder),
        PUBLISHER_PUBLIC_URL=f"http://127.0.0.1:{port}",
        PUBLISHER_PRIVATE_HOSTS="127.0.0.1",
    )
    made = Office(feed, hub, folder / "publisher.sqlite3", environment)
    try:
        with running([*PUBLISHER, "run"], folder, environment, 30, port=port):
            made.run("source", "add", feed.url)
            wait_for(lambda: made.rows("SELECT 1 FROM publisher_subscription WHERE state = 'active'"), 20)
            yield made
    finally:
        feed.server.shutdown()
        feed.server.server_close()


def test_push_is_in_the_queue_within_a_second(office: Office) -> None:
    began = time.monotonic()
    office.publish(2, "New measures")
    wait_for(lambda: office.rows(POSTS, "New measures"), 5)
    assert time.monotonic() - began < 1


def test_pushes_and_polls_at_the_same_moment_make_one_post_for_each_channel(office: Office) -> None:
    once = office.rows("SELECT name, 'review', 1 FROM publisher_channel ORDER BY name")
    office.feed.items.insert(0, (3, "Said by everyone at once"))
    with ThreadPoolExecutor(10) as pool:
        pushes = [pool.submit(office.hub.publish, office.feed.url) for _ in range(8)]
        polls = [pool.submit(office.run, "watch", "--once") for _ in range(2)]
        for each in (*pushes, *polls):
            each.result(60)
    wait_for(lambda: office.rows(POSTS, "Said by everyone at once") == once, 5)
    assert office.rows("SELECT count(*) FROM publisher_document WHERE title = 'Said by everyone at once'") == [(1,)]
    assert office.rows("SELECT problem FROM publisher_subscription") == [("",)]
