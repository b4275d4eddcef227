"""Each case is a feed in cases/ with what is to be read from it beside it: `<name>.expected.json`."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from publisher.enums import DocumentKind, Precision, SourceStatus
from publisher.errors import FetchError
from publisher.watch.feed import parse
from publisher.watch.mend import mend
from tests.watch.helpers import shown

CASES = sorted(path for path in (Path(__file__).parent / "cases").iterdir() if ".expected" not in path.name)
URL = "https://feeds.example.org/feed.xml"
ITEM = "<item><title>One</title><link>https://example.org/1</link></item>"


def rss(items: str = ITEM, prolog: str = "") -> bytes:
    return f'{prolog}<rss version="2.0"><channel><title>T</title>{items}</channel></rss>'.encode()


def failure(body: bytes, content_type: str = "application/rss+xml") -> tuple[str, SourceStatus]:
    with pytest.raises(FetchError) as caught:
        parse(body, content_type, URL)
    return caught.value.key, SourceStatus(caught.value.status)


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_case_reads_as_expected(case: Path) -> None:
    expected = case.with_name(f"{case.name.split('.')[0]}.expected.json")
    assert shown(parse(case.read_bytes(), "", URL)) == json.loads(expected.read_text(encoding="utf-8"))


def test_entries_keep_the_address_they_were_read_from() -> None:
    assert [entry.source for entry in parse(rss(), "", URL).entries] == [URL]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (rss("<item><title>Füße – “ja”</title></item>"), "application/xml; charset=iso-8859-1"),
        (rss("<item><title>Füße – “ja”</title></item>"), "text/xml"),
        (b"\xef\xbb\xbf" + rss("<item><title>Füße – “ja”</title></item>"), "application/xml"),
        (
            '<?xml version="1.0" encoding="iso-8859-1"?><rss version="2.0"><channel><item><title>Füße – “ja”</title>'
            "</item></channel></rss>".encode("cp1252"),
            "text/xml; charset=utf-8",
        ),
        (
            '<?xml version="1.0" encoding="utf-16"?><rss version="2.0"><channel><item><title>Füße – “ja”</title>'
            "</item></channel></rss>".encode("utf-16"),
            "",
        ),
    ],
    ids=["utf-8 called latin-1", "utf-8 called nothing", "byte order mark", "cp1252 called latin-1", "utf-16"],
)
def test_letters_survive_wrong_labels(body: bytes, content_type: str) -> None:
    assert [entry.title for entry in parse(body, content_type, URL).entries] == ["Füße – “ja”"]


def test_a_feed_may_call_itself_a_web_page() -> None:
    assert [entry.title for entry in parse(rss(), "text/html; charset=utf-8", URL).entries] == ["One"]


def test_a_harmless_entity_of_its_own_is_read() -> None:
    prolog = '<!DOCTYPE rss [<!ENTITY eu "European Union">]>'
    feed = parse(rss("<item><title>The &eu; acts</title></item>", prolog), "", URL)
    assert [entry.title for entry in feed.entries] == ["The European Union acts"]


def test_an_external_entity_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    prolog = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    feed = parse(rss("<item><title>A &x; B</title></item>", prolog), "", URL)
    assert [entry.title for entry in feed.entries if "hidden" in entry.title] == []


def test_ampersands_in_cdata_and_comments_stay() -> None:
    assert mend("<a><!-- R&D --><![CDATA[R&D &nbsp;]]>R&D &nbsp;</a>") == (
        "<a><!-- R&D --><![CDATA[R&D &nbsp;]]>R&amp;D \u00a0</a>"
    )


@pytest.mark.parametrize("start", ["<![CDATA[", "<!--"])
def test_mending_is_linear_however_often_a_section_opens(start: str) -> None:
    text = "<a>" + start * 300_000
    assert mend(text) == text


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>',
        "<!DOCTYPE rss [" + "".join(f'<!ENTITY e{number} "x">' for number in range(21)) + "]>",
        '<!DOCTYPE rss [<!ENTITY % p "x"><!ENTITY b "%p;">]>',
        f'<!DOCTYPE rss [<!ENTITY a "{"x" * 1000}">]>',
    ],
    ids=["nested", "too many", "parameter", "long"],
)
def test_entity_bombs_are_refused_unread(prolog: str) -> None:
    assert failure(rss(prolog=prolog)) == ("source.dangerous", SourceStatus.MALFORMED)


def test_a_bomb_of_many_references_is_refused() -> None:
    prolog = f'<!DOCTYPE rss [<!ENTITY a "{"x" * 100}">]>'
    body = rss(f"<item><title>{'&a;' * 10_001}</title></item>", prolog)
    assert failure(body) == ("source.dangerous", SourceStatus.MALFORMED)


def test_elements_nested_without_end_are_refused() -> None:
    assert failure(rss("<a>" * 100_000)) == ("source.dangerous", SourceStatus.MALFORMED)


def test_many_paragraphs_left_open_are_no_attack() -> None:
    items = "".join(
        f"<item><title>{n}</title><description><![CDATA[{'<p>x<div>' * 9}]]></description></item>" for n in range(900)
    )
    assert len(parse(rss(items), "", URL).entries) == 900


def test_a_title_that_is_nothing_but_an_entity_is_refused() -> None:
    assert failure(rss("<item><title>&l9;</title></item>")) == ("source.dangerous", SourceStatus.MALFORMED)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", ("source.empty", SourceStatus.BLOCKED)),
        (b" \n\t ", ("source.empty", SourceStatus.BLOCKED)),
        (b"OK", ("source.no_feed", SourceStatus.BLOCKED)),
        (b"<!doctype html><html><title>Just a moment...</title></html>", ("source.blocked", SourceStatus.BLOCKED)),
        (
            b"<html><body><h1>Technical Difficulties</h1><p>We are sorry.</p></body></html>",
            ("source.blocked", SourceStatus.BLOCKED),
        ),
        (b"<!DOCTYPE html><html><body><p>Our news</p></body></html>", ("source.no_feed", SourceStatus.BLOCKED)),
        (b"<urlset><url><loc>https://example.org/</loc></url></urlset>", ("source.no_feed", SourceStatus.BLOCKED)),
        (b'{"error": "not found"}', ("source.no_feed", SourceStatus.BLOCKED)),
        (b"[1, 2]", ("source.no_feed", SourceStatus.BLOCKED)),
        (b'{"version": "https://jsonfeed.org/version/1", "items": [', ("source.malformed", SourceStatus.MALFORMED)),
        (b"{" * 100_000, ("source.malformed", SourceStatus.MALFORMED)),
        (b"Neither XML nor JSON, but some words of plain text. " * 10, ("source.malformed", SourceStatus.MALFORMED)),
        (rss()[:-40], ("source.malformed", SourceStatus.MALFORMED)),
    ],
)
def test_what_is_no_feed_says_which_way(body: bytes, expected: tuple[str, SourceStatus]) -> None:
    assert failure(body) == expected


def test_a_feed_that_says_it_has_ended_is_gone() -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Search</title><entry><title>This feed has ended</title>'
        "<id>https://www.gov.uk/search/news.atom/feed-ended</id><updated>2026-10-08T10:00:00Z</updated></entry></feed>"
    )
    assert failure(atom.encode(), "application/atom+xml") == ("source.ended", SourceStatus.GONE)


def test_a_feed_with_a_fault_that_ends_properly_is_read() -> None:
    body = rss(f"{ITEM}<item><title>Two <b>words</title><link>https://example.org/2</link></item>")
    assert [entry.url for entry in parse(body, "", URL).entries] == ["https://example.org/1", "https://example.org/2"]


def test_the_same_bytes_read_the_same_twice() -> None:
    body = (CASES[0]).read_bytes()
    assert parse(body, "", URL) == parse(body, "", URL)


CHUNKS = st.sampled_from(
    [
        b"\xff\xfe",
        b"\x00",
        b"\xed\xa0\x80",
        *rb"""
<rss version="2.0"><channel>|</channel></rss>|<item>|</item>|<title>|</title>|<link>|</link>|<guid>|</guid>|<pubDate>
</pubDate>|Fri, 02 Oct 9999 23:59:59 -2359|0000-00-00T00:00:00|<a10:updated>|<dc:creator>|<language>|</language>
<description>|</description>|&amp;|&|&#x110000;|&l9;|&lt;p&gt;|<![CDATA[|]]>|<!--|<!DOCTYPE x [|<!ENTITY a 'b'>|]>
<?xml version='1.0' encoding='utf-7'?>|<feed xmlns="http://www.w3.org/2005/Atom">|<entry>|</entry></feed>
<content type='html'>|<enclosure url='http://[' type='image/png'/>|https://example.org/|http://[::1|javascript:x
<media:content url='x'/>|{"version":"https://jsonfeed.org/version/1","items":[|{"id":|1e999|"\\ud800"|}|]|,|"url":
"title":|"date_published":""".strip()
        .replace(b"\n", b"|")
        .split(b"|"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.binary(max_size=300), st.lists(st.one_of(CHUNKS, st.binary(max_size=8)), max_size=30).map(b"".join)),
    st.sampled_from(
        ["", "text/xml; charset=utf-16", "application/json", "text/html; charset=nonsense", "text/xml; charset=rot13"]
    ),
    st.sampled_from(["", URL, "http://["]),
)
@example(b'{"version":"https://jsonfeed.org/version/1","items":[{"id":1e999,"title":"\\ud800"}]}', "", "")
def test_nothing_but_a_fetch_error_escapes(body: bytes, content_type: str, url: str) -> None:
    try:
        feed = parse(body, content_type, url)
    except FetchError as error:
        refused = error.key
    else:
        refused = ""
        for entry in feed.entries:
            assert entry.id
            assert entry.title
            assert entry.kind in set(DocumentKind)
            assert entry.precision in set(Precision)
            entry.hash.encode()
        ids = [(entry.guid, entry.url) for entry in feed.entries]
        assert len(ids) == len(set(ids))
    assert refused != "source.failed"  # the fault would be ours
