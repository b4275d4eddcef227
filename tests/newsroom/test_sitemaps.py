"""Watching a sitemap index: the sitemaps that changed are read, one level deep."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from publisher.enums import SourceKind
from publisher.models import Document
from publisher.newsroom.feeds import watching
from tests.factories import make_source
from tests.watch.server import Answer, Server

pytestmark = pytest.mark.django_db


@pytest.fixture
def web() -> Iterator[Server]:
    with Server().running() as server:
        yield server


def urlset(path: str) -> Answer:
    return Answer(body=f"<urlset><url><loc>https://press.example.org{path}</loc></url></urlset>".encode())


def test_new_document_in_a_sitemap_of_an_index_is_found(web: Server) -> None:
    maps = [(path, f"2026-11-{day}") for path, day in (("/old.xml", 10), ("/new.xml", 24))]
    index = "".join(f"<sitemap><loc>{web.url(path)}</loc><lastmod>{day}</lastmod></sitemap>" for path, day in maps)
    url = web.serve(Answer(body=f"<sitemapindex>{index}</sitemapindex>".encode()), "/sitemap.xml")
    web.serve(urlset("/news/old-statement"), "/old.xml")
    web.serve(urlset("/news/new-statement"), "/new.xml")
    looked = datetime(2026, 11, 20, tzinfo=UTC)
    source = make_source(url=url, kind=SourceKind.SITEMAP, last_success_at=looked, read_pages=False)
    (done,) = watching.poll([source])
    assert (done["status"], done["new"]) == ("ok", 1)
    assert Document.objects.get().title == "New statement"
    assert [asked.path for asked in web.asked] == ["/sitemap.xml", "/new.xml"]
