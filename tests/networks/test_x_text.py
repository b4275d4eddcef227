"""What X makes of a text, and how our own text is recognised in a post."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.networks.x_text import find_cashtags, find_runs, is_same
from tests.peers.x import Post, XServer

FOLDER = Path(__file__).parent / "cases/x"
RUNS = json.loads((FOLDER / "runs.json").read_text())
RECOGNISED = json.loads((FOLDER / "recognised.json").read_text())

# What press texts are made of, in any order: words, quotes, entities, links of every kind.
LINKS = ["https://example.eu/a?b=1&c=2", "https://www.example.eu/", "europa.eu", "http://Example.EU/Path/%C3%A4#x"]
WORDS = [
    "R&D",
    "&amp;",
    "<b>",
    "“word”",
    "#tag",
    "@name",
    "$ABC",
    "café",
    "Слово",
    "👨‍👩‍👧‍👦",
    " ",
    "\n\n",
    ". ",
    "(",
    ")",
]
PIECES = st.sampled_from([*WORDS, *LINKS])
TEXTS = st.lists(st.one_of(PIECES, st.text(st.characters(codec="utf-8"), max_size=5)), max_size=12).map("".join)


@pytest.fixture(scope="module")
def double() -> Iterator[XServer]:
    with XServer() as server:
        yield server


@pytest.mark.parametrize("case", RUNS, ids=lambda case: case["name"])
def test_runs(case: dict[str, Any]) -> None:
    assert [[run.text, run.href] for run in find_runs(case["text"])] == case["runs"]


@given(TEXTS)
def test_runs_lose_no_word(text: str) -> None:
    """Whatever is no link is shown as it was written."""
    shown = "".join("\0" if "://" in run.href and run.text[:1] not in "@#＃$" else run.text for run in find_runs(text))
    for piece in shown.split("\0"):
        assert piece in text


@pytest.mark.parametrize("case", RECOGNISED, ids=lambda case: case["name"])
def test_is_same(case: dict[str, Any]) -> None:
    assert is_same(case["post"], case["text"]) is case["same"]


@given(TEXTS)
def test_every_text_is_recognised_in_what_x_makes_of_it(double: XServer, text: str) -> None:
    post = Post("1800", text, datetime.now(UTC), media=("1",))
    assert is_same(double.shown(post), text)


@given(TEXTS, st.sampled_from(["word", "https://example.eu/other"]))
def test_a_longer_text_is_another_text(double: XServer, text: str, more: str) -> None:
    post = Post("1800", f"{text} {more}", datetime.now(UTC))
    assert not is_same(double.shown(post), text)


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("$ABC and $DEF", ["$ABC", "$DEF"]),
        ("$BRK.A, up", ["$BRK.A"]),
        ("$100 and $5bn, US$ABC, $TOOLONGER", []),
        ("costs $ABC.", ["$ABC"]),
    ],
)
def test_cashtags(text: str, tags: list[str]) -> None:
    assert find_cashtags(text) == tags
