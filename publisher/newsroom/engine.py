"""The door to the task engine (Huey). The rows are the truth: what is lost here, the sweep finds again.

`enqueue` may be called anywhere in the newsroom; `tasks` says with `handles` what each verb does. Only a worker
process needs the handlers.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import close_old_connections, transaction
from django.utils import timezone

from publisher import config
from publisher.config import Config

log = logging.getLogger(__name__)

FAR = timedelta(hours=1)

stopping = threading.Event()
"""Set when this process is asked to stop: long work ends at its next resting place."""

HANDLERS: dict[str, Callable[..., None]] = {}


def handles(verb: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Mark a function as what the engine runs for `verb`."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        HANDLERS[verb] = function
        return function

    return register


@cache
def huey() -> Any:
    """The engine of this process: SQLite in the data folder, or PostgreSQL or Redis by `queue_url`."""
    engine = _open(config.get())

    @engine.task(name="run")  # type: ignore[untyped-decorator]  # huey has no types
    def run(verb: str, *args: Any) -> None:
        close_old_connections()
        try:
            HANDLERS[verb](*args)
        finally:
            close_old_connections()

    engine.run_verb = run
    return engine


def waiting() -> int:
    """How many tasks no worker has taken yet."""
    count: int = huey().pending_count()
    return count


def _open(settings: Config) -> Any:
    url = settings.queue_url
    if url.startswith("redis"):
        from huey import RedisHuey

        return RedisHuey("publisher", url=url, results=False)
    if url:
        from huey import PostgresHuey

        return PostgresHuey("publisher", dsn=url, results=False)
    from huey import SqliteHuey

    return SqliteHuey("publisher", filename=str(settings.data_dir / "queue.sqlite3"), results=False)


def enqueue(verb: str, *args: Any, at: datetime | None = None) -> None:
    """Have a worker run `verb` once the present transaction is committed, not before `at` (UTC).

    What lies further ahead than an hour is left to the sweep. An engine that cannot be reached is logged and otherwise
    ignored: the sweep finds every due row within a minute.
    """

    if at is not None and at - timezone.now() > FAR:
        return

    def send() -> None:
        try:
            task = huey().run_verb
            if at is None:
                task(verb, *args)
            else:
                task.schedule(args=(verb, *args), eta=at)
        except Exception:  # whatever the storage raises, the row stays and the sweep will find it
            log.exception("the task engine did not take %s; the sweep will", verb)

    transaction.on_commit(send)
