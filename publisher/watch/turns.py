"""Turns: so many requests at a time, and so many to one host, whoever in this process asks it."""

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

LOOK_AGAIN = 0.02
"""Seconds until a loop looks again whether another one has left the host."""
_under_way: Counter[str] = Counter()
_lock = threading.Lock()


class Turns:
    """The turns of one event loop. Loops in other threads count for `per_host`: a poll and the pictures of a draft."""

    def __init__(self, at_once: int, per_host: int) -> None:
        self._per_host = per_host
        self._any = asyncio.Semaphore(at_once)
        self._hosts: dict[str, asyncio.Semaphore] = {}

    @asynccontextmanager
    async def at(self, host: str) -> AsyncIterator[None]:
        """Wait for a turn at `host`, and keep it for the time of the block."""
        async with self._hosts.setdefault(host, asyncio.Semaphore(self._per_host)):
            while not self._enter(host):  # noqa: ASYNC110  # the other one may be in another loop
                await asyncio.sleep(LOOK_AGAIN)
            try:
                async with self._any:
                    yield
            finally:
                _leave(host)

    def _enter(self, host: str) -> bool:
        with _lock:
            if _under_way[host] >= self._per_host:
                return False
            _under_way[host] += 1
            return True


def _leave(host: str) -> None:
    with _lock:
        _under_way[host] -= 1
        if not _under_way[host]:
            del _under_way[host]
