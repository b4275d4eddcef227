"""Hashtags that can be read out: a capital for each word."""

import pytest

from publisher.text.hashtags import camel, hard_to_read

SOURCE = "The Green Deal and the EU budget need sustainability. Über die Wasserstoff Strategie."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("green deal", "GreenDeal"),
        ("#green_deal", "GreenDeal"),
        ("EU budget 2028", "EUBudget2028"),
        ("économie d’énergie", "ÉconomieDÉnergie"),
        ("", ""),
    ],
)
def test_words_become_one_hashtag_in_camel_case(text: str, expected: str) -> None:
    assert camel(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Today #greendeal", [("#greendeal", "#GreenDeal")]),
        ("#eubudget and again #eubudget", [("#eubudget", "#EUBudget")]),
        ("#wasserstoffstrategie", [("#wasserstoffstrategie", "#WasserstoffStrategie")]),
        ("#sustainability is one word", []),
        ("#GreenDeal #EUBudget #budget #green_deal #eu", []),
        ("#disinformationcampaign", [("#disinformationcampaign", "")]),
        ("#欧州連合予算案について議論する会合", []),
        ("https://example.org/#greendeal", []),
    ],
)
def test_lower_case_compound_is_named_with_its_better_form(text: str, expected: list[tuple[str, str]]) -> None:
    assert hard_to_read(text, SOURCE) == expected
