"""What every test may ask for."""

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
