"""The fitting rule, and the promise behind it: what must stay whole is whole or gone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.text.fit import Fits, Piece, fit, join, protected, shorten


def at_most(limit: int) -> Fits:
    return lambda text: len(text) <= limit


PIECES = [
    Piece("Title of the news"),
    Piece("\n\n"),
    Piece("First sentence here. Second one.", shorten=True, drop=1),
    Piece("\n\n"),
    Piece("#Hashtag", drop=2),
    Piece("short", drop=2, instead=True),
    Piece("\n\nhttps://europa.eu"),
]


@pytest.mark.parametrize(
    ("limit", "text"),
    [
        (100, "Title of the news\n\nFirst sentence here. Second one.\n\n#Hashtag\n\nhttps://europa.eu"),
        (75, "Title of the news\n\nFirst sentence here.\n\n#Hashtag\n\nhttps://europa.eu"),
        (60, "Title of the news\n\n#Hashtag\n\nhttps://europa.eu"),
        (45, "Title of the news\n\nshort\n\nhttps://europa.eu"),
    ],
)
def test_fit_drops_in_the_stated_order(limit: int, text: str) -> None:
    assert fit(PIECES, at_most(limit)).text == text


def test_fit_says_when_nothing_fits() -> None:
    fitted = fit(PIECES, at_most(20))
    assert (fitted.fits, fitted.text) == (False, "Title of the news\n\nshort\n\nhttps://europa.eu")


def test_fit_cuts_words_only_when_sentences_do_not_help() -> None:
    pieces = [Piece("One two three four five. Six seven.", shorten=True), Piece(" https://europa.eu")]
    assert fit(pieces, at_most(43)).text == "One two three four five. https://europa.eu"
    fitted = fit(pieces, at_most(35))
    assert (fitted.text, fitted.cut) == ("One two three… https://europa.eu", True)


def test_join_leaves_one_blank_line_at_most_and_no_blanks_at_the_ends() -> None:
    assert join([Piece(" a  b \n\n"), Piece("\n\n c\n")]) == "a b\n\nc"


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("Commission disburses €3.3 billion to Ukraine", 30, "Commission disburses…"),
        ("Commission disburses €3.3 billion to Ukraine", 34, "Commission disburses €3.3 billion…"),
        ("She said “we act now and always” to all", 26, "She said…"),
        ("Read https://europa.eu/a/b/c and more", 20, "Read…"),
        ("Thanks @EUCommission@social.network.europa.eu for all", 30, "Thanks…"),
        ("The plan (with all its parts) goes on", 20, "The plan…"),
        ("Some 23 million people live here", 12, "Some…"),
        ("“We act now and for ever and ever”", 12, ""),
        ("Word, and more", 7, "Word…"),
    ],
)
def test_shorten_keeps_together_what_belongs_together(text: str, limit: int, shown: str) -> None:
    assert shorten(text, at_most(limit)) == shown


WORDS = st.sampled_from(
    ["Europe", "acts.", "We", "stand", "€3.3 billion", "17 %", "9 May 2025", "“no one is alone”", "„ja. Nein“",
     "@EU_Commission",
     "https://europa.eu/a_(b)", "#EU", "(in part)", "Then", "it’s", "73,000 soldiers", "Q. Why?", "Über", "\n", "«"]
)  # fmt: skip
TEXTS = st.lists(WORDS, max_size=25).map(" ".join)


@settings(deadline=None)
@given(TEXTS, st.integers(1, 200))
def test_shorten_never_exceeds_and_never_cuts_what_is_protected(text: str, limit: int) -> None:
    shorter = shorten(text, at_most(limit))
    assert len(shorter) <= limit
    kept = shorter.removesuffix("…") if shorter != text else shorter
    assert text.startswith(kept)
    for start, end in protected(text):
        assert not start < len(kept) < end - len(text[start:end].lstrip(" ,;:–—-")), (kept, text[start:end])


@settings(deadline=None)
@given(st.lists(st.tuples(TEXTS, st.booleans(), st.integers(0, 2)), max_size=5), st.integers(10, 200))
def test_fit_never_exceeds_and_keeps_what_is_neither_optional_nor_short(
    parts: list[tuple[str, bool, int]], limit: int
) -> None:
    pieces = [Piece(text, shorten=short, drop=drop) for text, short, drop in parts]
    fitted = fit(pieces, at_most(limit))
    assert fitted.fits is (len(fitted.text) <= limit)
    for piece in pieces:
        if not piece.shorten and not piece.drop:
            assert join([piece]).replace("\n", "") in fitted.text.replace("\n", "")


def test_fit_is_whole_when_there_is_room() -> None:
    assert fit(PIECES, at_most(1000)).text == join(PIECES)
