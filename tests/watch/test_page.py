import html
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.enums import DocumentKind, Precision, SourceStatus
from publisher.errors import FetchError
from publisher.types import Alternate, Image
from publisher.watch import plaintext
from publisher.watch.page import parse_page

URL = "https://example.org/news/en/a?utm_source=x"
PADDING = "<!-- some comment that makes the page a page -->"


def page(head: str = "", body: str = "", language: str = "en") -> bytes:
    return f'<!doctype html><html lang="{language}"><head>{PADDING}{head}</head><body>{body}</body></html>'.encode()


def test_a_page_by_what_it_tells_machines() -> None:
    entry = parse_page(
        page(
            "<title>Speech by Minister Mary Major | Site</title>"
            '<meta property="og:title" content="Speech by Minister Mary Major">'
            '<meta property="og:description" content="In &quot;short&quot;.">'
            '<meta property="og:image" content="/i.jpg">'
            '<meta property="og:image:alt" content="A hall"><link rel="canonical" href="/news/en/a">'
            '<meta property="article:published_time" content="2026-10-02T11:05:00+02:00">'
            '<meta property="article:modified_time" content="2026-10-03T11:05:00+02:00">',
            "<nav>Home</nav><article><h1>Speech by Minister Mary Major</h1><p>One.</p><p>Two.</p></article>",
        ),
        URL,
    )
    assert (entry.url, entry.title, entry.lead) == (
        "https://example.org/news/en/a",
        "Speech by Minister Mary Major",
        'In "short".',
    )
    assert (entry.kind, entry.speakers, entry.language) == (DocumentKind.SPEECH, ("Mary Major",), "en")
    assert entry.body == "One.\n\nTwo."
    assert entry.image == Image(url="https://example.org/i.jpg", alt="A hall")
    assert entry.published_at is not None
    assert entry.published_at.isoformat() == "2026-10-02T09:05:00+00:00"
    assert entry.updated_at is not None
    assert entry.updated_at.isoformat() == "2026-10-03T09:05:00+00:00"
    assert entry.source == URL


def test_a_page_by_its_json_ld() -> None:
    linked = (
        '{"@graph": [{"@type": "WebSite", "name": "Site"}, {"@type": ["NewsArticle"], "headline": "New rules",'
        ' "datePublished": "2026-09-03T16:40:13+02:00", "description": "What is new.", "inLanguage": "de",'
        ' "image": {"url": "https://example.org/n.png"}}]}'
    )
    entry = parse_page(
        page(f'<script type="application/ld+json">{linked}</script>', "<main><p>Text.</p></main>", ""), URL
    )
    assert (entry.title, entry.lead, entry.body, entry.language) == ("New rules", "What is new.", "Text.", "de")
    assert entry.published_at is not None
    assert entry.published_at.isoformat() == "2026-09-03T14:40:13+00:00"
    assert entry.image == Image(url="https://example.org/n.png")


def test_the_time_of_an_element_is_a_day_at_noon() -> None:
    entry = parse_page(page("", '<h1>News of the day</h1><time datetime="2024-03-31T12:00:00Z">31 March</time>'), URL)
    assert entry.published_at is not None
    assert (entry.published_at.isoformat(), entry.precision) == ("2024-03-31T00:00:00+00:00", Precision.DAY)


def test_remarks_of_the_external_action_service() -> None:
    body = (
        "<main><h1> Foreign Affairs Council: press remarks by High Representative Kaja Kallas upon arrival</h1>"
        '<div class="node__meta">20.10.2025</div><div class="node__content"><div class="field--name-body">'
        "<p>Check against delivery!</p><p>Good morning.</p><p>Q&amp;A</p><p>Q. And now?</p>"
        '<p>Link to the video: <a href="https://audiovisual.ec.europa.eu/en/video/I-270847v">x</a></p></div></div></main>'
    )
    url = "https://eeas.europa.eu/eeas/foreign-affairs-council-press-remarks-upon-arrival-1_en"
    entry = parse_page(page("", body), url)
    assert entry.url == "https://www.eeas.europa.eu/eeas/foreign-affairs-council-press-remarks-upon-arrival-1_en"
    assert (entry.kind, entry.speakers) == (DocumentKind.REMARKS, ("Kaja Kallas",))
    assert entry.body == "Good morning.\n\nQ&A\n\nQ. And now?"
    assert entry.video == "https://audiovisual.ec.europa.eu/en/video/I-270847v"
    assert entry.published_at is not None
    assert (entry.published_at.isoformat(), entry.precision) == ("2025-10-20T00:00:00+00:00", Precision.DAY)


def test_remarks_as_a_page_are_the_same_as_their_text(shared: Path) -> None:
    """The markup by the selectors that readers of these pages rely on; the text of a real one."""
    source = (shared / "samples/eeas/press-remarks-fac-2025-04-14.txt").read_bytes()
    title = "Foreign Affairs Council: press remarks by High Representative Kaja Kallas after the meeting"
    *lines, video = source.decode().strip().split("\n")
    address = video.removeprefix("Link to the video: ")
    link = f'<p>Link to the video: <a href="{address}">{address}</a></p>'
    dressed = "".join(f"<p>{re.sub('^Q[.]', '<strong>Q.</strong>', html.escape(line))}</p>" for line in lines)
    body = (
        f'<main><div class="node__content"><h1>{title}</h1><div class="node__meta">14.04.2025</div>'
        f'<div class="field--name-body"><p>EEAS Press Team</p>{dressed}{link}</div></div></main>'
    )
    (wanted,) = plaintext.parse(source).entries
    entry = parse_page(page("", body), "https://www.eeas.europa.eu/eeas/press-remarks-after-meeting-1_en")
    for field in ("body", "lead", "exchanges", "quotes", "speakers", "place", "video", "published_at", "precision"):
        assert (field, getattr(entry, field)) == (field, getattr(wanted, field))
    assert (entry.title, entry.kind, entry.recipe, entry.zone) == (
        title,
        DocumentKind.REMARKS,
        "eeas",
        "Europe/Brussels",
    )


LONG = "".join(
    f"<p>The council of the city set out rule number {number} for its rivers today.</p>" for number in range(9)
)


def test_a_site_without_a_recipe_is_read_without_its_furniture() -> None:
    body = f"<nav><a href=/a>Home</a></nav><div class=x><h1>Rivers</h1>{LONG}</div><footer>Imprint and cookies</footer>"
    entry = parse_page(page("<title>Rivers</title>", body), URL)
    assert len(entry.paragraphs) == 9
    assert (entry.recipe, "Imprint" in entry.body, "Home" in entry.body) == ("general", False, False)


def test_other_languages_picture_credit_topics_and_reading_time() -> None:
    linked = {
        "@type": "NewsArticle",
        "headline": "Rivers",
        "timeRequired": "PT1H5M",
        "keywords": "Rivers, Water ,",
        "image": {"url": "https://i/1.jpg", "caption": "A river", "creditText": "© City"},
        "author": {"name": "Mary Major, Mayor"},
    }
    head = (
        f'<script type="application/ld+json">{json.dumps(linked)}</script><meta property="og:image" content="https://i/1.jpg">'
        '<link rel="alternate" hreflang="fr" href="/news/fr/a"><link rel="alternate" hreflang="en" href="/news/en/a">'
        '<link rel="alternate" hreflang="x-default" href="/"><link rel="alternate" hreflang="pt-br" href="/pt">'
    )
    entry = parse_page(page(head, "<h1>Rivers</h1>"), URL)
    assert entry.alternates == (
        Alternate(language="fr", url="https://example.org/news/fr/a"),
        Alternate(language="pt-BR", url="https://example.org/pt"),
    )
    assert entry.image == Image(url="https://i/1.jpg", alt="A river", credit="© City")
    assert (entry.topics, entry.reading_minutes) == (("Rivers", "Water"), 65)


@pytest.mark.parametrize(("shown", "minutes"), [("9 min read", 9), ("12 minutes", 12), ("Jane Roe", 0), ("9", 0)])
def test_reading_time_as_wordpress_shows_it(shown: str, minutes: int) -> None:
    head = f'<meta name="twitter:label1" content="x"><meta name="twitter:data1" content="{shown}">'
    assert parse_page(page(head, "<h1>Rivers</h1>"), URL).reading_minutes == minutes


def test_a_credit_in_the_description_of_a_picture_is_told_apart() -> None:
    head = '<meta property="og:image" content="https://i/20230913PHT04999_original.jpg">'
    body = '<h1>Rivers</h1><img src="https://i/20230913PHT04999-cl.jpg" alt="A river.© European Union 2013 - EP">'
    assert parse_page(page(head, body), URL).image == Image(
        url="https://i/20230913PHT04999_original.jpg", alt="A river.", credit="© European Union 2013 - EP"
    )


def test_the_parliament_links_its_other_languages_in_a_menu() -> None:
    links = "".join(
        f'<li><a lang="{tag}" hreflang="{tag}" href="/news/{tag}/x">x</a></li>' for tag in ("en", "fr", "et")
    )
    url = "https://www.europarl.europa.eu/news/en/x"
    entry = parse_page(page("", f"<ul>{links}</ul><h1>Rivers</h1><a hreflang=sv href=/sv>x</a>"), url)
    assert [each.language for each in entry.alternates] == ["fr", "et"]


def test_a_withdrawn_page_of_gov_uk_says_so() -> None:
    notice = '<section class="gem-c-notice" aria-label="Notice"><p>Withdrawn on <time>1 May</time></p></section>'
    url = "https://www.gov.uk/government/news/x"
    assert parse_page(page("", f"<h1>Rivers</h1>{notice}<div class=govspeak>Text</div>"), url).withdrawn
    assert not parse_page(page("", "<h1>Rivers</h1><div class=govspeak>Text</div>"), url).withdrawn


def test_a_front_page_is_not_the_canonical_address_of_every_page() -> None:
    assert (
        parse_page(page('<link rel="canonical" href="/en/">', "<h1>News of the day</h1>"), URL).url
        == "https://example.org/news/en/a"
    )


@pytest.mark.parametrize(
    ("body", "key", "status"),
    [
        (b"", "source.empty", SourceStatus.BLOCKED),
        (page("<title>Just a moment...</title>", "<h1>Checking</h1>"), "source.blocked", SourceStatus.BLOCKED),
        (page("", "<p>Words without a headline</p>"), "source.no_document", SourceStatus.MALFORMED),
        (b"<h1>Hi</h1>", "source.no_document", SourceStatus.MALFORMED),
        (page("", "<div>" * 5000), "source.dangerous", SourceStatus.MALFORMED),
    ],
)
def test_what_is_no_document_says_which_way(body: bytes, key: str, status: SourceStatus) -> None:
    with pytest.raises(FetchError) as caught:
        parse_page(body, URL)
    assert (caught.value.key, caught.value.status) == (key, status)


def test_a_text_about_captchas_is_no_captcha() -> None:
    assert (
        parse_page(
            page("", "<h1>On captchas</h1><main>" + "<p>Every captcha is a burden.</p>" * 20 + "</main>"), URL
        ).title
        == "On captchas"
    )


PIECES = """
<h1>|</h1>|<p>|Words|<meta property="og:title" content="|">|<link rel="canonical" href="|http://[|/x|<time datetime='
9999-12-31T23:59-23:59|'>|<script type="application/ld+json">|</script>|{"@type":"Article","headline":|["x"]|}|[{
<article>|\x00|<svg>""".strip()


@settings(deadline=None)  # the first call imports what reads articles
@given(
    st.lists(st.sampled_from(PIECES.replace("\n", "|").split("|")) | st.text(max_size=5), max_size=20).map("".join),
    st.sampled_from([URL, "", "http://["]),
)
def test_any_page_is_a_document_or_a_fetch_error(text: str, url: str) -> None:
    try:
        entry = parse_page(page("", text), url)
    except FetchError as error:
        assert error.sentence  # noqa: PT017 (either way is right)
    else:
        assert entry.title
