"""What every test may ask for."""

import socket
import socketserver
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker
from whitenoise.middleware import WhiteNoiseMiddleware

pytest_plugins = [
    "tests.arrange",
    "tests.peers.hub",
    "tests.peers.openid",
    "tests.peers.pds",
    "tests.peers.postgres",
    "tests.peers.sinks",
]

# Of six connections at once the kernel would drop one otherwise, and who asks comes again only after a second.
socketserver.TCPServer.request_queue_size = 128

_look_up = socket.getaddrinfo


def look_up(host: Any, *told: Any, **more: Any) -> Any:
    """Of names, only this machine's: a test that asks a name server waits for it, and finds what others say today."""
    name = host.decode() if isinstance(host, bytes) else host
    if name and name != "localhost" and not _is_address(name):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return _look_up(host, *told, **more)


def _is_address(name: str) -> bool:
    try:
        _look_up(name, None, flags=socket.AI_NUMERICHOST)
    except OSError:
        return False
    return True


socket.getaddrinfo = look_up

_add_files = WhiteNoiseMiddleware.add_files_from_finders
_files: dict[str, dict[str, Any]] = {}
"""By address, below each prefix."""


def add_files_once(self: WhiteNoiseMiddleware) -> None:
    """Each browser of a test starts the desk anew; looking for its static files is more work than a page."""
    if self.static_prefix not in _files:
        _add_files(self)
        _files[self.static_prefix] = dict(self.files)
    self.files.update(_files[self.static_prefix])


WhiteNoiseMiddleware.add_files_from_finders = add_files_once

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with specifications and real samples beside the checkout; not part of the product."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder shared/ with specifications and samples is not beside the checkout")
    return folder


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database, emptied after each test with real transactions in a way of our own."""
    from django.test import TransactionTestCase

    from tests.emptying import Emptying

    with django_db_blocker.unblock():
        emptying = Emptying()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: emptying.empty_tables())
        yield
