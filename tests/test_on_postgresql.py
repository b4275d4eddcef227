"""The same code on the other database: what the rows decide is tested once more on PostgreSQL."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.service import clean_environment

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("tests/newsroom", "tests/web", "tests/sandbox", "tests/cli")


def test_newsroom_desk_and_commands_on_postgresql(postgres: Callable[[str], str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *ROOMS, "--quiet", "-p", "no:cacheprovider", "-p", "no:randomly"],
        cwd=ROOT,
        env=clean_environment(PUBLISHER_TEST_DATABASE=postgres("rooms"), CI="true"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-8000:]
