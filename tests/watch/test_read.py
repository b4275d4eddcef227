import json
import subprocess
import sys
from pathlib import Path

import pytest

from publisher.errors import FetchError
from publisher.types import entry_from_json
from publisher.watch.guard import Guard
from publisher.watch.guess import FORMS, guess
from publisher.watch.read import read, read_entries
from tests.watch.server import Answer, Server

CASES = Path(__file__).parent / "cases"
LOOPBACK = Guard.admitting("127.0.0.1")
FEED = CASES / "presscorner.xml"
FIELDS = [
    "id", "url", "title", "guid", "reference", "kind", "lead", "language", "published_at", "precision", "updated_at",
    "embargo_until", "speakers", "quotes", "image", "video", "body", "source",
    "exchanges", "place", "zone", "alternates", "topics", "reading_minutes", "video_seconds", "starts_at", "ends_at",
    "machine_translated", "withdrawn", "recipe", "hash",
]  # fmt: skip


def test_a_file() -> None:
    seen = read(str(FEED))
    assert list(seen) == ["input", "status", "documents", "issues"]
    assert (seen["input"], seen["status"], len(seen["documents"])) == (str(FEED), "ok", 4)
    assert [list(document) for document in seen["documents"]] == [FIELDS] * 4
    assert [(issue["field"], issue["key"]) for issue in seen["issues"]] == [("language", "entry.language_differs")]
    assert json.loads(json.dumps(seen)) == seen


def test_documents_come_back_as_entries() -> None:
    entries = read_entries(str(FEED))
    assert [entry_from_json(document) for document in read(str(FEED))["documents"]] == entries


def test_an_address(server: Server) -> None:
    server.serve(Answer(status=301, headers={"Location": "/feed.xml"}), "/old.xml")
    url = server.serve(Answer(body=FEED.read_bytes(), headers={"Content-Type": "application/rss+xml"}))
    seen = read(server.url("/old.xml"), guard=LOOPBACK)
    assert (seen["input"], seen["status"]) == (server.url("/old.xml"), "ok")
    assert {document["source"] for document in seen["documents"]} == {url}


@pytest.mark.parametrize(
    ("answer", "status", "key"),
    [
        (Answer(status=410), "gone", "source.gone"),
        (Answer(status=429), "rate_limited", "source.rate_limited"),
        (Answer(body=b"<html><title>Just a moment...</title></html>"), "blocked", "source.blocked"),
        (Answer(body=b"<rss>"), "malformed", "source.malformed"),
        (Answer(body=b""), "blocked", "source.empty"),
    ],
)
def test_an_unreadable_address_has_its_status_and_a_sentence(
    server: Server, answer: Answer, status: str, key: str
) -> None:
    seen = read(server.serve(answer), guard=LOOPBACK)
    assert (seen["status"], seen["documents"]) == (status, [])
    (issue,) = seen["issues"]
    assert issue["key"] == key
    assert issue["message"].endswith(".")


@pytest.mark.parametrize("target", ["/no/such/file.xml", "", "a\0b", "/"])
def test_an_unreadable_file(target: str) -> None:
    seen = read(target)
    assert (seen["status"], [issue["key"] for issue in seen["issues"]]) == ("error", ["source.file"])
    with pytest.raises(FetchError):
        read_entries(target)


@pytest.mark.parametrize("target", ["ftp://example.org/x", "file:///etc/passwd"])
def test_other_schemes_are_refused(target: str) -> None:
    assert [issue["key"] for issue in read(target)["issues"]] == ["source.address"]


CARD = (
    '<article class="ecl-content-item"><time datetime="2026-09-18"></time>'
    '<div class="ecl-content-block__title"><a href="{0}">Title {0}</a></div></article>'
)
LIST = f"<article></article>{CARD.format('/a')}{CARD.format('https://example.org/b')}".encode()


def test_links_of_a_file_lead_where_it_came_from_or_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "list.html"
    path.write_bytes(LIST)
    alone, told = read(str(path)), read(str(path), url="https://commission.europa.eu/index_en")
    assert [document["url"] for document in alone["documents"]] == ["", "https://example.org/b"]
    assert [issue["key"] for issue in alone["issues"]] == ["entry.no_address"]
    assert [document["url"] for document in told["documents"]] == [
        "https://commission.europa.eu/a",
        "https://example.org/b",
    ]
    assert told["issues"] == []


@pytest.mark.parametrize(
    ("body", "url", "form"),
    [
        (b'<?xml version="1.0"?><rss version="2.0"/>', "", "feed"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "", "feed"),
        (b"<!DOCTYPE HTML><html>", "", "page"),
        (b"\n<!-- x -->\n<html>", "", "page"),
        (b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "x"><html>', "", "page"),
        (b'{"docuLanguageResource": {}}', "", "presscorner"),
        (b'{"docuLanguageListResources": []}', "", "presscorner"),
        (b"", "https://ec.europa.eu/commission/presscorner/api/documents?reference=IP/26/1", "presscorner"),
        (b"", "https://ec.europa.eu/commission/presscorner/api/rss?language=en", "feed"),
        (b'{"base_path": "/x", "details": {}}', "", "govuk"),
        (b'{"responseHeader": {}, "response": {"docs": []}}', "", "avportal"),
        (b"BEGIN:VCALENDAR", "", "calendar"),
        (b'<?xml version="1.0"?><urlset xmlns="x">', "", "sitemap"),
        (b"<sitemapindex>", "", "sitemap"),
        (b"Kaja Kallas: We go on.", "", "text"),
        (LIST, "", "listing"),
        (LIST, "https://commission.europa.eu/x_en", "listing"),
        (LIST, "https://example.org/", "page"),
        (b"<html><main>" + b"<p>Much more text than the cards have.</p>" * 20 + LIST, "", "page"),
    ],
)
def test_what_a_target_seems_to_be(body: bytes, url: str, form: str) -> None:
    assert guess(body, "", url) == form
    assert form in FORMS


def test_reading_as_something_else_is_tried_as_told() -> None:
    assert read(str(FEED), "presscorner")["status"] == "malformed"


def test_importing_it_is_light() -> None:
    heavy = "aiohttp feedparser selectolax w3lib django tweepy atproto mastodon"
    code = f"import sys, publisher.watch.read; print([name for name in {heavy.split()!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
