"""A quotation verifies in any dress that the rules allow, and in no other words."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.text.sentences import split_sentences
from publisher.text.verbatim import find_verbatim

BODY = (
    "We had 27 [EU] countries who supported the ceasefire. So, the only way to get Russia to negotiate seriously is "
    "putting some more pressure on Russia.\n\nThis is Europe’s moment – we “stand firm”, and we do not want peace at "
    "any price. It costs €1,600.5 million a year. Who will pay for all of that? Our two-thirds target stands."
)


def found(words: str, body: str = BODY) -> list[list[str]]:
    return [[body[start:end] for start, end in match.spans] for match in find_verbatim(words, body)]


@pytest.mark.parametrize(
    ("words", "piece"),
    [
        ("“The only way to get Russia to negotiate seriously.”", "the only way to get Russia to negotiate seriously"),
        ("«\u00a0We had 27 [EU] countries\u00a0»", "We had 27 [EU] countries"),
        ("we had 27 EU countries", "We had 27 [EU] countries"),
        ("[W]e had 27", "We had 27"),
        ("EU", "EU"),
        ("more pressure on\u00a0Russia", "more pressure on Russia"),
        ("pressure on Russia. This is Europe's moment", "pressure on Russia.\n\nThis is Europe’s moment"),
        ("moment - we ‘stand firm’, and", "moment – we “stand firm”, and"),
        ("moment—we 'stand firm', and", "moment – we “stand firm”, and"),
        ("Who will pay for all of that?", "Who will pay for all of that?"),
        ("€1,600.5 million", "€1,600.5 million"),
        ("#Russia to negotiate", "Russia to negotiate"),
        ("two\u2011thirds target", "two-thirds target"),
    ],
)
def test_the_same_words_in_another_dress_are_found_where_they_stand(words: str, piece: str) -> None:
    assert found(words) == [[piece]]


@pytest.mark.parametrize(
    "words",
    [
        "the only way to get russia to negotiate",  # a name's capital
        "the only way to get Russia negotiate",  # a word dropped
        "the only way to force Russia to negotiate",  # changed
        "27 countries who supported",  # an edit left out
        "27 EU [Member States] who supported",  # an edit of our own
        "the only way to get Russ",  # half a word
        "600.5 million",  # half a number
        "two",  # half of two-thirds
        "We had 27 EU countries so the only way",  # joined without an ellipsis
        "Who will pay for all of that",  # a question made a statement
        "putting some more pressure on Russia!",  # a cry that was none
        "we, stand firm",  # a comma of our own
        "",
        "“”",
    ],
)
def test_other_words_are_not_found(words: str) -> None:
    assert found(words) == []


@pytest.mark.parametrize("mark", ["[…]", "[...]", "(…)", "…", " ... "])
def test_an_ellipsis_stands_for_what_is_left_out_between_pieces_in_order(mark: str) -> None:
    assert found(f"We had 27 EU countries {mark} some more pressure on Russia") == [
        ["We had 27 [EU] countries", "some more pressure on Russia"]
    ]


@pytest.mark.parametrize(
    "words",
    [
        "some more pressure on Russia […] We had 27 EU countries",  # the other way round
        "We had 27 […] more pressure […] price",  # single words
        "This is Europe’s moment […] want peace at any price",  # a "not" swallowed
    ],
)
def test_an_ellipsis_makes_no_new_sense(words: str) -> None:
    assert found(words) == []


def test_an_ellipsis_at_the_edge_counts_for_nothing() -> None:
    assert found("“… the only way to get Russia […]”") == [["the only way to get Russia"]]


def test_places_outside_the_given_spans_do_not_count() -> None:
    body = "We act now. We act now."
    assert [match.spans for match in find_verbatim("We act now", body, [(12, 23)])] == [((12, 22),)]


def test_letters_built_of_two_signs_equal_those_of_one() -> None:
    assert found("le passe\u0301 du pays", "C’est le passé du pays.") == [["le passé du pays"]]
    assert found("le passé du pays", "C’est le passe\u0301 du pays.") == [["le passe\u0301 du pays"]]


SENTENCES = [
    sentence
    for sentence in split_sentences(
        (Path(__file__).parent / "cases" / "verbatim-speech.txt").read_text(encoding="utf-8")
    )
    if len(sentence.split()) >= 6
]
SPEECH = (Path(__file__).parent / "cases" / "verbatim-speech.txt").read_text(encoding="utf-8")
DRESSES = {
    "’": ["'", "’", "‛"],
    "–": ["–", "-", "—", "−"],
    "-": ["-", "\u2011", "\u2010"],
    " ": [" ", "\u00a0", "\n", "  ", "\u202f"],
    "“": ["“", "„", '"', "«\u00a0", "‘"],
    "”": ["”", "“", '"', "\u00a0»", "’"],
    "[": ["[", ""],
    "]": ["]", ""],
}


@given(st.data())
def test_any_sentence_in_any_allowed_dress_is_found_at_its_place(data: st.DataObject) -> None:
    sentence = data.draw(st.sampled_from(SENTENCES))
    opening, closing = data.draw(st.sampled_from([("“", "”"), ("„", "“"), ("«\u00a0", "\u00a0»"), ("", "")]))
    dressed = "".join(data.draw(st.sampled_from(DRESSES.get(sign, [sign]))) for sign in sentence)
    first = data.draw(st.sampled_from([dressed[:1].upper(), dressed[:1].lower()]))
    places = [(match.start, match.end) for match in find_verbatim(f"{opening}{first}{dressed[1:]}{closing}", SPEECH)]
    start = SPEECH.index(sentence)
    bare = sentence.rstrip(".").removesuffix("”.").rstrip("”")
    assert any(left <= start + 1 and right >= start + len(bare) for left, right in places)


@given(st.data())
def test_any_sentence_with_a_word_dropped_changed_or_swapped_is_not_found(data: st.DataObject) -> None:
    words = data.draw(st.sampled_from(SENTENCES)).split()
    # At the edges a dropped word leaves a shorter quotation that is still true.
    at = data.draw(st.integers(1, len(words) - 3))
    how = data.draw(st.sampled_from(["drop", "change", "swap", "add"]))
    changed = {
        "drop": [*words[:at], *words[at + 1 :]],
        "change": [*words[:at], "otherwise", *words[at + 1 :]],
        "swap": [*words[:at], words[at + 1], words[at], *words[at + 2 :]],
        "add": [*words[:at], "never", *words[at:]],
    }[how]
    if changed != words:
        assert find_verbatim(" ".join(changed), SPEECH) == []


@given(st.text(max_size=60), st.text(max_size=200))
def test_whatever_is_asked_spans_lie_in_the_text_and_in_order(words: str, text: str) -> None:
    for match in find_verbatim(words, text):
        flat = [place for span in match.spans for place in span]
        assert flat == sorted(flat)
        assert flat[0] >= 0
        assert flat[-1] <= len(text)
