"""Every word that an Entry credits to a source stands in that source: whatever is recombined from real material."""

import html
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.errors import FetchError
from publisher.types import Entry
from publisher.watch.guess import FORMS, understand

HTML = (
    "<h1>", "</h1>", "<h2>", "</h2>", "<p>", "</p>", "<strong>", "</strong>", "<br>", "<ul><li>", "</li></ul>",
    '<div class="field--name-body">', "</div>", "<article>", "</article>", "<main>", "</main>", "<blockquote>",
    "</blockquote>", "<em>", "</em>", '<article class="ecl-content-item">', '<div class="ecl-content-block__title">',
    '<a href="https://example.org/a">', "</a>", "<nav>Home</nav>", "<figure><figcaption>© EU</figcaption></figure>",
)  # fmt: skip
TEXT = (
    "Kaja Kallas: “The only way is putting some more pressure on Russia”",
    "This was highlighted by the High Representative Kaja Kallas in Luxembourg on 14 April 2025.",
    "Luxembourg, 20/10/2025", "Check against delivery!", "Q&A", "Q. Are you tracking which countries intend to go?",
    "Q. [inaudible]", "Thank you. We [saw one of] the deadliest attacks yesterday.", "What is the act?", "Who pays?",
    "So, the only way is putting some more pressure on Russia.", "Kaja Kallas: We go on.", "Moderator: Last one.",
    "Following is UN Secretary-General António Guterres’ message on World Food Day, observed 16 October:",
    "Link to the video: https://audiovisual.ec.europa.eu/en/video/I-270847v", "A. As soon as possible.",
    "Press release14 April 2025Commission announces €1.6 billion3 min read", "07May2025Kallas meets X Warsaw, Poland",
    "Contacts", "€23 billion & more", "AT&T", "„Wir“ – «nous»", "QUESTION: And now?", "SECRETARY RUBIO: Now.",
    "Following is not a message.", "1 min read", "", " ",
)  # fmt: skip

paragraphs = st.lists(st.sampled_from(TEXT), min_size=1, max_size=14)
markup = st.lists(st.sampled_from(HTML) | st.sampled_from(TEXT).map(html.escape), max_size=30).map("".join)


def words(text: str) -> str:
    """Letters and digits only: marks, blanks and bullets are ours to tidy."""
    return "".join(re.findall(r"\w", html.unescape(text)))


def claims(entry: Entry) -> list[str]:
    """What the entry says that its source says."""
    return [
        entry.title, entry.lead, entry.place, *entry.paragraphs, *entry.topics,
        *(quote.text for quote in entry.quotes),
        *(part for each in entry.exchanges for text in (each.question, each.answer) for part in text.split("\n\n")),
    ]  # fmt: skip


def check(body: bytes, form: str, url: str) -> None:
    try:
        entries = understand(body, "", url, form).entries
    except FetchError:
        return
    text = body.decode()
    # Without tags, without page furniture, and as it stands: a title may keep words in angle brackets.
    bare = re.sub(r"<nav>.*?</nav>|<figcaption>.*?</figcaption>", "", text)
    sources = [words(re.sub(r"<[^<>]*>", "", each)) for each in (text, bare)] + [words(text)]
    for entry in entries:
        for claim in claims(entry):
            assert any(words(claim) in source for source in sources), claim
        for quote in entry.quotes:
            assert quote.start < 0 or entry.body[quote.start : quote.end] == quote.text
        asked = {part for each in entry.exchanges for part in each.question.split("\n\n")}
        assert not asked & {quote.text for quote in entry.quotes}


URLS = (
    "",
    "https://www.eeas.europa.eu/eeas/x_en",
    "https://press.un.org/en/2023/sgsm1.doc.htm",
    "https://ministry.example/x",
)


@given(paragraphs, st.sampled_from(URLS))
def test_of_a_text(lines: list[str], url: str) -> None:
    check("\n".join(lines).encode(), "text", url)


@settings(deadline=None)
@given(markup, st.sampled_from(URLS))
def test_of_a_page(body: str, url: str) -> None:
    check(f"<!doctype html><html lang=en><body>{'<!-- padding -->' * 5}{body}</body></html>".encode(), "page", url)


@given(markup, st.sampled_from(TEXT), st.lists(st.sampled_from(TEXT), max_size=3))
def test_of_an_answer_of_the_press_corner(body: str, title: str, quotes: list[str]) -> None:
    text = {"title": title, "htmlContent": body, "dolaQuoteResources": [{"quote": quote} for quote in quotes]}
    data = {"refCd": "QANDA/26/1", "docuLanguageResource": text}
    # Compared with the strings themselves, which JSON would escape.
    document = json.dumps(data, ensure_ascii=False)
    check(document.encode(), "presscorner", "")


@given(markup, st.sampled_from(TEXT))
def test_of_content_of_gov_uk(body: str, title: str) -> None:
    data = {"base_path": "/government/news/x", "title": title, "description": title, "details": {"body": body}}
    check(json.dumps(data, ensure_ascii=False).encode(), "govuk", "")


def test_every_form_is_tried_here_or_built_of_those() -> None:
    assert set(FORMS) - {"feed", "listing", "sitemap", "calendar", "avportal"} == {
        "text",
        "page",
        "presscorner",
        "govuk",
    }


@pytest.mark.parametrize("invented", ["We will act.", "Kaja Kallas"])
def test_the_check_itself_sees_what_is_invented(invented: str) -> None:
    assert words(invented) not in words("We may act. Kaja K.")
