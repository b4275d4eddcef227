import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.text.fit import Fits
from publisher.text.thread import split_thread
from tests.text.test_fit import TEXTS


def at_most(limit: int) -> Fits:
    return lambda text: len(text) <= limit


def test_a_text_that_fits_is_one_part_without_a_number() -> None:
    assert split_thread("We act.", at_most(20), numbered=True) == ["We act."]


def test_nothing_makes_no_parts() -> None:
    assert split_thread("  ", at_most(20)) == []


def test_parts_end_at_sentences() -> None:
    text = "Europe acts now. We stand firm. Nobody is left alone in this."
    assert split_thread(text, at_most(34)) == ["Europe acts now. We stand firm.", "Nobody is left alone in this."]


def test_parts_are_numbered_if_asked() -> None:
    text = "Europe acts now. We stand firm. Nobody is left alone."
    assert split_thread(text, at_most(26), numbered=True) == [
        "Europe acts now.\n\n1/3",
        "We stand firm.\n\n2/3",
        "Nobody is left alone.\n\n3/3",
    ]


def test_a_paragraph_that_fits_stays_together() -> None:
    assert split_thread("One. Two.\n\nThree. Four.", at_most(14)) == ["One. Two.", "Three. Four."]


def test_a_long_sentence_is_divided_between_words_but_not_in_a_quotation() -> None:
    text = "She told the whole room “we will not stop” and left"
    assert split_thread(text, at_most(24)) == ["She told the whole room", "“we will not stop” and", "left"]


def test_what_cannot_be_divided_stays_whole() -> None:
    link = "https://europa.eu/" + "a" * 40
    assert split_thread(f"See {link} now", at_most(20)) == ["See", link, "now"]


def test_one_part_that_does_not_fit_has_no_number() -> None:
    assert split_thread("“We act now and for ever”", at_most(10), numbered=True) == ["“We act now and for ever”"]


def test_more_than_nine_parts_have_room_for_their_numbers() -> None:
    parts = split_thread("Aaaa bbbb. " * 12, at_most(17), numbered=True)
    assert parts[0] == "Aaaa bbbb.\n\n1/12"
    assert all(len(part) <= 17 for part in parts)


@pytest.mark.parametrize("numbered", [False, True])
@settings(deadline=None)
@given(text=TEXTS, limit=st.integers(40, 120))
def test_parts_join_back_to_the_text(text: str, limit: int, numbered: bool) -> None:
    parts = split_thread(text, at_most(limit), numbered=numbered)
    if numbered and len(parts) > 1:
        for number, part in enumerate(parts, 1):
            assert part.endswith(f"\n\n{number}/{len(parts)}")
        parts = [part.rpartition("\n\n")[0] for part in parts]
    assert " ".join(" ".join(parts).split()) == " ".join(text.split())
