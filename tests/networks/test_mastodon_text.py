"""Knowing our own text again in the HTML that a server made of it."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.networks.mastodon_text import fold, same_text, show
from tests.peers.mastodon_entities import content

CASES = Path(__file__).parent / "cases" / "mastodon"

# Any text without mentions: which of those a server knows is its own affair (they stand among the pieces below).
plain = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="@#", include_characters="\n"))
piece = st.sampled_from(
    [
        "We act.",
        "“Fjärde gången”, § 3 & 4 <now>",
        "@vdl@social.example",
        "@press",
        "#EU",
        "#Україна",
        "https://example.org/",
        "https://www.example.org/presscorner/detail/en/ip_26_1900?a=1&b=%20#c",
        "http://example.org/a_(b)",
        "100%",
        "press@example.org",
        "europa.eu",
        "👨‍👩‍👧‍👦",
        "e\u0301",
    ]
)
composed = st.lists(piece, max_size=8).flatmap(
    lambda pieces: st.lists(
        st.sampled_from([" ", "\n", "\n\n", "\n\n\n", ", "]), min_size=len(pieces), max_size=len(pieces)
    ).map(lambda gaps: "".join(text + gap for text, gap in zip(pieces, gaps, strict=True)))
)


@pytest.mark.parametrize("case", json.loads((CASES / "contents.json").read_text()), ids=lambda case: case["name"])
def test_same_text(case: dict[str, Any]) -> None:
    assert same_text(case["content"], case["text"]) is case["same"]


@given(plain | composed)
def test_same_text_knows_what_a_server_made_of_it(text: str) -> None:
    assert same_text(content(text, "https://m.example"), text)


@given(composed, composed)
def test_same_text_tells_different_texts_apart(text: str, other: str) -> None:
    assert same_text(content(other, "https://m.example"), text) is (fold(text) == fold(other))


@given(plain)
def test_show_of_text_without_links_is_the_text(text: str) -> None:
    assert "".join(run.text for run in show(text) if not run.href) == text


@given(composed)
def test_show_makes_every_address_clickable(text: str) -> None:
    written = [word.rstrip(",") for word in text.split() if word.startswith("http")]
    assert [run.href for run in show(text) if run.href.startswith("http") and run.text[0] != "@"] == written
