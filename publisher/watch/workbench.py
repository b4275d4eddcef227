"""Where what comes from outside is taken apart: away from the service."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def run(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `function`, a pure one, makes of bytes from outside. Raises what it raises."""
    return await asyncio.to_thread(function, *args, **kwargs)
