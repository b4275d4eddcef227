import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.text.links import (
    BLUESKY_STYLE,
    MASTODON_STYLE,
    X_STYLE,
    UrlStyle,
    display_url,
    find_links,
    find_urls,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See https://europa.eu.", [("url", "https://europa.eu")]),
        ("(see https://europa.eu/a)", [("url", "https://europa.eu/a")]),
        ("https://en.wikipedia.org/wiki/EU_(disambiguation)!", [("url", "https://en.wikipedia.org/wiki/EU_(disambiguation)")]),
        ("“https://europa.eu/a”, she", [("url", "https://europa.eu/a")]),
        ("HTTPS://europa.eu/a?b=c&d=%20#e;", [("url", "HTTPS://europa.eu/a?b=c&d=%20#e")]),
        ("http://127.0.0.1:8000/x", [("url", "http://127.0.0.1:8000/x")]),
        ("https://europa.eu/#top", [("url", "https://europa.eu/#top")]),
        ("https:// nothing", []),
        ("go to europa.eu/news, now", [("bare", "europa.eu/news")]),
        ("the end.It goes on. e.g.this", []),
        ("mail press@ec.europa.eu", []),
        ("@EU_Commission says", [("mention", "@EU_Commission")]),
        (".@vonderleyen.", []),
        ("(@alice.example.social)", [("mention", "@alice.example.social")]),
        ("@EUCommission@social.network.europa.eu!", [("mention", "@EUCommission@social.network.europa.eu")]),
        ("#EU27 #2026 #Grüße", [("hashtag", "#EU27"), ("hashtag", "#Grüße")]),
        ("a#b &#39; C#", []),
    ],
)  # fmt: skip
def test_find_links(text: str, found: list[tuple[str, str]]) -> None:
    assert [(span.kind, span.text) for span in find_links(text)] == found


def test_a_bare_host_leads_to_https() -> None:
    assert [span.href for span in find_links("europa.eu/news")] == ["https://europa.eu/news"]


def test_find_urls_leaves_bare_hosts_out() -> None:
    assert [span.href for span in find_urls("europa.eu https://europa.eu/a")] == ["https://europa.eu/a"]


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("ab .,()@#/:“”\nhtps1é"), max_size=60))
def test_spans_are_in_order_and_are_the_text_they_say(text: str) -> None:
    position = 0
    for span in find_links(text):
        assert span.start >= position
        assert text[span.start : span.end] == span.text != ""
        position = span.end


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        (X_STYLE, "consilium.europa.eu/en/press/press…"),
        (MASTODON_STYLE, "consilium.europa.eu/en/press/p…"),
        (BLUESKY_STYLE, "www.consilium.europa.eu/en/press/pre..."),
    ],
)
def test_display_url_cuts_as_the_network_does(style: UrlStyle, shown: str) -> None:
    assert display_url("https://www.consilium.europa.eu/en/press/press-releases/2026/09/15/", style) == shown


@pytest.mark.parametrize("style", [X_STYLE, MASTODON_STYLE, BLUESKY_STYLE])
def test_display_url_shows_a_short_link_whole(style: UrlStyle) -> None:
    assert display_url("https://europa.eu/a", style) == "europa.eu/a"


def test_display_url_drops_a_lone_slash_but_on_mastodon() -> None:
    shown = [display_url("https://europa.eu/", style) for style in (X_STYLE, MASTODON_STYLE, BLUESKY_STYLE)]
    assert shown == ["europa.eu", "europa.eu/", "europa.eu"]
