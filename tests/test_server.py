"""What listens for the desk: who it says is calling."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from publisher.config import Config
from publisher.service import make_server

FORGED = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example.org"}


def mirror(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Says who calls, how, and whether anything of the headers has come through."""
    start("200 OK", [("Content-Type", "text/plain")])
    forwarded = [name for name in environ if name.startswith("HTTP_X_FORWARDED")]
    seen = [environ["REMOTE_ADDR"], environ["wsgi.url_scheme"], environ["HTTP_HOST"].partition(":")[0], *forwarded]
    return [" ".join(seen).encode()]


@contextmanager
def listening(**settings: Any) -> Iterator[str]:
    server = make_server(mirror, Config(_env_file=None, port=0, **settings))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}/"
    finally:
        server.close()
        thread.join(5)


@pytest.mark.parametrize(
    ("trusted", "seen"),
    [
        ("", "127.0.0.1 http 127.0.0.1"),
        ("192.0.2.1", "127.0.0.1 http 127.0.0.1"),
        ("127.0.0.1", "203.0.113.7 https 127.0.0.1 HTTP_X_FORWARDED_FOR HTTP_X_FORWARDED_PROTO"),
    ],
)
def test_only_the_trusted_web_server_is_believed_who_calls(trusted: str, seen: str) -> None:
    with listening(trusted_proxy=trusted) as address:
        assert httpx.get(address, headers=FORGED, trust_env=False).text == seen
