"""Names become handles: only whole ones, once, and never in what somebody said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.text.handles import with_handles
from publisher.text.quotations import find_quotations

KNOWN = {"Kaja Kallas": "@kajakallas", "European Commission": "@EU_Commission"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kaja Kallas in Graz", "@kajakallas in Graz"),
        ("High Representative Kaja Kallas: Kaja Kallas spoke", "High Representative @kajakallas: Kaja Kallas spoke"),
        ("“I met Kaja Kallas”, said Kaja Kallas", "“I met Kaja Kallas”, said @kajakallas"),
        ("“I met Kaja Kallas", "“I met Kaja Kallas"),
        ("Kaja Kallasson spoke", "Kaja Kallasson spoke"),
        ("kaja kallas spoke", "kaja kallas spoke"),
        ("https://example.org/Kaja Kallas", "https://example.org/Kaja Kallas"),
        ("#Kaja Kallas", "#Kaja Kallas"),
        ("The European Commission’s plan", "The @EU_Commission’s plan"),
    ],
)
def test_name_becomes_a_handle_at_its_first_place_outside_quotations(text: str, expected: str) -> None:
    assert with_handles([text], KNOWN) == [expected]


def test_name_is_replaced_once_in_a_thread() -> None:
    assert with_handles(["(1/2) News", "Kaja Kallas"], KNOWN) == ["(1/2) News", "@kajakallas"]
    assert with_handles(["Kaja Kallas", "Kaja Kallas"], KNOWN) == ["@kajakallas", "Kaja Kallas"]


def test_longer_name_goes_first() -> None:
    known = {"Kallas": "@other", "Kaja Kallas": "@kajakallas"}
    assert with_handles(["Kaja Kallas and Kallas"], known) == ["@kajakallas and @other"]


@given(st.lists(st.sampled_from(["Kaja Kallas", "“", "”", " said ", "\n", "we agree. ", "«", "»"]), max_size=12))
def test_quotations_stay_as_they_are(pieces: list[str]) -> None:
    text = "".join(pieces)
    [changed] = with_handles([text], KNOWN)
    quoted = [text[start:end] for start, end in find_quotations(text)]
    assert [changed[start:end] for start, end in find_quotations(changed)] == quoted
