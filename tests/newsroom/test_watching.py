"""Watching a real feed on loopback: conditional requests, two entries in one poll, failures that stop nobody else."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone

from publisher.enums import PostState, SourceStatus
from publisher.errors import FetchError, InvalidInput
from publisher.models import Channel, Document, Post, Rule, Source, User
from publisher.newsroom.feeds import sources, watching

ITEM = "<item><title>{title}</title><link>https://press.example.org/detail/ip_26_{n}</link><guid>{n}</guid></item>"


class Feed:
    """A feed on a server of its own: set `items`, `status` or `body`; look at `requests`."""

    def __init__(self) -> None:
        self.items: list[tuple[int, str]] = []
        self.status = 200
        self.body: bytes | None = None
        self.requests: list[dict[str, str]] = []
        self.headers: dict[str, str] = {}
        feed = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                feed.requests.append({name.lower(): value for name, value in self.headers.items()})
                etag = f'"{hash(tuple(feed.items))}"'
                if feed.status == 200 and feed.body is None and self.headers.get("If-None-Match") == etag:
                    self._answer(304, b"", etag)
                else:
                    self._answer(feed.status, feed.body if feed.body is not None else feed.xml(), etag)

            def _answer(self, status: int, body: bytes, etag: str) -> None:
                self.send_response(status)
                for name, value in {"ETag": etag, "Content-Type": "application/rss+xml", **feed.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/feed.xml"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def xml(self) -> bytes:
        items = "".join(ITEM.format(n=number, title=title) for number, title in self.items)
        return f'<rss version="2.0"><channel><title>Press</title>{items}</channel></rss>'.encode()


@pytest.fixture
def feed() -> Iterator[Feed]:
    made = Feed()
    yield made
    made.server.shutdown()
    made.server.server_close()


def due_again(source: Source) -> None:
    Source.objects.filter(pk=source.pk).update(next_check_at=timezone.now())


def test_new_entry_is_in_the_queue_after_the_next_poll(
    feed: Feed, administrator: User, channel: Channel, review_all: Rule
) -> None:
    feed.items = [(1, "Old news")]
    source = sources.add(administrator, url=feed.url)
    watching.poll_due()
    assert Post.objects.count() == 0
    feed.items = [(3, "Second new"), (2, "First new"), (1, "Old news")]
    due_again(source)
    watching.poll_due()
    waiting = Post.objects.filter(state=PostState.REVIEW).order_by("pk")
    assert [post.document.title for post in waiting] == ["First new", "Second new"]


def test_unchanged_feed_is_asked_with_the_validators_it_gave(feed: Feed, administrator: User) -> None:
    feed.items = [(1, "News")]
    source = sources.add(administrator, url=feed.url)
    watching.poll_due()
    due_again(source)
    watching.poll_due()
    source.refresh_from_db()
    assert feed.requests[-1]["if-none-match"] == source.etag
    assert (source.status, source.failures) == (SourceStatus.NOT_MODIFIED, 0)


def test_source_is_not_asked_before_its_time(feed: Feed, administrator: User) -> None:
    sources.add(administrator, url=feed.url)
    watching.poll_due()
    asked = len(feed.requests)
    assert (watching.poll_due(), len(feed.requests)) == ([], asked)


def test_next_look_is_kept_in_the_row(feed: Feed, administrator: User) -> None:
    source = sources.add(administrator, url=feed.url)
    watching.poll_due()
    source.refresh_from_db()
    wait = (source.next_check_at - timezone.now()).total_seconds()
    assert wait > 3590


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (500, None, SourceStatus.UNREACHABLE),
        (404, None, SourceStatus.ERROR),
        (403, None, SourceStatus.BLOCKED),
        (200, b"<html><title>Just a moment...</title></html>", SourceStatus.BLOCKED),
        (200, b"", SourceStatus.BLOCKED),
    ],
)
def test_failing_source_keeps_its_validators_and_stops_no_other(
    feed: Feed, administrator: User, status: int, body: bytes | None, expected: SourceStatus
) -> None:
    good = Feed()
    feed.items = good.items = [(1, "News")]
    source = sources.add(administrator, url=feed.url)
    other = sources.add(administrator, url=good.url)
    watching.poll_due()
    source.refresh_from_db()
    feed.status, feed.body = status, body
    good.items = [(2, "More"), (1, "News")]
    due_again(source)
    due_again(other)
    watching.poll_due()
    etag = source.etag
    source.refresh_from_db()
    assert (source.status, source.failures, source.etag) == (expected, 1, etag)
    assert source.problem.endswith(".")
    assert Document.objects.filter(title="More").count() == 1


def test_gone_source_is_no_longer_asked(feed: Feed, administrator: User) -> None:
    source = sources.add(administrator, url=feed.url)
    feed.status = 410
    due_again(source)
    watching.poll_due()
    source.refresh_from_db()
    assert (source.status, source.active) == (SourceStatus.GONE, False)


def test_server_that_asks_to_wait_is_left_alone_as_long(feed: Feed, administrator: User) -> None:
    source = sources.add(administrator, url=feed.url)
    feed.status, feed.headers = 429, {"Retry-After": "7200"}
    due_again(source)
    watching.poll_due()
    source.refresh_from_db()
    assert source.next_check_at > timezone.now() + timedelta(minutes=119)


def test_source_recovers_without_losing_what_came_meanwhile(
    feed: Feed, administrator: User, channel: Channel, review_all: Rule
) -> None:
    feed.items = [(1, "Old news")]
    source = sources.add(administrator, url=feed.url)
    watching.poll_due()
    feed.status = 500
    due_again(source)
    watching.poll_due()
    feed.status, feed.items = 200, [(3, "C"), (2, "B"), (1, "Old news")]
    due_again(source)
    watching.poll_due()
    assert [post.document.title for post in Post.objects.order_by("pk")] == ["B", "C"]


def test_address_that_is_no_feed_is_not_taken(feed: Feed, administrator: User) -> None:
    feed.body = b"<html><body>Welcome</body></html>"
    with pytest.raises(FetchError):
        sources.add(administrator, url=feed.url)
    assert not Source.objects.exists()


@pytest.mark.parametrize("url", ["ftp://example.org/feed", "feed.xml", "file:///etc/passwd", ""])
def test_address_that_is_no_web_address_is_named(administrator: User, url: str) -> None:
    with pytest.raises(InvalidInput):
        sources.add(administrator, url=url)


def test_same_address_is_not_watched_twice(feed: Feed, administrator: User) -> None:
    sources.add(administrator, url=feed.url)
    with pytest.raises(InvalidInput):
        sources.add(administrator, url=feed.url)


def test_document_that_was_stored_but_not_drafted_is_found_again(source: Source) -> None:
    from tests.newsroom.conftest import bring, entry

    (document_id,) = bring(source, entry(1)).to_draft
    assert watching.undrafted() == []
    Document.objects.filter(pk=document_id).update(first_seen_at=timezone.now() - timedelta(minutes=1))
    assert watching.undrafted() == [document_id]
