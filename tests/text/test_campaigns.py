"""Addresses that tell where a reader came from: only our own, once, and nothing else of them changes."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.text.campaigns import fill, tag, wrong_place

OURS = ("europa.eu", "press.example.org")
UTM = {"utm_source": "x", "utm_medium": "social", "utm_campaign": "speech 1/2"}
ADDED = "utm_source=x&utm_medium=social&utm_campaign=speech%201%2F2"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://ec.europa.eu/a", f"https://ec.europa.eu/a?{ADDED}"),
        ("https://europa.eu", f"https://europa.eu?{ADDED}"),
        ("https://ec.europa.eu/a?b=%C3%A4&b=2#part-3", f"https://ec.europa.eu/a?b=%C3%A4&b=2&{ADDED}#part-3"),
        ("https://ec.europa.eu/a?utm_source=feed&utm_id=7", f"https://ec.europa.eu/a?utm_id=7&{ADDED}"),
        ("https://ec.europa.eu/a?UTM%5FSource=feed", f"https://ec.europa.eu/a?{ADDED}"),
        ("https://ec.europa.eu/#!/news", f"https://ec.europa.eu/?{ADDED}#!/news"),
    ],
)
def test_our_own_address_is_tagged_once_and_keeps_its_query_and_place(url: str, expected: str) -> None:
    assert tag(url, UTM, OURS) == expected
    assert tag(expected, UTM, OURS) == expected


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com/watch?v=1",
        "https://noteuropa.eu/a",
        "https://europa.eu.example.com/a",
        "https://ec.europa.eu/a?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=1",
        "https://ec.europa.eu/a?sv=2024&sig=1",
        "https://ec.europa.eu/a?Expires=1&Key-Pair-Id=2",
        "https://someone@ec.europa.eu/a",
        "mailto:press@europa.eu",
        "https://[broken.europa.eu/a",
    ],
)
def test_address_of_others_and_signed_ones_stay_as_they_are(url: str) -> None:
    assert tag(url, UTM, OURS) == url


def test_nothing_is_added_where_nothing_is_said() -> None:
    assert tag("https://europa.eu/?", {"utm_source": ""}, OURS) == "https://europa.eu/?"
    assert tag("https://europa.eu/a", UTM, ()) == "https://europa.eu/a"


@given(st.text(max_size=30), st.dictionaries(st.sampled_from(sorted(UTM)), st.text(max_size=20)))
def test_whatever_the_values_the_rest_of_the_address_stays(query: str, values: dict[str, str]) -> None:
    url = f"https://europa.eu/a?q={query.encode().hex()}#b"
    tagged = tag(url, values, OURS)
    added = [(name, value) for name, value in values.items() if value]
    assert urlsplit(tagged)._replace(query="") == urlsplit(url)._replace(query="")
    assert parse_qsl(urlsplit(tagged).query, keep_blank_values=True) == [("q", query.encode().hex()), *added]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{network}", "bluesky"),
        ("Press {channel}", "press-eu-in-brüssel"),
        ("{kind}-{year}", "speech-2026"),
        ("{reference}", ""),
        ("{kind}_{reference}", "speech"),
        ("", ""),
    ],
)
def test_template_is_filled_in_one_word_of_lower_case(template: str, expected: str) -> None:
    values = {"network": "bluesky", "channel": "EU in Brüssel", "kind": "speech", "year": "2026"}
    assert fill(template, values) == expected


@pytest.mark.parametrize(("template", "wrong"), [("{netwrk}", "{netwrk}"), ("{", "{"), ("a}", "}"), ("{year}-x", "")])
def test_place_that_is_not_known_is_named(template: str, wrong: str) -> None:
    assert wrong_place(template) == wrong
