"""The plainest RSS, read without feedparser, gives what feedparser gives; whatever is not certain is left to it."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publisher.watch import feed, plainrss
from publisher.watch.decode import decode
from publisher.watch.entries import Shown
from publisher.watch.mend import mend
from publisher.watch.split import split

ROOT = Path(__file__).parents[2]
CASES = sorted([*(ROOT / "tests/watch/cases").glob("*.xml"), *(ROOT / "publisher/sample").glob("*.xml")])
URL = "https://press.example.org/feed.xml"
BEGIN = (
    '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
)
END = "</channel></rss>"
USUAL = (
    "<item><title>One &amp; all</title><link>https://press.example.org/1?a=1&amp;b=2</link><guid>https://x.eu/1</guid>"
    "<pubDate>Mon, 02 Nov 2026 09:30:00 +0100</pubDate><category>Work</category><dc:creator>A. Writer</dc:creator>"
    '<description><![CDATA[<p>Zażółć “q”</p>]]></description><enclosure url="https://x.eu/p.jpg" type="image/jpeg"/>'
    "<content:encoded>&lt;p&gt;Whole&lt;/p&gt;</content:encoded></item>"
)


def straight(xml: str) -> tuple[str, str, list[Shown]] | None:
    pieces = split(xml, URL)
    found = plainrss.read(pieces, pieces.marks) if pieces else None
    return (found[0], found[1], [feed._shown(item, found[1], URL) for item in found[2]]) if found else None


def by_feedparser(xml: str) -> tuple[str, str, list[Shown]]:
    return feed._read_xml(xml, xml, URL)


def test_every_feed_at_hand_reads_alike() -> None:
    read = 0
    for path in CASES:
        xml = mend(decode(path.read_bytes(), ""))
        found = straight(xml)
        read += found is not None
        assert found is None or found == by_feedparser(xml), path.name
    assert read >= 1


def test_every_feed_of_institutions_at_hand_reads_alike(shared: Path) -> None:
    read = 0
    for path in sorted((shared / "samples").rglob("*.xml")):
        xml = mend(decode(path.read_bytes(), "").lstrip("\ufeff \n"))
        found = straight(xml)
        read += found is not None
        assert found is None or found == by_feedparser(xml), path.name
    assert read >= 1


def test_usual_item_is_read_without_feedparser() -> None:
    found = straight(f"{BEGIN}<title>Press</title><language>en</language>{USUAL}{END}")
    assert found == by_feedparser(f"{BEGIN}<title>Press</title><language>en</language>{USUAL}{END}")


@pytest.mark.parametrize(
    "piece",
    [
        '<title type="html">x</title>',
        "<title>x</title><title>y</title>",
        "<title>x<b>y</b></title>",
        "<title></title>",
        "<title>CafÃ©</title>",
        "<title>don\x92t</title>",
        "<link>/relative</link>",
        "<link>https://x.eu/?a=1&amp;copy;b</link>",
        "<link>https:////x.eu/1</link>",
        '<link href="https://x.eu/1"/>',
        "<guid>https:////x.eu/1</guid>",
        "<media:title>x</media:title>",
        "<dc:date>2026-11-02</dc:date>",
        "<content:encoded>x</content:encoded><description>y</description>",
        "<author>a@x.eu</author><dc:creator>B</dc:creator>",
        "<source>x</source>",
        "<!-- x -->",
    ],
)
def test_what_is_not_certain_is_left_to_feedparser(piece: str) -> None:
    assert straight(f"{BEGIN}<title>Press</title><item>{piece}</item>{END}") is None


@pytest.mark.parametrize(
    "head",
    [
        "<image><title>Logo</title></image><title>Press</title>",
        "<title>Press</title><dc:title>Other</dc:title>",
        "<title>Press</title><dc:language>fr</dc:language>",
        "<title>Press</title><title>Again</title>",
        "<title>Press</title><media:group><media:title>x</media:title></media:group>",
        "",
    ],
)
def test_head_that_is_not_certain_is_left_to_feedparser(head: str) -> None:
    assert straight(f"{BEGIN}{head}{USUAL}{END}") is None


WORDS = st.sampled_from([
    "News", " ", "R&amp;D", "<![CDATA[<p>One & <b>two</b></p>]]>", "é – “q”", "CafÃ©", "a\x93b", "ÿ", "&lt;br/&gt;",
])  # fmt: skip
PLACES = st.sampled_from([
    "https://x.eu/a", "http://x.eu/b?c=1&amp;d=2", "https://x.eu/?a&amp;b;c", "x", "//x.eu", "a b", "tag:x,1", "",
])  # fmt: skip
TEXTS = st.sampled_from([
    "title", "description", "author", "dc:creator", "comments", "pubDate", "content:encoded",
])  # fmt: skip
PIECES = st.one_of(
    st.builds("<{0}>{1}</{0}>".format, TEXTS, WORDS),
    st.builds("<{0}>{1}</{0}>".format, st.sampled_from(["link", "guid", "comments"]), PLACES),
    st.builds('<guid isPermaLink="{}">{}</guid>'.format, st.sampled_from(["true", "false", "?"]), PLACES),
    st.builds('<category domain="{}">{}</category>'.format, PLACES, WORDS),
    st.builds('<enclosure url="{}" type="{}" length="1"/>'.format, PLACES, st.sampled_from(["image/png", ""])),
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(PIECES, max_size=7, unique_by=lambda piece: piece[:6]), WORDS, st.sampled_from(["", "en", "pt_BR", "é"])
)
def test_any_plain_item_reads_alike(pieces: list[str], title: str, language: str) -> None:
    head = f"<title>{title}</title><language>{language}</language>"
    xml = f"{BEGIN}{head}{USUAL}<item>{''.join(pieces)}</item>{END}"
    found = straight(xml)
    assert found is None or found == by_feedparser(xml)
