"""A web server on loopback that keeps what it was asked through a simulated week, and gives marks for it.

It reads the same (fake) clock as the watcher. Each feed stands on a host of its own (127.0.0.2, 127.0.0.3 …), so that
what one host asks for can be told from what another does. The lines are those of the score for feed readers that
Rachel Kroll runs, and what our own facts about sources add.
"""

import gzip
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

SHOWN = 20
"""Items in a feed: enough that nothing is missed in the longest stop of the week, which would be a gap."""
ITEM = "<item><title>{title}</title><link>https://press.example.org{path}/{n}</link><guid>{path}/{n}</guid></item>"
HOUR = timedelta(hours=1)
SLACK = timedelta(seconds=2)
"""HTTP dates have whole seconds."""


@dataclass(frozen=True)
class Asked:
    at: datetime
    host: str
    path: str
    headers: Mapping[str, str]
    status: int
    given: Mapping[str, str]
    """The headers of the answer."""

    @property
    def sent(self) -> tuple[str, str]:
        return self.headers.get("if-none-match", ""), self.headers.get("if-modified-since", "")

    @property
    def validators(self) -> tuple[str, str]:
        return self.given.get("ETag", ""), self.given.get("Last-Modified", "")


@dataclass(frozen=True)
class Told:
    """An answer as a feed wants it given."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Feed:
    """A feed whose newest item is the one of the last `every`; `trouble` may answer instead of it."""

    host: str
    path: str
    every: timedelta = timedelta(hours=9)
    headers: Callable[[datetime], Mapping[str, str]] = lambda now: {}
    head: str = ""
    trouble: Callable[[datetime], Told | None] = lambda now: None
    stamp: timedelta | None = None
    """How often the validators change, where that is not when the items do."""
    gzip: bool = False
    slow: float = 0.0
    """Seconds (of true time) that an answer takes: so that two requests at once would meet."""
    short_304: bool = False
    """Whether a 304 leaves out what the full answer says of its freshness."""

    def answer(self, now: datetime, headers: Mapping[str, str]) -> Told:
        if told := self.trouble(now):
            return told
        validators = self.validators(now)
        common = {**validators, "Date": http_date(now)}
        if headers.get("if-none-match") == validators["ETag"]:
            return Told(304, b"", common if self.short_304 else {**common, **self.headers(now)})
        common |= self.headers(now)
        body = self.xml(now)
        if self.gzip and "gzip" in headers.get("accept-encoding", ""):
            return Told(200, gzip.compress(body), {**common, "Content-Encoding": "gzip"})
        return Told(200, body, common)

    def validators(self, now: datetime) -> dict[str, str]:
        since = self._start(now, self.stamp or self.every)
        return {"ETag": f'W/"{self.path}, {since.timestamp():.0f}"', "Last-Modified": http_date(since)}

    def xml(self, now: datetime) -> bytes:
        newest = int(self._start(now, self.every).timestamp() // self.every.total_seconds())
        items = "".join(ITEM.format(title=f"News {n}", n=n, path=self.path) for n in range(newest, newest - SHOWN, -1))
        return f'<rss version="2.0"><channel><title>{self.path}</title>{self.head}{items}</channel></rss>'.encode()

    @staticmethod
    def _start(now: datetime, every: timedelta) -> datetime:
        return datetime.fromtimestamp(now.timestamp() // every.total_seconds() * every.total_seconds(), UTC)


class Scorer:
    def __init__(self, feeds: list[Feed]) -> None:
        self.feeds = {(feed.host, feed.path): feed for feed in feeds}
        self.log: list[Asked] = []
        self.at_once: dict[str, int] = {}
        self.most_at_once = 0
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("0.0.0.0", 0), self._handler())  # noqa: S104  # all of 127.0.0.0/8
        self._http.daemon_threads = True
        self.port: int = self._http.server_port

    def url(self, host: str, path: str) -> str:
        return f"http://{host}:{self.port}{path}"

    @contextmanager
    def running(self) -> Iterator["Scorer"]:
        thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._http.shutdown()
            self._http.server_close()
            thread.join()

    def asked(self, path: str) -> list[Asked]:
        return [asked for asked in self.log if asked.path == path]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        scorer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                now = datetime.now(UTC)
                headers = {name.lower(): value for name, value in self.headers.items()}
                host = headers.get("host", "").partition(":")[0]
                with scorer._lock:
                    scorer.at_once[host] = scorer.at_once.get(host, 0) + 1
                    scorer.most_at_once = max(scorer.most_at_once, scorer.at_once[host])
                feed = scorer.feeds.get((host, self.path))
                told = feed.answer(now, headers) if feed else Told(404)
                time.sleep(feed.slow if feed else 0)
                with scorer._lock:
                    scorer.log.append(Asked(now, host, self.path, headers, told.status, told.headers))
                self.send_response_only(told.status)
                bait = {"Set-Cookie": "reader=1; Path=/; Max-Age=31536000"}
                for name, value in {**told.headers, **bait, "Content-Length": str(len(told.body))}.items():
                    self.send_header(name, value)
                with scorer._lock:
                    scorer.at_once[host] -= 1  # before the answer leaves: with its last byte, the client may go on
                self.end_headers()
                self.wfile.write(told.body)

            def log_message(self, *args: object) -> None:
                pass

        return Handler

    # --- the marks ----------------------------------------------------------------------------------------------------

    def marks(self, agent: str) -> dict[str, list[str]]:
        """For each line of the score what speaks against full marks; nothing, if all is well."""
        lines: dict[str, Callable[[], Iterator[str]]] = {
            "one unconditional request per feed": self._unconditional,
            "validators as given, both together": self._validators,
            "at most one request an hour": self._hourly,
            "Cache-Control and Expires": self._fresh,
            "429 and 503 hold the host": self._held,
            "a steady pace": self._steady,
            "no cookie, no referer": self._tracks,
            "one honest name": lambda: self._named(agent),
            "gzip": self._gzip,
            "the address exactly": self._exact,
            "one connection to a host": lambda: iter(
                [] if self.most_at_once <= 1 else [f"{self.most_at_once} at once"]
            ),
            "nothing after 410": self._gone,
        }
        return {name: list(line()) for name, line in lines.items()}

    def _by_feed(self) -> dict[tuple[str, str], list[Asked]]:
        found: dict[tuple[str, str], list[Asked]] = {}
        for asked in self.log:
            found.setdefault((asked.host, asked.path), []).append(asked)
        return found

    def _unconditional(self) -> Iterator[str]:
        for (_, path), all_asked in self._by_feed().items():
            given = False
            for asked in all_asked:
                if given and not any(asked.sent):
                    yield f"{path} without validators at {asked.at}"
                given = given or any(asked.validators)

    def _validators(self) -> Iterator[str]:
        for (_, path), all_asked in self._by_feed().items():
            last = ("", "")
            for asked in all_asked:
                if asked.sent != last:
                    yield f"{path} with {asked.sent} instead of {last} at {asked.at}"
                if asked.status in {200, 304} and any(asked.validators):
                    last = asked.validators

    def _hourly(self) -> Iterator[str]:
        for (_, path), all_asked in self._by_feed().items():
            for one, other in pairwise(all_asked):
                if other.at - one.at < HOUR:
                    yield f"{path} after {other.at - one.at} at {other.at}"

    def _fresh(self) -> Iterator[str]:
        for (_, path), all_asked in self._by_feed().items():
            fresh = timedelta()
            for one, other in pairwise(all_asked):
                # What a 304 leaves out stands as the last full answer had it (RFC 9111 4.3.4).
                fresh = _fresh_for(one) or (fresh if one.status == 304 else timedelta())
                if other.at - one.at < fresh - SLACK:
                    yield f"{path} after {other.at - one.at} at {other.at}"

    def _held(self) -> Iterator[str]:
        for asked in self.log:
            if asked.status not in {429, 503}:
                continue
            until = asked.at + _wait(asked)
            for other in self.log:
                if other.host == asked.host and asked.at <= other.at < until - SLACK and other is not asked:
                    yield f"{other.path} at {other.at}, though {other.host} asked to wait until {until}"

    def _steady(self) -> Iterator[str]:
        """On a working day between nine and seven in Brussels, an untroubled feed is asked at one pace."""
        for (_, path), all_asked in self._by_feed().items():
            if {asked.status for asked in all_asked} - {200, 304} or any(_fresh_for(asked) for asked in all_asked):
                continue
            gaps = [other.at - one.at for one, other in pairwise(all_asked) if _at_work(one.at) and _at_work(other.at)]
            learned = gaps[len(gaps) // 2 :]  # the rhythm of a new source is learned in its first days
            if learned and max(learned) - min(learned) > timedelta(minutes=10):
                yield f"{path} between {min(learned)} and {max(learned)}"

    def _tracks(self) -> Iterator[str]:
        for asked in self.log:
            for name in ("cookie", "referer", "cache-control", "pragma"):
                if name in asked.headers:
                    yield f"{asked.path} with {name}"

    def _named(self, agent: str) -> Iterator[str]:
        for name in {asked.headers.get("user-agent", "") for asked in self.log} - {agent}:
            yield f"called itself {name}"

    def _gzip(self) -> Iterator[str]:
        for asked in self.log:
            if "gzip" not in asked.headers.get("accept-encoding", ""):
                yield f"{asked.path} asked without gzip"

    def _exact(self) -> Iterator[str]:
        known = {path for _, path in self.feeds}
        for path in {asked.path for asked in self.log} - known:
            yield f"{path} was asked"

    def _gone(self) -> Iterator[str]:
        for (_, path), all_asked in self._by_feed().items():
            ended = [asked.at for asked in all_asked if asked.status == 410]
            if ended and all_asked[-1].at > ended[0]:
                yield f"{path} asked after its end"


def http_date(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC).replace(microsecond=0), usegmt=True)


def _at_work(at: datetime) -> bool:
    return at.weekday() < 5 and 7 <= at.hour < 17


def _fresh_for(asked: Asked) -> timedelta:
    from email.utils import parsedate_to_datetime

    if found := asked.given.get("Cache-Control", "").partition("max-age=")[2]:
        return timedelta(seconds=int(found))
    if "Expires" in asked.given:
        return parsedate_to_datetime(asked.given["Expires"]) - parsedate_to_datetime(asked.given["Date"])
    return timedelta()


def _wait(asked: Asked) -> timedelta:
    from email.utils import parsedate_to_datetime

    said = asked.given.get("Retry-After", "")
    if said.isdigit():
        return timedelta(seconds=int(said))
    return parsedate_to_datetime(said) - parsedate_to_datetime(asked.given["Date"]) if said else HOUR
