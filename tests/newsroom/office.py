"""A press office on loopback: a feed whose items are set anew at will, and the pages behind them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape

from publisher.models import Document, Source
from publisher.newsroom.feeds import watching
from tests.watch.server import Answer, Server


@dataclass(frozen=True)
class Item:
    """One item of a feed; `path` is its page on the same server, or a whole address."""

    title: str
    path: str = ""
    guid: str = ""
    text: str = ""
    date: datetime | str | None = None
    """A text stands in the feed as it is."""


class Office:
    def __init__(self, server: Server) -> None:
        self.server = server
        self._feeds = 0

    def feed(self, *items: Item, path: str = "/feed.xml", language: str = "en") -> str:
        """Serve these items, newest first, and give the feed's address."""
        shown = "".join(map(self._xml, items))
        body = f'<rss version="2.0"><channel><title>Press</title><language>{language}</language>{shown}</channel></rss>'
        return self.server.serve(Answer(body=body.encode(), headers={"Content-Type": "application/rss+xml"}), path)

    def page(self, path: str, title: str, *paragraphs: str, language: str = "en") -> str:
        text = "".join(f"<p>{escape(each)}</p>" for each in paragraphs)
        body = (
            f'<!doctype html><html lang="{language}"><head><title>{escape(title)}</title></head>'
            f"<body><main><article><h1>{escape(title)}</h1>{text}</article></main></body></html>"
        )
        return self.server.serve(Answer(body=body.encode(), headers={"Content-Type": "text/html"}), path)

    def _xml(self, item: Item) -> str:
        link = item.path if item.path.startswith("http") else self.server.url(item.path) if item.path else ""
        fields = {"title": item.title, "link": link, "guid": item.guid, "description": item.text}
        fields["pubDate"] = format_datetime(item.date) if isinstance(item.date, datetime) else item.date or ""
        return f"<item>{''.join(f'<{name}>{escape(text)}</{name}>' for name, text in fields.items() if text)}</item>"


@contextmanager
def press_office() -> Iterator[Office]:
    with Server().running() as server:
        yield Office(server)


def watch(url: str, **fields: object) -> Source:
    """A source that was never looked at."""
    given = {"name": "Press", "url": url, "read_pages": False, "language": "en"}
    return Source.objects.create(**{**given, **fields})


def poll(*sources: Source) -> list[str]:
    """Look at these now, as rows stand; gives the statuses."""
    found = watching.poll(Source.objects.filter(pk__in=[source.pk for source in sources]))
    return [each["status"] for each in found]


def news() -> list[str]:
    """What would be drafted."""
    return list(Document.objects.filter(baseline=False).order_by("pk").values_list("title", flat=True))
