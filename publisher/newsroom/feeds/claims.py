"""Claims: what one worker reads is left alone by the others, for as long as it takes.

A claim is short, so that what a worker that died had claimed is soon read by another. A round that takes longer than
that (a slow host, whose sources are asked one after the other) renews what it still holds.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from asgiref.sync import sync_to_async

log = logging.getLogger(__name__)

LASTS = timedelta(minutes=15)
"""How long what was claimed is left alone."""
RENEWED = timedelta(minutes=5)
"""After which it is claimed anew."""


@asynccontextmanager
async def kept(renew: Callable[[], object]) -> AsyncIterator[None]:
    """Call `renew` every few minutes, in the caller's thread, until the block ends."""
    renewing = asyncio.create_task(_renew(renew))
    try:
        yield
    finally:
        renewing.cancel()


async def _renew(renew: Callable[[], object]) -> None:
    while True:
        await asyncio.sleep(RENEWED.total_seconds())
        try:
            await sync_to_async(renew)()
        except Exception:  # a locked database: the claim lasts a while yet
            log.exception("claims could not be renewed")
