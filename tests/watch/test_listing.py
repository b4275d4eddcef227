"""Listing pages, by shipped recipes and by recipes of a person's own."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from publisher.enums import DocumentKind, Precision
from publisher.errors import FetchError, InvalidInput
from publisher.types import Entry
from publisher.watch import listing, recipe
from publisher.watch.data import table

CASES = Path(__file__).parent / "lists"
EEAS = "https://www.eeas.europa.eu/eeas/press-material_en"
OURS = {"item": "li", "title": "a", "date": "time@datetime"}


def read(name: str, url: str, rules: Mapping[str, Any] | None = None) -> tuple[Entry, ...]:
    return listing.parse((CASES / name).read_bytes(), "text/html", url, rules).entries


def page(*items: str, head: str = "") -> bytes:
    text = "".join(f"<li>{item}</li>" for item in items)
    return f"<!doctype html><html lang=en><head><title>News</title>{head}</head><ul>{text}</ul></html>".encode()


def items(body: bytes, rules: Mapping[str, Any] = OURS, url: str = "https://press.example.org/news") -> list[str]:
    return [entry.url for entry in listing.parse(body, "text/html", url, rules).entries]


def refused(body: bytes, rules: Mapping[str, Any] = OURS) -> str:
    with pytest.raises(FetchError) as caught:
        listing.parse(body, "text/html", "https://press.example.org/news", rules)
    return caught.value.key


# --- the European External Action Service


def test_filter_form_of_the_eeas_is_no_document() -> None:
    assert [entry.title.split()[0] for entry in read("eeas.html", EEAS)] == ["Foreign", "Foreign", "Une"]


def test_repeated_title_is_another_document_by_its_address() -> None:
    first, second = read("eeas.html", EEAS)[:2]
    assert first.title == second.title
    assert first.id != second.id


def test_eeas_item_has_kind_day_and_speaker() -> None:
    first = read("eeas.html", EEAS)[0]
    assert (first.kind, first.published_at, first.precision, first.speakers) == (
        DocumentKind.REMARKS,
        datetime(2025, 10, 20, tzinfo=UTC),
        Precision.DAY,
        ("Kaja Kallas",),
    )


def test_language_of_a_document_in_a_list_of_another_is_that_of_its_address() -> None:
    assert [entry.language for entry in read("eeas.html", EEAS)] == ["en", "en", "fr"]


def test_delegations_are_left_out_where_only_headquarters_are_wanted() -> None:
    rules = {**recipe.shipped(EEAS), "only": "*/eeas/*"}
    assert len(read("eeas.html", EEAS, rules)) == 2


# --- Commission pages in the Europa Component Library


def test_meta_items_are_told_apart_by_what_they_say() -> None:
    speech, news, _ = read("ecl-2026.html", "https://commission.europa.eu/about/kaja-kallas_en")
    assert (speech.kind, speech.published_at, speech.reading_minutes) == (
        DocumentKind.SPEECH,
        datetime(2025, 3, 19, tzinfo=UTC),
        9,
    )
    assert (news.published_at, news.precision, news.lead, news.place) == (
        datetime(2025, 4, 14, tzinfo=UTC),
        Precision.DAY,
        "Support for the region.",
        "Luxembourg",
    )


def test_title_beside_the_reading_time_stays_apart_from_it() -> None:
    speech = read("ecl-2026.html", "https://commission.europa.eu/about/kaja-kallas_en")[0]
    assert (speech.title, speech.reference) == ("Speech on European defence Readiness 2030", "SPEECH/25/828")


def test_date_block_of_a_calendar_card_is_a_day() -> None:
    assert read("ecl-2026.html", "https://commission.europa.eu/about/kaja-kallas_en")[2].published_at == datetime(
        2025, 5, 7, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("file", "url", "count"),
    [
        ("commission-website/homepage-highlighted-news-2024-04.html", "https://commission.europa.eu/index_en", 4),
        ("commission-website/digital-strategy-card-2026-08.html", "https://digital-strategy.ec.europa.eu/en/news", 2),
        ("eeas/press-material-listing_fr.html", "https://www.eeas.europa.eu/eeas/mat%C3%A9riel-de-presse_fr", 3),
    ],
)
def test_real_pages_are_read_whole(shared: Path, file: str, url: str, count: int) -> None:
    entries = listing.parse((shared / "samples" / file).read_bytes(), "text/html", url).entries
    assert [bool(entry.title and entry.published_at) for entry in entries] == [True] * count
    assert all(entry.kind is not DocumentKind.OTHER for entry in entries)


# --- a page that has changed, or is none


def test_page_on_which_nothing_is_found_has_been_rebuilt() -> None:
    assert refused(b"<!doctype html><title>News</title><div class=new-card><a href=/1>One</a></div>") == "source.layout"


def test_page_whose_titles_went_missing_has_been_rebuilt() -> None:
    assert refused(page("<a href=/1></a>", "<a href=/2></a>", "<a href=/3>Three</a>")) == "source.layout"


def test_one_item_without_a_title_is_left_out() -> None:
    body = page("<a href=/1>One</a>", "<a href=/2></a>", "<a href=/3>Three</a>")
    assert items(body) == ["https://press.example.org/1", "https://press.example.org/3"]


def test_list_that_says_it_is_empty_is_empty() -> None:
    body = b"<!doctype html><title>News</title><p class=nothing>No results</p>"
    assert items(body, {**OURS, "empty": ".nothing"}) == []


def test_challenge_is_no_rebuilt_page() -> None:
    assert refused(b"<!doctype html><title>Just a moment...</title><p>Checking your browser</p>") == "source.blocked"


def test_empty_answer_is_refused() -> None:
    assert refused(b"") == "source.empty"


def test_page_without_recipe_says_so() -> None:
    assert refused(page("<a href=/1>One</a>"), {}) == "source.no_recipe"


def test_nesting_without_end_is_not_read() -> None:
    assert refused(b"<div>" * 100_000) == "source.dangerous"


def test_missing_dates_are_told() -> None:
    found = listing.parse(page("<a href=/1>One</a>"), "text/html", "https://press.example.org/news", OURS)
    assert [issue.key for issue in found.issues] == ["listing.no_dates"]


# --- recipes


def test_item_within_an_item_is_part_of_it() -> None:
    assert items(page("<a href=/1>One</a><ul><li><a href=/2>Two</a></li></ul>")) == ["https://press.example.org/1"]


def test_item_that_is_a_link_itself() -> None:
    body = b"<!doctype html><title>x</title><a class=n href=/1><b>One</b></a><a class=n href=/2><b>Two</b></a>"
    assert items(body, {"item": "a.n", "title": "b"}) == ["https://press.example.org/1", "https://press.example.org/2"]


def test_base_of_the_page_counts() -> None:
    body = page("<a href=1>One</a>", head='<base href="https://press.example.org/en/">')
    assert items(body) == ["https://press.example.org/en/1"]


def test_script_in_a_title_or_an_address_is_no_document() -> None:
    assert items(page('<a href="javascript:alert(1)">One</a>', "<a href=/2>Two</a>", "<a href=/3>3</a>")) == [
        "https://press.example.org/2",
        "https://press.example.org/3",
    ]


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({"item": "li[["}, "source.recipe_selector"),
        ({"items": "li"}, "source.recipe_part"),
        ({"item": 5}, "source.recipe_value"),
        ({"item": "x" * 501}, "source.recipe_value"),
    ],
)
def test_recipe_that_cannot_be_used_says_which_part(data: dict[str, Any], key: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        recipe.check(data)
    assert caught.value.key == key


def test_broken_recipe_of_a_source_is_an_error_of_that_source() -> None:
    assert refused(page("<a href=/1>One</a>"), {"item": "li[["}) == "source.recipe_broken"


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("/news/", True),
        ("*/news/*", True),
        ("*.org/news", False),
        ("/NEWS/", True),
        ("news/?a=[1]", True),
        ("b", False),
    ],
)
def test_patterns_of_addresses(pattern: str, fits: bool) -> None:
    assert recipe.fits("https://press.example.org/news/?a=[1]", pattern) is fits


def test_every_shipped_recipe_is_sound() -> None:
    for each in table("listings")["recipe"]:
        recipe.check(each)
