"""Sources as they are: guids and addresses that tell nothing, pages that are not the document's, rows that fail."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from publisher.enums import AlarmKind, PostState, SourceStatus
from publisher.models import Alarm, Channel, Document, Post, Rule, Source, Version
from publisher.newsroom.documents import rechecks
from publisher.newsroom.feeds import watching
from tests.factories import make_post
from tests.newsroom.office import Item, Office, news, poll, press_office, watch
from tests.watch.server import Answer

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "It was agreed on Monday that the measure number {} enters into force in the spring of next year."


@pytest.fixture
def office() -> Iterator[Office]:
    with press_office() as made:
        yield made


def item(number: int, **fields: object) -> Item:
    given = {"title": f"Measure number {number} is adopted", "path": f"/doc/{number}", "guid": f"g{number}"}
    return Item(**{**given, "text": TEXT.format(number), **fields})  # type: ignore[arg-type]


def some(*numbers: int, **fields: object) -> list[Item]:
    return [item(number, **fields) for number in numbers]


@pytest.mark.parametrize("path", ["/", "/news"])
def test_items_that_all_link_to_one_page_come_one_by_one(office: Office, path: str) -> None:
    first = [Item(f"{name} visits the port", path, guid=name) for name in ("Anna", "Berta")]
    source = watch(office.feed(*first))
    poll(source)
    for name, said in (("Clara", "A new bridge for Riga"), ("Dora", "Fisheries: what was agreed"), ("Eva", "Budget")):
        first = [Item(said, path, guid=name), *first]
        office.feed(*first)
        poll(source)
    assert news() == ["A new bridge for Riga", "Fisheries: what was agreed", "Budget"]
    assert Version.objects.count() == 5


def test_guid_that_changes_under_one_address_is_the_same_document(office: Office) -> None:
    source = watch(office.feed(*some(1, 2)))
    poll(source)
    office.feed(item(2, guid="other"), item(1))
    poll(source)
    assert (news(), Version.objects.count()) == ([], 2)


def test_new_guids_and_addresses_for_all_texts_bring_nothing_to_the_queue(
    office: Office, channel: Channel, review_all: Rule
) -> None:
    now = timezone.now()
    source = watch(office.feed(*some(1, 2, 3, 4, 5, 6, date=now)))
    poll(source)
    office.feed(*[item(n, guid=f"new{n}", path=f"/new/{n}", date=now) for n in range(1, 7)])
    poll(source)
    assert (Post.objects.count(), news()) == (0, [])


def test_source_that_is_removed_while_it_is_asked_stops_no_other(office: Office) -> None:
    gone, other = watch(office.feed(*some(1), path="/a.xml")), watch(office.feed(*some(2), path="/b.xml"))
    row = Source.objects.get(pk=gone.pk)
    Source.objects.filter(pk=gone.pk).delete()
    found = watching.poll([row, Source.objects.get(pk=other.pk)])
    assert found[1]["status"] == SourceStatus.OK


def test_json_feed_with_a_zero_byte_is_taken_in(office: Office) -> None:
    body = (
        b'{"version": "https://jsonfeed.org/version/1.1", "title": "P", "items": [{"id": "a\\u0000b", '
        b'"url": "https://press.example.org/1", "title": "A\\u0000 B \\ud800 C", "content_text": "x\\u0000y"}]}'
    )
    source = watch(office.server.serve(Answer(body=body, headers={"Content-Type": "application/feed+json"})))
    assert poll(source) == [SourceStatus.OK]
    document = Document.objects.get()
    assert "\0" not in document.title + str(document.current.entry) + str(source.items)


def test_first_of_several_feeds_in_one_round_has_the_document(office: Office) -> None:
    one, two = (watch(office.feed(*some(1), path=f"/{n}.xml"), name=n) for n in "ab")
    poll(one, two)
    office.feed(*some(2, 1), path="/a.xml")
    office.feed(*some(2, 1), path="/b.xml")
    poll(one, two)
    assert news() == ["Measure number 2 is adopted"]
    assert Document.objects.get(baseline=False).sightings.count() == 2


def test_mass_change_is_told_and_nothing_is_posted(office: Office, channel: Channel, review_all: Rule) -> None:
    source = watch(office.feed(*some(*range(1, 21))))
    poll(source)
    office.feed(
        *[item(n, guid=f"n{n}", path=f"/x/{n}", text=f"Quite another text, of {n} words") for n in range(21, 41)]
    )
    poll(source)
    assert Post.objects.count() == 0
    assert set(Alarm.objects.values_list("kind", flat=True)) >= {AlarmKind.MASS_CHANGE}


def test_edit_guid_change_and_new_date_in_one_poll_are_a_change(office: Office) -> None:
    now = timezone.now()
    source = watch(office.feed(*some(1, 2, date=now - timedelta(days=3))))
    poll(source)
    office.feed(
        item(2, guid="new", title="Measure number 2 is rejected", date=now), item(1, date=now - timedelta(days=3))
    )
    poll(source)
    assert (news(), Version.objects.count()) == ([], 3)


def test_clock_that_was_wrong_keeps_no_source_from_being_asked(office: Office) -> None:
    source = watch(office.feed(*some(1)))
    Source.objects.filter(pk=source.pk).update(next_check_at=timezone.now() + timedelta(days=400))
    assert watching.something_is_due()
    assert len(watching.poll_due()) == 1


def test_page_on_first_read_that_is_the_front_page_is_not_the_text(office: Office) -> None:
    office.page("/", "European Commission", "Welcome to the European Commission. " * 20)
    office.server.serve(Answer(status=302, headers={"Location": "/"}), "/doc/2")
    source = watch(office.feed(*some(1)), read_pages=True)
    poll(source)
    office.feed(item(2, title="European Commission adopts measure number 2"), item(1))
    poll(source)
    assert "Welcome" not in Document.objects.get(baseline=False).current.entry["body"]


def test_page_in_another_language_is_not_the_text(office: Office) -> None:
    office.page("/fr/doc/2", "Measure number 2 is adopted", "Le texte entier en français. " * 20, language="fr")
    office.server.serve(Answer(status=302, headers={"Location": "/fr/doc/2"}), "/doc/2")
    source = watch(office.feed(*some(1)), read_pages=True)
    poll(source)
    office.feed(*some(2, 1))
    poll(source)
    assert "français" not in Document.objects.get(baseline=False).current.entry["body"]


def test_french_first_and_english_later_is_one_document_in_two_languages(
    office: Office, channel: Channel, review_all: Rule
) -> None:
    fr = watch(office.feed(path="/fr.xml", language="fr"), name="fr", language="fr", baseline_at=timezone.now())
    en = watch(office.feed(path="/en.xml"), name="en", baseline_at=timezone.now())
    poll(fr, en)
    ref = "https://ec.europa.eu/commission/presscorner/detail/{}/ip_26_1"
    office.feed(Item("La mesure est adoptée", ref.format("fr"), text="Texte " * 20), path="/fr.xml", language="fr")
    poll(fr)
    office.feed(Item("The measure is adopted", ref.format("en"), text="Text " * 20), path="/en.xml")
    poll(en)
    document = Document.objects.get()
    assert sorted(document.versions.values_list("language", flat=True)) == ["en", "fr"]


@pytest.fixture
def no_alarms() -> Iterator[None]:
    """Whoever raises an alarm fails, as on a full disk."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TRIGGER full_disk BEFORE INSERT ON publisher_alarm BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
        yield
        cursor.execute("DROP TRIGGER IF EXISTS full_disk")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the trigger is written for SQLite")
def test_change_that_could_not_be_followed_is_followed_by_the_next_poll(office: Office, no_alarms: None) -> None:
    source = watch(office.feed(*some(1)))
    poll(source)
    make_post(Document.objects.get(), state=PostState.PUBLISHED)
    office.feed(item(1, title="Measure number 1 is rejected"))
    poll(source)
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER full_disk")
    poll(source)
    assert list(Alarm.objects.values_list("kind", flat=True)) == [AlarmKind.CORRECTION]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the trigger is written for SQLite")
def test_source_whose_row_cannot_be_written_stops_no_other(office: Office) -> None:
    office.server.serve(Answer(status=410), "/a.xml")
    one, other = watch(office.server.url("/a.xml")), watch(office.feed(*some(2), path="/b.xml"))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TRIGGER locked BEFORE UPDATE ON publisher_source "
            f"WHEN NEW.id = {one.pk} BEGIN SELECT RAISE(ABORT, 'locked'); END"
        )
        try:
            assert poll(one, other) == [SourceStatus.GONE, SourceStatus.OK]
        finally:
            cursor.execute("DROP TRIGGER locked")


def drafted(office: Office, *paragraphs: str) -> Document:
    """A document that was read from its page."""
    source = watch(office.feed(*some(1)), read_pages=True, baseline_at=timezone.now(), last_success_at=timezone.now())
    office.page("/doc/1", "Measure number 1 is adopted", *paragraphs)
    poll(source)
    return Document.objects.get()


PARAGRAPHS = [f"Paragraph {n} says that {n * 23} billion euro go to the regions that need them most." for n in range(5)]


def test_number_that_became_shorter_on_the_page_of_an_unknown_site_is_a_change(office: Office) -> None:
    document = drafted(office, *PARAGRAPHS)
    assert "92 billion" in document.current.entry["body"]
    office.page(
        "/doc/1", "Measure number 1 is adopted", *PARAGRAPHS[:4], PARAGRAPHS[4].replace("92 billion", "9 billion")
    )
    rechecks.read_again([document])
    assert " 9 billion" in document.current.entry["body"]


@pytest.mark.parametrize("emptied", [True, False])
def test_page_that_has_lost_its_text_is_no_correction(office: Office, emptied: bool) -> None:
    document = drafted(office, *PARAGRAPHS)
    if emptied:
        office.page("/doc/1", "Measure number 1 is adopted")
    else:
        office.page("/", "Welcome", "Welcome to the office. " * 40)
        office.server.serve(Answer(status=302, headers={"Location": "/"}), "/doc/1")
    rechecks.read_again([document])
    assert document.versions.count() == 1


def test_page_that_is_not_there_yet_is_not_taken_down(office: Office) -> None:
    office.server.serve(Answer(status=404), "/doc/1")
    source = watch(office.feed(*some(1)), read_pages=True, baseline_at=timezone.now())
    poll(source)
    document = Document.objects.get()
    rechecks.read_again([document])
    document.refresh_from_db()
    assert (document.vanished_at, document.recheck_at is not None) == (None, True)
    office.page("/doc/1", "Measure number 1 is adopted", *PARAGRAPHS)
    rechecks.read_again([document])
    assert "92 billion" in document.current.entry["body"]


def test_furniture_of_an_unknown_site_is_no_change(office: Office) -> None:
    document = drafted(office, *PARAGRAPHS)
    text = "".join(f"<p>{each}</p>" for each in PARAGRAPHS)
    title = "Measure number 1 is adopted"
    for count in range(3):
        body = (
            f"<!doctype html><html lang='en'><head><title>{title}</title></head><body><nav>Menu {count}</nav>"
            f"<main><article><h1>{title}</h1>{text}</article></main><aside><h2>Related news</h2>"
            f"<ul><li><a href='/doc/{count + 7}'>Related number {count}</a></li></ul></aside>"
            f"<footer>Seen {count * 113} times</footer></body></html>"
        )
        office.server.serve(Answer(body=body.encode(), headers={"Content-Type": "text/html"}), "/doc/1")
        rechecks.read_again([document])
    assert document.versions.count() == 1
