"""What a text says of numbers, dates and names that its source does not say."""

import pytest

from publisher.text.claims import unsupported

SOURCE = """Ursula von der Leyen met Volodymyr Zelenskyy in Kyiv on 14 April 2025.

The European Union gives €1.6 billion, or 37 per cent of the total. Two countries and 1 200 schools are helped; we
still do not have 100%. Russia’s neighbours get [€] 20 billion, over 73,000 soldiers are trained in the 17th year.
Growth was 2,5 % (DE)."""


def claims(text: str, language: str = "en") -> list[tuple[str, str]]:
    return [(claim.kind.value, claim.text) for claim in unsupported(text, [SOURCE], language=language)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Here are €1.6 billion and 37%.", "en"),
        ("We give EUR 1 600 million, 37 percent.", "en"),
        ("Es sind 1,6 Mrd. Euro und 37 Prozent.", "de"),
        ("Ce sont 1,6 milliard d’euros, 37 pour cent.", "fr"),
        ("€1.6bn for 1,200 schools and 73 000 soldiers", "en"),
        ("In 2 countries: 1200 schools, 100 percent", "en"),
        ("Growth of 2.5% in year 17", "en"),
        ("It was April 14, 2025, or 14.04.2025, or 2025-04-14, or 14/4/2025, or on 14th April.", "en"),
        ("It was le 14 avril 2025.", "fr"),
        ("It helps the EU and President Zelenskyy’s Kyiv, says von der Leyen.".replace("President ", ""), "en"),
        ("It is for Russian neighbours.", "en"),
        ("One thing is clear.", "en"),
        ("See https://example.eu/2031/Paris and @Macron99 on #Paris2024", "en"),
        ("It goes on\n\n2/3", "en"),
        ("Die Bürger sehen Hoffnung und Zukunft.", "de"),
    ],
)
def test_what_the_source_says_in_other_forms_is_supported(text: str, language: str) -> None:
    assert claims(text, language) == []


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("We give €1.7 billion.", "en", [("number", "€1.7 billion")]),
        ("We give €1.6 million.", "en", [("number", "€1.6 million")]),
        ("We give $1.6 billion.", "en", [("number", "$1.6 billion")]),
        ("It is 38% now.", "en", [("number", "38%")]),
        ("It is 17% now.", "en", [("number", "17%")]),
        ("It helps three countries.", "en", [("number", "three")]),
        ("It was 15 April 2025.", "en", [("date", "15 April 2025")]),
        ("It was 14 April 2024.", "en", [("date", "14 April 2024")]),
        ("It was on 14.05.2025.", "en", [("date", "14.05.2025")]),
        ("We met Donald Tusk in Warsaw.", "en", [("name", "Donald Tusk"), ("name", "Warsaw")]),
        ("Wir trafen Donald Tusk.", "de", [("name", "Donald Tusk")]),
        ("We spoke to NATO.", "en", [("name", "NATO")]),
    ],
)
def test_what_the_source_does_not_say_is_told(text: str, language: str, found: list[tuple[str, str]]) -> None:
    assert claims(text, language) == found


def test_a_date_of_the_documents_own_data_counts() -> None:
    assert unsupported("Out on 3 May 2026.", [SOURCE], dates=[(2026, 5, 3)]) == []


def test_what_is_left_aside_is_not_asked_about() -> None:
    text = "He said “99 times in Rome” there."
    assert unsupported(text, [SOURCE], aside=[(8, 26)]) == []


def test_each_claim_says_where_it_stands() -> None:
    (claim,) = unsupported("We give 99 apples.", [SOURCE])
    assert (claim.start, claim.end) == (8, 10)
