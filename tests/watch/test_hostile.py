"""Inputs made to hurt: each costs less than two seconds and 200 MB, and the next feed is read as if nothing were."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher.enums import SourceKind
from publisher.errors import FetchError
from publisher.watch import workbench
from publisher.watch.fetch import BODY_LIMIT, fetch_one
from publisher.watch.guard import Guard
from publisher.watch.reading import read_source
from tests.watch.hostile import INPUTS, flat, measured
from tests.watch.server import Answer, Server, gzipped

LOOPBACK = Guard.admitting("127.0.0.0/8")
SAMPLE = (Path(__file__).parents[2] / "publisher/sample/eeas.xml").read_bytes()


@pytest.fixture(autouse=True)
def new_worker() -> Iterator[None]:
    workbench.close()
    yield
    workbench.close()


@pytest.mark.parametrize("name", INPUTS)
def test_hostile_input_costs_little_and_harms_no_other(name: str) -> None:
    make, expected = INPUTS[name]
    body = make()
    assert len(body) <= BODY_LIMIT
    try:
        seconds, memory, outcome = workbench.run_now(measured, SourceKind.FEED, body)
    except FetchError as error:
        # The worker was ended at its limits, which are below ours.
        seconds, memory, outcome = 0.0, 0, f"{error.key} ({error.status})"
    assert outcome == expected
    assert seconds < 2
    assert memory < 200_000_000
    assert len(workbench.run_now(read_source, SourceKind.FEED, SAMPLE).entries) == 1


@pytest.mark.parametrize("kind", [SourceKind.LISTING, SourceKind.SITEMAP, SourceKind.CALENDAR, SourceKind.PRESS_CORNER])
@pytest.mark.parametrize("name", ["billion laughs", "100,000 nested elements", "JSON nested 100,000 deep"])
def test_no_kind_of_source_is_hurt(kind: SourceKind, name: str) -> None:
    try:
        seconds, memory, outcome = workbench.run_now(measured, kind, INPUTS[name][0]())
    except FetchError as error:
        seconds, memory, outcome = 0.0, 0, f"{error.key} ({error.status})"
    assert outcome.startswith("source.")
    assert outcome != "source.failed (error)"
    assert seconds < 2
    assert memory < 200_000_000


# --- on the way here --------------------------------------------------------------------------------------------------


def failure(url: str, total: float = 30) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetch_one(url, total=total, guard=LOOPBACK)
    return caught.value


def test_feed_of_20_mb_is_oversize(server: Server) -> None:
    error = failure(server.serve(Answer(body=flat(20_000_000))))
    assert (error.key, error.status) == ("source.too_large", "oversize")


def test_gzip_bomb_is_oversize_and_costs_little(server: Server) -> None:
    server.serve(gzipped(bytes(200_000_000)))
    start = time.process_time()
    assert failure(server.url()).status == "oversize"
    assert time.process_time() - start < 2


def test_answer_that_never_ends_is_given_up(server: Server) -> None:
    error = failure(server.serve(Answer(body=SAMPLE, hang=True)), total=0.3)
    assert (error.key, error.status) == ("source.slow", "unreachable")


def test_honest_gzip_is_read(server: Server) -> None:
    answer = fetch_one(server.serve(gzipped(SAMPLE)), guard=LOOPBACK)
    assert workbench.run_now(read_source, SourceKind.FEED, answer.body).title


@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html><title>Just a moment...</title>",
        b"<html><body><h1>Technical Difficulties</h1></body></html>",
        b"<html><head><title>Press</title></head><body>All our news</body></html>",
        b"OK",
        b"",
    ],
)
def test_good_answer_that_is_no_feed_is_blocked_and_never_no_items(body: bytes) -> None:
    with pytest.raises(FetchError) as caught:
        workbench.run_now(read_source, SourceKind.FEED, body)
    assert caught.value.status == "blocked"
