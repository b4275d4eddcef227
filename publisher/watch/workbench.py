"""Where what comes from outside is taken apart: in worker processes, away from the service.

A parser may be made to compute for hours, to eat the memory or to crash by the bytes that it is given. Here that costs
one worker, which is replaced, and one source an error; the service and its other sources notice nothing. It also keeps
the heavy parsers out of the service's memory.

Workers start when there is work, at most AT_ONCE, and go home after REST seconds without. They hold one end of a
socket and nothing else of ours: no settings, no secrets, no database; when the service ends, however it ends, the
socket closes and they end too.
"""

import asyncio
import atexit
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from multiprocessing.connection import Pipe
from typing import Any, ParamSpec, TypeVar

from publisher.enums import SourceStatus
from publisher.errors import FetchError

P = ParamSpec("P")
T = TypeVar("T")

AT_ONCE = min(2, os.cpu_count() or 1)
WALL_SECONDS = 5.0
"""How long one job may take, computing or not; `worker.CPU_SECONDS` and `worker.MOST_MEMORY` are its other limits."""
START_SECONDS = 15.0
"""How long a worker may take to load its parsers, on a machine that has much else to do."""
REST = 30.0
"""Seconds without work after which a worker ends; it starts again in a fifth of a second."""
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH")
"""What a worker learns of our environment; its secrets are not among it."""


async def run(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `function`, a pure one at the top of a module, makes of bytes from outside; other work goes on meanwhile.

    Raises FetchError: its own, `source.dangerous` where the input took more time or memory than an honest one does or
    killed the worker, `source.failed` where `function` has a fault.
    """
    return await asyncio.get_running_loop().run_in_executor(_bench.threads, partial(run_now, function, *args, **kwargs))


def run_now(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """`run` for callers without an event loop: waits for the answer."""
    result: T | Exception = _bench.do(pickle.dumps((function, args, kwargs)))
    if isinstance(result, FetchError):
        raise result
    if isinstance(result, Exception):
        raise FetchError("source.failed", _diagnostic(result), status=SourceStatus.ERROR) from result
    return result


def close() -> None:
    """Send all workers home. The next job starts new ones."""
    _bench.rest(0)


class _Dead(Exception):
    """The worker ended, or had to be ended, over a job; the text says how."""


class _Worker:
    """One process that takes jobs, one at a time."""

    def __init__(self) -> None:
        self._socket, theirs = Pipe()
        self.idle_since = 0.0
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 (our own module, by its name)
                [sys.executable, "-m", "publisher.watch.worker", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
                | {"PYTHONPATH": os.pathsep.join(os.path.abspath(path) for path in sys.path)},  # noqa: PTH100 (sys.path holds strings)
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the service, which then closes the socket
            )
        self._answer(START_SECONDS)

    def ask(self, job: bytes) -> bytes:
        """The answer to `job`. Raises _Dead."""
        try:
            self._socket.send_bytes(job)
        except OSError as error:
            raise self._dead(type(error).__name__) from error
        return self._answer(WALL_SECONDS)

    def _answer(self, within: float) -> bytes:
        try:
            if self._socket.poll(within):
                return self._socket.recv_bytes()
        except (EOFError, OSError) as error:
            raise self._dead(type(error).__name__) from error
        raise self._dead(f"no answer within {within:.0f} seconds")

    def _dead(self, how: str) -> _Dead:
        code = self.end()
        return _Dead(f"{how}; the worker ended with {code}")

    def end(self) -> int:
        """End it at once. Gives its exit status, minus the signal where one killed it."""
        self._socket.close()
        try:
            return self._process.wait(0.2)  # it ends by itself when the socket closes, unless it is lost in a job
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


class _Bench:
    """The workers of this process."""

    def __init__(self) -> None:
        self._places = threading.Semaphore(AT_ONCE)
        self._lock = threading.Lock()
        self._idle: list[_Worker] = []
        self._clock: threading.Timer | None = None
        self.threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="workbench")
        """One thread waits for each worker; jobs wait here for their turn."""

    def do(self, job: bytes) -> Any:
        """What the job gave, or the exception that stands for it."""
        with self._places:
            try:
                worker = self._take()
            except (_Dead, OSError) as error:
                return FetchError("source.failed", f"no worker: {error}", status=SourceStatus.ERROR)
            try:
                stays, answer = pickle.loads(worker.ask(job))  # noqa: S301 (our own worker made it)
            except _Dead as error:
                return FetchError("source.dangerous", str(error), status=SourceStatus.MALFORMED)
            if stays:
                self._put_back(worker)
            else:
                worker.end()
            return answer

    def _take(self) -> _Worker:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return _Worker()

    def _put_back(self, worker: _Worker) -> None:
        worker.idle_since = time.monotonic()
        with self._lock:
            self._idle.append(worker)
            if self._clock is None:
                self._wind()

    def _wind(self) -> None:
        self._clock = threading.Timer(REST, self.rest, (REST,))
        self._clock.daemon = True
        self._clock.start()

    def rest(self, after: float) -> None:
        """End the workers that have had nothing to do for `after` seconds."""
        before = time.monotonic() - after
        with self._lock:
            tired = [worker for worker in self._idle if worker.idle_since <= before]
            self._idle = [worker for worker in self._idle if worker.idle_since > before]
            if self._clock is not None:
                self._clock.cancel()
                self._clock = None
            if self._idle:
                self._wind()
        for worker in tired:
            worker.end()


def _diagnostic(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]


_bench = _Bench()
atexit.register(close)
