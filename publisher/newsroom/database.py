"""The database: its tables, brought up to date by whoever starts first; writes that need not wait for the disk."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from publisher import config
from publisher.models import guards

LOCK = 0x5075626D
"""The number of the advisory lock on PostgreSQL."""
_DURABILITY = {
    "sqlite": ("PRAGMA synchronous=NORMAL", "PRAGMA synchronous=FULL"),
    "postgresql": ("SET synchronous_commit TO off", "RESET synchronous_commit"),
}


def prepare() -> None:
    """Bring the tables up to date. Of processes that start at once the first does it; the others wait for it."""
    if _outdated():
        with _one_at_a_time():
            call_command("migrate", verbosity=0, interactive=False)
    elif guards.missing(connection):  # a migrate that was killed, or somebody's hand
        with _one_at_a_time():
            guards.raise_all(connection)


@contextmanager
def made_again() -> Iterator[None]:
    """For writes that are made again when a power cut undoes them: their commits do not wait for the disk.

    Nothing rests on what is lost: what another commit puts on the disk later takes along all that was written before
    it, on SQLite and on PostgreSQL. Does nothing within a transaction.
    """
    if connection.in_atomic_block:
        yield
        return
    lax, strict = _DURABILITY[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(lax)
    try:
        yield
    finally:
        if not connection.in_atomic_block:
            with connection.cursor() as cursor:
                cursor.execute(strict)


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
