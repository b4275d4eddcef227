"""What followers see is what was approved, whatever signs are in it; and it is known again as LinkedIn shows it."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.networks.linkedin_text import find_runs, from_little, is_same, to_little
from tests.peers.linkedin import RESERVED, shown

CASES = json.loads((Path(__file__).parent / "cases/linkedin/little.json").read_text())

any_text = st.text(st.characters(exclude_categories=["Cs"]))
odd = ["a", "1", " ", "\n", "é", "＃", "👩‍🚀", "{hashtag|\\#|EU}", "@[EU](urn:li:x:1)"]
signs = st.lists(st.sampled_from([*RESERVED, *odd])).map("".join)
piece = st.sampled_from(
    ["#EU", "#Green_Deal", "＃欧州", "https://example.org/a_(b)#c", "(see", "@press", "europa.eu", "\\"]
)
composed = st.lists(piece, max_size=8).map(" ".join)
every_text = any_text | signs | composed


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_little_text_is_written_as_linkedin_wants_it(case: dict[str, str]) -> None:
    assert to_little(case["text"]) == case["little"]


@given(every_text)
def test_followers_see_what_was_approved(text: str) -> None:
    assert shown(to_little(text)) == text


@given(every_text)
def test_text_is_read_back_as_it_was_written(text: str) -> None:
    assert from_little(to_little(text)) == text


@given(every_text)
def test_runs_of_the_preview_are_the_text(text: str) -> None:
    assert "".join(run.text for run in find_runs(text)) == text


@given(composed, composed)
def test_different_texts_are_told_apart(text: str, other: str) -> None:
    assert is_same(to_little(other), text) is (other.split() == text.split())


def test_mention_reads_as_its_name() -> None:
    assert from_little("With @[Press Office](urn:li:organization:1).") == "With Press Office."


def test_address_that_linkedin_shortened_is_known_again() -> None:
    text = "More: https://ec.europa.eu/commission/presscorner/detail/en/ip_26_1900 today"
    assert is_same("More: https://lnkd.in/eXyZ_12 today", text)
    assert not is_same("More: https://lnkd.in/eXyZ_12 tomorrow", text)


def test_runs_lead_to_addresses_and_hashtags_and_leave_names_alone() -> None:
    assert [(run.text, run.href) for run in find_runs("@press at europa.eu #EU") if run.href] == [
        ("europa.eu", "https://europa.eu"),
        ("#EU", "https://www.linkedin.com/feed/hashtag/?keywords=EU"),
    ]
