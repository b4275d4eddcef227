from datetime import UTC, datetime

import pytest

from publisher.types import Quote
from publisher.watch.headline import placed, pulled_quote, setting_of, take_opening

SAID = "So, the only way out [is] through. We know."


@pytest.mark.parametrize(
    ("line", "place", "day"),
    [
        ("This was highlighted by X after the Council in Luxembourg on 14 April 2025.", "Luxembourg", (2025, 4, 14)),
        ("Luxembourg, 20/10/2025", "Luxembourg", (2025, 10, 20)),
        ("Brussels, 7 September 2026", "Brussels", (2026, 9, 7)),
        ("… said in New York on 2 October 2026", "New York", (2026, 10, 2)),
        ("Dies sagte sie in Berlin am 3. Oktober 2026", "Berlin", (2026, 10, 3)),
        ("… à Paris, le 2 octobre 2026", "Paris", (2026, 10, 2)),
    ],
)
def test_where_and_when_something_was_said(line: str, place: str, day: tuple[int, int, int]) -> None:
    found = setting_of(line)
    assert found.moment is not None
    assert (found.place, found.moment.utc) == (place, datetime(*day, tzinfo=UTC))


@pytest.mark.parametrize(
    "line", ["", "In 2025 we went on.", "We met in Luxembourg.", "On 31 February 2025 in May on 31 June 2025"]
)
def test_a_line_without_place_and_day_tells_neither(line: str) -> None:
    assert setting_of(line).place == ""


def test_a_headline_quotation_is_found_in_the_text_in_its_own_spelling() -> None:
    quote = pulled_quote("Kaja Kallas: “The only way out is through!”", SAID)
    assert quote == Quote(text="the only way out [is] through", speaker="Kaja Kallas", start=4, end=33)
    assert SAID[quote.start : quote.end] == quote.text


@pytest.mark.parametrize(
    "headline", ["Kaja Kallas: “The other way out”", "The only way out is through", "Kaja Kallas: the only way out"]
)
def test_words_that_are_not_in_the_text_are_no_quotation(headline: str) -> None:
    assert pulled_quote(headline, SAID) is None


def test_words_that_are_nowhere_have_no_place() -> None:
    assert placed("Never said.", SAID, "X") == Quote(text="Never said.", speaker="X", start=-1, end=-1)
    assert placed("…", SAID) == Quote(text="…")


def test_what_stands_above_a_transcript_is_taken_off_it() -> None:
    dek = "This was underlined by the High Representative in Luxembourg on 14 April 2025."
    body = "\n\n".join(["20.10.2025", "Kaja Kallas: “The only way out is through”", dek, SAID, "More."])
    opening = take_opening("Foreign Affairs Council", body)
    assert (opening.body, opening.lead, opening.place) == (f"{SAID}\n\nMore.", dek, "Luxembourg")
    assert opening.quote is not None
    assert (opening.quote.text, opening.speakers) == ("the only way out [is] through", ("Kaja Kallas",))


def test_a_quotation_that_is_nowhere_else_stays_in_the_text() -> None:
    body = "EP President Jane Roe: “We must act.”\n\nThe text was adopted."
    assert take_opening("MEPs act", body).body == body


def test_who_speaks_by_the_first_line_of_the_united_nations() -> None:
    line = "Following is UN Secretary-General António Guterres’ message on World Food Day, observed 16 October:"
    opening = take_opening("Hunger", f"{line}\n\nHunger is outrageous.")
    assert (opening.speakers, opening.body.startswith(line)) == (("António Guterres",), True)


def test_a_dateline_is_taken_off_the_text() -> None:
    opening = take_opening("Remarks", "Luxembourg, 20/10/2025\n\nGood morning.")
    assert opening.moment is not None
    assert (opening.body, opening.place, opening.moment.utc.day) == ("Good morning.", "Luxembourg", 20)
