"""Whatever bytes a page, a sitemap or a calendar consists of: they are read, or refused with a sentence."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.errors import FetchError
from publisher.watch import calendar, leads, listing, sitemap, suggest

CASES = Path(__file__).parent / "lists"
HERE = "https://www.eeas.europa.eu/eeas/press-material_en"
SITEMAP = b"<urlset><url><loc>https://press.example.org/a</loc><lastmod>2026-11-24</lastmod></url></urlset>"
READERS: dict[str, tuple[Callable[..., object], bytes]] = {
    "listing": (listing.parse, (CASES / "eeas.html").read_bytes()),
    "ecl": (
        lambda body, kind, url: listing.parse(body, kind, "https://commission.europa.eu/x_en"),
        (CASES / "ecl-2026.html").read_bytes(),
    ),
    "sitemap": (sitemap.parse, SITEMAP),
    "index": (sitemap.children, SITEMAP.replace(b"urlset", b"sitemapindex").replace(b"url>", b"sitemap>")),
    "calendar": (calendar.parse, (CASES / "council.ics").read_bytes()),
    "suggestions": (suggest.suggest, (CASES / "eeas.html").read_bytes()),
    "leads": (leads.leads_of, (CASES / "ecl-2026.html").read_bytes()),
}


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_damaged_source_is_read_or_refused(name: str, data: st.DataObject) -> None:
    read, sound = READERS[name]
    start = data.draw(st.integers(0, len(sound)), label="start")
    end = data.draw(st.integers(start, min(len(sound), start + 200)), label="end")
    junk = data.draw(
        st.binary(max_size=40) | st.sampled_from([b"<", b">", b"&", b'"', b"\r\n", b"\0", b"9999"]), label="junk"
    )
    try:
        read(sound[:start] + junk + sound[end:], "", HERE)
    except FetchError as error:
        assert error.sentence  # noqa: PT017 (either way is sound)
        assert error.key != "source.failed"  # noqa: PT017


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=40, deadline=None)
@given(body=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_read_or_refused(name: str, body: bytes) -> None:
    try:
        READERS[name][0](body, "", HERE)
    except FetchError as error:
        assert error.key != "source.failed"  # noqa: PT017 (either way is sound)


@pytest.mark.parametrize(
    "text", ["<div>", "<a href='/x'>", "<li class=a><a href=/b>cdefghijk", "<time datetime=1>", "<b " * 3]
)
def test_page_made_of_repetition_costs_little(text: str) -> None:
    body = (text * (1_000_000 // len(text))).encode()
    for read in (suggest.suggest, leads.leads_of, listing.parse):
        try:
            read(body, "", HERE)
        except FetchError as error:
            assert error.sentence  # noqa: PT017 (either way is sound)
