"""Suggestions for the parts of a page: what repeats, is dated, and is no menu."""

from pathlib import Path

import pytest

from publisher.watch import listing
from publisher.watch.suggest import Suggestion, suggest

HERE = "https://press.example.org/news"
LINKS = "".join(
    f'<li class="m"><a href="/menu/{number}">Menu entry number {number} with a great many words</a></li>'
    for number in range(9)
)
MENU = f"<nav><ul>{LINKS}</ul></nav>"
ITEM = (
    '<article class="post post--{0} js-x"><h2><a href="/{0}">A rather long headline number {0}</a></h2>{1}'
    '<a href="/{0}">Read more</a></article>'
)


def found(body: str) -> tuple[Suggestion, ...]:
    return suggest(f"<!doctype html><title>x</title><body>{body}".encode(), "text/html", HERE)


def items(*dates: str, first: int = 100) -> str:
    return "<main>" + "".join(ITEM.format(first + number, date) for number, date in enumerate(dates)) + "</main>"


def test_list_is_preferred_to_a_longer_menu() -> None:
    first = found(MENU + items(*["<time datetime='2026-11-24'>today</time>"] * 4))[0]
    assert (first.count, first.dated, first.titles[0]) == (4, 4, "A rather long headline number 100")
    assert first.recipe == {
        "item": "article.post",
        "title": "h2 a",
        "link": "h2 a@href",
        "date": "time@datetime",
    }


def test_undated_list_is_preferred_to_a_menu_too() -> None:
    assert found(MENU + items("", "", ""))[0].recipe["item"] == "article.post"


def test_date_in_words_is_found_by_its_class() -> None:
    first = found(items(*['<p class="when">24 November 2026</p>'] * 3))[0]
    assert (first.recipe["date"], first.dated) == ("p.when", 3)


def test_classes_that_differ_from_item_to_item_are_left_out() -> None:
    assert found(items(*[""] * 3))[0].recipe["item"] == "article.post"


def test_items_without_classes_are_named_within_their_list() -> None:
    rows = "".join(f'<li><a href="/{n}">A rather long headline number {n}</a></li>' for n in range(3))
    assert found(f'<ul class="news">{rows}</ul>')[0].recipe["item"] == "ul.news > li"


def test_two_of_a_kind_are_no_list() -> None:
    assert found(items("", "")) == ()


def test_page_without_links_suggests_nothing() -> None:
    assert found("<p>Nothing here.</p>") == ()


def test_boxes_around_several_items_are_not_the_items() -> None:
    boxes = "".join(f'<section class="box">{items("", "", "", first=first)}</section>' for first in (100, 200, 300))
    suggested = found(boxes.replace("main>", "div>"))  # nothing above a <main> is an entry
    assert [each.recipe["item"] for each in suggested] == ["article.post", "article.post > a"]


@pytest.mark.parametrize(
    ("file", "url", "count"),
    [
        ("commission-website/homepage-highlighted-news-2024-04.html", "https://commission.europa.eu/index_en", 4),
        ("eeas/press-material-listing_fr.html", "https://www.eeas.europa.eu/x_fr", 3),
    ],
)
def test_suggestion_for_a_real_page_reads_what_the_shipped_recipe_reads(
    shared: Path, file: str, url: str, count: int
) -> None:
    body = (shared / "samples" / file).read_bytes()
    recipe = suggest(body, "text/html", url)[0].recipe
    entries = listing.parse(body, "text/html", url, recipe).entries
    assert [bool(entry.url and entry.published_at) for entry in entries] == [True] * count
