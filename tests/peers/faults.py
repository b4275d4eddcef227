"""A proxy on loopback that stands between a client and a server and fails on demand.

What real networks do to a publisher: commit the post and lose the answer, answer 500 or an HTML page after
committing, hang, close the connection before reading. Everything not told to fail goes through unchanged.

    with FaultProxy(upstream="http://127.0.0.1:3000") as proxy:
        proxy.fail(drop(after_forwarding=True), path="/xrpc/com.atproto.repo.putRecord")
        ...client talks to proxy.url...
        assert proxy.paths("POST") == [...]
"""

import contextlib
import http.client
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

# The connection between two hops is each hop's own (RFC 9110, section 7.6.1).
HOP_BY_HOP = {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One way to fail. Without `status` there is no answer: the connection is closed, or hangs."""

    forward: bool
    """Whether the upstream server gets the request (and commits it) all the same."""
    status: int = 0
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    hang: bool = False
    drip: bool = False
    """The answer begins, and never ends: a byte now and then."""


def drop(*, after_forwarding: bool) -> Fault:
    """Close the connection without an answer."""
    return Fault(forward=after_forwarding)


def hang(*, after_forwarding: bool = False) -> Fault:
    """Say nothing until the proxy stops; the client needs a timeout of its own."""
    return Fault(forward=after_forwarding, hang=True)


def drip(*, after_forwarding: bool = True) -> Fault:
    """Begin an answer and go on with a byte every tenth of a second, for ever."""
    return Fault(forward=after_forwarding, drip=True)


def answer(
    status: int,
    body: bytes | str = b"",
    *,
    after_forwarding: bool = False,
    content_type: str = "application/json",
    headers: Mapping[str, str] | None = None,
) -> Fault:
    """Give this answer instead of the upstream's."""
    data = body.encode() if isinstance(body, str) else body
    return Fault(
        forward=after_forwarding, status=status, body=data, headers={"Content-Type": content_type, **(headers or {})}
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as the client sent it."""

    method: str
    path: str
    """Without the query."""
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class _Rule:
    fault: Fault
    method: str
    path: str | tuple[str, ...]
    left: int


class FaultProxy:
    """Forwards to `upstream` (a base URL on loopback); with no upstream, every request must meet a fault."""

    def __init__(self, upstream: str = "") -> None:
        self.upstream = upstream
        self.seen: list[Seen] = []
        self._rules: list[_Rule] = []
        self._lock = threading.Lock()
        self.noticed: Callable[[Seen], None] = lambda _: None
        """Called with each request when it has arrived whole, before anything is done about it."""
        self.stopping = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.proxy = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def fail(self, fault: Fault, *, path: str | tuple[str, ...] = "", method: str = "", times: int = 1) -> None:
        """Let the next `times` requests whose path ends with `path` fail like this; faults queue up in order."""
        with self._lock:
            self._rules.append(_Rule(fault, method, path, times))

    def reset(self) -> None:
        """Forget all faults and all requests."""
        with self._lock:
            self._rules.clear()
            self.seen.clear()

    def paths(self, method: str = "") -> list[str]:
        """The paths asked for so far, in order."""
        return [seen.path for seen in self.seen if method in ("", seen.method)]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def take(self, seen: Seen) -> Fault | None:
        with self._lock:
            self.seen.append(seen)
            self.noticed(seen)
            for rule in self._rules:
                if rule.left and seen.path.endswith(rule.path) and rule.method in ("", seen.method):
                    rule.left -= 1
                    return rule.fault
        return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    proxy: FaultProxy


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        target = urlsplit(self.path)
        fault = self.server.proxy.take(Seen(self.command, target.path, target.query, dict(self.headers.items()), body))
        if fault is None:
            self.reply(*self.forward(body))
            return
        if fault.forward:
            self.forward(body)
        if fault.hang:
            self.server.proxy.stopping.wait()
        if fault.drip:
            self.drip()
        if fault.status:
            self.reply(fault.status, fault.headers, fault.body)
        else:
            self.close_connection = True

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any  # noqa: N815  the base class asks for these

    def forward(self, body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        upstream = urlsplit(self.server.proxy.upstream)
        connection = http.client.HTTPConnection(upstream.hostname or "", upstream.port, timeout=60)
        # An unpacked answer is easier to read and to change.
        headers = {k: v for k, v in self.headers.items() if k.lower() not in HOP_BY_HOP | {"accept-encoding"}}
        try:
            connection.request(self.command, upstream.path.rstrip("/") + self.path, body or None, headers)
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read()
        finally:
            connection.close()

    def reply(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in HOP_BY_HOP | {"content-length"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def drip(self) -> None:
        with contextlib.suppress(OSError):  # the client has had enough
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n")
            while not self.server.proxy.stopping.wait(0.1):
                self.wfile.write(b" ")
                self.wfile.flush()

    def log_message(self, *_: object) -> None:
        pass
