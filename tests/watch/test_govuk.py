import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.enums import DocumentKind, Precision, SourceStatus
from publisher.errors import FetchError
from publisher.types import Alternate, Image
from publisher.watch.govuk import api_url, is_answer, parse

PATH = "/government/speeches/a-speech"


def content(details: dict[str, Any] | None = None, links: dict[str, Any] | None = None, **fields: Any) -> bytes:
    told = {
        "body": '<div class="govspeak"><p>Dear all,</p><p>thank you.</p></div>',
        "location": "Church House, London",
        "image": {"url": "https://assets/1.jpg", "alt_text": "A hall", "credit": "Crown copyright"},
    }
    linked = {
        "speaker": [{"title": "The Rt Hon Mary Major MP"}],
        "organisations": [{"title": "Home Office"}],
        "available_translations": [
            {"locale": "en", "base_path": PATH},
            {"locale": "cy", "base_path": f"{PATH}.cy"},
        ],
    }
    data = {
        "base_path": PATH,
        "title": "A speech",
        "description": "In short.",
        "document_type": "speech",
        "locale": "en",
        "first_published_at": "2026-09-18T10:00:00+01:00",
        "public_updated_at": "2026-09-19T10:00:00+01:00",
        "withdrawn_notice": {},
        "details": {**told, **(details or {})},
        "links": {**linked, **(links or {})},
    }
    return json.dumps({**data, **fields}).encode()


def test_a_speech() -> None:
    feed = parse(content(), "https://www.gov.uk/api/content" + PATH)
    (entry,) = feed.entries
    assert (entry.url, entry.id) == (f"https://www.gov.uk{PATH}", f"gov.uk{PATH}")
    assert (entry.kind, entry.title, entry.lead) == (DocumentKind.SPEECH, "A speech", "In short.")
    assert (entry.body, entry.speakers, entry.place) == (
        "Dear all,\n\nthank you.",
        ("Mary Major",),
        "Church House, London",
    )
    assert entry.published_at is not None
    assert (entry.published_at.isoformat(), entry.precision) == ("2026-09-18T09:00:00+00:00", Precision.INSTANT)
    assert entry.updated_at is not None
    assert entry.updated_at.isoformat() == "2026-09-19T09:00:00+00:00"
    assert (entry.language, entry.zone, entry.topics) == ("en", "Europe/London", ("Home Office",))
    assert entry.alternates == (Alternate(language="cy", url=f"https://www.gov.uk{PATH}.cy"),)
    assert entry.image == Image(url="https://assets/1.jpg", alt="A hall", credit="Crown copyright")
    assert (entry.recipe, entry.withdrawn, feed.issues) == ("govuk", False, ())


def test_a_withdrawn_document_says_so() -> None:
    feed = parse(content(withdrawn_notice={"explanation": "Replaced.", "withdrawn_at": "2026-10-01T00:00:00Z"}))
    assert feed.entries[0].withdrawn
    assert [issue.key for issue in feed.issues] == ["entry.withdrawn"]


def test_a_text_that_may_differ_from_what_was_said_is_told_of() -> None:
    feed = parse(content({"speech_type_explanation": "Speaker's notes, may differ from delivered version"}))
    assert [issue.key for issue in feed.issues] == ["entry.check_delivery"]


def test_people_whom_a_text_concerns_do_not_speak_in_it() -> None:
    (entry,) = parse(content(links={"speaker": [], "people": [{"title": "Mary Major MP"}]})).entries
    assert entry.speakers == ()


def test_the_ministrys_stock_picture_is_none_of_the_document() -> None:
    image = {"url": "https://assets/default_news_organisation_image_data/1.jpg", "alt_text": "placeholder"}
    assert parse(content({"image": image})).entries[0].image is None


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("The Rt Hon Theresa May MP", "Theresa May"),
        ("Robert Goodwill MP", "Robert Goodwill"),
        ("Sir Keir Starmer KCB KC MP", "Sir Keir Starmer"),
        ("Baroness Jones", "Baroness Jones"),
    ],
)
def test_names_without_what_stands_around_them(name: str, plain: str) -> None:
    assert parse(content(links={"speaker": [{"title": name}]})).entries[0].speakers == (plain,)


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"title": "x"}', b"\xff", b'{"title": 1, "base_path": 2}'])
def test_what_is_no_answer_is_malformed(body: bytes) -> None:
    with pytest.raises(FetchError) as caught:
        parse(body)
    assert caught.value.status == SourceStatus.MALFORMED


@pytest.mark.parametrize(
    ("url", "api"),
    [
        ("https://www.gov.uk/government/news/a-b", "https://www.gov.uk/api/content/government/news/a-b"),
        ("https://www.gov.uk/government/news/a-b.cy?x=1#y", "https://www.gov.uk/api/content/government/news/a-b.cy"),
        ("https://www.gov.uk/help", ""),
        ("https://www.gov.uk.example/government/news/a-b", ""),
    ],
)
def test_the_content_behind_a_page(url: str, api: str) -> None:
    assert api_url(url) == api


FIELDS = ["title", "base_path", "details", "links", "body", "image", "url", "speaker", "locale", "withdrawn_notice"]
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=9) | st.just("/government/news/x"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_whatever_json_comes_it_is_a_document_or_malformed(fields: dict[str, Any]) -> None:
    body = json.dumps({**json.loads(content()), **fields, "base_path": PATH}).encode()
    assert is_answer(body)
    try:
        (entry,) = parse(body).entries
    except FetchError as error:
        assert error.status == SourceStatus.MALFORMED  # noqa: PT017 (either way is right)
    else:
        assert entry.title
