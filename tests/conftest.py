"""What every test may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest_plugins = ["tests.peers.hub", "tests.peers.pds", "tests.peers.postgres", "tests.peers.sinks"]

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with specifications and real samples beside the checkout; not part of the product."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder shared/ with specifications and samples is not beside the checkout")
    return folder


@pytest.fixture(autouse=True, scope="session")
def _tables_can_be_emptied() -> Iterator[None]:
    """Tests with real transactions empty the tables after themselves, which the triggers of the record refuse.

    They fall first; Django's flush raises them again, as `migrate` does.
    """
    from django.db import connection
    from django.test import TransactionTestCase

    from publisher.models import guards

    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # Django's own hook for this

    def past_the_guards(case: TransactionTestCase) -> None:
        guards.lower_all(connection)
        flush(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", past_the_guards)
        yield
