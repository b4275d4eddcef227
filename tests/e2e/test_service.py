"""The service as a process: it starts, stops, dies, moves, meets a full disk and a dead network, and loses nothing."""

import os
import re
import resource
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.e2e.office import COMMAND, ROOT, SOON, Office, open_office, until
from tests.service import Service, clean_environment, running

MEMORY = 200 * 1024
"""KB that the whole service may hold with the sample newsroom."""
REDEEM = (
    "from publisher.newsroom import access;"
    "access.redeem('{token}', name='Ada', email='ada@example.org', password='correct horse battery')"
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "office") as opened:
        yield opened


def environment() -> dict[str, str]:
    return clean_environment(PYTHONPATH=str(ROOT))


def refusal(folder: Path, *options: str, limit: int | None = None) -> str:
    """What `publisher run` says when it does not start: one sentence, and the status is 1."""

    def limit_files() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = subprocess.run(
        [*COMMAND, "run", *options],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=SOON,
        check=False,
        preexec_fn=limit_files,
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done
    return done.stderr.rstrip("\n")


def resident(pid: int) -> int:
    """KB of memory that the process holds."""
    found = re.search(r"^VmRSS:\s+(\d+) kB$", Path(f"/proc/{pid}/status").read_text("ascii"), re.MULTILINE)
    assert found is not None
    return int(found[1])


def test_sample_newsroom_from_the_first_start_until_it_is_sent_away(tmp_path: Path) -> None:
    folder = tmp_path / "publisher"
    folder.mkdir()

    with running([*COMMAND, "run"], folder, environment(), SOON, ready="Stop with Ctrl-C.") as service:
        link = re.search(rf"first one: ({service.address}/welcome/([\w-]+)/)\n", service.output)
        assert link is not None, service.output
        posts = service.wait_for_timeline_posts(SOON)
        assert resident(service.process.pid) < MEMORY
        person = [*COMMAND, "manage", "shell", "--verbosity", "0", "-c", REDEEM.format(token=link[2])]
        subprocess.run(person, cwd=folder, env=environment(), check=True, timeout=SOON)
        assert service.press_ctrl_c() == 0
        assert service.output.endswith("Stopped.\n")

    with running([*COMMAND, "run"], folder, environment(), SOON) as moved:
        assert moved.address != service.address
        assert "Nobody has an account yet" not in moved.output
        assert posts <= moved.timeline_posts()
        waiting = publisher_json(folder, "queue", "list")
        subprocess.run([*COMMAND, "queue", "approve", str(waiting[0]["id"])], cwd=folder, env=environment(), check=True)
        until(lambda: len(moved.timeline_posts()) > len(posts), lambda: moved.output)
        urls = [row["url"] for row in publisher_json(folder, "queue", "list", "--state", "published")]
        assert urls
        assert {url.partition("/timeline/")[0] for url in urls} == {moved.address}
        assert {row["url"].partition("/sample/")[0] for row in publisher_json(folder, "source", "list")} == {
            moved.address
        }
        assert [row["email"] for row in publisher_json(folder, "user", "list")] == ["ada@example.org"]
        assert moved.press_ctrl_c() == 0

    with running([*COMMAND, "run", "--no-sample"], folder, environment(), SOON) as bare:
        assert bare.timeline_posts() == set()
        assert bare.press_ctrl_c() == 0

    with running([*COMMAND, "run"], folder, environment(), SOON) as stays:
        assert [publisher_json(folder, group, "list") for group in ("source", "channel")] == [[], []]
        assert stays.press_ctrl_c() == 0


def publisher_json(folder: Path, *arguments: str) -> list[dict[str, str]]:
    import json

    command = [*COMMAND, *arguments, "--json"]
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, check=True, timeout=SOON)
    found: list[dict[str, str]] = json.loads(done.stdout)
    return found


def test_office_from_env_alone_sends_at_once_and_is_set_up_once(office: Office) -> None:
    with office.running("run") as service:
        office.first_sight()
        office.puts_out("First statement", "Second statement", "Third statement")
        office.wait_for("review", "review", "review")
        office.approve(1)
        office.approve(2)
        office.wait_for("published", "published", "review")
        assert service.press_ctrl_c() == 0
    approved = [
        at(text) for (text,) in office.rows("SELECT at FROM publisher_event WHERE verb = 'approve' ORDER BY id")
    ]
    called = [at(text) for (text,) in office.rows("SELECT started_at FROM publisher_attempt ORDER BY post_id")]
    assert min(call - yes for yes, call in zip(approved, called, strict=True)) < timedelta(seconds=1)

    # Stopped, somebody approves, and the engine's queue is lost: the rows know what is due.
    office.approve(3)
    for file in (office.folder / "var").glob("queue.sqlite3*"):
        file.unlink()
    with office.running("run") as again:
        office.wait_for("published", "published", "published")
        assert again.press_ctrl_c() == 0
    assert [text.partition("\n")[0] for text in office.texts_on_the_network()] == office.titles[1:]
    tables = ("SELECT id FROM publisher_source", "SELECT id FROM publisher_channel", "SELECT id FROM publisher_rule")
    assert [len(office.rows(table)) for table in tables] == [1, 1, 1]


def at(text: str) -> datetime:
    """A time as SQLite keeps it."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def interrupt(service: Service) -> None:
    assert service.press_ctrl_c() == 0


def kill(service: Service) -> None:
    os.kill(service.process.pid, signal.SIGKILL)
    service.process.wait()


@pytest.mark.parametrize("end", [interrupt, kill])
def test_service_that_ends_while_a_call_hangs_sends_the_post_once(
    office: Office, end: Callable[[Service], None]
) -> None:
    with office.running("run") as service:
        office.first_sight()
        office.puts_out("A statement")
        office.wait_for("review")
        office.change("UPDATE publisher_sandboxaccount SET failure = 'slow', delay = 25")
        office.approve()
        until(office.texts_on_the_network, lambda: service.output)
        end(service)
    assert office.states() == ["sending"]

    with office.running("run") as again:
        office.wait_for("published")
        assert len(again.timeline_posts()) == 1
        assert again.press_ctrl_c() == 0
    history = office.rows("SELECT verb FROM publisher_event WHERE subject = 'post' ORDER BY id")
    assert [verb for (verb,) in history] == ["submit", "approve", "claim", "lose", "find"]
    assert len(office.texts_on_the_network()) == 1


def test_desk_and_worker_are_two_processes_and_a_dead_network_is_tried_again(office: Office) -> None:
    """The sandbox network lives in the desk's process: when that stops, the worker meets a closed port."""
    with office.running("worker", ready="Working. Stop with Ctrl-C.") as worker:
        with office.running("web") as desk:
            office.first_sight()
            office.puts_out("First statement", "Second statement")
            office.wait_for("review", "review")
            office.approve(1)
            office.wait_for("published", "review")
            assert desk.press_ctrl_c() == 0
        office.approve(2)
        until(lambda: office.rows("SELECT 1 FROM publisher_attempt WHERE outcome = 'retry'"), lambda: worker.output)
        (found,) = office.rows("SELECT state, reason, tries FROM publisher_post WHERE id = 2")
        assert found == ("scheduled", "The sandbox could not be reached. Nothing was sent; it will be tried again.", 1)
        with office.running("web"):
            office.change("UPDATE publisher_post SET not_before = NULL")  # as if the minute had passed
            office.wait_for("published", "published")
        assert worker.press_ctrl_c() == 0
    assert [text.partition("\n")[0] for text in office.texts_on_the_network()] == office.titles[1:]


def test_full_disk_is_told_in_a_sentence_and_nothing_is_lost(office: Office) -> None:
    """A limit on the size of files stands for the full disk: it needs no rights, and writing fails just so."""
    with office.running("run") as service:
        office.first_sight()
        office.puts_out("A statement")
        office.wait_for("review")
        resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (8 * 1024, resource.RLIM_INFINITY))
        office.approve()
        trouble = "The database cannot be used: disk I/O error. Check that it is there and may be written, and the free"
        until(lambda: trouble in service.output, lambda: service.output)
        assert "Traceback" not in service.output
        assert office.states() == ["scheduled"]
        assert service.get("/timeline/")[0] == 200
        resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        office.wait_for("published")
        assert service.press_ctrl_c() == 0
    assert len(office.texts_on_the_network()) == 1


def test_first_start_on_a_full_disk_is_refused(tmp_path: Path) -> None:
    told = refusal(tmp_path, limit=0)
    assert told == "The data folder var cannot be written. Check its owner and the free space."


def test_data_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("somebody's notes", encoding="utf-8")
    assert refusal(tmp_path) == "The data folder var cannot be written. Check its owner and the free space."


def test_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert refusal(tmp_path, "--port", str(port)) == (
            f"Port {port} on 127.0.0.1 cannot be used: something else listens there. Set PUBLISHER_PORT to another."
        )


def test_address_that_is_not_ours_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path, "--host", "nowhere.invalid", "--port", "0").startswith(
        "The desk cannot listen on nowhere.invalid, port 0: "
    )


def test_host_moves_the_desk(tmp_path: Path) -> None:
    folder = tmp_path / "publisher"
    folder.mkdir()
    options = ["--host", "127.0.0.2", "--no-sample"]
    ready = "Stop with Ctrl-C."
    with running([*COMMAND, "run", *options], folder, environment(), SOON, ready=ready) as service:
        address = service.address.replace("127.0.0.1", "127.0.0.2")
        assert f"Publisher is ready on {address}\n" in service.output
        service.address = address
        assert service.get("/timeline/")[0] == 200
