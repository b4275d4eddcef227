"""A backup of a service that is working, and the same newsroom somewhere else afterwards."""

import os
import signal
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.office import Office, open_office, until

SESSION = (
    "from publisher.web.kept_sessions import SessionStore as S; from django.contrib.sessions.models import Session;"
    "s = S(); s.create(); print(Session.objects.get().session_key)"
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "office") as opened:
        yield opened


def test_backup_of_a_working_service_brings_it_back_and_sends_nothing_twice(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar.gz"
    with office.running("run") as service:
        office.first_sight()
        office.puts_out("A statement")
        office.wait_for("review")
        session = office.publisher("manage", "shell", "--verbosity", "0", "-c", SESSION).stdout.split()[-1]
        office.change("UPDATE publisher_sandboxaccount SET failure = 'slow', delay = 25")
        office.approve()
        until(office.texts_on_the_network, lambda: service.output)  # the call is under way, and the post is out
        office.puts_out(*(f"Statement {number}" for number in range(2)))
        until(lambda: len(office.states()) > 1, lambda: service.output)  # and the next are being written
        office.publisher("backup", file, "--without-keys")
        os.kill(service.process.pid, signal.SIGKILL)  # the machine is gone
        service.process.wait()

    with tarfile.open(file) as archive:
        assert [name for name in archive.getnames() if name.startswith("keys")] == []
        archive.extract("publisher.sqlite3", tmp_path, filter="data")
    raw = (tmp_path / "publisher.sqlite3").read_bytes()
    assert session.encode() not in raw
    with closing(sqlite3.connect(tmp_path / "publisher.sqlite3")) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)

    keys = office.folder / "var" / "keys"
    office.folder.rename(tmp_path / "gone")
    office.folder.mkdir()
    (office.folder / ".env").write_bytes((tmp_path / "gone" / ".env").read_bytes())
    office.publisher("restore", file)
    keys.mkdir(exist_ok=True)
    for key in (tmp_path / "gone" / "var" / "keys").iterdir():
        (keys / key.name).write_bytes(key.read_bytes())

    assert office.states()[0] == "sending"
    office.publisher("audit", "verify")
    with office.running("run") as again:
        until(lambda: office.states()[0] == "published", lambda: again.output)
        until(lambda: len(office.states()) == 3, lambda: again.output)  # what came after the backup comes in again
        assert set(office.states()[1:]) == {"review"}
        assert len(again.timeline_posts()) == 1
        assert again.press_ctrl_c() == 0
    history = office.rows("SELECT verb FROM publisher_event WHERE subject = 'post' AND subject_id = 1 ORDER BY id")
    assert [verb for (verb,) in history] == ["submit", "approve", "claim", "lose", "find"]
    office.publisher("audit", "verify")
    assert len(office.texts_on_the_network()) == 1
