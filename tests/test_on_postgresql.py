"""The same code on the other database: what the rows decide, and the service with two workers, on PostgreSQL."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.office import open_office
from tests.service import clean_environment

ROOT = Path(__file__).resolve().parent.parent
FAULTS = ["tests/newsroom/test_fault_matrix.py", "tests/newsroom/test_random_walk.py"]
ROOMS = {
    "faults": FAULTS,
    "newsroom": ["tests/newsroom", *(f"--ignore={file}" for file in FAULTS)],
    "desk": ["tests/web", "tests/sandbox", "tests/field"],
}
"""Three runs, each by itself (`tests.arrange` says what of them runs here). Commands use the same verbs as the desk."""

Postgres = Callable[[str], str]


@pytest.mark.parametrize("room", ROOMS)
def test_room_passes_its_tests(postgres: Postgres, room: str) -> None:
    passes(postgres(room), *ROOMS[room])


def passes(database: str, *arguments: str) -> None:
    """Whether these tests do, with their rows there."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--quiet", "-p", "no:cacheprovider", *arguments],
        cwd=ROOT,
        env=clean_environment(PUBLISHER_TEST_DATABASE=database),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=1500,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-8000:]


def test_two_workers_and_a_desk_send_each_post_once(postgres: Postgres, tmp_path: Path) -> None:
    """Rows and queue are on PostgreSQL; desk and workers are three processes."""
    ready = "Working. Stop with Ctrl-C."
    with open_office(tmp_path / "office", postgres("office")) as office:
        with (
            office.running("worker", ready=ready) as one,
            office.running("worker", "--threads", "2", ready=ready) as two,
            office.running("web") as desk,
        ):
            office.first_sight()
            office.puts_out("First statement", "Second statement", "Third statement")
            office.wait_for("review", "review", "review")
            for number in (1, 2, 3):
                office.approve(number)
            office.wait_for("published", "published", "published")
            assert [service.press_ctrl_c() for service in (one, two, desk)] == [0, 0, 0]
            assert "Traceback" not in one.output + two.output + desk.output
        assert sorted(text.partition("\n")[0] for text in office.texts_on_the_network()) == sorted(office.titles[1:])
        assert len(office.rows("SELECT id FROM publisher_attempt")) == 3
        assert office.publisher("audit", "verify").stdout.endswith(" events, all in order.\n")
