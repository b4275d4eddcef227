"""Inputs made to hurt whoever reads them, by name, and what reading one costs."""

import time
from collections.abc import Callable
from pathlib import Path

from publisher.enums import SourceKind
from publisher.errors import FetchError
from publisher.watch.reading import read_source

URL = "https://press.example.org/feed.xml"
SENTENCES = "Some words of an entry. " * 40


def measured(kind: SourceKind, body: bytes) -> tuple[float, int, str]:
    """Seconds of CPU, the most bytes that this process has held, and what came of it. A job for a new worker."""
    start = time.process_time()
    try:
        reading = read_source(kind, body, url=URL, recipe={"item": "div", "link": "a"})
        outcome = f"{len(reading.entries)} entries"
    except FetchError as error:
        outcome = f"{error.key} ({error.status})"
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return time.process_time() - start, int(status["VmHWM"].split()[0]) * 1024, outcome


def rss(items: str, doctype: str = "") -> bytes:
    return f'<?xml version="1.0"?>{doctype}<rss version="2.0"><channel><title>P</title>{items}</channel></rss>'.encode()


def item(title: str = "T", text: str = "", number: int = 0) -> str:
    link = f"<link>https://press.example.org/{number}</link><guid>{number}</guid>"
    return f"<item><title>{title}</title>{link}<description>{text}</description></item>"


ONE = len(item("News of the day", SENTENCES)) + 10


def html(markup: str) -> bytes:
    return rss(item(text=f"<![CDATA[{markup}]]>"))


def flat(size: int) -> bytes:
    """An honest feed of about `size` bytes."""
    return rss("".join(item("News of the day", SENTENCES, number) for number in range(size // ONE)))


def laughs() -> bytes:
    nested = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return rss(item("&l9;"), f'<!DOCTYPE r [<!ENTITY l0 "lol">{nested}]>')


def many_attributes() -> bytes:
    attributes = " ".join(f'a{number}="1"' for number in range(300_000))
    return rss(f"<item {attributes}/>")


REFUSED = "source.dangerous (malformed)"
NO_FEED = "source.no_feed (blocked)"
INPUTS: dict[str, tuple[Callable[[], bytes], str]] = {
    "billion laughs": (laughs, REFUSED),
    "quadratic blow-up": (
        lambda: rss(item("&a;" * 50_000), f'<!DOCTYPE r [<!ENTITY a "{"a" * 50_000}">]>'),
        REFUSED,
    ),
    "short entity, used 100,000 times": (
        lambda: rss(item("&a;" * 100_000), f'<!DOCTYPE r [<!ENTITY a "{"a" * 99}">]>'),
        REFUSED,
    ),
    "external entity": (lambda: rss(item("&x;"), '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), REFUSED),
    "external parameter entity": (
        lambda: rss(item("x"), '<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x.dtd"> %p;]>'),
        "1 entries",
    ),
    "entity declarations without end": (lambda: b"<!DOCTYPE r [" + b"<!ENTITY a '" * 400_000, REFUSED),
    "DOCTYPE without end": (lambda: b"<!DOCTYPE " * 400_000, REFUSED),
    "100,000 nested elements": (lambda: rss("<a>" * 100_000 + "</a>" * 100_000), REFUSED),
    "deep nests, side by side": (lambda: rss(("<a>" * 2900 + "</a>" * 2900) * 200), REFUSED),
    "100,000 nested HTML elements": (lambda: html("<div>" * 100_000), "1 entries"),
    "a million HTML paragraphs": (lambda: html("<p>" * 1_000_000), REFUSED),
    "200,000 < in CDATA": (lambda: html("<" * 200_000), "1 entries"),
    "five million <": (lambda: rss("<" * 4_900_000), REFUSED),
    "five million &": (lambda: rss(item(text="&" * 4_900_000)), REFUSED),
    "half a million open CDATA sections": (lambda: rss(item(text="<![CDATA[" * 500_000)), "1 entries"),
    "300,000 attributes": (many_attributes, REFUSED),
    "title against regular expressions": (lambda: rss(item("a " * 100_000 + "!")), "1 entries"),
    "title of half a million tags": (lambda: rss(item("&lt;" * 500_000)), "1 entries"),
    "title of open comments": (lambda: rss(item("&lt;!--" * 300_000)), REFUSED),
    "title of speakers without end": (lambda: rss(item("Statement by A B, " * 50_000)), "1 entries"),
    "date of a million digits": (
        lambda: rss(f"<item><title>T</title><pubDate>{'1' * 1_000_000}</pubDate></item>"),
        "1 entries",
    ),
    "JSON nested 100,000 deep": (lambda: b"[" * 100_000 + b"]" * 100_000, "source.malformed (malformed)"),
    "JSON Feed nested two million deep": (
        lambda: b'{"version":"https://jsonfeed.org/version/1","items":' + b"[" * 2_000_000,
        "source.malformed (malformed)",
    ),
    "5 MB of zeros": (lambda: bytes(5_000_000), "source.empty (blocked)"),
    "5 MB of tiny items": (lambda: rss("<item><title>x</title></item>" * 150_000), REFUSED),
    "honest feed just under the cap": (
        lambda: flat(4_900_000),
        f"{4_900_000 // (len(item('News of the day', SENTENCES)) + 10)} entries",
    ),
    "page of 900,000 elements instead of a feed": (lambda: b"<html>" + b"<div>" * 900_000, REFUSED),
    "page of words instead of a feed": (lambda: b"<html><p>" + b"word " * 900_000, NO_FEED),
}
