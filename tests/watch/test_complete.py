from datetime import UTC, datetime
from typing import Any

import pytest

from publisher.enums import DocumentKind, Precision, SourceStatus
from publisher.errors import FetchError
from publisher.types import Alternate, Entry, Image
from publisher.watch.complete import address_of, complete, look_at, merge
from publisher.watch.presscorner import UNTIL_LIFTED
from tests.watch.test_presscorner import document

CORNER = "https://ec.europa.eu/commission/presscorner/detail/en/speech_26_1968"
PAGE = "https://ministry.example/news/a-new-act"
NOON = datetime(2026, 9, 18, 10, tzinfo=UTC)


def entry(**fields: Any) -> Entry:
    return Entry(**{"url": PAGE, "title": "A new act for safer rivers", "guid": "g", "source": "https://f/", **fields})


def page(head: str = "", body: str = "", title: str = "A new act for safer rivers") -> bytes:
    heading = f"<h1>{title}</h1>" if title else ""
    return f"<!doctype html><html lang=en><head>{head}</head><body>{heading}{body}</body></html>".encode()


TEXT = "".join(
    f"<p>The ministry set out rule number {number} for the rivers of the country today.</p>" for number in range(9)
)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        (CORNER, "https://ec.europa.eu/commission/presscorner/api/documents?reference=SPEECH/26/1968&language=en"),
        (CORNER.replace("/en/", "/fr/"), "https://ec.europa.eu/commission/presscorner/api/documents?reference=SPEECH/26/1968&language=fr"),
        ("https://www.gov.uk/government/speeches/a-speech", "https://www.gov.uk/api/content/government/speeches/a-speech"),
        ("https://www.gov.uk/help", "https://www.gov.uk/help"),
        ("https://www.eeas.europa.eu/eeas/remarks-1_en", "https://www.eeas.europa.eu/eeas/remarks-1_en"),
        (PAGE, PAGE),
        ("", ""),
        ("https://ministry.example/act.pdf?v=1", ""),
        ("https://audiovisual.ec.europa.eu/en/video/I-270847v", ""),
    ],
)  # fmt: skip
def test_where_the_whole_of_a_document_can_be_read(url: str, address: str) -> None:
    assert address_of(entry(url=url)) == address


def test_an_event_to_come_has_no_more_than_its_line() -> None:
    assert address_of(entry(kind=DocumentKind.EVENT)) == ""


def test_the_api_says_what_the_feed_leaves_out_and_the_identity_stays() -> None:
    shown = entry(
        url=CORNER, guid=CORNER, reference="SPEECH/26/1968", title="Speech on", lead="Dear all, thank", language="en"
    )
    found = complete(shown, document(languages=["EN", "FR"], estimatedTimeReading=4, isEmbargo=True))
    assert (found.id, found.url, found.guid, found.source) == (shown.id, shown.url, shown.guid, shown.source)
    assert (found.title, found.lead, found.body) == ("Speech on & on", "At the gala", "Dear all,\n\nthank you.")
    assert (found.kind, found.reading_minutes, found.embargo_until) == (DocumentKind.SPEECH, 4, UNTIL_LIFTED)
    assert [each.language for each in found.alternates] == ["fr"]
    assert (found.published_at, found.precision) == (datetime(2026, 9, 18, 7, 47, 46, tzinfo=UTC), Precision.INSTANT)
    assert found.recipe == "press_corner"


def test_an_embargo_that_the_api_lifts_is_lifted() -> None:
    held = entry(url=CORNER, reference="SPEECH/26/1968", embargo_until=UNTIL_LIFTED)
    assert complete(held, document()).embargo_until is None


def test_references_that_answer_with_nothing_for_ever_keep_what_the_feed_showed() -> None:
    shown = entry(url=CORNER, reference="SPEECH/26/1968", lead="Dear all")
    found = complete(shown, b"")
    assert (found.lead, found.recipe) == ("Dear all", "press_corner")
    assert [issue.key for issue in look_at(found)] == ["entry.no_body"]


def test_an_answer_about_another_document_is_not_taken() -> None:
    with pytest.raises(FetchError) as caught:
        complete(entry(url=CORNER, reference="SPEECH/26/1968"), document(refCd="SPEECH/26/1"))
    assert (caught.value.key, caught.value.status) == ("source.other_page", SourceStatus.BLOCKED)


def test_an_unknown_site_is_read_without_a_recipe_and_says_so() -> None:
    shown = entry(title="A new act", lead="In short.", body="In short.", published_at=NOON, language="en")
    head = '<meta property="og:image" content="/r.jpg"><meta property="og:image:alt" content="A river">'
    found = complete(shown, page(head, f"<nav>Home</nav><article>{TEXT}</article><footer>Imprint</footer>"), url=PAGE)
    assert found.title == "A new act"
    assert len(found.paragraphs) == 9
    assert (found.image, found.published_at) == (Image(url="https://ministry.example/r.jpg", alt="A river"), NOON)
    assert found.recipe == "general"
    (issue,) = look_at(found)
    assert issue.key == "entry.no_recipe"
    assert "without a recipe" in issue.message


@pytest.mark.parametrize(
    ("answer", "url", "key"),
    [
        (page("", "<main>The page cannot be found.</main>", "Page not found"), PAGE, "source.error_page"),
        (page("", "<main>All our services.</main>", "Welcome"), "https://ministry.example/", "source.other_page"),
        (page("<title>Just a moment...</title>", "", "Checking"), PAGE, "source.blocked"),
        (b"", PAGE, "source.empty"),
    ],
)
def test_what_is_no_page_of_the_document_is_refused(answer: bytes, url: str, key: str) -> None:
    with pytest.raises(FetchError) as caught:
        complete(entry(body="Good text of the feed."), answer, url=url)
    assert caught.value.key == key


def test_an_empty_shell_does_not_take_the_feeds_text_away() -> None:
    shown = entry(body="Good text of the feed.", exchanges=())
    assert (
        complete(shown, page("", '<div id="app"></div>' + "<script>start()</script>" * 9), url=PAGE).body == shown.body
    )


@pytest.mark.parametrize(
    ("had", "found", "recipe", "kept"),
    [
        ("x" * 100, "y" * 60, "eeas", "y"),
        ("x" * 100, "y" * 40, "eeas", "x"),
        ("x" * 100, "y" * 99, "general", "x"),
        ("x" * 100, "y" * 100, "general", "y"),
        ("x" * 100, "", "press_corner", "x"),
        ("", "y", "general", "y"),
    ],
)
def test_the_fuller_text_stands(had: str, found: str, recipe: str, kept: str) -> None:
    assert merge(entry(body=had), entry(body=found, recipe=recipe)).body[0] == kept


@pytest.mark.parametrize(
    ("field", "of_feed", "of_page", "by_api", "by_recipe", "by_general"),
    [
        ("title", "feed", "page", "page", "page", "feed"),
        ("kind", DocumentKind.SPEECH, DocumentKind.NEWS, DocumentKind.NEWS, DocumentKind.SPEECH, DocumentKind.SPEECH),
        ("kind", DocumentKind.OTHER, DocumentKind.NEWS, DocumentKind.NEWS, DocumentKind.NEWS, DocumentKind.NEWS),
        ("speakers", ("A",), ("B",), ("B",), ("A",), ("A",)),
        ("speakers", ("A",), (), ("A",), ("A",), ("A",)),
        ("language", "en", "de", "de", "en", "en"),
        ("language", "", "de", "de", "de", "de"),
        ("machine_translated", True, False, False, True, True),
        ("withdrawn", False, True, True, True, True),
        ("embargo_until", NOON, None, None, NOON, NOON),
        ("published_at", NOON, UNTIL_LIFTED, UNTIL_LIFTED, NOON, NOON),
        ("lead", "feed", "page", "page", "page", "page"),
        ("lead", "feed", "", "feed", "feed", "feed"),
        ("place", "Brussels", "Luxembourg", "Luxembourg", "Luxembourg", "Luxembourg"),
        ("video", "v", "", "v", "v", "v"),
        ("topics", ("A",), ("B",), ("B",), ("B",), ("B",)),
        ("guid", "feed", "page", "feed", "feed", "feed"),
        ("reference", "", "IP/26/1", "", "", ""),
        ("url", "https://feed/", "https://page/", "https://feed/", "https://feed/", "https://feed/"),
        ("alternates", (), (Alternate(language="fr", url="u"),), *[(Alternate(language="fr", url="u"),)] * 3),
    ],
)  # fmt: skip
def test_which_of_feed_and_page_wins(
    field: str, of_feed: object, of_page: object, by_api: object, by_recipe: object, by_general: object
) -> None:
    seen = [
        getattr(merge(entry(**{field: of_feed}), entry(**{field: of_page}, recipe=recipe)), field)
        for recipe in ("press_corner", "eeas", "general")
    ]
    assert seen == [by_api, by_recipe, by_general]


def test_a_page_that_knows_the_hour_wins_over_a_feed_that_knows_the_day() -> None:
    day = entry(published_at=datetime(2026, 9, 18, tzinfo=UTC), precision=Precision.DAY)
    found = merge(day, entry(published_at=NOON, recipe="european_parliament"))
    assert (found.published_at, found.precision) == (NOON, Precision.INSTANT)


def test_what_feed_and_page_say_of_the_same_picture_is_put_together() -> None:
    shown = entry(image=Image(url="https://i/1.jpg", alt="A river", type="image/jpeg"))
    found = entry(image=Image(url="https://i/1.jpg", credit="© European Union"), recipe="general")
    assert merge(shown, found).image == Image(
        url="https://i/1.jpg", alt="A river", type="image/jpeg", credit="© European Union"
    )
