"""Messages from processes that are killed, as a power cut kills them: none is lost, and what repeats says so."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.peers.sinks import Mailbox
from tests.service import clean_environment, make_tables

ROOT = Path(__file__).resolve().parent.parent.parent
CAUSE = """
from datetime import timedelta
from publisher.enums import NoticeKind
from publisher.models import User
from publisher.newsroom.alerts import notify
User.objects.create_user("alice@example.org", "correct horse battery", name="Alice", role="administrator")
told = {"subject": "Statement", "params": {"channel": "Press", "why": "No."}, "wait": timedelta()}
notify.tell("post:1:failed", NoticeKind.FAILED, "notice.failed", **told)
"""

Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(mailbox: Mailbox, tmp_path: Path) -> Start:
    """The command in a process and a data folder of its own, with something to tell."""
    settings = {
        name: value for name, value in os.environ.items() if name.startswith(("PUBLISHER_SMTP", "PUBLISHER_MAIL"))
    }
    make_tables(tmp_path)
    environment = clean_environment(PYTHONPATH=str(ROOT), PUBLISHER_DATA_DIR=str(tmp_path), **settings)

    def command(*arguments: str) -> "subprocess.Popen[bytes]":
        line = [sys.executable, "-m", "publisher", *arguments]
        return subprocess.Popen(line, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL)

    assert command("notify", "list").wait(60) == 0
    assert command("manage", "shell", "--command", CAUSE).wait(60) == 0
    return command


def let_claims_run_out(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "publisher.sqlite3")) as database:
        database.execute("UPDATE publisher_telling SET claimed_until = '2026-01-01 00:00:00'")
        database.commit()


@pytest.mark.parametrize(("moment", "copies"), [("before", 1), ("after", 2)])
def test_kill_loses_no_message_and_a_repeated_one_has_the_same_number(
    start: Start, mailbox: Mailbox, tmp_path: Path, moment: str, copies: int
) -> None:
    sender = start("notify", "send")
    setattr(mailbox, moment, lambda: os.kill(sender.pid, signal.SIGKILL))
    assert sender.wait(60) == -signal.SIGKILL
    setattr(mailbox, moment, lambda: None)
    assert start("notify", "send").wait(60) == 0
    assert len(mailbox.taken) == copies - 1  # the claim still stands: nobody sends it a second time meanwhile
    let_claims_run_out(tmp_path)
    for _ in range(2):
        assert start("notify", "send").wait(60) == 0
    assert mailbox.to == ["alice@example.org"] * copies
    assert len({message["Message-ID"] for _, message in mailbox.taken}) == 1


def test_processes_that_send_at_the_same_moment_tell_once(start: Start, mailbox: Mailbox) -> None:
    mailbox.before = lambda: time.sleep(2)  # long enough for all of them to try
    senders = [start("notify", "send") for _ in range(4)]
    assert [sender.wait(60) for sender in senders] == [0, 0, 0, 0]
    assert mailbox.to == ["alice@example.org"]
