"""The sample newsroom's feeds, as a feed reader meets them."""

from collections import Counter
from pathlib import Path

import feedparser
import pytest
from django.test import Client

import publisher.sample
from publisher.watch.feed import parse

pytestmark = pytest.mark.urls("publisher.sandbox.urls")

FEEDS = sorted(path.stem for path in Path(publisher.sample.__path__[0]).glob("*.xml"))


def test_there_is_a_feed_per_institution_and_language() -> None:
    assert FEEDS == ["commission", "council", "eeas", "eeas-fr", "parliament"]


@pytest.mark.parametrize("name", FEEDS)
def test_feed_is_well_formed_attributed_and_dated(client: Client, name: str) -> None:
    feed = feedparser.parse(client.get(f"/sample/{name}.xml").content)
    assert not feed.bozo
    assert feed.feed.rights.startswith("© European Union")
    for entry in feed.entries:
        assert entry.id
        assert entry.link.startswith("https://")
        assert entry.get("published_parsed") or entry.get("updated_parsed")


@pytest.mark.parametrize("name", FEEDS)
def test_pictures_of_a_feed_are_served_from_the_address_asked(client: Client, name: str) -> None:
    feed = feedparser.parse(client.get(f"/sample/{name}.xml", headers={"Host": "localhost"}).content)
    pictures = [(item["url"], item["type"]) for entry in feed.entries for item in entry.get("media_content", ())]
    assert pictures
    for url, kind in pictures:
        assert url.startswith("http://localhost/sample/images/")
        response = client.get(url.removeprefix("http://localhost"))
        assert (response.status_code, response.headers["Content-Type"]) == (200, kind)
        assert len(response.content) < 50_000


def test_first_look_at_the_newsroom_shows_every_kind_of_work(client: Client) -> None:
    entries = [
        entry
        for name in FEEDS
        for entry in parse(client.get(f"/sample/{name}.xml").content, "application/xml", f"http://x.eu/{name}").entries
    ]
    assert Counter(entry.kind.value for entry in entries) == {
        "press_release": 5,
        "statement": 2,
        "speech": 1,
        "remarks": 1,
    }
    assert {entry.language for entry in entries} == {"en", "fr"}
    assert [entry.title for entry in entries if entry.image and not entry.image.alt] == []
    assert "putting some more pressure on Russia" in next(entry.body for entry in entries if entry.kind == "remarks")


@pytest.mark.parametrize("path", ["/sample/eeas.xml", "/sample/images/ocean.jpg"])
@pytest.mark.parametrize(("theirs", "ours"), [("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")])
def test_feed_that_is_known_is_not_sent_again(client: Client, path: str, theirs: str, ours: str) -> None:
    response = client.get(path)
    again = client.get(path, headers={ours: response.headers[theirs]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == response.headers["ETag"]


@pytest.mark.parametrize("path", ["/sample/nothing.xml", "/sample/images/ocean.svg", "/sample/images/nothing.jpg"])
def test_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
