"""Feeds that go to extremes: what is too long or no text for a database is taken in all the same, on each database."""

import json
from typing import Any

import pytest

from publisher.models import Document, Source
from publisher.newsroom.drafts import drafting
from publisher.newsroom.feeds import watching
from tests.factories import make_channel, make_rule, make_source
from tests.watch.server import Answer, Server

pytestmark = pytest.mark.django_db


def json_feed(**fields: Any) -> bytes:
    item = {"id": "1", "url": "https://press.example.org/1", "title": "A statement", "content_text": "Its text."}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Press", "items": [item | fields]}
    return json.dumps(feed).encode()


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "long " * 1000},
        {"id": "é€\U0001f600" * 3000},
        {"id": "https://press.example.org/" + "".join(chr(0x4E00 + n) for n in range(5000))},
        {"url": "https://press.example.org/" + "x" * 5000},
        {"language": "an-extremely-long-language-tag"},
        {"content_text": "A text with \0 in it."},
        {"title": "A title with \0 and \x07 in it"},
        {"id": "1\x002"},
        {"title": "A title with half a character: \ud83d"},
        {"content_text": "Half a character: \udc00."},
        {"date_published": "0001-01-01T00:00:00+14:00"},
        {"date_published": "9999-12-31T23:59:59-14:00"},
    ],
    ids=[
        *("long title", "long id", "long Chinese id", "long address", "long language"),
        *("NUL in text", "controls in title", "NUL in id", "half a pair in title", "half a pair in text"),
        *("first year", "last year"),
    ],
)
def test_entry_is_taken_in_and_drafted(fields: dict[str, Any]) -> None:
    make_rule()
    make_channel()
    with Server().running() as web:
        source = make_source(url=web.serve(Answer(body=json_feed(**fields))), language="en")
        found = watching.poll([source])
    assert [(row["problem"], row["new"]) for row in found] == [("", 1)]
    document = Document.objects.get()
    assert document.posts.count() == 1
    assert drafting.draft(document.pk) == []
    assert Source.objects.get().problem == ""
