"""The list of documents, and drafting one by hand."""

from django.test import Client
from django.utils import timezone

from publisher.models import Document, LanguageWait, Post, Sighting
from publisher.types import Alternate
from tests.factories import make_channel, make_document, make_rule, make_source
from tests.web.pages import buttons, one, text


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


def test_document_shows_what_it_tells_beside_its_words(approver: Client) -> None:
    facts = {
        "speakers": ("Ada Example", "Boris Beispiel"),
        "place": "Luxembourg",
        "topics": ("Energy",),
        "alternates": (Alternate(language="fr", url="https://press.example.org/1?lang=fr"),),
        "video": "https://video.example.org/I-1",
        "reading_minutes": 4,
        "recipe": "general",
    }
    document = make_document(make_source(), told=facts)
    page = approver.get(f"/documents/{document.pk}/")
    assert text(page, ".facts dt") == ["Speakers", "Place", "Topics", "Also in", "Video", "Reading time"]
    assert text(page, ".facts dd") == [
        "Ada Example, Boris Beispiel",
        "Luxembourg",
        "Energy",
        "French",
        "Watch it on video.example.org",
        "4 min",
    ]
    assert text(page, ".issue.warning") == [
        "Read without a recipe for this site: look whether the text is whole before you quote it."
    ]


def test_only_the_best_lines_are_underlined_in_the_text(approver: Client) -> None:
    sentences = [f"We will build number {number} for every town in our Union." for number in range(10, 18)]
    told = {"speakers": ("Ada Example",)}
    document = make_document(make_source(), kind="remarks", body="\n\n".join(sentences), told=told)
    page = approver.get(f"/documents/{document.pk}/")
    assert (len(text(page, ".prose .quotable")), len(text(page, ".prose .place"))) == (5, 3)
    assert text(page, "details > .lines[start='6'] > li > p") == text(page, ".prose .place")


def test_channel_that_waits_for_its_language_can_have_another(editor: Client) -> None:
    make_rule()
    channel = make_channel("telegram", language="de", name="Presse")
    document = make_document(tagged=True)
    LanguageWait.objects.create(document=document, channel=channel, until=timezone.now())
    asked = "Presse has waited for this text in German, and it has not come."
    assert asked in text(editor.get("/"), ".document .issue p")
    page = editor.get(f"/documents/{document.pk}/")
    assert (asked in text(page, ".issue p"), buttons(page, ".issue")) == (True, ["Use English", "Leave it out"])
    editor.post(f"/documents/{document.pk}/language/{channel.pk}/", {"language": "en"})
    assert [post.revision.language for post in channel.posts.all() if post.revision] == ["en"]
