"""A process that dies while it takes in news leaves all of a document or nothing, and the next poll brings the rest."""

import subprocess
import sys
from pathlib import Path

from tests.newsroom.office import Item, press_office
from tests.service import clean_environment, make_tables

ROOT = Path(__file__).resolve().parents[2]
EVERY = 41
"""Each death takes a second or two: by hand, `python -m tests.newsroom.killed_intake` takes every step."""


def test_death_at_any_step_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    with press_office() as office:
        items = []
        for number in (2, 1):
            title = f"Measure number {number} is adopted"
            text = f"The Commission has today adopted the measure number {number}, which begins in the spring."
            items.append(Item(title, f"/doc/{number}", f"g{number}", text))
            office.page(f"/doc/{number}", title, text, "It was welcomed by all who had asked for it for years.")
        make_tables(tmp_path / "data")
        done = subprocess.run(
            [sys.executable, "-m", "tests.newsroom.killed_intake", tmp_path / "data", office.feed(*items), str(EVERY)],
            cwd=ROOT,
            env=clean_environment(PYTHONPATH=str(ROOT)),
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    steps = dict(line.rsplit(" ", 1) for line in done.stdout.splitlines())
    assert [name for name, reached in steps.items() if int(reached) > 2 * EVERY] == [
        "_before_statement",
        "_before_step",
    ]
