"""What institutions' feeds bring is text to us: on no page, in no e-mail and in no export is it anything else."""

import csv
import io
from datetime import timedelta
from html import escape

import pytest
from django.test import Client
from django.utils import timezone

from publisher.enums import NoticeKind
from publisher.models import Document, Notice, Post, SandboxAccount, SandboxPost, Source
from publisher.newsroom.alerts import letters, notify
from publisher.newsroom.record import exports
from publisher.web.templatetags.desk import host
from tests.factories import make_channel, make_rule
from tests.newsroom.office import Office, poll, press_office
from tests.watch.server import Answer
from tests.web import hostile
from tests.web.conftest import HTMX


@pytest.fixture
def taken_in(transactional_db: None) -> list[Document]:
    with press_office() as office:
        assert poll(hostile_source(office)) == ["ok"]
    return list(Document.objects.order_by("pk"))


def hostile_source(office: Office) -> Source:
    """A source that was watched before and brings hostile entries now; its pages are read."""
    make_channel(language="en")
    make_rule()
    serve(office)
    before = timezone.now() - timedelta(hours=1)
    return Source.objects.create(
        name=hostile.marks("source")[:200],
        url=office.server.url("/feed.xml"),
        language="en",
        read_pages=True,
        baseline_at=before,
        last_checked_at=before,
    )


@pytest.mark.parametrize("markup", [*hostile.MARKUP, *(f'<a href="{link}">x</a>' for link in hostile.LINKS)])
def test_search_finds_what_a_browser_would_run(markup: str) -> None:
    assert hostile.found_in(f"<main>{markup.format('run()')}</main>") != []


def serve(office: Office) -> None:
    office.server.serve(Answer(body=hostile.page(), headers={"Content-Type": "text/html"}), "/page")
    body = hostile.feed(office.server.url("").rstrip("/"))
    office.server.serve(Answer(body=body, headers={"Content-Type": "application/rss+xml"}), "/feed.xml")


def test_no_page_runs_what_a_feed_brings(taken_in: list[Document], administrator: Client) -> None:
    assert taken_in
    post = Post.objects.first()
    assert post is not None
    source = Source.objects.get()
    paths = ["/", "/documents/", "/published/", "/alarms/", "/history/", "/sources/", "/rules/", "/notifications/"]
    paths += [f"/sources/{source.pk}/", f"/sources/{source.pk}/remove/", "/sources/add/", "/queue/changes/?token=x"]
    for document in taken_in:
        paths += [f"/documents/{document.pk}/", f"/documents/{document.pk}/text/"]
    for each in Post.objects.all():
        paths += [f"/posts/{each.pk}/edit/", f"/posts/{each.pk}/provenance/"]
    found, shown = {}, ""
    for path in paths:
        for headers in ({}, HTMX):
            answer = administrator.get(path, **headers)
            assert answer.status_code in {200, 204}, path
            shown += answer.content.decode()
            if wrong := hostile.found_in(answer.content.decode()):
                found[path] = wrong
    assert found == {}
    for place in ("title", "source"):  # it was there to be run
        assert escape(hostile.RUN.format(place)) in shown, place


def test_no_address_of_a_document_leads_into_a_script(taken_in: list[Document]) -> None:
    schemes = {document.url.partition(":")[0] for document in taken_in if document.url}
    assert schemes <= {"http", "https"}


def test_server_that_looks_like_another_shows_that_it_is_none() -> None:
    names = [host(f"https://{name}/a") for name in ("www.europa.eu", "\u0435uropa.eu", "a" * 70 + ".eu", "[::1]")]
    assert names == ["europa.eu", "xn--uropa-ywe.eu", "a" * 70 + ".eu", "::1"]


def test_timeline_shows_hostile_words_as_words(transactional_db: None, stranger: Client) -> None:
    account, _token = SandboxAccount.objects.open("press", hostile.marks("account")[:120])
    text = hostile.marks("post")
    card = {"url": "https://press.example.org/", "title": text, "description": text}
    SandboxPost.objects.create(account=account, text=text, card=card, created_at=timezone.now())
    for path in ("/timeline/", "/timeline/press"):
        assert hostile.found_in(stranger.get(path).content.decode()) == []


def test_draft_holds_no_signs_that_turn_the_reading_around(taken_in: list[Document]) -> None:
    texts = [part["text"] for post in Post.objects.all() for part in post.revision.parts]
    assert [text for text in texts if "\u202e" in text] == []


def test_letter_is_plain_text_with_one_line_of_subject(db: None) -> None:
    words = f"{hostile.marks('subject')}\r\nBcc: all@example.org"
    told = {"channel": words, "why": words}
    notify.tell("post:1:failed", NoticeKind.FAILED, "notice.failed", subject=words, params=told, wait=timedelta())
    letter = letters.write(list(Notice.objects.all()))
    assert "\n" not in letter.subject.replace("\r", "\n")


def test_no_cell_of_an_export_is_a_formula(taken_in: list[Document]) -> None:
    for kind in exports.KINDS:
        table = csv.reader(io.StringIO("".join(exports.lines(kind, "csv"))))
        assert [cell[:40] for row in table for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
