"""What every test may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

pytest_plugins = [
    "tests.arrange",
    "tests.peers.hub",
    "tests.peers.openid",
    "tests.peers.pds",
    "tests.peers.postgres",
    "tests.peers.sinks",
]

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
