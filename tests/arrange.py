"""Which tests run, and in which order.

Workers of pytest-xdist take whole files, the longest first, so that none is left alone with a long one at the end, and
what a file sets up is set up once. On PostgreSQL runs what could find something else there than on SQLite.
"""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
LONGEST = [
    "tests/test_on_postgresql.py",
    "tests/newsroom/test_fault_matrix.py",
    "tests/e2e/test_accessibility.py",
    "tests/e2e/test_service.py",
    "tests/networks/test_conformance.py",
    "tests/e2e",
    "tests/test_fresh_machine.py",
    "tests/watch/test_hostile.py",
    "tests/cli/test_processes.py",
    "tests/test_wheel.py",
    "tests/web/test_access.py",
    "tests/newsroom/test_chain_upgrade.py",
    "tests/newsroom/test_notify_as_it_runs.py",
    "tests/networks/test_bluesky",
    "tests/newsroom/test_politeness.py",
    "tests/newsroom/test_sample.py",
    "tests/cli/test_rights.py",
    "tests/test_secrets.py",
    "tests/newsroom/test_push_as_it_runs.py",
    "tests/newsroom/test_killed_intake.py",
    "tests/newsroom/test_dying.py",
    "tests/networks/test_media.py",
    "tests/cli/test_app.py",
]
"""Files and folders that take ten seconds or more, the longest first."""
SPREAD = "tests/test_on_postgresql.py"
"""Its tests share nothing, and each takes as long as some files: workers take them one by one."""
NEED_ROWS = {"db", "transactional_db", "live_server", "django_db_setup"}


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """What is collected stays to the end: nobody looks for garbage in it, neither now nor after each few tests."""
    gc.disable()
    yield
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "postgresql" in settings.DATABASES["default"]["ENGINE"]:
        left_out = [item for item in items if not _may_differ(item)]
        items[:] = [item for item in items if _may_differ(item)]
        config.hook.pytest_deselected(items=left_out)
    items.sort(key=_rank)  # stable: within a file as they stand


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # only where xdist is

    class ByFile(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
        def _split_scope(self, nodeid: str) -> str:
            name = nodeid.partition("::")[0]
            return nodeid if name == SPREAD else name

    return ByFile(config, log)


def _may_differ(item: pytest.Item) -> bool:
    """Whether it asks for rows, and is not said to find the same wherever they are."""
    if item.get_closest_marker("any_database"):
        return False
    asks = NEED_ROWS & set(getattr(item, "fixturenames", ()))
    return bool(asks) or item.get_closest_marker("django_db") is not None


def _rank(item: pytest.Item) -> int:
    name = _file(item)
    return next((number for number, long in enumerate(LONGEST) if name.startswith(long)), len(LONGEST))


def _file(item: pytest.Item) -> str:
    return str(Path(item.path).relative_to(ROOT))
