"""The database as a thing that may be new, old, full or away."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from publisher import config
from publisher.errors import ConfigError, PublisherError

LOCK = 0x5075626D
"""The number of the advisory lock on PostgreSQL."""


def prepare() -> None:
    """Bring the tables up to date. Of processes that start at once the first does it; the others wait for it."""
    if _outdated():
        with _one_at_a_time():
            call_command("migrate", verbosity=0, interactive=False)


def trouble(error: BaseException) -> PublisherError | None:
    """The sentence for an error that lies with the database, not with us: it is full, locked or cannot be reached."""
    if isinstance(error, (OperationalError, InterfaceError)) or type(error) is DatabaseError:
        why = str(error).partition("\n")[0].strip().rstrip(".")
        return ConfigError("database.unusable", type(error).__name__, why=why or type(error).__name__)
    return None


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
