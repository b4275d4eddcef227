"""Where messages to people end in the tests: a real mail server, and a chat that takes Apprise's JSON over HTTP."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from publisher import config
from tests.ports import free_port


@dataclass
class Mailbox:
    """What a mail server took, and how it answers."""

    port: int = 0
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    """Recipients that it knows nothing of."""
    answer: str = "250 OK"
    """To the message itself."""
    before: Callable[[], object] = lambda: None
    """Runs when the recipient is known and the message has not come yet."""
    after: Callable[[], object] = lambda: None
    """Runs when the message is kept and the answer has not gone out yet."""

    @property
    def to(self) -> list[str]:
        return [to for to, _ in self.taken]

    @property
    def subjects(self) -> list[str]:
        return [str(message["Subject"]) for _, message in self.taken]

    @property
    def texts(self) -> list[str]:
        return [message.get_content() for _, message in self.taken]

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802  # aiosmtpd's name
        self.before()
        if address in self.refuses:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        if self.answer.startswith("250"):
            message = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.taken += [(to, message) for to in envelope.rcpt_tos]
            self.after()
        return self.answer


@dataclass
class Chat:
    """What a chat took."""

    address: str = ""
    taken: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200


def use(monkeypatch: pytest.MonkeyPatch, **settings: object) -> None:
    """Settings for this test alone."""
    for name, value in settings.items():
        monkeypatch.setenv(f"PUBLISHER_{name.upper()}", str(value))
    config.get.cache_clear()


@pytest.fixture
def settings_back() -> Iterator[None]:
    """The settings are read anew after the test."""
    yield
    config.get.cache_clear()


@pytest.fixture
def mailbox(settings_back: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server on loopback that knows one user; the settings name it."""
    box = Mailbox()

    def known(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"publisher", b"mail-s3cret")
        return AuthResult(success=right, handled=False)

    box.port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=box.port, authenticator=known, auth_require_tls=False)
    controller.start()
    use(monkeypatch, smtp_host="127.0.0.1", smtp_port=box.port, smtp_security="none", smtp_user="publisher")
    use(monkeypatch, smtp_password="mail-s3cret", mail_from="publisher@example.org")
    try:
        yield box
    finally:
        controller.stop()
        # Undone before `settings_back` reads them anew.
        monkeypatch.undo()


@pytest.fixture
def chat() -> Iterator[Chat]:
    """A chat on loopback, with a token in its address."""
    taken = Chat()

    class Take(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if taken.status == 200:
                taken.taken.append(json.loads(body))
            self.send_response(taken.status)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Take)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    taken.address = f"json://127.0.0.1:{server.server_port}/chat-t0ken"
    try:
        yield taken
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
