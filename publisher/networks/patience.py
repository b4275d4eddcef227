"""A request ends when its time is up, however the other side spends it.

The timeouts of `requests` and `httpx` bound the wait for the next byte. A server that sends one byte now and then
keeps such a request for ever, and its worker with it. So the connection is watched, and cut at the end of its time:
what the library then raises is judged like any connection that broke.
"""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx
    import requests

_mine = threading.local()

CALL_TIMEOUT = 20.0
"""Seconds for one request; uploads may take three times that."""
SLOWEST = 500_000
"""Bytes a second: an upload that is slower is given up, be it ever so large."""
LONGEST = 240.0
"""Seconds that one request may take at most: with what else is asked for a post, less than a worker's lease of it."""
SLACK = 1.25
"""So much longer than the library's own timeout, whose error says more; and a moment beside it."""
MOMENT = 0.2


def upload_time(usual: float, size: int) -> float:
    """Seconds that an upload of `size` bytes may take: as long as any, and longer for what is large."""
    return max(usual, min(usual + size / SLOWEST, LONGEST))


class Deadline:
    """The end of one request: each connection it opens is cut then."""

    def __init__(self, seconds: float) -> None:
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._over = False
        self._timer = threading.Timer(seconds * SLACK + MOMENT, self._cut)
        self._timer.daemon = True

    def watch(self, connection: object) -> None:
        """`connection` belongs to this request from now on."""
        if not isinstance(connection, socket.socket):
            return
        with self._lock:
            self._sockets.append(connection)
            if self._over:
                _shut(connection)

    def start(self) -> None:
        self._timer.start()

    def stop(self) -> None:
        self._timer.cancel()
        with self._lock:
            self._sockets.clear()

    def _cut(self) -> None:
        with self._lock:
            self._over = True
            for connection in self._sockets:
                _shut(connection)


@contextmanager
def within(seconds: float) -> Iterator[Deadline]:
    """Requests of this thread in the block end soon after `seconds`, where their client is one of those below."""
    before = getattr(_mine, "deadline", None)
    deadline = Deadline(seconds)
    _mine.deadline = deadline
    deadline.start()
    try:
        yield deadline
    finally:
        deadline.stop()
        _mine.deadline = before


def watch(connection: object) -> None:
    """Place a connection that this thread has opened under the deadline that it works under, if any."""
    deadline: Deadline | None = getattr(_mine, "deadline", None)
    if deadline is not None:
        deadline.watch(connection)


def mount(session: "requests.Session") -> None:
    """Have `session` put its connections under the deadline."""
    from requests.adapters import HTTPAdapter  # slow import
    from urllib3.connection import HTTPConnection, HTTPSConnection  # slow import
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool  # slow import

    class Plain(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            watch(self.sock)

    class Encrypted(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            watch(self.sock)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class EncryptedPool(HTTPSConnectionPool):
        ConnectionCls = Encrypted

    class Watched(HTTPAdapter):
        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
            super().init_poolmanager(*args, **kwargs)
            self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": EncryptedPool}

    session.mount("http://", Watched())
    session.mount("https://", Watched())


def trace(request: "httpx.Request") -> None:
    """Have an httpx request put its connections under the deadline: an event hook for requests."""

    def told(event: str, info: dict[str, Any]) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            watch(info["return_value"].get_extra_info("socket"))

    request.extensions = {**request.extensions, "trace": told}


def _shut(connection: socket.socket) -> None:
    # The method of the plain socket: that of an encrypted one would first forget its keys under a reading thread.
    with contextlib.suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
