"""Programs that read files of others: they get no settings of ours, little time and memory, and write no file."""

import os
import subprocess
from collections.abc import Sequence

SECONDS = 20.0
CPU_SECONDS = 10
MEMORY = 2_000_000
"""Kilobytes of address space, of which most programs never touch a tenth."""
ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH")
_LIMITED = f'ulimit -t {CPU_SECONDS}; ulimit -f 0; ulimit -c 0; ulimit -v {MEMORY} 2>/dev/null; exec "$@"'
"""The shell sets limits before it becomes the program; macOS knows none of memory."""


def run(command: Sequence[str], *, given: bytes = b"", **environment: str) -> tuple[int, bytes] | None:
    """What the program ends with and what it says, or None where it does not get through: it takes too long, or cannot
    be started. `given`: what it reads; `environment`: besides what every program needs.
    """
    try:
        done = subprocess.run(  # noqa: S603  # no words of others: the callers' own, and paths of ours
            ["/bin/sh", "-c", _LIMITED, "sh", *command],
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
            env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ} | environment,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return None if done.returncode < 0 else (done.returncode, done.stdout)
