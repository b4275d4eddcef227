"""Trouble with the machine, not with us: a full disk, a database that is away. Told in a sentence, not a traceback."""

import errno
import logging
import time

from publisher.errors import ConfigError, PublisherError

DISK = {getattr(errno, name) for name in ("EACCES", "EDQUOT", "EFBIG", "EIO", "EMFILE", "ENOSPC", "EPERM", "EROFS")}
DATABASE = {"OperationalError", "InterfaceError"}
"""What Django, SQLite and PostgreSQL (DB-API) alike call an error that the program did not make."""
QUIET = 60.0
"""Seconds in which the same is not said again."""


def explain(error: BaseException) -> PublisherError | None:
    """What a person can mend: the disk, the database. None for a bug, whose traceback we want to see."""
    if isinstance(error, PublisherError):
        return None
    name = type(error).__name__
    if isinstance(error, OSError) and error.errno in DISK:
        return ConfigError("disk.unusable", name, why=error.strerror, path=error.filename or "The data folder")
    if name == "DatabaseError" or any(kind.__name__ in DATABASE for kind in type(error).__mro__):
        why = str(error).partition("\n")[0].strip().rstrip(".")
        return ConfigError("database.unusable", name, why=why or name)
    return None


class OneSentence(logging.Filter):
    """A full disk would otherwise fill the log with a traceback for each task: one sentence a minute is enough."""

    def __init__(self) -> None:
        super().__init__()
        self._quiet_until = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        known = explain(error) if error else None
        if known is None:
            return True
        if time.monotonic() < self._quiet_until:
            return False
        self._quiet_until = time.monotonic() + QUIET
        record.msg, record.args = f"{known.sentence} Nothing is lost; it goes on by itself after that.", ()
        record.exc_info = record.exc_text = None
        return True
