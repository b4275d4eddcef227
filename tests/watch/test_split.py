"""Reading only what is new gives the documents that reading the whole feed gives, for every feed at hand."""

from pathlib import Path

import feedparser
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from publisher.watch import feed
from publisher.watch.mend import mend
from publisher.watch.split import split

ROOT = Path(__file__).parents[2]
CASES = sorted([*(ROOT / "tests/watch/cases").glob("*.xml"), *(ROOT / "publisher/sample").glob("*.xml")])
URL = "https://press.example.org/feed.xml"


def items(path: Path) -> tuple[str, ...]:
    return feed.parse_new(path.read_bytes(), url=URL)[1]


# --- every feed at hand -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_reading_by_items_with_nothing_known_is_reading_the_whole(path: Path) -> None:
    assert feed.parse_new(path.read_bytes(), url=URL)[0] == feed.parse(path.read_bytes(), url=URL)


def alike(path: Path, mask: int) -> None:
    """For any items that are known: the rest is as in the whole feed, or the whole feed is what is given."""
    body = path.read_bytes()
    whole = feed.parse(body, url=URL)
    prints = items(path)
    known = {each for place, each in enumerate(prints) if mask >> place & 1}
    found, again = feed.parse_new(body, url=URL, known=known)
    assert again == prints
    assert (found.title, found.language) == (whole.title, whole.language)
    if found.entries == whole.entries:
        return
    named = [each for each in prints if len(each) > 17]  # the others are empty and no entries
    assert len(named) == len(whole.entries)
    assert list(found.entries) == [entry for each, entry in zip(named, whole.entries, strict=True) if each not in known]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_any_known_items_leave_the_rest_as_in_the_whole_feed(path: Path) -> None:
    count = len(items(path))
    every = (
        range(2**count)
        if count <= 6
        else [*(1 << n for n in range(count)), *(2**count - 1 - (1 << n) for n in range(count))]
    )
    for mask in every:
        alike(path, mask)


def test_any_known_items_leave_the_rest_as_in_the_whole_feed_of_institutions(shared: Path) -> None:
    split_up = 0
    for path in sorted((shared / "samples").rglob("*.xml")):
        count = len(items(path))
        split_up += count > 0
        for mask in range(2 ** min(count, 5)):
            alike(path, mask)
    assert split_up >= 9


# --- made feeds -------------------------------------------------------------------------------------------------------

TEXT = st.sampled_from(
    ["News", "", "R&amp;D", "<![CDATA[<p>One & <b>two</b></p>]]>", "&lt;p&gt;Three&lt;/p&gt;", "é – “q”"]
)
DATE = st.sampled_from(["", "Mon, 02 Nov 2026 12:00:00 GMT", "Mon, 02 Nov 2026 09:30:00 +0100", "2026-11-02", "?"])
NAME = st.sampled_from(["", "a", "b", "c", "https://press.example.org/a", "https://press.example.org/b?utm_source=x"])


@st.composite
def item(draw: st.DrawFn) -> str:
    pieces = [
        f"<title>{draw(TEXT)}</title>",
        f"<link>{draw(NAME)}</link>" if draw(st.booleans()) else "",
        f"<guid>{draw(NAME)}</guid>" if draw(st.booleans()) else "",
        f"<pubDate>{draw(DATE)}</pubDate>" if draw(st.booleans()) else "",
        f"<description>{draw(TEXT)}</description>" if draw(st.booleans()) else "",
        "<dc:creator>A. Writer</dc:creator>" if draw(st.booleans()) else "",
        '<media:thumbnail url="https://press.example.org/p.jpg"/>' if draw(st.booleans()) else "",
    ]
    language = draw(st.sampled_from(["", ' xml:lang="fr"']))
    return f"<item{language}>{''.join(draw(st.permutations(pieces)))}</item>"


HEAD = (
    '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">'
    "<channel><title>Press</title><language>en</language>"
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(item(), max_size=6), st.integers(0, 63), st.booleans())
@example(["<item><guid>a</guid><title>1</title></item>", "<item><guid>a</guid><title>2</title></item>"], 1, False)
@example(["<item><link>https://x.eu/a</link><title>1</title></item>"] * 2, 1, False)
def test_any_feed_reads_alike_whatever_is_known(shown: list[str], mask: int, foot: bool) -> None:
    end = "<link>https://press.example.org/</link>" if foot else ""
    body = f"{HEAD}{''.join(shown)}{end}</channel></rss>".encode()
    whole = feed.parse(body, url=URL)
    _, prints = feed.parse_new(body, url=URL)
    known = {each for place, each in enumerate(prints) if mask >> place & 1}
    found, again = feed.parse_new(body, url=URL, known=known)
    assert again == prints
    if found.entries == whole.entries:
        return
    named = [each for each in prints if len(each) > 17]
    assert list(found.entries) == [entry for each, entry in zip(named, whole.entries, strict=True) if each not in known]


# --- what a fingerprint depends on ------------------------------------------------------------------------------------


def two(head: str = "", first: str = "<title>One</title>") -> bytes:
    second = "<item><guid>2</guid><title>Two</title></item>"
    return f"{HEAD}{head}<item><guid>1</guid>{first}</item>{second}</channel></rss>".encode()


def test_only_new_items_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    real = feedparser.parse

    def counted(*args: object, **kwargs: object) -> feedparser.FeedParserDict:
        found = real(*args, **kwargs)
        read.append(len(found.entries))
        return found

    monkeypatch.setattr(feedparser, "parse", counted)
    head = "<dc:title>What only feedparser reads</dc:title>"
    _, prints = feed.parse_new(two(head), url=URL)
    found, _ = feed.parse_new(two(head, "<title>One, corrected</title>"), url=URL, known=prints)
    assert [entry.title for entry in found.entries] == ["One, corrected"]
    assert read == [2, 1]


def test_item_is_new_again_when_its_bytes_change() -> None:
    _, before = feed.parse_new(two(), url=URL)
    _, after = feed.parse_new(two(first="<title>One.</title>"), url=URL)
    assert (before[0] == after[0], before[1] == after[1]) == (False, True)


@pytest.mark.parametrize(
    ("head", "stays"), [("<lastBuildDate>today</lastBuildDate>", True), ("<language>fr</language>", False)]
)
def test_items_are_new_again_when_the_feed_says_otherwise_of_all(head: str, *, stays: bool) -> None:
    assert (feed.parse_new(two(), url=URL)[1] == feed.parse_new(two(head), url=URL)[1]) is stays


def test_noon_is_a_time_where_a_known_item_shows_one() -> None:
    noon = "<item><guid>1</guid><title>A</title><pubDate>Mon, 02 Nov 2026 12:00:00 GMT</pubDate></item>"
    later = "<item><guid>2</guid><title>B</title><pubDate>Mon, 02 Nov 2026 15:20:00 GMT</pubDate></item>"
    body = f"{HEAD}{noon}{later}</channel></rss>".encode()
    known = feed.parse_new(body, url=URL)[1][1]
    (entry,) = feed.parse_new(body, url=URL, known=[known])[0].entries
    assert (entry.title, entry.precision) == ("A", "instant")


@pytest.mark.parametrize(
    "xml",
    [
        "<rss><channel><item>",
        "<rss><channel/><channel/></rss>",
        "<rss><channel><item><item/></item></channel></rss>",
        '<rss xml:base="https://x.eu/"><channel><item/></channel></rss>',
        "<rss><channel><a:b/></channel></rss>",
        "<html><body/></html>",
        "",
    ],
)
def test_what_is_not_certain_is_not_split(xml: str) -> None:
    assert split(mend(xml), URL) is None
