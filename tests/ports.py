"""Ports for servers that are told theirs: what one process of the tests is given, no other one takes.

The kernel hands out a range of its own to whoever asks for any port and to whoever connects, so a port of it that was
free a moment ago may be somebody's now. Ours lie below that range. Each process takes a block of them, and holds its
first port for as long as it lives: that is how the others see it, those of another checkout too.
"""

import functools
import itertools
import socket
from collections.abc import Iterator
from pathlib import Path

BLOCK = 400
LOWEST = 10_000
"""Below it stand servers that people know by their number."""
USUAL = 32_768
"""Where Linux begins to hand out, unless it is told otherwise; other systems begin above it."""


def free_port() -> int:
    """On 127.0.0.1, not given before unless a whole block has been since, and nobody listens there."""
    _claim, ports = _block()
    return next(port for port in ports if _is_free(port))


def closed_address() -> str:
    """An address at which nobody listens."""
    return f"http://127.0.0.1:{free_port()}"


@functools.cache
def _block() -> tuple[socket.socket, Iterator[int]]:
    """What holds the block, open as long as it is kept; and the ports of it, round and round."""
    end = _handed_out()
    for first in range(end - BLOCK, LOWEST - 1, -BLOCK):
        claim = socket.socket()
        try:
            claim.bind(("127.0.0.1", first))
        except OSError:
            claim.close()
            continue
        return claim, itertools.cycle(range(first + 1, first + BLOCK))
    raise RuntimeError(f"no {BLOCK} ports between {LOWEST} and {end} are left to the tests")


def _handed_out() -> int:
    """The first port that the kernel gives to whoever asks for any."""
    told = Path("/proc/sys/net/ipv4/ip_local_port_range")
    first = int(told.read_text().split()[0]) if told.exists() else USUAL
    # Where next to nothing is left below, ours are among the kernel's, as good as any.
    return first if first >= LOWEST + 20 * BLOCK else USUAL


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
