import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.watch.urls import absolute, canonical, is_host


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://Example.ORG:443/A/b?x=1#top", "https://example.org/A/b?x=1"),
        ("http://example.org:8080", "http://example.org:8080/"),
        ("https://example.org/?b=2&a=1&utm_source=x&UTM_Medium=y&fbclid=z", "https://example.org/?b=2&a=1"),
        ("https://example.org/?mtm_campaign=x", "https://example.org/"),
        ("https://example.org/app#!/route", "https://example.org/app#!/route"),
        ("https://example.org/é/ü?q=ä b", "https://example.org/%C3%A9/%C3%BC?q=%C3%A4%20b"),
        ("https://example.org/%C3%A9%2F%25", "https://example.org/%C3%A9%2F%25"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://www.eeas.europa.eu/x_en?channel=mail&date=1&newsid=2&langid=en&source=m&s=1", "https://www.eeas.europa.eu/x_en?s=1"),
        ("https://eeas.europa.eu/x_en", "https://www.eeas.europa.eu/x_en"),
        ("https://example.org/?source=kept", "https://example.org/?source=kept"),
        ("https://news.un.org/feed/view/en/story/2022/04/1115242", "https://news.un.org/en/story/2022/04/1115242"),
        ("http://[2001:DB8::1]:80/x", "http://[2001:db8::1]/x"),
        ("javascript:alert(1)", ""),
        ("mailto:x@example.org", ""),
        ("http://", ""),
        ("http://[::1", ""),
        ("http://example.org:99999/", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_canonical(url: str, expected: str) -> None:
    assert canonical(url) == expected


def test_relative_addresses_resolve_against_web_addresses_only() -> None:
    assert absolute("/b", "https://example.org/a/") == "https://example.org/b"
    assert absolute("b", "file:///tmp/a") == ""
    assert absolute("", "https://example.org/a") == ""


def test_hosts_below_count() -> None:
    assert is_host("https://www.gov.uk/x", "gov.uk")
    assert not is_host("https://notgov.uk/x", "gov.uk")
    assert is_host("anything", "")


@given(st.text(max_size=60).map("https://example.org/".__add__) | st.text(max_size=60))
def test_canonical_is_stable(url: str) -> None:
    once = canonical(url)
    assert canonical(once) == once


@given(st.from_regex(r"https?://[a-z0-9]{1,8}(\.[a-z0-9]{1,8}){1,2}/[A-Za-z0-9/_.~-]{0,30}", fullmatch=True))
def test_address_with_nothing_to_encode_is_what_the_long_way_makes_of_it(url: str) -> None:
    assert canonical(url) == canonical(f"{url}#top")
