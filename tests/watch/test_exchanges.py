import pytest

from publisher.types import Exchange
from publisher.watch.exchanges import exchanges_of

KALLAS = ("Kaja Kallas",)


def text(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


def seen(found: tuple[Exchange, ...]) -> list[tuple[str, str, str]]:
    return [(each.question, each.answer, each.speaker) for each in found]


@pytest.mark.parametrize(
    "mark",
    ["Q. ", "Q: ", "Q1. ", "Q 2: ", "Q – ", "Question: ", "QUESTION: ", "Frage: ", "Pregunta: ", "Q ", "Journalist: "],
)
def test_a_question_by_its_mark(mark: str) -> None:
    body = text("Good morning.", "Q&A", f"{mark}And now?", "We go on.", "Together.")
    assert seen(exchanges_of(body, KALLAS)) == [("And now?", "We go on.\n\nTogether.", "Kaja Kallas")]


def test_an_inaudible_question_still_has_its_answer() -> None:
    assert seen(exchanges_of(text("Q. [inaudible]", "Thank you."), KALLAS)) == [
        ("[inaudible]", "Thank you.", "Kaja Kallas")
    ]


def test_two_questions_in_a_row_are_answered_together() -> None:
    assert seen(exchanges_of(text("Q. One?", "Q. Two?", "Both."), KALLAS)) == [("One?\n\nTwo?", "Both.", "Kaja Kallas")]


def test_a_question_without_an_answer_is_none() -> None:
    assert exchanges_of(text("Q. One?"), KALLAS) == ()


@pytest.mark.parametrize("body", ["", "What now? We go on.", text("Q&A", "We go on."), "Quite so. QED. Q.E.D."])
def test_a_text_without_marks_has_no_exchanges(body: str) -> None:
    assert exchanges_of(body, KALLAS) == ()


@pytest.mark.parametrize("speakers", [(), ("Kaja Kallas", "Andrius Kubilius")])
def test_nobody_is_credited_where_several_may_be_answering(speakers: tuple[str, ...]) -> None:
    assert seen(exchanges_of(text("Q. One?", "Yes."), speakers)) == [("One?", "Yes.", "")]


def test_answers_are_told_apart_by_the_names_before_them() -> None:
    body = text("Q. One?", "Kaja Kallas: Yes.", "And more.", "Kubilius: No.", "AK: Never.", "Q. Two?", "A. Well.")
    assert seen(exchanges_of(body, ("Kaja Kallas", "Andrius Kubilius"))) == [
        ("One?", "Yes.\n\nAnd more.", "Kaja Kallas"),
        ("One?", "No.\n\nNever.", "Andrius Kubilius"),
        ("Two?", "Well.", ""),
    ]


def test_a_colon_in_an_answer_names_nobody() -> None:
    body = text("Q. One?", "The short answer is: soon.", "Three things: bread, peace, air.")
    assert seen(exchanges_of(body, KALLAS)) == [
        ("One?", "The short answer is: soon.\n\nThree things: bread, peace, air.", "Kaja Kallas")
    ]


def test_who_leads_through_the_questions_answers_none() -> None:
    body = text("Q. One?", "Yes.", "Moderator: Last question, please.", "And short.", "Q. Two?", "No.")
    assert seen(exchanges_of(body, KALLAS)) == [("One?", "Yes.", "Kaja Kallas"), ("Two?", "No.", "Kaja Kallas")]


def test_somebody_in_capitals_answers_under_the_name_that_stands_there() -> None:
    body = text("QUESTION: One?", "SECRETARY RUBIO: Yes.")
    assert seen(exchanges_of(body)) == [("One?", "Yes.", "SECRETARY RUBIO")]


def test_bold_questions_of_a_document_of_questions_and_answers() -> None:
    body = text("Intro.", "What is it?", "An act.", "On rivers.", "Who pays?", "We.", "For more information", "Website")
    strong = {"What is it?", "Who pays?", "For more information"}
    assert seen(exchanges_of(body, (), strong, asked_by_itself=True)) == [
        ("What is it?", "An act.\n\nOn rivers.", ""),
        ("Who pays?", "We.", ""),
    ]
    assert exchanges_of(body, (), strong) == ()


def test_three_bold_questions_make_an_interview() -> None:
    body = text("How?", "So.", "Why?", "Therefore.", "When?", "Now.")
    assert [each.speaker for each in exchanges_of(body, KALLAS, {"How?", "Why?", "When?"})] == ["Kaja Kallas"] * 3


def test_a_bold_question_behind_its_mark_goes_on_in_bold() -> None:
    body = text("Q. One?", "And two?", "Yes.")
    assert seen(exchanges_of(body, KALLAS, {"Q. One?", "And two?"})) == [("One?\n\nAnd two?", "Yes.", "Kaja Kallas")]
