"""Whom a report credits with its quotations."""

import pytest

from publisher.text.credits import all_credited, credited


@pytest.mark.parametrize(
    ("body", "words", "who"),
    [
        ("“We act now,” said Ada Example after the vote.", "We act now", ["Ada Example"]),
        ("“We act now,” said rapporteur Ada van der Example (EPP, Austria).", "We act now", ["Ada van der Example"]),
        ("Commissioner Bo Other said: “We act now.”", "We act now", ["Commissioner Bo Other"]),
        ("Bo Other, who came late, added that it is so: “We act now.”", "We act now", ["Bo Other"]),
        ("Bo Other, director at the agency, said:\n\nWe act now.\n\nIt rains.", "We act now", ["Bo Other"]),
        ("Bo Other, director at the agency, said:\n\nWe act now.\n\nIt rains.", "It rains", []),
        ("„Wir handeln jetzt“, sagte Ada Beispiel.", "Wir handeln jetzt", ["Ada Beispiel"]),
        ("Ada Example said nothing. We act now.", "We act now", []),  # in no quotation
        ("“We act now,” the Commission said.", "We act now", []),
        ("Bo Other said so.\n\n“We act now,” she said.", "We act now", []),  # who "she" is, nobody can say
    ],
)
def test_the_paragraph_of_a_quotation_says_who_is_credited(body: str, words: str, who: list[str]) -> None:
    start = body.index(words)
    assert credited(body, start, start + len(words)) == who


def test_all_credited_are_named_once_in_order() -> None:
    body = "“We act,” said Ada Example.\n\nBo Other said:\n\nI go.\n\n“It is so,” said Ada Example."
    assert all_credited(body) == ("Ada Example", "Bo Other")
