"""Names into addresses, by the guard: whoever connects through this resolver connects to an address that was vetted."""

import ipaddress
import socket

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from publisher.watch.guard import Guard, inside


class GuardedResolver(AbstractResolver):
    """The system's answers without those that the guard does not admit.

    aiohttp connects to the addresses it is given here and asks nobody again, so a name cannot turn into another
    address between the check and the connection.
    """

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._system = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Raises FetchError where the name leads into our own network, OSError where it leads nowhere."""
        found = await self._system.resolve(host, port, family)
        admitted = [each for each in found if self._guard.admits(host, port, ipaddress.ip_address(each["host"]))]
        if found and not admitted:
            raise inside(f"http://{host}/")
        return admitted

    async def close(self) -> None:
        await self._system.close()
