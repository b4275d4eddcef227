"""The process that takes apart what comes from outside: `workbench` starts it and gives it one job after the other.

A job is a pickled function with its arguments; the answer is a pickled pair: whether this worker stays for another
job, and what the function gave or the exception that it raised.
"""

import contextlib
import importlib
import os
import pickle
import resource
import signal
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from publisher.enums import SourceStatus
from publisher.errors import FetchError

CPU_SECONDS = 1.9
"""For one job. A feed of 5 MB, the largest that we take, needs 1.5 when none of its 5,000 items is known."""
MOST_MEMORY = 170_000_000
"""Bytes of data that the process may hold, all told; with what it shares with others it stays below 200 MB."""
KEEPS = 90_000_000
"""A worker that still holds more than this after a job ends: a new one is smaller."""


def main(descriptor: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _load()
    _limit(resource.RLIMIT_DATA, MOST_MEMORY)
    _limit(resource.RLIMIT_CORE, 0)
    with Connection(descriptor) as socket, contextlib.suppress(EOFError, OSError):
        socket.send_bytes(b"ready")
        stays = True
        while stays:
            stays, answer = work(socket.recv_bytes())
            socket.send_bytes(answer)


def work(job: bytes) -> tuple[bool, bytes]:
    """Do one job; whether the worker is fit for another, and the answer."""
    # The default action of the signal ends the process, whatever library it is in: nothing can catch it.
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
    try:
        result = _result(job)
        stays = not isinstance(result, MemoryError) and _memory() < KEEPS
        if isinstance(result, MemoryError):
            result = FetchError("source.dangerous", "more memory than allowed", status=SourceStatus.MALFORMED)
        try:
            return stays, pickle.dumps((stays, result), pickle.HIGHEST_PROTOCOL)
        except Exception as error:  # noqa: BLE001 (whatever hinders it: what cannot be sent is named)
            return stays, pickle.dumps((stays, TypeError(f"{type(result).__name__}: {error}")))
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _result(job: bytes) -> Any:
    try:
        function, args, kwargs = pickle.loads(job)  # noqa: S301 (the service made it)
        return function(*args, **kwargs)
    except Exception as error:  # noqa: BLE001 (it belongs to whoever gave the job)
        return error


def _load() -> None:
    """The parsers, before the first job's time begins."""
    for parser in ("feedparser", "lxml.etree", "selectolax.lexbor"):
        importlib.import_module(parser)


def _limit(kind: int, most: int) -> None:
    with contextlib.suppress(ValueError, OSError):  # macOS knows the name and not the thing
        resource.setrlimit(kind, (most, most))


def _memory() -> int:
    """Bytes in memory now, 0 where the system does not say."""
    with contextlib.suppress(OSError):
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


if __name__ == "__main__":
    main(int(sys.argv[1]))
