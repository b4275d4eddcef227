"""A document's page in a language that a channel waits for is looked for, and found to be the same document."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from publisher.models import Channel, Document, LanguageWait, Post, Rule, Source
from publisher.newsroom.documents import translations
from tests.factories import make_channel, make_source
from tests.newsroom.conftest import entry
from tests.newsroom.test_way_in import look
from tests.watch.server import Answer, Server

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = """<!doctype html><html lang="{lang}"><head><title>{title}</title><meta property="og:type" content="article">
<meta property="og:title" content="{title}">{links}</head><body><main><article><h1>{title}</h1><p>{words}</p>
<p>{words}</p></article></main></body></html>"""
ENGLISH = (
    "The Commission has today adopted measure number 1, which helps the regions that need it most in years to come."
)
GERMAN = "Die Kommission hat heute die Maßnahme Nummer 1 angenommen, die den Regionen hilft, die es meist brauchen."


@pytest.fixture
def site() -> Iterator[Server]:
    with Server().running() as server:
        yield server


def page(language: str, title: str, words: str, links: str = "") -> Answer:
    body = PAGE.format(lang=language, title=title, words=words, links=links).encode()
    return Answer(body=body, headers={"Content-Type": "text/html; charset=utf-8"})


def german(site: Server, language: str = "de") -> str:
    return site.serve(page(language, "Kommission nimmt Maßnahme Nummer 1 an", GERMAN), "/massnahme-1")


def came_in(site: Server, links: str) -> Channel:
    """An English document that a German channel waits for."""
    Rule.objects.create(name="All")
    channel = make_channel("telegram", language="de", language_hours=4)
    title = "Commission adopts measure number 1"
    url = site.serve(page("en", title, ENGLISH, links), "/ip_26_1_en")
    look(make_source(read_pages=True), entry(1, url=url, guid=url, title=title))
    assert LanguageWait.objects.get().channel == channel
    return channel


def test_page_that_the_document_names_is_stored_as_its_translation_and_drafted(site: Server) -> None:
    channel = came_in(site, f'<link rel="alternate" hreflang="de" href="{german(site)}">')
    assert translations.look() == 1
    (document,) = Document.objects.all()
    assert sorted(version.language for version in document.versions.all()) == ["de", "en"]
    (post,) = channel.posts.all()
    assert post.revision is not None
    assert (post.revision.language, "Maßnahme" in post.revision.content[0].text) == ("de", True)
    assert (LanguageWait.objects.get().outcome, translations.look()) == ("came", 0)


def test_translation_that_is_named_later_is_found_then(site: Server) -> None:
    channel = came_in(site, "")
    assert (translations.look(), channel.posts.count()) == (0, 0)
    links = f'<link rel="alternate" hreflang="de" href="{german(site)}">'
    site.serve(page("en", "Commission adopts measure number 1", ENGLISH, links), "/ip_26_1_en")
    assert translations.look() == 0  # not within half an hour
    LanguageWait.objects.update(looked_at=timezone.now() - timedelta(hours=1))
    assert (translations.look(), channel.posts.count(), Document.objects.count()) == (1, 1, 1)


def test_page_in_another_language_than_it_says_is_none(site: Server) -> None:
    channel = came_in(site, f'<link rel="alternate" hreflang="de" href="{german(site, "en")}">')
    assert (translations.look(), channel.posts.count(), Document.objects.count()) == (0, 0, 1)


def test_nothing_is_looked_for_when_time_is_over_or_pages_are_not_read(site: Server) -> None:
    came_in(site, f'<link rel="alternate" hreflang="de" href="{german(site)}">')
    Source.objects.update(read_pages=False)
    assert translations.look() == 0
    Source.objects.update(read_pages=True)
    LanguageWait.objects.update(until=timezone.now())
    assert (translations.look(), Post.objects.count()) == (0, 0)
