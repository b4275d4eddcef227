"""Lengths as each network counts them; the expected numbers come from the networks' own rules."""

import json
from pathlib import Path

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.enums import Unit
from publisher.text.measure import Measure, graphemes, mastodon, measure, threads, weighted

FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("hello", 5),
        (FAMILY, 2),
        ("…", 2),
        ("№₽™", 6),
        ("—", 1),
        ("Україна", 7),
        ("日本", 4),
        ("e\u0301", 1),
        ("https://ec.europa.eu/commission/presscorner/detail/en/ip_26_1900", 23),
        ("example.com", 23),
        ("“Peace.” https://europa.eu", 8 + 1 + 23),
    ],
)
def test_weighted_counts_as_x_does(text: str, length: int) -> None:
    assert weighted(text) == length


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("see https://example.com/a/very/long/path?with=query#fragment", 4 + 23),
        ("see http://example.com", 4 + 23),
        ("example.com", 11),
        ("@EU_Commission@social.network.europa.eu hi", len("@EU_Commission hi")),
        ("@local hi", 9),
        ("(https://example.com/a_(b)).", 1 + 23 + 2),
        (FAMILY, 1),
        ("a@example.com", 13),
    ],
)
def test_mastodon_counts_links_and_mentions_by_rule(text: str, length: int) -> None:
    assert mastodon(text, 23) == length


@pytest.mark.parametrize(("text", "length"), [(FAMILY, 1), ("e\u0301", 1), ("🇪🇺", 1), ("a\r\nb", 3), ("", 0)])
def test_graphemes_counts_what_a_reader_sees(text: str, length: int) -> None:
    assert graphemes(text) == length


@settings(deadline=None)
@given(st.text())
def test_graphemes_agrees_with_the_cluster_rule(text: str) -> None:
    assert graphemes(text) == len(regex.findall(r"\X", text))


def test_measure_at_the_limit_is_valid() -> None:
    assert measure("a" * 280, Unit.WEIGHTED, 280) == Measure(280, 280, Unit.WEIGHTED, True)


@pytest.mark.parametrize("unit", list(Unit))
def test_measure_over_the_limit_is_not_valid(unit: Unit) -> None:
    assert measure("aaaa", unit, 3) == Measure(4, 3, unit, False)


@pytest.mark.parametrize("unit", list(Unit))
def test_measure_of_nothing_is_valid(unit: Unit) -> None:
    assert measure("", unit, 3) == Measure(0, 3, unit, True)


def test_measure_refuses_what_x_refuses() -> None:
    assert measure("a\ufeffb", Unit.WEIGHTED, 280).valid is False


def test_measure_takes_another_length_for_links() -> None:
    assert measure("https://example.com/abc", Unit.MASTODON, 500, 30).length == 30


def test_weighted_follows_the_published_configuration(shared: Path) -> None:
    config = json.loads((shared / "specs/twitter-text/config/v3.json").read_text())
    for point in (0x41, 0x10FF, 0x1100, 0x2000, 0x200D, 0x2010, 0x201F, 0x2020, 0x2026, 0x2032, 0x2037, 0x2116):
        light = any(part["start"] <= point <= part["end"] for part in config["ranges"])
        assert weighted(f"a{chr(point)}a") == 2 + (1 if light else 2), hex(point)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("hello", 5),
        ("Україна", 7),
        ("日本", 2),
        ("“…” — №", 7),
        ("e\u0301", 2),
        ("می\u200cخواهم", 8),
        ("😀", 4),
        ("👍🏽", 8),
        ("🇪🇺", 8),
        ("1️⃣", 7),
        ("❤️", 6),
        (FAMILY, 25),
        ("A 🇺🇦!", 11),
        ("https://europa.eu", 17),
    ],
)
def test_threads_counts_an_emoji_by_its_bytes(text: str, length: int) -> None:
    assert threads(text) == length


@given(st.text())
@settings(max_examples=100)
def test_threads_counts_no_less_than_characters_and_no_more_than_bytes(text: str) -> None:
    assert len(text) <= threads(text) <= len(text.encode("utf-8", "surrogatepass"))


@given(
    st.lists(st.sampled_from(["😀", FAMILY, "🇪🇺", "👍🏽"])), st.text(st.characters(categories=["L", "N", "Zs", "P"]))
)
@settings(max_examples=100)
def test_threads_adds_words_and_emoji(emoji: list[str], words: str) -> None:
    assert threads(words + " " + "".join(emoji)) == len(words) + 1 + len("".join(emoji).encode())
