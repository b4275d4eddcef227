"""The database's tables, brought up to date by whoever starts first."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from publisher import config

LOCK = 0x5075626D
"""The number of the advisory lock on PostgreSQL."""


def prepare() -> None:
    """Bring the tables up to date. Of processes that start at once the first does it; the others wait for it."""
    if _outdated():
        with _one_at_a_time():
            call_command("migrate", verbosity=0, interactive=False)


def _outdated() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        return
    with (config.get().data_dir / "migrate.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
