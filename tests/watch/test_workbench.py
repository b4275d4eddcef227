"""Jobs in worker processes: what comes back, and what a job may cost."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from publisher.errors import FetchError
from publisher.watch import workbench
from publisher.watch.feed import parse

SAMPLE = Path(__file__).parents[2] / "publisher/sample/eeas.xml"
HEAVY = {"feedparser", "selectolax", "lxml", "trafilatura"}


@pytest.fixture(autouse=True)
def fresh_workers() -> Iterator[None]:
    workbench.close()
    yield
    workbench.close()


# --- jobs, by name ----------------------------------------------------------------------------------------------------


def pid() -> int:
    return os.getpid()


def environment() -> set[str]:
    return set(os.environ)


def fail(error: Exception) -> None:
    raise error


def die() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def spin() -> None:
    while True:
        pass


def hold(size: int) -> int:
    return len(bytearray(size))


def lives(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


# --- what comes back --------------------------------------------------------------------------------------------------


def test_answer_is_what_the_function_gives() -> None:
    assert workbench.run_now(parse, SAMPLE.read_bytes()) == parse(SAMPLE.read_bytes())


def test_many_jobs_share_few_workers() -> None:
    async def all_of_them() -> list[int]:
        return await asyncio.gather(*(workbench.run(pid) for _ in range(50)))

    assert 1 <= len(set(asyncio.run(all_of_them()))) <= workbench.AT_ONCE


def test_errors_travel_whole() -> None:
    until = datetime(2026, 11, 24, tzinfo=UTC)
    sent = FetchError("source.too_large", "6 MB", status="oversize", retry_after=until, limit=5)
    with pytest.raises(FetchError) as caught:
        workbench.run_now(fail, sent)
    assert vars(caught.value) == vars(sent)
    assert str(caught.value) == str(sent)


def test_fault_of_ours_is_told_as_one() -> None:
    with pytest.raises(FetchError) as caught:
        workbench.run_now(fail, ValueError("no"))
    assert (caught.value.key, caught.value.diagnostic) == ("source.failed", "ValueError: no")


# --- what a job may cost ----------------------------------------------------------------------------------------------


def refused(function: object, *args: object) -> FetchError:
    with pytest.raises(FetchError) as caught:
        workbench.run_now(function, *args)  # type: ignore[arg-type]
    assert (caught.value.key, caught.value.status) == ("source.dangerous", "malformed")
    assert workbench.run_now(len, b"next") == 4
    return caught.value


def test_job_that_computes_without_end_is_stopped_and_the_next_is_done() -> None:
    assert refused(spin).diagnostic.endswith(f"the worker ended with -{signal.SIGPROF.value}")


def test_job_that_waits_without_end_is_stopped_and_the_next_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbench, "WALL_SECONDS", 0.2)
    assert "no answer within" in refused(time.sleep, 60).diagnostic


def test_job_that_takes_too_much_memory_is_stopped_and_the_next_is_done() -> None:
    assert refused(hold, 200_000_000).diagnostic == "more memory than allowed"


def test_job_that_crashes_its_worker_harms_no_other() -> None:
    assert refused(die).diagnostic.endswith(f"the worker ended with -{signal.SIGSEGV.value}")


# --- workers come and go ----------------------------------------------------------------------------------------------


def test_worker_rests_when_there_is_nothing_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbench, "REST", 0.1)
    process = workbench.run_now(pid)
    assert lives(process)
    deadline = time.monotonic() + 5
    while lives(process) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not lives(process)
    assert workbench.run_now(pid) != process


def test_worker_ends_with_the_service_however_that_ends() -> None:
    script = "from publisher.watch import workbench; from tests.watch.test_workbench import pid; import os; "
    script += "print(workbench.run_now(pid), flush=True); os._exit(9)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=False)
    worker = int(done.stdout)
    deadline = time.monotonic() + 5
    while lives(worker) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not lives(worker)


def test_worker_knows_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLISHER_SECRET_KEY", "secret")
    workbench.close()
    assert {name for name in workbench.run_now(environment) if "PUBLISHER" in name} == set()


def test_caller_never_loads_the_parsers() -> None:
    script = "import sys; from publisher.watch import workbench; from publisher.watch.feed import parse; "
    script += f"workbench.run_now(parse, open({str(SAMPLE)!r}, 'rb').read()); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=True)
    assert {name.partition(".")[0] for name in done.stdout.split()} & HEAVY == set()
