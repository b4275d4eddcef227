"""A process that dies at any step between fetch and queue leaves all of a document or nothing of it."""

import json
import subprocess
import sys
from pathlib import Path

from tests.service import clean_environment, make_tables

ROOT = Path(__file__).resolve().parents[2]


def test_whenever_the_process_dies_each_document_is_whole_or_absent_and_then_there_once(tmp_path: Path) -> None:
    make_tables(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "tests.newsroom.dying", str(tmp_path)],
        cwd=ROOT,
        env=clean_environment(
            PUBLISHER_DATA_DIR=str(tmp_path), DJANGO_SETTINGS_MODULE="publisher.settings", PYTHONPATH=str(ROOT)
        ),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["wrong"] == []
    assert found["steps"] > 60
