"""Sitemaps: addresses, days, the news extension, an index, packed files."""

import gzip
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from publisher.enums import Precision
from publisher.errors import FetchError
from publisher.types import Entry
from publisher.watch import sitemap

HERE = "https://press.example.org/sitemap.xml"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><{} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{}</{}>'
)


def urlset(*urls: str) -> bytes:
    return HEAD.format("urlset", "".join(f"<url>{url}</url>" for url in urls), "urlset").encode()


def index(*maps: str) -> bytes:
    return HEAD.format("sitemapindex", "".join(f"<sitemap>{each}</sitemap>" for each in maps), "sitemapindex").encode()


def loc(path: str, changed: str = "") -> str:
    day = f"<lastmod>{changed}</lastmod>" if changed else ""
    return f"<loc>https://press.example.org{path}</loc>{day}"


def entries(body: bytes, rules: Mapping[str, Any] | None = None) -> tuple[Entry, ...]:
    return sitemap.parse(body, "application/xml", HERE, rules).entries


def refused(body: bytes) -> str:
    with pytest.raises(FetchError) as caught:
        sitemap.parse(body, "application/xml", HERE)
    return caught.value.key


def test_entry_has_address_day_language_and_a_title_made_from_its_address() -> None:
    (entry,) = entries(urlset(loc("/news/joint-statement-2026-11-20_en.html", "2026-11-20")))
    assert (entry.url, entry.title, entry.published_at, entry.precision) == (
        "https://press.example.org/news/joint-statement-2026-11-20_en.html",
        "Joint statement",
        datetime(2026, 11, 20, tzinfo=UTC),
        Precision.DAY,
    )


def test_news_extension_gives_title_time_and_language() -> None:
    news = (
        "<news:news><news:publication><news:name>Press</news:name><news:language>fr</news:language></news:publication>"
        "<news:publication_date>2026-11-24T10:00:00+01:00</news:publication_date>"
        "<news:title>Tous &amp; toutes</news:title>"
        "</news:news>"
    )
    (entry,) = entries(urlset(loc("/a", "2026-11-25T00:00:00Z") + news))
    assert (entry.title, entry.language, entry.published_at) == (
        "Tous & toutes",
        "fr",
        datetime(2026, 11, 24, 9, tzinfo=UTC),
    )


def test_newest_come_first() -> None:
    body = urlset(loc("/old", "2020-01-01"), loc("/undated"), loc("/new", "2026-01-01"))
    assert [entry.title for entry in entries(body)] == ["New", "Old", "Undated"]


def test_only_addresses_that_are_wanted_count() -> None:
    body = urlset(loc("/news/a"), loc("/about"), loc("/news/archive/b"))
    found = entries(body, {"only": "/news/", "not": "/archive/"})
    assert [entry.title for entry in found] == ["A"]


def test_packed_sitemap_is_opened() -> None:
    assert len(entries(gzip.compress(urlset(loc("/a"))))) == 1


def test_packed_bomb_is_refused() -> None:
    assert refused(gzip.compress(b" " * (sitemap.LARGEST + 1))) == "source.too_large"


def test_packed_sitemap_that_breaks_off_is_refused() -> None:
    assert refused(gzip.compress(urlset(loc("/a")))[:-12]) == "source.broken"


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (b"", "source.empty"),
        (b"<!doctype html><title>Not found</title><p>Nothing to see here, move on, please.</p>", "source.no_sitemap"),
        (b"<rss version='2.0'><channel/></rss>", "source.no_sitemap"),
        (b"<urlset><url><loc>https://press.example.org/a</loc>", "source.malformed"),
        (b'<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><urlset>&c;</urlset>', "source.dangerous"),
    ],
)
def test_answer_that_is_no_sitemap_says_so(body: bytes, key: str) -> None:
    assert refused(body) == key


def test_index_names_its_sitemaps_those_changed_last_first() -> None:
    body = index(loc("/a.xml", "2025-01-01"), loc("/b.xml"), loc("/c.xml", "2026-01-01"))
    assert [child.url[-5:] for child in sitemap.children(body, "", HERE)] == ["c.xml", "a.xml", "b.xml"]
    assert entries(body) == ()
    assert sitemap.children(urlset(loc("/a")), "", HERE) == ()


def test_only_a_few_sitemaps_that_changed_are_read() -> None:
    body = index(*(loc(f"/{day}.xml", f"2026-01-{day:02}") for day in range(1, 20)), loc("/undated.xml"))
    found = sitemap.children(body, "", HERE)
    assert len(sitemap.worth_reading(found, None)) == sitemap.MOST_CHILDREN
    since = datetime(2026, 1, 18, tzinfo=UTC)
    assert [child.url[-11:] for child in sitemap.worth_reading(found, since)] == [
        ".org/19.xml",
        ".org/18.xml",
        "undated.xml",
    ]


def test_sitemaps_of_an_index_are_read_as_one() -> None:
    merged = sitemap.merge([(urlset(loc("/a")), ""), (gzip.compress(urlset(loc("/b"))), "")])
    assert [entry.title for entry in entries(merged)] == ["A", "B"]
