"""Who is alive: each process that sends holds a lock on a file of its own, and the kernel lets go when it dies.

So a claim of a killed worker on this machine is seen as dead at once; one on another machine when its lease ends.
"""

import fcntl
import os
import threading
import uuid
from functools import cache
from pathlib import Path
from typing import IO

from publisher import config

_held: list[IO[str]] = []
_naming = threading.Lock()


def me() -> str:
    """This process's name as a worker, made on first use: one, whichever thread asks first."""
    with _naming:
        return _name()


@cache
def _name() -> str:
    name = uuid.uuid4().hex
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Only a file that is locked already gets its name: nobody may take us for dead in between.
    unnamed = path.with_suffix(".new")
    file = unnamed.open("w")
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    file.write(str(os.getpid()))
    file.flush()
    unnamed.rename(path)
    _held.append(file)
    return name


def is_dead(name: str) -> bool:
    """True when that worker was one of this machine's and is gone. Unknown names may live elsewhere: False."""
    if name == me():
        return False
    try:
        with _path(name).open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (FileNotFoundError, BlockingIOError):
        return False
    return True


def forget(name: str) -> None:
    """Take away what a dead worker left, once nothing is claimed by it."""
    _path(name).unlink(missing_ok=True)


def bury(name: str) -> None:
    """A worker that is gone for certain, though this machine has never seen it: its claims are lost at once."""
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def others() -> list[str]:
    """Every worker that this machine has seen, this one left out."""
    return [path.stem for path in _path("x").parent.glob("*.lock") if path.stem != me()]


def _path(name: str) -> Path:
    return config.get().data_dir / "workers" / f"{name}.lock"
