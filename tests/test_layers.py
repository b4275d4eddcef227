"""Who may import whom: the walls of docs/architecture.md, and what `publisher --help` may load."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SLOW = {
    "aiohttp",
    "atproto",
    "cryptography",
    "django",
    "feedparser",
    "fontTools",
    "httpx",
    "huey",
    "jinja2",
    "mastodon",
    "PIL",
    "pydantic_settings",
    "requests",
    "selectolax",
    "tweepy",
    "twitter_text",
    "typst",
}
SDKS = {"atproto", "mastodon", "tweepy"}


def loaded(*arguments: str) -> set[str]:
    """The top-level packages that Python imports while it runs `publisher` with these arguments."""
    command = [sys.executable, "-X", "importtime", "-m", "publisher", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


def test_layers_are_kept() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_help_loads_nothing_slow() -> None:
    assert loaded("--help") & SLOW == set()


@pytest.mark.parametrize(
    "arguments",
    [
        ("measure", "--network", "bluesky", "Hello"),
        ("read", "publisher/sample/eeas.xml"),
        ("compose", "publisher/sample/eeas.xml", "--network", "mastodon"),
        ("card", "publisher/sample/eeas.xml", "--output", os.devnull),
    ],
    ids=lambda arguments: arguments[0],
)
def test_command_without_a_database_loads_neither_django_nor_a_networks_library(arguments: tuple[str, ...]) -> None:
    assert loaded(*arguments) & (SDKS | {"django"}) == set()
