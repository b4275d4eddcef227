"""What a page or a text may be made of to cost us time: each is read, or refused, within a second or so of CPU."""

import time

import pytest

from publisher.errors import FetchError
from publisher.watch.guess import understand

MOST_SECONDS = 2.0
URL = "https://ministry.example/a"


def page(body: str) -> bytes:
    return f"<!doctype html><html><body><h1>Title</h1>{body}</body></html>".encode()


QUOTE = "Kaja Kallas: “"
CASES = {
    "hyphens without end": ("text", ("Title\n" + "Aa-" * 200_000 + "x").encode()),
    "places without end": ("text", ("Title\nin " + "Aa Bb-" * 90 + "x").encode()),
    "headline quotations": ("text", "\n".join(f"{QUOTE}{'b ' * 5000}”" for _ in range(50)).encode()),
    "teasers that break off": ("text", (("Speech19 March 2025" + "a " * 100 + "\n") * 5000).encode()),
    "digits": ("text", ("Speech19 March 2025 1" * 20_000 + "\n" + "9" * 200_000).encode()),
    "calendar leaves": ("text", ("07May2025Xx " * 20_000 + "\nend").encode()),
    "questions": ("text", ("Title\n" + "Q. a b\n" * 50_000).encode()),
    "labels": ("text", ("Title\nQ. x?\n" + ("Kaja " * 200 + ": x\n") * 5000).encode()),
    "bold questions": ("page", page("<p><b>Who?</b></p><p>Q. a</p>" * 20_000)),
    "a paragraph of bold": ("page", page("<p>" + "<b>a</b>" * 50_000 + "</p>")),
    "nested bold": ("page", page("<p>" + "<b>" * 2500 + "x")),
    "pictures in figures": ("page", page("<figure>" * 500 + "<img src=/abcdefghij.jpg alt=x>" * 10_000)),
    "deep": ("page", page("<div>" * 100_000)),
}


@pytest.mark.parametrize("name", CASES)
def test_it_costs_little(name: str) -> None:
    form, body = CASES[name]
    # The parsers are loaded before the clock starts.
    understand(page("<p>Some text of a page.</p>" * 20), "", URL, "page")
    begin = time.process_time()
    try:
        understand(body, "", URL, form)
    except FetchError as error:
        assert error.key in {"source.dangerous", "source.no_document"}  # noqa: PT017 (either way is right)
    assert time.process_time() - begin < MOST_SECONDS
