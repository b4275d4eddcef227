"""How a small Mastodon is reached: HTTP on loopback, requests as they came, and faults on demand."""

import json
import re
import ssl
import sys
import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from email.policy import HTTP
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from tests.peers.faults import Fault


@dataclass(frozen=True, kw_only=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    """Names in lower case."""
    form: dict[str, Any]
    """The fields of the body; names that end with [] hold lists."""
    file: bytes = b""
    file_type: str = ""


class Problem(Exception):
    def __init__(self, status: int, error: str) -> None:
        self.status = status
        self.error = error


class Served(ABC):
    """A server whose answers come from `handle`."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.offset = timedelta()
        """How far this server's clock is ahead."""
        self.lock = threading.RLock()
        self._faults: list[tuple[Fault, str, str]] = []
        self._stopping = threading.Event()
        self._http = _Http(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    @abstractmethod
    def handle(self, request: Request) -> tuple[int, Any]:
        """Status and JSON of the answer."""

    def wrap(self, context: ssl.SSLContext) -> None:
        """Speak TLS; before `start`."""
        self._http.socket = context.wrap_socket(self._http.socket, server_side=True, do_handshake_on_connect=False)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def sent(self, method: str, path: str) -> list[Request]:
        """The requests to `path` (a regular expression for all of it), in order."""
        return [request for request in self.requests if request.method == method and re.fullmatch(path, request.path)]

    def fail(self, fault: Fault, *, path: str = "", method: str = "POST") -> None:
        """Let the next request with this method whose path ends with `path` fail like this; faults queue up."""
        with self.lock:
            self._faults.append((fault, method, path))

    def take_fault(self, request: Request) -> Fault | None:
        with self.lock:
            for index, (fault, method, path) in enumerate(self._faults):
                if request.method == method and request.path.endswith(path):
                    del self._faults[index]
                    return fault
        return None

    def wait(self) -> None:
        """Hang until the test is over."""
        self._stopping.wait()


def iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


class _Http(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away, or does not trust us, is part of the test."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


def _parsed(body: bytes, content_type: str) -> tuple[dict[str, Any], bytes, str]:
    """The fields, the file and its type."""
    if content_type.startswith("application/json"):
        return json.loads(body or b"{}"), b"", ""
    if content_type.startswith("multipart/form-data"):
        message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
        form: dict[str, Any] = {}
        file, file_type = b"", ""
        for part in message.iter_parts():  # type: ignore[attr-defined]  # the HTTP policy makes an EmailMessage
            payload = part.get_payload(decode=True)
            if part.get_filename():
                file, file_type = payload, part.get_content_type()
            else:
                form[part.get_param("name", header="content-disposition")] = payload.decode()
        return form, file, file_type
    fields = parse_qs(body.decode(), keep_blank_values=True)
    return {name: values if name.endswith("[]") else values[-1] for name, values in fields.items()}, b"", ""


def _handler(server: Served) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            form, file, file_type = _parsed(body, self.headers.get("Content-Type", ""))
            target = urlsplit(self.path)
            request = Request(
                method=self.command,
                path=target.path,
                query=dict(parse_qsl(target.query)),
                headers={name.lower(): value for name, value in self.headers.items()},
                form=form,
                file=file,
                file_type=file_type,
            )
            server.requests.append(request)
            fault = server.take_fault(request)
            if fault is None:
                status, data = server.handle(request)
                self.reply(status, json.dumps(data).encode(), {"Content-Type": "application/json; charset=utf-8"})
                return
            if fault.forward:
                server.handle(request)
            if fault.hang:
                server.wait()
            if fault.status:
                self.reply(fault.status, fault.body, dict(fault.headers))
            else:
                self.close_connection = True

        do_GET = do_POST = do_PUT = do_DELETE = handle_any  # noqa: N815  names the base class asks for

        def reply(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            now = server.now()
            limits = {
                "Date": format_datetime(now, usegmt=True),
                "X-RateLimit-Limit": "300",
                "X-RateLimit-Remaining": "299",
                "X-RateLimit-Reset": iso(now + timedelta(minutes=5)),
            }
            self.send_response_only(status)
            for name, value in {**limits, **headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    return Handler
