"""The way out of one event loop: turns, hosts that are held, what redirects tell."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from publisher.errors import FetchError
from publisher.watch.fetch import PAGES, Fetched, Request, Validators, Web
from publisher.watch.guard import Guard
from tests.watch.server import Answer, Asked, Server

LOOPBACK = Guard.admitting("127.0.0.0/8 ::1")
NOW = datetime(2026, 10, 2, 9, 0, tzinfo=UTC)
BY_DATE = (
    b"HTTP/1.1 503 Busy\r\nDate: Fri, 02 Oct 2026 08:30:00 GMT\r\nRetry-After: Fri, 02 Oct 2026 13:30:00 GMT\r\n"
    b"Content-Length: 0\r\nConnection: close\r\n\r\n"
)
"""By a server whose clock is half an hour behind."""
Got = Fetched | FetchError


def get(
    *requests: Request,
    held: dict[str, datetime] | None = None,
    on_hold: Callable[[str, datetime], Awaitable[None]] | None = None,
) -> list[Got]:
    """The answers, one after the other, at NOW."""

    async def run() -> list[Got]:
        async with Web(guard=LOOPBACK, held=held, on_hold=on_hold) as web:
            found: list[Got] = []
            for request in requests:
                try:
                    found.append(await web.get(request, now=NOW))
                except FetchError as error:
                    found.append(error)
            return found

    return asyncio.run(run())


def keys(found: list[Got]) -> list[str]:
    return [each.key if isinstance(each, FetchError) else str(each.status) for each in found]


# --- holds ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "hours", "key"),
    [
        (Answer(status=429, headers={"Retry-After": "7200"}), 2, "source.rate_limited"),
        (Answer(status=429), 1, "source.rate_limited"),
        (Answer(raw=BY_DATE), 5, "source.rate_limited"),
        (Answer(status=503), 0.25, "source.unavailable"),
    ],
)
def test_a_server_that_asks_to_wait_is_not_asked_for_anything_else(
    server: Server, answer: Answer, hours: float, key: str
) -> None:
    told: list[tuple[str, datetime]] = []

    async def on_hold(host: str, until: datetime) -> None:
        told.append((host, until))

    server.serve(answer, "/busy")
    server.serve(Answer(body=b"page"), "/page")
    found = get(Request(server.url("/busy")), Request(server.url("/page")), on_hold=on_hold)
    assert keys(found) == [key, "source.held"]
    assert [asked.path for asked in server.asked] == ["/busy"]
    assert told == [("127.0.0.1", NOW + timedelta(hours=hours))]
    assert isinstance(found[1], FetchError)
    assert found[1].retry_after == NOW + timedelta(hours=hours)


def test_an_ordinary_failure_holds_nobody(server: Server) -> None:
    server.serve(Answer(status=500), "/1")
    server.serve(Answer(body=b"page"), "/2")
    assert keys(get(Request(server.url("/1")), Request(server.url("/2")))) == ["source.unavailable", "ok"]


def test_a_hold_is_over_when_its_time_has_come(server: Server) -> None:
    url = server.serve(Answer(body=b"feed"))
    assert keys(get(Request(url), held={"127.0.0.1": NOW})) == ["ok"]
    assert keys(get(Request(url), held={"127.0.0.1": NOW + timedelta(seconds=1)})) == ["source.held"]


def test_a_redirect_to_a_held_host_is_not_followed(server: Server) -> None:
    server.serve(Answer(body=b"feed"))
    server.serve(Answer(status=302, headers={"Location": server.url(host="localhost")}), "/away")
    assert keys(get(Request(server.url("/away")), held={"localhost": NOW + timedelta(hours=1)})) == ["source.held"]
    assert len(server.asked) == 1


# --- turns ------------------------------------------------------------------------------------------------------------


def test_one_host_is_asked_one_at_a_time_also_from_several_threads(server: Server) -> None:
    inside = threading.Semaphore(1)
    met: list[str] = []

    def slowly(asked: Asked) -> Answer:
        if not inside.acquire(blocking=False):
            met.append(asked.path)
            return Answer(body=b"feed")
        time.sleep(0.03)  # so that two would meet
        inside.release()
        return Answer(body=b"feed")

    url = server.serve(slowly)
    with ThreadPoolExecutor(3) as threads:
        found = list(threads.map(lambda _: get(*[Request(url)] * 3), range(3)))
    assert [keys(each) for each in found] == [["ok"] * 3] * 3
    assert met == []


# --- redirects --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statuses", "moved_to"),
    [
        ([], ""),
        ([301], "/1"),
        ([308, 301], "/2"),
        ([302], ""),
        ([303], ""),
        ([307], ""),
        ([301, 302], "/1"),
        ([302, 301], ""),
        ([301, 302, 301], "/1"),
    ],
)
def test_only_permanent_redirects_from_the_start_say_where_a_source_has_moved(
    server: Server, statuses: list[int], moved_to: str
) -> None:
    for number, status in enumerate(statuses):
        server.serve(Answer(status=status, headers={"Location": f"/{number + 1}"}), f"/{number}")
    server.serve(Answer(body=b"feed"), f"/{len(statuses)}")
    (answer,) = get(Request(server.url("/0")))
    assert isinstance(answer, Fetched)
    assert answer.moved_to == (server.url(moved_to) if moved_to else "")


def test_validators_go_only_to_the_address_that_gave_them(server: Server) -> None:
    server.serve(Answer(status=301, headers={"Location": "/new"}), "/old")
    server.serve(Answer(status=304), "/new")
    get(Request(server.url("/old"), Validators('"1"'), server.url("/new")))
    assert [(asked.path, asked.headers.get("if-none-match")) for asked in server.asked] == [
        ("/old", None),
        ("/new", '"1"'),
    ]


def test_a_maintenance_page_is_not_sent_the_feed_s_validators(server: Server) -> None:
    server.serve(Answer(status=302, headers={"Location": "/maintenance"}), "/feed")
    server.serve(Answer(body=b"<html>"), "/maintenance")
    get(Request(server.url("/feed"), Validators('"1"')))
    assert [asked.headers.get("if-none-match") for asked in server.asked] == ['"1"', None]


def test_an_error_says_who_answered(server: Server) -> None:
    server.serve(Answer(status=302, headers={"Location": "/gone"}), "/feed")
    server.serve(Answer(status=404), "/gone")
    (error,) = get(Request(server.url("/feed")))
    assert isinstance(error, FetchError)
    assert error.at == server.url("/gone")


# --- quirks -----------------------------------------------------------------------------------------------------------


def test_a_page_is_asked_for_as_a_page(server: Server) -> None:
    url = server.serve(Answer(body=b"<html>"))

    async def run() -> Fetched:
        async with Web(guard=LOOPBACK) as web:
            return await web.page(url)

    assert asyncio.run(run()).body == b"<html>"
    assert server.asked[0].headers["accept"] == PAGES


def test_a_host_whose_compressed_answers_arrive_cut_is_asked_for_plain_ones(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    from publisher.watch import hosts
    from publisher.watch.data import table

    url = server.serve(Answer(body=b"feed"), "/x")
    monkeypatch.setitem(table("hosts")["hosts"], "localhost", {"identity": True})
    hosts.manners_of.cache_clear()
    get(Request(server.url("/x", host="localhost")), Request(url))
    hosts.manners_of.cache_clear()
    assert [asked.headers["accept-encoding"] for asked in server.asked] == ["identity", "gzip"]


def test_one_feed_of_a_shared_host_holds_no_other(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    from publisher.watch import hosts
    from publisher.watch.data import table

    server.serve(Answer(status=429, headers={"Retry-After": "60"}), "/1")
    server.serve(Answer(body=b"feed"), "/2")
    monkeypatch.setitem(table("hosts")["hosts"], "localhost", {"shared": True})
    hosts.manners_of.cache_clear()
    found = get(*(Request(server.url(path, host="localhost")) for path in ("/1", "/2")))
    hosts.manners_of.cache_clear()
    assert keys(found) == ["source.rate_limited", "ok"]
