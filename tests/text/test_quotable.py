"""Which line of a speech is quoted: never a changed one, never somebody else's."""

from pathlib import Path

import pytest

from publisher.text.quotable import CRITERIA, quotable_lines
from publisher.text.voice import dangles, is_own_words, is_told, surname
from publisher.types import Exchange


def strongest_lines(body: str, *, speaker: str, language: str) -> list[str]:
    return [line.text for line in quotable_lines(body, speaker=speaker, language=language)]


SPEECH = """Ladies and gentlemen, thank you for the invitation to this great city.

It is good to see so many of you here today. We must never leave Ukraine alone. This is why we came.

Our [new] support will protect schools and hospitals across the whole country. Who would have thought so?

As Schuman said, “Europe will not be made all at once” and we must remember it.

Q&A

Q. You must decide now whether we will always support Ukraine, together with our friends.

We will decide together and we will never give up on our freedom."""


def test_the_strongest_line_comes_first() -> None:
    assert strongest_lines(SPEECH, speaker="Ada Example", language="en") == [
        "We must never leave Ukraine alone.",
        "Our [new] support will protect schools and hospitals across the whole country.",
    ]


@pytest.mark.parametrize(
    "body",
    [
        "Drawing of green hills under a rising sun.",
        "The President gave a speech in New York. She spoke about the climate. The event had many guests from abroad.",
        "“We must act together now,” said Ada Example. We report. “Our support will never end,” Example added in Rome.",
    ],
)
def test_a_body_that_is_not_the_speaker_speaking_gives_no_line(body: str) -> None:
    assert strongest_lines(body, speaker="Ada Example", language="en") == []


def test_others_in_a_labelled_transcript_are_not_quoted() -> None:
    body = """President Ada Example: We will defend our freedom together with all of you. We need courage for that.

Commissioner Bo Other: We must never accept such an attack on our common future.

President Ada Example: I know that our unity will always be the stronger force."""
    lines = strongest_lines(body, speaker="President Ada Example", language="en")
    assert sorted(lines) == [
        "I know that our unity will always be the stronger force.",
        "We will defend our freedom together with all of you.",
    ]


def test_a_sentence_in_another_language_is_left_out() -> None:
    body = """We will defend our freedom together with all of you. We need courage for that.

Wir müssen die Freiheit gemeinsam verteidigen und wir werden es auch tun."""
    assert strongest_lines(body, speaker="Ada Example", language="en") == [
        "We will defend our freedom together with all of you."
    ]


def test_a_german_speech_has_strong_lines_too() -> None:
    body = """Meine sehr geehrten Damen und Herren, ich danke Ihnen für die Einladung nach Berlin.

Wir müssen die Freiheit gemeinsam verteidigen, jetzt und in der Zukunft. Das ist unsere Aufgabe."""
    assert strongest_lines(body, speaker="Ada Example", language="de") == [
        "Wir müssen die Freiheit gemeinsam verteidigen, jetzt und in der Zukunft."
    ]


def test_every_line_stands_word_for_word_in_the_real_remarks_before_the_questions(shared: Path) -> None:
    body = (shared / "samples/eeas/press-remarks-fac-2025-04-14.txt").read_text()
    lines = strongest_lines(body, speaker="Kaja Kallas", language="en")
    said = body.partition("\nQ&A")[0]
    assert len(lines) >= 5
    assert [line for line in lines if line not in said] == []
    assert [line for line in lines if "thank" in line.lower() or "highlighted" in line] == []


@pytest.mark.parametrize(
    ("speaker", "name"),
    [("Kaja Kallas", "Kallas"), ("President von der Leyen", "Leyen"), ("Spokesperson", ""), ("", "")],
)
def test_surname(speaker: str, name: str) -> None:
    assert surname(speaker) == name


def test_dangles() -> None:
    assert dangles("This is why.", "en") is True
    assert dangles("Europe acts.", "en") is False


def test_is_told_needs_a_verb_of_saying_beside_the_name() -> None:
    assert is_told("“We act,” said President Ada Example.", "Ada Example") is True
    assert is_told("I, Ada Example, will act.", "Ada Example") is False


def test_is_own_words_does_not_count_quotations() -> None:
    told = "He came. “We act and we win,” he said. “Our time is now. We know.” He left."
    assert is_own_words(told, "en") is False
    assert is_own_words("We came. We act. It goes on.", "en") is True


def test_the_table_in_the_docs_is_the_rule() -> None:
    told = (Path(__file__).parent.parent.parent / "docs" / "quotations.md").read_text(encoding="utf-8")
    rows = [f"| `{name}` | {one.weight:+.2g} | {one.most:+g} | {one.meaning} |" for name, one in CRITERIA.items()]
    assert [line for line in told.splitlines() if line.startswith("| `") and line.count("|") == 5] == rows


def test_every_point_of_a_line_is_named_and_they_make_its_score() -> None:
    lines = quotable_lines(SPEECH, speaker="Ada Example", language="en", topic="Support for schools in Ukraine")
    assert [(line.text, line.score, dict(line.points)) for line in lines] == [
        (
            "We must never leave Ukraine alone.",
            7.9,
            {"topic": 1.5, "resolve": 4, "first_person": 2, "names": 0.5, "position": 1, "short": -1.1},
        ),
        (
            "Our [new] support will protect schools and hospitals across the whole country.",
            4.0,
            {"topic": 3.0, "resolve": 2, "first_person": 2, "edits": -3},
        ),
    ]
    assert [line for line in lines if SPEECH[line.start : line.end] != line.text] == []


def test_an_answer_counts_when_it_is_certain_who_answers() -> None:
    said = "We will decide together and we will never give up on our freedom."
    asked = "You must decide now whether we will always support Ukraine, together with our friends."
    for speaker, quoted in [("Ada Example", [said]), ("", []), ("Bo Other", [])]:
        exchange = Exchange(question=asked, answer=said, speaker=speaker)
        lines = quotable_lines(SPEECH, speaker="Ada Example", language="en", exchanges=[exchange])
        assert [line.text for line in lines if line.points.get("answer")] == quoted
