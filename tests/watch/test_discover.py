"""Discovery: what can be watched at any page's address."""

import asyncio
import time
from collections.abc import Iterator

import pytest

from publisher.enums import SourceKind
from publisher.errors import FetchError
from publisher.watch import leads
from publisher.watch.discover import MOST_TRIED, Discovery, discover
from publisher.watch.fetch import Web
from publisher.watch.guard import Guard
from publisher.watch.leads import Hope
from tests.watch.server import Answer, Server

HTML = {"Content-Type": "text/html; charset=utf-8"}
LOOPBACK = Guard.admitting("127.0.0.1")
ITEM = (
    "<item><title>{0}</title><link>https://press.example.org/{0}</link>"
    "<pubDate>{1} Nov 2026 10:00:00 GMT</pubDate></item>"
)
ICS = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//a//b\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261126T130000Z\r\n"
    b"SUMMARY:Council\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
SITEMAP = b"<urlset><url><loc>https://press.example.org/news/statement</loc></url></urlset>"
USUAL = [
    "/news/feed/",
    "/news/rss.xml",
    "/news/atom.xml",
    "/news/feed.xml",
    "/feed/",
    "/rss.xml",
    "/atom.xml",
    "/feed.xml",
]


def rss(*items: tuple[str, int], title: str = "News") -> Answer:
    text = "".join(ITEM.format(*item) for item in items)
    return Answer(body=f'<rss version="2.0"><channel><title>{title}</title>{text}</channel></rss>'.encode())


def page(head: str = "", body: str = "<p>Nothing much.</p>") -> Answer:
    text = f"<!doctype html><html lang=en><head><title>Press room</title>{head}</head><body>{body}</body></html>"
    return Answer(body=text.encode(), headers=HTML)


def look(url: str) -> Discovery:
    async def run() -> Discovery:
        async with Web("Test/1.0", guard=LOOPBACK) as web:
            return await discover(web, url)

    return asyncio.run(run())


@pytest.fixture
def site(server: Server) -> Iterator[Server]:
    yield server
    assert len(server.asked) == len({asked.path for asked in server.asked}), "an address was asked twice"
    assert server.most_at_once <= 1, "a host was asked for two things at once"


def asked(site: Server) -> list[str]:
    return [each.path for each in site.asked]


def test_feeds_that_the_page_names_are_tried_and_shown_with_their_newest_three(site: Server) -> None:
    site.serve(rss(("a", 20), ("b", 24), ("c", 22), ("d", 23)), "/all.xml")
    head = '<link rel="alternate" type="application/rss+xml" title="All" href="/all.xml">'
    found = look(site.serve(page(head), "/news"))
    (offer,) = found.offers
    assert (offer.kind, offer.title, offer.count) == (SourceKind.FEED, "News", 4)
    assert [entry.title for entry in offer.entries] == ["b", "d", "c"]
    assert asked(site) == ["/news", "/all.xml"]


def test_feed_itself_is_asked_once(site: Server) -> None:
    found = look(site.serve(rss(("a", 20))))
    assert [offer.kind for offer in found.offers] == [SourceKind.FEED]
    assert (found.page, asked(site)) == (None, ["/feed.xml"])


def test_every_kind_of_feed_that_is_named_counts(site: Server) -> None:
    site.serve(rss(("a", 20)), "/rss")
    site.serve(
        Answer(
            body=b'<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><entry><id>x</id><title>b</title></entry></feed>'
        ),
        "/atom",
    )
    json_feed = b'{"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": [{"id": "1", "title": "c"}]}'
    site.serve(Answer(body=json_feed), "/json")
    kinds = {"rss+xml": "/rss", "atom+xml": "/atom", "feed+json": "/json"}
    head = "".join(f'<link rel=alternate type="application/{kind}" href="{path}">' for kind, path in kinds.items())
    found = look(site.serve(page(head), "/news"))
    assert sorted(offer.title for offer in found.offers) == ["A", "J", "News"]


def test_same_documents_in_a_second_form_are_offered_once_and_comments_come_last(site: Server) -> None:
    for path in ("/feed.xml", "/feed2.xml"):
        site.serve(rss(("a", 20)), path)
    site.serve(rss(("me too", 24), title="Comments"), "/comments/feed.xml")
    paths = ("/comments/feed.xml", "/feed.xml", "/feed2.xml")
    head = "".join(f'<link rel=alternate type="application/rss+xml" href="{path}">' for path in paths)
    assert [offer.title for offer in look(site.serve(page(head), "/news")).offers] == ["News", "Comments"]


def test_named_feed_that_is_none_is_not_offered_and_the_usual_places_are_looked_at(site: Server) -> None:
    site.serve(page(), "/gone.xml")
    site.serve(rss(("a", 20)), "/news/atom.xml")
    head = '<link rel="alternate" type="application/rss+xml" href="/gone.xml">'
    found = look(site.serve(page(head), "/news"))
    assert [offer.url for offer in found.offers] == [site.url("/news/atom.xml")]
    assert asked(site) == ["/news", "/gone.xml", "/news/feed/", "/news/rss.xml", "/news/atom.xml"]


def test_calendar_that_the_page_links_to_is_found(site: Server) -> None:
    site.serve(Answer(body=ICS, headers={"Content-Type": "text/calendar"}), "/events.ics")
    found = look(site.serve(page(body='<a href="/events.ics">Our calendar</a>'), "/news"))
    assert [(offer.kind, offer.entries[0].title) for offer in found.offers] == [(SourceKind.CALENDAR, "Council")]


def test_sitemap_of_robots_is_the_last_resort(site: Server) -> None:
    site.serve(Answer(body=b"User-agent: *\nSitemap: /maps/news.xml\n"), "/robots.txt")
    site.serve(Answer(body=SITEMAP), "/maps/news.xml")
    found = look(site.serve(page(), "/news"))
    assert [(offer.kind, offer.url) for offer in found.offers] == [(SourceKind.SITEMAP, site.url("/maps/news.xml"))]
    assert asked(site) == ["/news", *USUAL, "/robots.txt", "/maps/news.xml"]


def test_sitemap_index_is_followed_one_level(site: Server) -> None:
    index = f"<sitemapindex><sitemap><loc>{site.url('/news-map.xml')}</loc></sitemap></sitemapindex>"
    site.serve(Answer(body=SITEMAP), "/news-map.xml")
    found = look(site.serve(Answer(body=index.encode()), "/sitemap.xml"))
    assert [(offer.kind, offer.count) for offer in found.offers] == [(SourceKind.SITEMAP, 1)]


def test_person_does_not_wait_for_a_site_that_hangs(site: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publisher.watch.discover.LONGEST", 0.3)
    site.serve(Answer(body=b"x" * 100, hang=True), "/slow.xml")
    site.serve(Answer(body=b"x" * 100, hang=True), "/news/feed/")
    head = '<link rel="alternate" type="application/rss+xml" href="/slow.xml">'
    started = time.monotonic()
    assert look(site.serve(page(head), "/news")).offers == ()
    assert time.monotonic() - started < 3


def test_page_that_offers_nothing_gives_the_page_for_picking_its_parts(site: Server) -> None:
    found = look(site.serve(page(), "/news"))
    assert found.offers == ()
    assert found.page is not None
    assert len(site.asked) <= MOST_TRIED + 1


def test_page_with_many_links_is_followed_to_a_few_only(site: Server) -> None:
    body = "".join(f'<a href="/feed/{number}.rss">x</a>' for number in range(100))
    look(site.serve(page(body=body), "/news"))
    assert len(site.asked) <= MOST_TRIED + 1


def test_feed_inside_our_own_net_is_not_asked(site: Server) -> None:
    links = "".join(
        f'<link rel=alternate type="application/rss+xml" href="http://{host}/feed.xml">'
        for host in ("10.1.2.3", "localhost", "169.254.169.254", "[::ffff:10.1.2.3]")
    )
    found = look(site.serve(page(links), "/news"))
    assert (found.offers, [path for path in asked(site) if "feed.xml" in path]) == ((), ["/news/feed.xml", "/feed.xml"])


def test_address_where_nothing_answers_raises(site: Server) -> None:
    with pytest.raises(FetchError) as caught:
        look(site.url("/nothing"))
    assert caught.value.key == "source.not_found"


# --- what an address alone tells


@pytest.mark.parametrize(
    ("url", "lead"),
    [
        (
            "https://ec.europa.eu/commission/presscorner/home/fr",
            "https://ec.europa.eu/commission/presscorner/api/rss?language=fr&pagesize=30",
        ),
        (
            "https://ec.europa.eu/commission/presscorner/api/rss?language=de",
            "https://ec.europa.eu/commission/presscorner/api/rss?language=de&pagesize=30",
        ),
        (
            "https://www.gov.uk/search/news-and-communications?people[]=x",
            "https://www.gov.uk/search/news-and-communications.atom?people[]=x",
        ),
        (
            "https://www.gov.uk/government/organisations/cabinet-office/",
            "https://www.gov.uk/government/organisations/cabinet-office.atom",
        ),
    ],
)
def test_known_sites_have_feeds_that_their_pages_do_not_name(url: str, lead: str) -> None:
    assert [each.url for each in leads.by_address(url) if each.kind is not SourceKind.LISTING] == [lead]


@pytest.mark.parametrize("path", ["press-material_en", "mat%C3%A9riel-de-presse_fr", "pressematerial_de"])
def test_page_that_a_shipped_recipe_reads_is_a_listing(path: str) -> None:
    (lead,) = leads.by_address(f"https://www.eeas.europa.eu/eeas/{path}")
    assert (lead.kind, lead.title) == (SourceKind.LISTING, "EEAS press material")


def test_drupal_page_has_a_feed_of_its_own_node() -> None:
    body = b'<!doctype html><head><meta name="Generator" content="Drupal 10"><link rel="shortlink" href="/node/38">'
    found = leads.leads_of(body, "text/html", "https://competition-policy.ec.europa.eu/latest_en")
    assert next(lead.url for lead in found if lead.hope is Hope.USUAL) == (
        "https://competition-policy.ec.europa.eu/node/38/rss_en"
    )
