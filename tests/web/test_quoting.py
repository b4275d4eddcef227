"""Quotations on the desk: in their source, in the draft, in the approver."""

from typing import Any

import pytest
from django.test import Client

from publisher import messages
from publisher.enums import PostState
from publisher.models import Document, Post, Version
from publisher.types import Entry, Exchange, Part, entry_to_json
from tests.factories import make_channel, make_document, make_post
from tests.web.conftest import HTMX
from tests.web.pages import one, parse, text

pytestmark = pytest.mark.any_database  # what is looked at is how a text is compared and shown

BODY = """We came to Luxembourg with one aim. So, we must never leave Ukraine alone in this fight.

Our support for schools goes on in all 27 countries of the Union.

Q. Will the Union pay for all of the ammunition this year?

We will pay our share and we will do it together."""
LINE = "We must never leave Ukraine alone in this fight."


@pytest.fixture
def document(db: None) -> Document:
    made = make_document(title="Remarks by Ada Example after the Council", lead="", kind="remarks")
    exchange = Exchange(
        question="Will the Union pay for all of the ammunition this year?",
        answer="We will pay our share and we will do it together.",
        speaker="Ada Example",
    )
    entry = Entry(url=made.url, title=made.title, kind=made.kind, language="en", body=BODY, speakers=("Ada Example",),
                  exchanges=(exchange,))  # fmt: skip
    Version.objects.create(
        document=made,
        number=2,
        language="en",
        hash=entry.hash,
        entry=entry_to_json(entry),
        fetched_at=made.first_seen_at,
    )
    return made


def _post(document: Document, words: str, channel: str = "Press") -> Post:
    return make_post(document, make_channel(name=channel), parts=(Part(text=words),))


def _form(post: Post, words: str, **fields: Any) -> dict[str, Any]:
    return {"revision": post.revision_id, "base": post.revision_id, "origin": "0", "text": words, **fields}


def test_quotation_is_marked_in_the_source_and_linked_both_ways(approver: Client, document: Document) -> None:
    post = _post(document, f"Ada Example: “{LINE}”")
    page = approver.get(f"/documents/{document.pk}/")
    mark = one(page, ".prose mark.quoted")
    link = one(page, f"#post-{post.pk} a.quotation")
    assert mark.text() == "we must never leave Ukraine alone in this fight"
    assert link.text() == f"“{LINE}”"
    assert link.attributes["href"] == f"/documents/{document.pk}/#{mark.attributes['id']}"
    assert one(page, ".prose a.cited").attributes["href"] == f"#post-{post.pk}"


def test_source_shows_who_asks_and_who_answers(approver: Client, document: Document) -> None:
    page = approver.get(f"/documents/{document.pk}/")
    assert text(page, ".prose .who") == ["Ada Example", "Question", "Ada Example"]
    assert text(page, ".prose .question") == ["Question Q. Will the Union pay for all of the ammunition this year?"]


def test_quotable_lines_say_their_points_and_lead_to_their_place(approver: Client, document: Document) -> None:
    page = approver.get(f"/documents/{document.pk}/")
    assert text(page, ".lines li > p") == [
        LINE.replace("We", "we"),
        "We will pay our share and we will do it together.",
        "We came to Luxembourg with one aim.",
        "Our support for schools goes on in all 27 countries of the Union.",
    ]
    link = parse(page).css(".lines li > p a")[0]
    assert one(page, str(link.attributes["href"])).text() == LINE.replace("We", "we")
    assert text(page, ".lines li:first-child .points li") == [
        "words of resolve: +4",
        "says we or our: +2",
        "names: +0.5",
        "said early: +1",
        "an opening word is left out: -1",
    ]


def test_html_in_a_source_stays_text(approver: Client) -> None:
    document = make_document(body="We said <b>this</b> & <script>alert(1)</script> “in quotes”.", title="<i>Title</i>")
    _post(document, "They said “in quotes”.")
    page = approver.get(f"/documents/{document.pk}/")
    assert text(page, ".prose p")[-1].startswith("We said <b>this</b> & <script>alert(1)</script> “in quotes")
    assert parse(page).css(".prose script") == []


def test_what_the_source_does_not_say_is_marked_in_the_draft(approver: Client, document: Document) -> None:
    post = _post(document, "Ada Example in Rome: “We will never pay for this”, for 28 countries.")
    page = approver.get(f"/documents/{document.pk}/")
    assert text(page, f"#post-{post.pk} mark.error") == ["“We will never pay for this”"]
    assert text(page, f"#post-{post.pk} mark.warning") == ["Rome", "28"]


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("“We must never leave Ukraine”", ""),
        ("“We must leave Ukraine”", "quote.not_in_source"),
        ("Example: “Will the Union pay for all of the ammunition this year?”", "quote.question"),
        ("It is for 99 countries", "claim.number"),
    ],
)
def test_a_text_is_checked_while_one_types(approver: Client, document: Document, words: str, key: str) -> None:
    post = _post(document, "One.")
    answer = approver.post(f"/posts/{post.pk}/measure/", _form(post, words), **HTMX)
    shown = next((words[words.index(sign) :] for sign in "“" if sign in words), "99")
    assert text(answer, f"#notes-{post.pk}-0") == [messages.sentence(key, words=shown) if key else ""]


def test_words_that_nobody_said_block_the_approval(approver: Client, document: Document) -> None:
    post = _post(document, "“We must leave Ukraine”")
    answer = approver.post(f"/posts/{post.pk}/approve/", {"revision": post.revision_id}, **HTMX)
    assert (answer.status_code, Post.objects.get(pk=post.pk).state) == (422, PostState.REVIEW)


def test_a_quotable_line_goes_into_the_text_with_one_button(approver: Client, document: Document) -> None:
    post = _post(document, "Ada Example after the Council:")
    form = approver.get(f"/posts/{post.pk}/edit/", **HTMX)
    button = parse(form).css("[data-lines] button")[0]
    assert (button.attributes["value"], button.attributes["data-insert"]) == ("line-0", f"“{LINE}”")
    answer = approver.post(f"/posts/{post.pk}/edit/", _form(post, "Ada Example:", do="line-0"), **HTMX)
    assert one(answer, "textarea[name=text]").text().strip() == f"Ada Example:\n\n“{LINE}”"
    assert Post.objects.get(pk=post.pk).revision_id == post.revision_id
