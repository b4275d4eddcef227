"""What stands on a card, and when one is refused."""

import pytest

from publisher.compose.cards import Style, check_style, contrast, quote_card, title_card
from publisher.enums import DocumentKind
from publisher.errors import ConfigError, InvalidInput
from publisher.types import Entry

SPEECH = Entry(
    url="https://www.example.eu/1",
    title="Speech by Ada Example at the summit",
    kind=DocumentKind.SPEECH,
    language="en",
    speakers=("Ada Example",),
    body="We must defend our freedom together. I came here to say it. Our unity is the stronger force in Europe.",
)
RELEASE = Entry(url="https://example.eu/2", title="Rat beschließt “neue” Regeln 🇪🇺", language="de", body="Kurz.")


def refusal(**chosen: object) -> str:
    with pytest.raises(InvalidInput) as refused:
        quote_card(SPEECH, **chosen)  # type: ignore[arg-type]
    return refused.value.key


def test_the_strongest_line_stands_in_marks_with_its_speaker_and_the_host() -> None:
    card = quote_card(SPEECH)
    assert (card.kind, card.words) == ("quote", "“We must defend our freedom together.”")
    assert (card.speaker, card.source, card.language) == ("Ada Example", "example.eu", "en")
    assert card.alt == "Quote card: “We must defend our freedom together.” – Ada Example"


def test_another_line_is_chosen_by_its_number() -> None:
    assert quote_card(SPEECH, number=2).words == "“Our unity is the stronger force in Europe.”"


@pytest.mark.parametrize("marks", ["{}", "“{}”", " {}\n"])
def test_own_choice_of_words_stands_as_the_source_has_it(marks: str) -> None:
    assert quote_card(SPEECH, words=marks.format("I came here to say it.")).words == "“I came here to say it.”"


def test_words_that_the_source_does_not_have_are_refused() -> None:
    assert refusal(words="We must defend our prosperity together.") == "quote.not_in_source"


@pytest.mark.parametrize("number", [0, -1, 3])
def test_a_line_that_is_not_there_is_refused(number: int) -> None:
    assert refusal(number=number) == "card.no_number"


def test_a_document_without_a_certain_line_has_no_quote_card() -> None:
    with pytest.raises(InvalidInput) as refused:
        quote_card(RELEASE)
    assert refused.value.key == "card.no_quote"


def test_the_title_is_described_in_its_language() -> None:
    card = title_card(RELEASE)
    assert (card.kind, card.words, card.speaker) == ("title", RELEASE.title, "")
    assert card.alt == f"Titelkarte: {RELEASE.title}"


def test_a_language_without_a_label_of_ours_is_described_by_the_words_alone() -> None:
    ukrainian = Entry(url="https://example.eu/3", title="Свобода", language="uk")
    assert title_card(ukrainian).alt == "Свобода"


@pytest.mark.parametrize(
    ("words", "expected"), [("“لن نتخلى”", True), ("2036: חירות", True), ("“Freedom لن”", False), ("2036 🇪🇺", False)]
)
def test_direction_is_that_of_the_first_letter_that_has_one(words: str, expected: bool) -> None:
    card = title_card(Entry(url="https://example.eu", title=words, language="en"))
    assert card.right_to_left == expected


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    # The first two by definition; the third is the lightest grey on white that WCAG's technique G18 lets pass.
    [("#000000", "#ffffff", 21.0), ("#123456", "#123456", 1.0), ("#767676", "#ffffff", 4.54)],
)
def test_contrast_is_that_of_wcag_whichever_colour_comes_first(one: str, other: str, ratio: float) -> None:
    assert round(contrast(one, other), 2) == round(contrast(other, one), 2) == ratio


def test_the_style_that_comes_with_us_can_be_read() -> None:
    check_style(Style(background="#12305a", ink="#ffffff", accent="#ffcc00"))


def test_words_that_many_cannot_read_are_refused_with_a_colour_that_would_do() -> None:
    with pytest.raises(ConfigError) as refused:
        check_style(Style(background="#ffffff", ink="#777777", accent="#000000"))
    assert refused.value.sentence == (
        "PUBLISHER_CARD_TEXT is #777777 on a ground of #ffffff (PUBLISHER_CARD_BACKGROUND): a contrast of 4.4 to 1, "
        "which many people cannot read. It must be 4.5 at least; #000000 would do."
    )


def test_a_bar_that_many_cannot_see_is_refused_with_a_colour_that_would_do() -> None:
    with pytest.raises(ConfigError) as refused:
        check_style(Style(background="#12305a", ink="#ffffff", accent="#003399"))
    assert refused.value.sentence == (
        "PUBLISHER_CARD_ACCENT is #003399 on a ground of #12305a (PUBLISHER_CARD_BACKGROUND): a contrast of 1.2 to 1, "
        "which many people cannot read. It must be 3 at least; #ffffff would do."
    )
