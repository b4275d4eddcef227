"""Against a real server on loopback that scores what it is asked."""

import gzip
import socket
import threading
import zlib
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from publisher import __version__
from publisher.enums import SourceStatus
from publisher.errors import FetchError
from publisher.watch import fetch as fetching
from publisher.watch.fetch import Fetched, Request, Validators, user_agent
from publisher.watch.guard import Guard
from tests.watch.server import Answer, Asked, Server, gzipped

NOW = datetime(2026, 10, 2, 9, 0, tzinfo=UTC)
LOOPBACK = Guard.admitting("127.0.0.0/8 ::1")
fetch_one = partial(fetching.fetch_one, guard=LOOPBACK)
fetch_many = partial(fetching.fetch_many, guard=LOOPBACK)
fetch_image = partial(fetching.fetch_image, guard=LOOPBACK)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def failure(url: str, **options: float) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetch_one(url, **options)  # type: ignore[arg-type] # (limit is an int)
    return caught.value


def fetch_at(now: datetime, url: str) -> Fetched | FetchError:
    (answer,) = fetching.asyncio.run(fetching.fetch_all([Request(url)], guard=LOOPBACK, now=lambda: now))
    return answer


# --- what we ask ------------------------------------------------------------------------------------------------------


def test_the_first_request_is_unconditional_and_tells_nothing_about_us_but_our_name(server: Server) -> None:
    url = server.serve(Answer(body=b"feed", headers={"Set-Cookie": "id=1; Path=/"}))
    fetch_one(url, agent=user_agent("https://press.example.org"))
    fetch_one(url)
    first, second = server.asked
    assert first.headers["user-agent"] == f"Publisher/{__version__} (+https://press.example.org)"
    assert second.headers["user-agent"] == f"Publisher/{__version__}"
    for asked in (first, second):
        assert set(asked.headers) == {"host", "user-agent", "accept", "accept-encoding"}
        assert asked.headers["accept-encoding"] == "gzip"


def test_a_cookie_is_never_brought_back(server: Server) -> None:
    server.serve(Answer(status=302, headers={"Location": "/2", "Set-Cookie": "id=1; Path=/"}), "/1")
    server.serve(Answer(body=b"feed", headers={"Set-Cookie": "id=2; Path=/"}), "/2")
    fetch_many([Request(server.url("/1")), Request(server.url("/2"))])
    assert [(asked.path, asked.headers.get("cookie")) for asked in server.asked] == [
        ("/1", None),
        ("/2", None),
        ("/2", None),
    ]


@pytest.mark.parametrize(
    ("etag", "modified"),
    [('W/"x-1, y"', "Thu, 01 Oct 2026 09:00:00 GMT"), ('"only"', ""), ("", "yesterday at noon"), ("unquoted", "")],
)
def test_validators_go_back_word_for_word(server: Server, etag: str, modified: str) -> None:
    headers = {name: value for name, value in (("ETag", etag), ("Last-Modified", modified)) if value}
    url = server.serve(Answer(body=b"feed", headers=headers))
    first = fetch_one(url)
    assert first.validators == Validators(etag, modified)
    fetch_one(url, first.validators)
    sent = server.asked[1].headers
    assert (sent.get("if-none-match", ""), sent.get("if-modified-since", "")) == (etag, modified)


def test_validators_are_replaced_together_by_a_new_answer(server: Server) -> None:
    url = server.serve(Answer(body=b"feed", headers={"ETag": '"new"'}))
    assert fetch_one(url, Validators('"old"', "Thu, 01 Oct 2026 09:00:00 GMT")).validators == Validators('"new"', "")


def test_a_validator_that_could_not_be_sent_back_is_not_kept(server: Server) -> None:
    url = server.serve(Answer(body=b"feed", headers={"ETag": '"\xe9"', "Last-Modified": "x" * 1001}))
    assert fetch_one(url).validators == Validators()


def test_the_address_is_asked_exactly_as_it_stands(server: Server) -> None:
    path = "/feed.xml?organisations[]=a&b=%7Ec&x=1+2"
    server.serve(Answer(body=b"feed"), path)
    fetch_one(server.url(path))
    assert [asked.path for asked in server.asked] == [path]


def test_letters_outside_ascii_are_encoded(server: Server) -> None:
    server.serve(Answer(body=b"feed"), "/mat%C3%A9riel%20x")
    assert fetch_one(server.url("/matériel x")).body == b"feed"


# --- what comes back --------------------------------------------------------------------------------------------------


def test_a_good_answer(server: Server) -> None:
    url = server.serve(Answer(body=b"feed", headers={"Content-Type": "application/rss+xml; charset=utf-8"}))
    answer = fetch_at(NOW, url)
    assert isinstance(answer, Fetched)
    assert (answer.status, answer.url, answer.body) == (SourceStatus.OK, url, b"feed")
    assert answer.content_type == "application/rss+xml; charset=utf-8"
    assert (answer.fetched_at, answer.not_before) == (NOW, None)


def test_304_is_not_modified_and_keeps_what_it_leaves_out(server: Server) -> None:
    url = server.serve(Answer(status=304, headers={"Last-Modified": "new", "Cache-Control": "max-age=3600"}))
    answer = fetch_one(url, Validators('"e"', "old"))
    assert (answer.status, answer.body, answer.validators) == (SourceStatus.NOT_MODIFIED, b"", Validators('"e"', "new"))
    assert answer.not_before == answer.fetched_at + timedelta(hours=1)


def test_304_to_a_request_without_validators_is_a_fault(server: Server) -> None:
    url = server.serve(Answer(status=304))
    assert failure(url).key == "source.refused"


@pytest.mark.parametrize(
    ("status", "headers", "key", "kind"),
    [
        (404, {}, "source.not_found", SourceStatus.ERROR),
        (410, {}, "source.gone", SourceStatus.GONE),
        (401, {}, "source.forbidden", SourceStatus.BLOCKED),
        (403, {}, "source.forbidden", SourceStatus.BLOCKED),
        (403, {"cf-mitigated": "challenge"}, "source.blocked", SourceStatus.BLOCKED),
        (429, {}, "source.rate_limited", SourceStatus.RATE_LIMITED),
        (503, {"Retry-After": "60"}, "source.rate_limited", SourceStatus.RATE_LIMITED),
        (503, {}, "source.unavailable", SourceStatus.UNREACHABLE),
        (500, {}, "source.unavailable", SourceStatus.UNREACHABLE),
        (418, {}, "source.refused", SourceStatus.ERROR),
        (206, {}, "source.refused", SourceStatus.ERROR),
        (302, {}, "source.refused", SourceStatus.ERROR),
    ],
)
def test_other_statuses_are_errors_with_a_sentence(
    server: Server, status: int, headers: dict[str, str], key: str, kind: SourceStatus
) -> None:
    error = failure(server.serve(Answer(status=status, body=b"<html>", headers=headers)))
    assert (error.key, error.status, error.diagnostic) == (key, kind, f"HTTP {status}")
    assert str(status) not in error.sentence


def test_retry_after_says_when(server: Server) -> None:
    error = fetch_at(NOW, server.serve(Answer(status=429, headers={"Retry-After": "7200"})))
    assert isinstance(error, FetchError)
    assert error.retry_after == NOW + timedelta(hours=2)


# --- bodies -----------------------------------------------------------------------------------------------------------


def test_gzip_is_unpacked(server: Server) -> None:
    assert fetch_one(server.serve(gzipped(b"feed" * 1000))).body == b"feed" * 1000


def test_gzip_in_two_members_is_one_body(server: Server) -> None:
    body = gzip.compress(b"one ") + gzip.compress(b"two")
    assert fetch_one(server.serve(Answer(body=body, headers={"Content-Encoding": "gzip"}))).body == b"one two"


def test_gzip_without_length_until_the_connection_closes(server: Server) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"
    assert fetch_one(server.serve(Answer(raw=head + gzip.compress(b"feed")))).body == b"feed"


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_small_bomb_is_stopped_at_the_limit(server: Server, encoding: str) -> None:
    packed = zlib.compress(b"\0" * 10_000_000) if encoding == "deflate" else gzip.compress(b"\0" * 10_000_000)
    error = failure(server.serve(Answer(body=packed, headers={"Content-Encoding": encoding})))
    assert (error.status, error.params) == (SourceStatus.OVERSIZE, {"limit": "5"})
    assert error.sentence.startswith("The source sends more than 5 MB")


@pytest.mark.parametrize("extra", [0, 1])
def test_the_limit_is_exact(server: Server, extra: int) -> None:
    for answer in (Answer(body=b"x" * (1000 + extra)), gzipped(b"x" * (1000 + extra))):
        url = server.serve(answer)
        if extra:
            assert failure(url, limit=1000).status == SourceStatus.OVERSIZE
        else:
            assert len(fetch_one(url, limit=1000).body) == 1000


@pytest.mark.parametrize(
    "answer",
    [
        Answer(body=b"half", length=8),
        Answer(body=gzip.compress(b"feed" * 100)[:-12], headers={"Content-Encoding": "gzip"}),
        Answer(body=b"not packed at all", headers={"Content-Encoding": "gzip"}),
        Answer(body=b"", headers={"Content-Encoding": "gzip"}),
        Answer(body=b"feed", headers={"Content-Encoding": "br"}),
        Answer(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfe"),
        Answer(raw=b"SSH-2.0-OpenSSH_9.2\r\n"),
    ],
    ids=["short", "gzip cut", "no gzip", "empty gzip", "unasked encoding", "chunk cut", "no HTTP"],
)
def test_a_broken_answer_is_never_used(server: Server, answer: Answer) -> None:
    error = failure(server.serve(answer))
    assert (error.key, error.status) in {
        ("source.broken", SourceStatus.ERROR),
        ("source.refused", SourceStatus.ERROR),
    }


def test_a_server_that_stops_in_the_middle_is_given_up(server: Server) -> None:
    error = failure(server.serve(Answer(body=b"feed", hang=True)), total=0.2)
    assert (error.key, error.status) == ("source.slow", SourceStatus.UNREACHABLE)


# --- ways there -------------------------------------------------------------------------------------------------------


def test_redirects_are_followed_and_the_last_address_told(server: Server) -> None:
    server.serve(Answer(body=b"feed", headers={"ETag": '"e"'}), "/new.xml")
    server.serve(Answer(status=302, headers={"Location": "/new.xml"}), "/middle.xml")
    url = server.serve(Answer(status=301, headers={"Location": server.url("/middle.xml")}))
    answer = fetch_one(url)
    assert (answer.url, answer.body) == (server.url("/new.xml"), b"feed")


@pytest.mark.parametrize(("hops", "works"), [(5, True), (6, False)])
def test_five_redirects_and_no_more(server: Server, hops: int, works: bool) -> None:
    for hop in range(hops):
        server.serve(Answer(status=307, headers={"Location": f"/{hop + 1}"}), f"/{hop}")
    server.serve(Answer(body=b"feed"), f"/{hops}")
    if works:
        assert fetch_one(server.url("/0")).body == b"feed"
    else:
        assert failure(server.url("/0")).key == "source.redirects"


@pytest.mark.parametrize("place", ["file:///etc/passwd", "ftp://example.org/x", "http://user:secret@127.0.0.1/"])
def test_a_redirect_leads_to_the_web_or_nowhere(server: Server, place: str) -> None:
    error = failure(server.serve(Answer(status=302, headers={"Location": place})))
    assert (error.key, error.status) == ("source.address", SourceStatus.ERROR)


@pytest.mark.parametrize(
    "url", ["", "feed.xml", "file:///etc/passwd", "http://", "http://[::1", "https://a:b@example.org/"]
)
def test_only_web_addresses_without_credentials_are_asked(url: str) -> None:
    error = failure(url)
    assert error.key == "source.address"
    assert "a:b" not in str(error)


def test_nobody_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        error = failure(f"http://127.0.0.1:{taken.getsockname()[1]}/feed.xml")
    assert (error.key, error.status) == ("source.unreachable", SourceStatus.UNREACHABLE)


def test_no_such_host() -> None:
    assert failure("http://feeds.invalid/feed.xml").key == "source.unreachable"


def test_https_to_a_server_that_speaks_http(server: Server) -> None:
    assert failure(server.url().replace("http://", "https://")).key in {"source.insecure", "source.unreachable"}


# --- many -------------------------------------------------------------------------------------------------------------


def test_one_failing_source_stops_no_other_and_the_order_stays(server: Server) -> None:
    server.serve(Answer(body=b"one"), "/1")
    server.serve(Answer(status=500), "/2")
    server.serve(Answer(raw=b"rubbish"), "/3")
    server.serve(Answer(body=b"four"), "/4")
    requests = [Request(server.url(f"/{number}")) for number in (1, 2, 3, 4)] + [Request("no address")]
    answers = fetch_many(requests)
    assert [answer.body if isinstance(answer, Fetched) else answer.status for answer in answers] == [
        b"one",
        SourceStatus.UNREACHABLE,
        SourceStatus.ERROR,
        b"four",
        SourceStatus.ERROR,
    ]


def test_one_request_at_a_time_to_a_host_and_waiting_is_no_timeout(server: Server) -> None:
    def slow(asked: Asked) -> Answer:
        server.stopping.wait(0.05)
        return Answer(body=asked.path.encode())

    for number in range(8):
        server.serve(slow, f"/{number}")
    requests = [Request(server.url(f"/{number}")) for number in range(8)]
    answers = fetching.asyncio.run(fetching.fetch_all(requests, guard=LOOPBACK, total=0.3))
    assert [answer.body for answer in answers if isinstance(answer, Fetched)] == [f"/{n}".encode() for n in range(8)]
    assert server.most_at_once == 1


def test_several_hosts_are_asked_side_by_side(server: Server) -> None:
    def together(asked: Asked) -> Answer:
        both.wait(2)  # raises, and so answers nothing, if the other request does not come meanwhile
        return Answer(body=b"both")

    both = threading.Barrier(2)
    server.serve(together)
    answers = fetch_many([Request(server.url(host="127.0.0.1")), Request(server.url(host="localhost"))])
    assert [answer.body for answer in answers if isinstance(answer, Fetched)] == [b"both", b"both"]


# --- pictures ---------------------------------------------------------------------------------------------------------


def test_the_type_of_a_picture_is_told_by_its_bytes(server: Server) -> None:
    url = server.serve(Answer(body=PNG, headers={"Content-Type": "image/jpeg"}))
    assert fetch_image(url) == (PNG, "image/png")


def test_what_is_no_picture_is_refused(server: Server) -> None:
    url = server.serve(Answer(body=b"<html>not found", headers={"Content-Type": "image/jpeg"}))
    with pytest.raises(FetchError) as caught:
        fetch_image(url)
    assert caught.value.key == "source.no_picture"


def test_a_picture_has_a_limit(server: Server) -> None:
    with pytest.raises(FetchError) as caught:
        fetch_image(server.serve(Answer(body=PNG + b"\0" * 1000)), 1000)
    assert caught.value.status == SourceStatus.OVERSIZE
