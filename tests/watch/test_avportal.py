import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.enums import DocumentKind, Precision, SourceStatus
from publisher.errors import FetchError
from publisher.types import Alternate, Image
from publisher.watch.avportal import is_answer, parse

VIDEO = {
    "ref": "I-270847v",
    "duration": "85.9",
    "titles_json": {"FR": "Arrivées", "EN": " LIVE <strong>Arrivals</strong><br> in Luxembourg", "DE": " "},
    "summary_json": {"EN": "The ministers arrive.<br>They speak."},
    "shootstartdate": "20250414 12:17",
    "media_json": {"16:9": {"INT": {"THUMB": "https://av/t.jpg", "IMAGE": "https://av/i.jpg"}}},
    "location_json": [{"value": {"DE": "Luxemburg", "EN": "Luxembourg"}}],
    "thesgen_json": [{"value": {"EN": "Foreign policy"}}],
    "copyright_json": {"year": "2025", "holders": {"EN": ["European Union"]}},
    "type": "VIDEO",
}


def answer(*docs: Any, params: dict[str, str] | None = None) -> bytes:
    return json.dumps(
        {"responseHeader": {"params": params or {}}, "response": {"numFound": len(docs), "docs": docs}}
    ).encode()


def test_a_video_with_the_letter_of_its_number() -> None:
    (entry,) = parse(answer(VIDEO), "https://api/").entries
    assert entry.url == entry.video == "https://audiovisual.ec.europa.eu/en/video/I-270847v"
    assert (entry.id, entry.kind, entry.language) == ("I-270847v", DocumentKind.OTHER, "en")
    assert (entry.title, entry.body) == ("LIVE Arrivals in Luxembourg", "The ministers arrive.\nThey speak.")
    assert entry.published_at is not None
    assert (entry.published_at.isoformat(), entry.precision) == ("2025-04-14T10:17:00+00:00", Precision.INSTANT)
    assert (entry.place, entry.topics, entry.video_seconds) == ("Luxembourg", ("Foreign policy",), 86)
    assert entry.alternates == (Alternate(language="fr", url="https://audiovisual.ec.europa.eu/fr/video/I-270847v"),)
    assert entry.image == Image(
        url="https://av/i.jpg", alt="LIVE Arrivals in Luxembourg", credit="© European Union, 2025"
    )


def test_a_photo() -> None:
    media = {"LOW": {"PATH": "store2/l.jpg"}, "HIGH": {"PATH": "store2/h.jpg"}}
    photo = {**VIDEO, "ref": "P-042819/00-40", "media_json": media, "legend_json": {"EN": "<p>At the table</p>"}}
    (entry,) = parse(answer(photo)).entries
    assert (entry.url, entry.video) == ("https://audiovisual.ec.europa.eu/en/photo/P-042819~2F00-40", "")
    assert entry.body == "The ministers arrive.\nThey speak.\n\nAt the table"
    assert entry.image is not None
    assert entry.image.url.endswith("/photo/store/store2/h.jpg")
    assert entry.image.alt == "The ministers arrive. They speak."


@pytest.mark.parametrize(
    ("fields", "moment", "precision"),
    [
        ({"shootstartdate": "20181116 00:00"}, "2018-11-16T00:00:00+00:00", Precision.DAY),
        ({"shootstartdate": "2007", "productiondate": "200703060000"}, "2007-03-06T00:00:00+00:00", Precision.DAY),
        ({"shootstartdate": ""}, "", Precision.INSTANT),
    ],
)
def test_a_film_without_an_hour_has_a_day(fields: dict[str, str], moment: str, precision: Precision) -> None:
    (entry,) = parse(answer({**VIDEO, **fields})).entries
    assert (entry.published_at.isoformat() if entry.published_at else "", entry.precision) == (moment, precision)


def test_without_a_title_the_summary_is_the_title() -> None:
    (entry,) = parse(answer({**VIDEO, "titles_json": {"EN": " "}})).entries
    assert (entry.title, entry.body) == ("The ministers arrive. They speak.", "")


def test_the_newer_answer_with_one_video() -> None:
    data = {
        "reference": "I-270847",
        "titles": {"EN": "Arrivals"},
        "summaries": {"EN": "They arrive."},
        "productionDatetime": "2025-04-14T08:00:00Z",
        "duration": 61,
        "files": [{"language": "INT", "thumb": "https://av/t.jpg"}],
    }
    body = json.dumps({"latest": {"data": data}}).encode()
    assert is_answer(body.decode())
    (entry,) = parse(body).entries
    assert (entry.title, entry.body, entry.video_seconds) == ("Arrivals", "They arrive.", 61)
    assert entry.video == "https://audiovisual.ec.europa.eu/en/video/I-270847"
    assert entry.image == Image(url="https://av/t.jpg", alt="Arrivals")


def test_a_search_that_finds_nothing_is_no_error_and_a_number_that_is_not_there_is_one() -> None:
    assert parse(answer(params={"ref": "I-1", "kwgg": "europe"})).entries == ()
    with pytest.raises(FetchError) as caught:
        parse(answer(params={"ref": "I-1"}))
    assert (caught.value.key, caught.value.status) == ("source.not_found", SourceStatus.ERROR)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"null", b"\xff", b'{"response": []}', b"[" * 100_000])
def test_what_is_no_answer_is_malformed(body: bytes) -> None:
    with pytest.raises(FetchError) as caught:
        parse(body)
    assert caught.value.status == SourceStatus.MALFORMED


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=9) | st.just("I-1"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*VIDEO, "EN", "value"]), inner),
    max_leaves=9,
)


@given(st.dictionaries(st.sampled_from(list(VIDEO)), JSON))
def test_whatever_is_in_it_the_answer_is_read(fields: dict[str, Any]) -> None:
    for entry in parse(answer({**VIDEO, **fields})).entries:
        assert entry.title
        assert entry.reference
