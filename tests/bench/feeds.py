"""A thousand feeds on loopback, in a process of their own: 19,750 entries with HTML content, 13 MB in all.

`python -m tests.bench.feeds` prints its port; `… dense` takes the heavier markup. `/advance` gives one new entry to
every tenth feed. Each feed has an address of its own in 127.0.0.0/8, as sources stand on hosts of their own.
"""

import asyncio
import hashlib
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

FEEDS = 1000
HERE = Path(__file__).parent
START = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
LIKE_REAL = tuple((HERE / "like_real.html").read_text(encoding="utf-8").splitlines())
"""Bodies with 12 tags in a thousand characters: all HTML in the feeds of institutions that we have as samples has 11
(counted before the first run with these): paragraphs, divisions, links, few breaks, emphasis, pictures, headings.
"""
DENSE = tuple((HERE / "dense.html").read_text(encoding="utf-8").splitlines())
"""47 tags in a thousand characters: what was measured with at first. It makes feedparser's sanitiser dear."""
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'


def url_of(number: int, port: int) -> str:
    return f"http://127.{1 + number // 250}.{number % 250}.1:{port}/feed/{number}.xml"


def entry(feed: int, number: int, markup: Sequence[str] = LIKE_REAL) -> str:
    when = format_datetime(START + timedelta(hours=number, minutes=feed % 60), usegmt=True)
    text = markup[number % len(markup)].replace("{n}", str(number))
    link = f"https://press{feed}.example.org/n/{number}"
    return (
        f"<item><title>Institution {feed} adopts measure {number}</title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>{when}</pubDate><category>Work</category><dc:creator>Press</dc:creator>"
        f"<description><![CDATA[<p>Measure <b>{number}</b></p>{text}]]></description></item>"
    )


def feed(number: int, version: int, markup: Sequence[str] = LIKE_REAL) -> bytes:
    """The feed as it stands after `version` advances: the newest entry first, none leaves."""
    entries = (19 if number % 4 == 0 else 20) + (version if number % 10 == 0 else 0)
    items = "".join(entry(number, each, markup) for each in reversed(range(entries)))
    head = f"<title>Institution {number}</title><link>https://press{number}.example.org</link><language>en</language>"
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0" {DC}><channel>{head}{items}</channel></rss>'.encode()
    )


class Server:
    def __init__(self, feeds: int = FEEDS, markup: Sequence[str] = LIKE_REAL) -> None:
        self.markup = markup
        self.version = 0
        self.feeds = feeds
        self._bodies: dict[tuple[int, int], tuple[bytes, str]] = {}

    def _body(self, number: int) -> tuple[bytes, str]:
        key = (number, self.version if number % 10 == 0 else 0)
        if key not in self._bodies:
            body = feed(*key, self.markup)
            self._bodies[key] = (body, f'"{hashlib.sha256(body).hexdigest()[:16]}"')
        return self._bodies[key]

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                path = line.split(b" ")[1].decode()
                seen = ""
                while (header := await reader.readline()) not in {b"\r\n", b""}:
                    name, _, value = header.decode("latin-1").partition(":")
                    if name.lower() == "if-none-match":
                        seen = value.strip()
                writer.write(self._answer(path, seen))
                await writer.drain()
        except (ConnectionError, IndexError):
            pass
        finally:
            writer.close()

    def _answer(self, path: str, seen: str) -> bytes:
        if path == "/advance":
            self.version += 1
            return b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"
        body, etag = self._body(int(path.rpartition("/")[2].partition(".")[0]) % self.feeds)
        if seen == etag:
            return f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode()
        head = f"ETag: {etag}\r\nContent-Type: application/rss+xml\r\nContent-Length: {len(body)}\r\n\r\n"
        return f"HTTP/1.1 200 OK\r\n{head}".encode() + body


async def main() -> None:
    server = Server(markup=DENSE if "dense" in sys.argv else LIKE_REAL)
    listening = await asyncio.start_server(server.answer, "0.0.0.0", 0, backlog=1024)  # noqa: S104 (each feed has an address of its own)
    for number in range(server.feeds):
        server._body(number)
    print(listening.sockets[0].getsockname()[1], flush=True)
    async with listening:
        await listening.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
