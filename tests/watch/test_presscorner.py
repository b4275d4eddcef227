import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.enums import DocumentKind, Precision, SourceStatus
from publisher.errors import FetchError
from publisher.types import Alternate, Exchange, Image, Quote
from publisher.watch import presscorner
from publisher.watch.presscorner import api_url, parse, parse_document

TEXT = {
    "title": "Speech on &amp; on",
    "subtitle": "At the gala",
    "htmlContent": "<p>Dear all,</p><p>thank you.</p>",
    "language": "EN",
}


def document(text: Mapping[str, Any] | None = None, **fields: Any) -> bytes:
    data = {"refCd": "SPEECH/26/1968", "publishDate": "2026-09-18T09:47:46.000+02:00", "eventDate": "2026-09-18"}
    return json.dumps({**data, "docuLanguageResource": {**TEXT, **(text or {})}, **fields}).encode()


def test_a_document() -> None:
    body = document(
        commissionerResource=[
            {"code": "X", "shortDescription": "Kaja KALLAS"},
            {"shortDescription": "Andrius KUBILIUS"},
        ],
        contactsResource=[{"shortDescription": "A spokesperson"}],
        globalImg="https://ec.europa.eu/image.jpg",
    )
    feed = parse_document(body, "https://ec.europa.eu/api")
    (entry,) = feed.entries
    assert entry.url == "https://ec.europa.eu/commission/presscorner/detail/en/speech_26_1968"
    assert (entry.id, entry.kind, entry.language) == ("SPEECH/26/1968", DocumentKind.SPEECH, "en")
    assert (entry.title, entry.lead, entry.body) == ("Speech on & on", "At the gala", "Dear all,\n\nthank you.")
    assert entry.published_at is not None
    assert (entry.published_at.isoformat(), entry.precision) == ("2026-09-18T07:47:46+00:00", Precision.INSTANT)
    assert entry.speakers == ("Kaja KALLAS", "Andrius KUBILIUS")
    assert entry.image == Image(url="https://ec.europa.eu/image.jpg", alt="Speech on & on")
    assert (entry.embargo_until, entry.source, feed.issues) == (None, "https://ec.europa.eu/api", ())


def test_an_embargo_without_an_hour_holds_until_it_is_lifted() -> None:
    feed = parse(document(isEmbargo=True))
    assert feed.entries[0].embargo_until == presscorner.UNTIL_LIFTED
    assert [(issue.field, issue.key) for issue in feed.issues] == [("embargo_until", "entry.embargo")]
    assert feed.entries[0].hash != parse(document(isEmbargo=False)).entries[0].hash


def test_what_a_person_must_look_at_is_said() -> None:
    feed = parse(document({"etranslated": True, "htmlContent": ""}, isSpeechWarning=True))
    assert [issue.key for issue in feed.issues] == [
        "entry.machine_translation",
        "entry.check_delivery",
        "entry.no_body",
    ]
    assert all("Speech on & on" in issue.message for issue in feed.issues)


@pytest.mark.parametrize(
    ("speakers", "expected"),
    [
        ([{"shortDescription": "Kaja KALLAS"}], "Kaja KALLAS"),
        ([{"shortDescription": "A"}, {"shortDescription": "B"}], ""),
    ],
)
def test_listed_quotes_are_credited_to_the_only_speaker_or_to_nobody(speakers: list[Any], expected: str) -> None:
    quotes = [{"quote": "<p>“We must act.”</p>"}, {"quote": "And now.", "author": "Somebody Else"}, {"ky": 1}]
    (entry,) = parse(document({"dolaQuoteResources": quotes}, commissionerResource=speakers)).entries
    assert entry.quotes == (
        Quote(text="We must act.", speaker=expected),
        Quote(text="And now.", speaker="Somebody Else"),
    )


def test_a_video_listed_beside_the_text_is_found() -> None:
    links = [{"url": "https://audiovisual.ec.europa.eu/en/video/I-270847v"}]
    (entry,) = parse(document({"dolaAvResources": links})).entries
    assert entry.video == "https://audiovisual.ec.europa.eu/en/video/I-270847v"


def test_an_unknown_type_goes_by_its_label() -> None:
    (entry,) = parse(document(refCd="ZZ/26/1", docutypeResource={"code": "ZZ", "description": "Factsheet"})).entries
    assert (entry.reference, entry.kind) == ("ZZ/26/1", DocumentKind.FACTSHEET)


def test_a_search() -> None:
    items = [
        {"refCode": "IP/26/1954", "title": "EU", "leadText": "Now", "languageCode": "EN", "eventDate": "2026-09-23"},
        {"refCode": "MEX/26/1951", "title": "Nouvelles", "leadText": None, "languageCode": "FR", "isETranslated": True},
        {"refCode": None, "title": "no number"},
        "rubbish",
    ]  # fmt: skip
    feed = parse(json.dumps({"docuLanguageListResources": items}).encode())
    assert [(entry.id, entry.lead, entry.language, entry.precision) for entry in feed.entries] == [
        ("IP/26/1954", "Now", "en", Precision.DAY),
        ("MEX/26/1951", "", "fr", Precision.INSTANT),
    ]
    assert feed.entries[1].published_at is None
    assert [issue.key for issue in feed.issues] == ["entry.machine_translation", "entry.empty", "entry.empty"]


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b"null", b'{"refCd": "IP/26/1"}', b"\xff", b"[" * 100_000]
)
def test_what_is_no_answer_is_malformed(body: bytes) -> None:
    for read in (parse, parse_document):
        with pytest.raises(FetchError) as caught:
            read(body)
        assert caught.value.status == SourceStatus.MALFORMED
        assert caught.value.key == "source.no_answer_of_press_corner"


@pytest.mark.parametrize(
    ("url", "api"),
    [
        (
            "https://ec.europa.eu/commission/presscorner/detail/fr/ip_26_1900",
            "https://ec.europa.eu/commission/presscorner/api/documents?reference=IP/26/1900&language=fr",
        ),
        ("https://ec.europa.eu/commission/presscorner/home/en", ""),
        ("https://example.org/presscorner/detail/fr/ip_26_1900", ""),
    ],
)
def test_the_text_behind_a_detail_page_is_asked_of_the_api(url: str, api: str) -> None:
    assert api_url(url) == api


FIELDS = [
    "docuLanguageResource", "docuLanguageListResources", "refCd", "title", "htmlContent", "publishDate", "language",
    "commissionerResource", "shortDescription", "dolaQuoteResources", "quote", "refCode", "docutype", "globalImg",
]  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=20) | st.just("IP/26/1"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=8) | JSON)
def test_whatever_json_comes_it_is_a_feed_or_malformed(data: object) -> None:
    try:
        feed = parse(json.dumps(data).encode())
    except FetchError as error:
        assert error.status == SourceStatus.MALFORMED  # noqa: PT017 (either way is right)
    else:
        assert all(entry.reference and entry.title and entry.url for entry in feed.entries)


def test_what_the_api_says_besides_the_text() -> None:
    body = document(
        {"etranslated": True},
        languages=["EN", "FR", {"code": "de"}, None],
        policiesResource=[{"code": "DEFENCE", "description": "Defence"}, {"code": "TRADE"}, {}],
        placeResource={"code": "BXL", "description": "Brussels"},
        estimatedTimeReading=9,
    )
    (entry,) = parse(body).entries
    assert (entry.place, entry.topics, entry.reading_minutes) == ("Brussels", ("Defence", "TRADE"), 9)
    assert entry.alternates == (
        Alternate(language="fr", url=f"{presscorner.SITE}/detail/fr/speech_26_1968"),
        Alternate(language="de", url=f"{presscorner.SITE}/detail/de/speech_26_1968"),
    )
    assert (entry.machine_translated, entry.zone, entry.recipe) == (True, "Europe/Brussels", "press_corner")


def test_bold_questions_of_questions_and_answers_are_answered_by_nobody_in_particular() -> None:
    text = "<p><strong>What is <em>it</em>?</strong></p><p>An act.</p><h2>Who pays?</h2><p>We.</p><p>All.</p>"
    (entry,) = parse(document({"htmlContent": text}, refCd="QANDA/26/1")).entries
    assert entry.exchanges == (
        Exchange(question="What is it?", answer="An act."),
        Exchange(question="Who pays?", answer="We.\n\nAll."),
    )


def test_a_listed_quotation_is_found_in_the_text() -> None:
    text = {
        "htmlContent": "<p>So, we [the EU] must act. Now.</p>",
        "dolaQuoteResources": [{"quote": "We the EU must act."}],
    }
    (entry,) = parse(document(text, commissionerResource=[{"shortDescription": "Kaja KALLAS"}])).entries
    assert entry.quotes == (Quote(text="we [the EU] must act.", speaker="Kaja KALLAS", start=4, end=25),)
    assert entry.body[4:25] == entry.quotes[0].text


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("IP", DocumentKind.PRESS_RELEASE), ("SPEECH", DocumentKind.SPEECH), ("STATEMENT", DocumentKind.STATEMENT),
        ("MEX", DocumentKind.DAILY_NEWS), ("QANDA", DocumentKind.QUESTIONS_AND_ANSWERS), ("AC", DocumentKind.NEWS),
        ("FS", DocumentKind.FACTSHEET), ("INF", DocumentKind.NEWS), ("READ", DocumentKind.READOUT),
        ("CLDR", DocumentKind.EVENT), ("MEMO", DocumentKind.FACTSHEET), ("WM", DocumentKind.OTHER),
        ("RAPID99", DocumentKind.OTHER),
    ],
)  # fmt: skip
def test_a_document_of_any_type_is_read(code: str, kind: DocumentKind) -> None:
    (entry,) = parse(document({"title": "A title"}, refCd=f"{code}/26/1")).entries
    assert (entry.id, entry.kind) == (f"{code}/26/1", kind)


def test_a_factsheet_without_a_text_says_so() -> None:
    feed = parse(document({"htmlContent": None}, refCd="FS/26/1"))
    assert (feed.entries[0].kind, feed.entries[0].body) == (DocumentKind.FACTSHEET, "")
    assert [issue.key for issue in feed.issues] == ["entry.no_body"]


SINCE = date(2026, 9, 20)


def archive_page(
    *numbers: int, page: int | None = 0, size: int = 2, total: int = 999, day: str = "2026-09-23"
) -> bytes:
    items = [{"refCode": f"IP/26/{number}", "title": "T", "languageCode": "EN", "eventDate": day} for number in numbers]
    data = {"totalNumber": total, "pageSize": size, "docuLanguageListResources": items}
    return json.dumps(data if page is None else {**data, "pageNumber": page}).encode()


def test_the_archive_is_asked_in_lower_case_with_days_as_it_wants_them() -> None:
    assert presscorner.search_url("en", date(2026, 9, 7), 3) == (
        "https://ec.europa.eu/commission/presscorner/api/search?language=en&pagesize=100&pagenumber=3&datefrom=07092026"
    )


@pytest.mark.parametrize(
    ("source", "language"),
    [
        ("https://ec.europa.eu/commission/presscorner/api/rss?language=fr&pagesize=30", "fr"),
        ("https://ec.europa.eu/commission/presscorner/api/rss", "en"),
        ("https://ec.europa.eu/commission/presscorner/detail/en/ip_26_1", ""),
        ("https://example.org/commission/presscorner/api/rss?language=fr", ""),
    ],
)
def test_which_sources_have_an_archive(source: str, language: str) -> None:
    assert presscorner.archive_of(source) == language


@pytest.mark.parametrize(
    ("answer", "last"),
    [
        (archive_page(1, 2), False),
        (archive_page(1, 2, page=1), False),
        (archive_page(1, 2, page=None), False),
        (archive_page(1), True),
        (archive_page(), True),
        (archive_page(1, 2, day="2026-09-19"), True),
    ],
)
def test_the_end_of_the_archive_is_seen_in_the_answer_and_not_in_its_total(answer: bytes, last: bool) -> None:
    assert presscorner.parse_page(answer, page=1, since=SINCE).last is last


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        (archive_page(1, 2, page=0), set()),  # the second page was asked for
        (archive_page(1, 2, page=1), {"IP/26/1", "IP/26/2"}),  # paging was ignored
        (b"", set()),
        (b"{}", set()),
        (b"<html>", set()),
    ],
)
def test_a_page_that_is_not_the_one_asked_for_is_an_error_and_never_the_end(answer: bytes, seen: set[str]) -> None:
    with pytest.raises(FetchError) as caught:
        presscorner.parse_page(answer, page=2, since=SINCE, seen=seen)
    assert caught.value.status == SourceStatus.MALFORMED
