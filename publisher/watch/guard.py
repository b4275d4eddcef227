"""Which addresses we ask for: the public web, and what a setting admits. Never the network that we stand in ourselves.

A press officer, a feed or a redirect may name any address; without a guard it could be the router, a database, or the
metadata service of a cloud. So what counts is the IP address that is connected to, not the name: a literal is checked
before the request (`Guard.check`), a name when it is resolved (`watch.resolver`), both again at each redirect.
"""

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from publisher.enums import SourceStatus
from publisher.errors import FetchError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_PORTS = frozenset({80, 443})
_FIRST_FREE_PORT = 1024
"""Institutions serve feeds at 8443 and the like; below are mail, remote shells and other services that are no web."""
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
"""All that is given out for the public Internet (RFC 4291 2.4)."""
SAMPLE = "/sample/"
"""Where our own service keeps what it watches itself."""
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(each) for each in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32")
)
"""Protocol assignments, relays and tunnels, documentation (the registries of RFC 6890)."""


@dataclass(frozen=True, slots=True)
class Guard:
    """What may be asked besides the public web."""

    names: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()
    own: frozenset[tuple[str, int]] = frozenset()
    """Host and port of this service itself: for the sample newsroom's feeds and pictures, and nothing else of it."""

    @classmethod
    def admitting(cls, exceptions: str = "", own: str = "") -> "Guard":
        """`exceptions`: host names, IP addresses and networks, blanks or commas between. `own`: an address of ours."""
        names, networks = set(), []
        for word in exceptions.replace(",", " ").split():
            try:
                networks.append(ipaddress.ip_network(word.strip("[]"), strict=False))
            except ValueError:
                names.add(word.lower().rstrip("."))
        places = {_place(own)} if own else set()
        return cls(frozenset(names), tuple(networks), frozenset(places))

    def check(self, url: str) -> None:
        """Raises FetchError for an address that we never ask for.

        A name that is no IP address passes here; what it stands for is seen when it is resolved.
        """
        try:
            parts = urlsplit(url)
            host, port = _place(url)
        except ValueError:
            raise _no_address(url) from None
        if parts.scheme.lower() not in {"http", "https"} or not host or "@" in parts.netloc:
            raise _no_address(url)
        if (host, port) in self.own:
            if not parts.path.startswith(SAMPLE) or ".." in parts.path:
                raise inside(url)
            return
        literal = literal_of(host)
        if literal is not None and not self.admits(host, port, literal):
            raise inside(url)
        excepted = literal is not None and not is_public(literal)
        if port not in _PORTS and port < _FIRST_FREE_PORT and not excepted and host not in self.names:
            raise FetchError("source.port", f"port {port}", status=SourceStatus.ERROR, port=port)

    def admits(self, host: str, port: int, address: Address) -> bool:
        """Whether `address`, which `host` stands for, may be connected to."""
        host = host.lower().rstrip(".")
        if host in self.names or (host, port) in self.own:
            return True
        plain = _embedded(address) or address
        return is_public(address) or any(
            each in network for network in self.networks for each in (address, plain) if each.version == network.version
        )


PUBLIC = Guard()
"""The public web and nothing else."""


def is_public(address: Address) -> bool:
    """Whether the address belongs to the public Internet; one that carries another is what it carries."""
    carried = _embedded(address)
    if carried is not None:
        return is_public(carried)
    if isinstance(address, ipaddress.IPv6Address) and address not in _GLOBAL_V6:
        return False
    listed = any(address in network for network in _NOT_PUBLIC if network.version == address.version)
    return address.is_global and not address.is_multicast and not address.is_reserved and not listed


def _embedded(address: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address inside a mapped, 6to4 or NAT64 one (RFC 4291, 3056, 6052)."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.sixtofour is not None:
        return address.sixtofour
    if address in _MAPPED or address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def literal_of(host: str) -> Address | None:
    """The IP address that `host` spells: dotted, decimal, octal, hexadecimal, short, in brackets, with a dot behind.

    `localhost` and the names below it are this machine, whatever a server of names says (RFC 6761 6.3).
    """
    host = host.strip("[]").rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return ipaddress.IPv4Address("127.0.0.1")
    may_be_short = re.fullmatch(r"[0-9a-fx.]+", host) is not None
    if not may_be_short and ":" not in host:
        return None  # a name, as nearly all are
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    if not may_be_short:
        return None
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def inside(url: str) -> FetchError:
    host = urlsplit(url).hostname or ""
    return FetchError("source.inside", f"{host} is not public", status=SourceStatus.ERROR, host=host)


def _no_address(url: str) -> FetchError:
    shown = re.sub(r"//[^/]*@", "//", url)[:200]
    return FetchError("source.address", status=SourceStatus.ERROR, url=shown)


def _place(url: str) -> tuple[str, int]:
    """Host without trailing dot, and port. Raises ValueError."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme.lower() == "https" else 80)
    return (parts.hostname or "").lower().rstrip("."), port
