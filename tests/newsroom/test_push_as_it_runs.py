"""The whole service as a process, a real hub and a feed: from the moment of publication to the queue, by the clock."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.newsroom.test_watching import Feed
from tests.peers.hub import Hub
from tests.service import clean_environment, free_port, running

ROOT = Path(__file__).resolve().parents[2]
PUBLISHER = [sys.executable, "-m", "publisher"]
ACTIVE = "SELECT count(*) FROM publisher_subscription WHERE state = 'active'"
WAITING = """
    SELECT count(*) FROM publisher_post p JOIN publisher_document d ON d.id = p.document_id
    WHERE d.title = 'New measures' AND p.state = 'review'
"""


def wait_for(what: Callable[[], bool], seconds: float) -> float:
    """Seconds until `what` is so; fails when it takes longer than that."""
    began = time.monotonic()
    while not what():
        assert time.monotonic() - began < seconds, f"not so within {seconds} seconds"
        time.sleep(0.01)  # another process: there is nothing to wait on
    return time.monotonic() - began


def test_push_is_in_the_queue_within_a_second(hub: Hub, tmp_path: Path) -> None:
    feed = Feed()
    feed.items = [(1, "Old news")]
    feed.headers = {"Link": f'<{hub.url}>; rel="hub", <{feed.url}>; rel="self"'}
    port = free_port()
    data = tmp_path / "data"
    environment = clean_environment(
        PYTHONPATH=str(ROOT),
        PUBLISHER_DATA_DIR=str(data),
        PUBLISHER_PUBLIC_URL=f"http://127.0.0.1:{port}",
        PUBLISHER_PRIVATE_HOSTS="127.0.0.1",
    )

    def count(query: str) -> int:
        with sqlite3.connect(f"file:{data / 'publisher.sqlite3'}?mode=ro", uri=True, timeout=5) as rows:
            found: int = rows.execute(query).fetchone()[0]
            return found

    folder = tmp_path / "service"
    folder.mkdir()
    try:
        with running([*PUBLISHER, "run"], folder, environment, 30, port=port):
            subprocess.run([*PUBLISHER, "source", "add", feed.url], env=environment, cwd=folder, check=True, timeout=30)
            wait_for(lambda: count(ACTIVE) == 1, 20)
            feed.items.insert(0, (2, "New measures"))
            began = time.monotonic()
            hub.publish(feed.url)
            wait_for(lambda: count(WAITING) > 0, 5)
            took = time.monotonic() - began
    finally:
        feed.server.shutdown()
        feed.server.server_close()
    assert took < 1
