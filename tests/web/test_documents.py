"""The list of documents, and drafting one by hand."""

from django.test import Client
from django.utils import timezone

from publisher.models import Document, Post, Sighting
from tests.factories import make_channel, make_document, make_rule, make_source
from tests.web.pages import one, text


def test_list_shows_what_every_source_brought_newest_first(approver: Client) -> None:
    make_document(make_source(), title="First")
    make_document(make_source(), title="Second")
    assert text(approver.get("/documents/"), ".rows .title") == ["Second", "First"]


def test_list_of_one_source_shows_what_another_showed_first(approver: Client) -> None:
    source = make_source()
    document = make_document(make_source(), title="First elsewhere")
    now = timezone.now()
    Sighting.objects.create(document=document, source=source, language="en", hash="h", first_seen_at=now)
    assert text(approver.get(f"/documents/?source={source.pk}"), ".rows .title") == ["First elsewhere"]


def test_list_of_one_source_shows_only_its_documents(approver: Client) -> None:
    source = make_source()
    make_document(source, title="Here")
    make_document(make_source(), title="Elsewhere")
    assert text(approver.get(f"/documents/?source={source.pk}"), ".rows .title") == ["Here"]


def test_remembered_document_is_drafted_on_request(approver: Client) -> None:
    document = make_document(make_source(), baseline=True)
    make_rule()
    make_channel()
    answer = approver.post(f"/documents/{document.pk}/draft/", follow=True)
    assert text(answer, "#status .said, #status p")[:1] == ["1 post waits for review."]
    assert (Post.objects.get().state, Document.objects.get().baseline) == ("review", False)


def test_document_that_no_rule_takes_says_so(approver: Client) -> None:
    document = make_document(make_source(), baseline=True)
    answer = approver.post(f"/documents/{document.pk}/draft/", follow=True)
    assert one(answer, "h1").text() == document.title
    assert text(answer, "#status p") == [
        "Nothing to draft: each channel that a rule names has its post, or no rule fits."
    ]
