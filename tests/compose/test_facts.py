"""Who is credited with which words."""

import pytest

from publisher.compose.facts import gather, plain
from publisher.enums import DocumentKind
from publisher.text.voice import same_person
from publisher.types import Entry, Quote

OWN = "We must defend our freedom together. I came here to say it. Our unity is the stronger force in Europe."
TOP = "Ada Example: “We must defend our freedom together”"


def entry(**fields: object) -> Entry:
    given: dict[str, object] = {
        "url": "https://example.eu/1",
        "title": "Speech by President Example at the summit",
        "kind": DocumentKind.SPEECH,
        "language": "en",
        "body": OWN,
    }
    return Entry(**{**given, **fields})  # type: ignore[arg-type]


def test_a_speech_is_quoted_with_the_speaker_of_its_title() -> None:
    facts = gather(entry(), "en")
    assert (facts.speaker, facts.byline) == ("President Example", "President Example at the summit")
    assert [quote.text for quote in facts.quotes] == [
        "We must defend our freedom together.",
        "Our unity is the stronger force in Europe.",
    ]
    assert {quote.speaker for quote in facts.quotes} == {"President Example"}


def test_one_speaker_of_the_source_goes_before_the_title() -> None:
    assert gather(entry(speakers=("Ada Example",)), "en").speaker == "Ada Example"


def test_a_quote_line_on_top_comes_first_when_its_words_are_in_the_body() -> None:
    facts = gather(entry(body=f"{TOP}\n\nThis was said in Rome.\n\n{OWN}"), "en")
    assert facts.quotes[0] == Quote(
        text="We must defend our freedom together", speaker="Ada Example", start=76, end=111
    )


def test_a_quote_line_on_top_is_left_out_when_nobody_said_it() -> None:
    facts = gather(entry(body=f"Ada Example: “We must defend our values together”\n\n{OWN}"), "en")
    assert [quote.text for quote in facts.quotes if "values" in quote.text] == []


def test_a_quote_line_alone_proves_nothing() -> None:
    assert gather(entry(body=TOP), "en").quotes == ()


def test_the_quote_line_gives_the_speaker_where_nothing_else_does() -> None:
    assert gather(entry(title="At the summit", body=f"{TOP}\n\n{OWN}"), "en").speaker == "Ada Example"


def test_quotes_of_the_source_are_believed_where_there_is_no_body_to_check_against() -> None:
    given = Quote(text="“We act.”", speaker="Ada Example")
    facts = gather(entry(kind=DocumentKind.PRESS_RELEASE, title="News", body="", quotes=(given,)), "en")
    assert facts.quotes == (Quote(text="We act.", speaker="Ada Example"),)


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "Remarks by President Example and Minister Other after the meeting"},
        {"title": "After the meeting", "speakers": ("Ada Example", "Bo Other")},
        {"title": "After the meeting"},
        {"kind": DocumentKind.PRESS_RELEASE},
        {"kind": DocumentKind.READOUT},
        {"body": ""},
        {"body": "Drawing of green hills under a rising sun."},
    ],
)
def test_no_line_is_laid_in_a_mouth_that_is_not_certain(fields: dict[str, object]) -> None:
    assert gather(entry(**fields), "en").quotes == ()


def test_a_joint_statement_is_quoted_as_the_words_of_all() -> None:
    title = "Joint statement by President Example and Commissioner Other on peace"
    facts = gather(
        entry(kind=DocumentKind.STATEMENT, title=title, speakers=("President Example", "Commissioner Other")), "en"
    )
    assert {quote.speaker for quote in facts.quotes} == {"President Example and Commissioner Other"}


def test_plain_takes_out_what_could_fool_a_reader_or_a_template() -> None:
    assert plain("a\ufdd0b\u202ec\x00d\r\ne\ufeff") == "abcd\ne"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Kaja Kallas", "High Representative Kaja Kallas", True),
        ("Kaja Kallas", "Andrius Kubilius", False),
        ("Spokesperson", "President", False),
    ],
)
def test_same_person(one: str, other: str, same: bool) -> None:
    assert same_person(one, other) is same
