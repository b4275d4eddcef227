import pytest

from publisher.compose.leads import clean_lead, find_lead, repeats

TITLE = "Commission disburses €3.3 billion in defence funding to Ukraine"


@pytest.mark.parametrize(
    ("lead", "clean"),
    [
        ("We act. The post We act appeared first on The House.", "We act."),
        ("European Commission Press release Brussels, 18 Sep 2026 The Commission acts.", "The Commission acts."),
        ("It took place. Source : © European Union, 2021 - EP", "It took place."),
        ("News. Read more", "News."),
        ("The post office opened. It is big.", "The post office opened. It is big."),
    ],
)
def test_clean_lead_takes_boilerplate_off(lead: str, clean: str) -> None:
    assert clean_lead(lead) == clean


def test_a_sentence_that_repeats_the_title_gives_way_to_the_next() -> None:
    lead = "The Commission will disburse €3.3 billion in defence funding to Ukraine. Drones are part of it."
    assert find_lead(TITLE, lead) == "Drones are part of it."


def test_a_sentence_that_leans_on_the_skipped_one_does_not_stand_alone() -> None:
    assert find_lead(TITLE, "The Commission disburses €3.3 billion in defence funding to Ukraine. It pays today.") == ""


def test_a_sentence_that_repeats_but_adds_a_good_deal_stands() -> None:
    lead = (
        "The Commission disburses €3.3 billion in defence funding to Ukraine for drones, missiles, shelters, "
        "hospitals, generators, bridges and railways before winter."
    )
    assert find_lead(TITLE, lead) == lead


@pytest.mark.parametrize(
    "lead",
    ["", TITLE, TITLE + ".", "The text was cut by the fee…", "Vienne - 23 septembre 2026", "…Learn more about it."],
)
def test_what_says_nothing_is_no_lead(lead: str) -> None:
    assert find_lead(TITLE, lead) == ""


def test_without_a_lead_the_first_full_paragraph_of_the_body_is_one() -> None:
    body = "Brussels, 18 September 2026\n\nHeading without an end\n\nThe payment covers drones and many other things."
    assert find_lead(TITLE, "", body) == "The payment covers drones and many other things."


def test_repeats_looks_at_words_that_carry_meaning() -> None:
    assert repeats("Funding of €3.3 billion disbursed by the Commission for defence in Ukraine", TITLE) is True
    assert repeats("The payment covers drones", TITLE) is False
