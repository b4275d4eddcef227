"""Which rule takes a document: what it may ask of one, one thing at a time and together."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from publisher.models import Document, Version
from publisher.newsroom.drafts import matching
from publisher.types import Entry, entry_to_json
from tests.factories import make_channel, make_document, make_rule, make_source

pytestmark = pytest.mark.django_db

FRIDAY_NIGHT = datetime(2026, 11, 27, 22, 30, tzinfo=UTC)
"""23:30 in Brussels."""


def taken(document: Document, at: datetime = FRIDAY_NIGHT, **rule: Any) -> bool:
    """Whether a rule that asks this takes the document to a channel."""
    made = make_rule(**rule)
    (subject,) = matching.subjects([document])
    return bool(matching.match(subject, matching.plans_of([made]), [make_channel()], at))


def translated(document: Document, language: str, **told: Any) -> None:
    entry = Entry(url=document.url, language=language, **told)
    number = document.versions.count() + 1
    given = {"number": number, "language": language, "hash": entry.hash, "fetched_at": document.first_seen_at}
    Version.objects.create(document=document, entry=entry_to_json(entry), **given)


@pytest.mark.parametrize(
    ("words", "fits"),
    [
        (["budget"], True),
        (["BUDGET"], True),
        (["budge"], False),
        (["next budget"], True),
        (["budget next"], False),
        (["fisheries", "budget"], True),
        (["fisheries"], False),
        (["EU's"], True),
        (["café"], True),
        (["cafe\N{COMBINING ACUTE ACCENT}"], True),
        (["lead"], True),
        (["body"], False),
    ],
)
def test_words_are_whole_and_stand_in_title_or_lead(words: list[str], fits: bool) -> None:
    document = make_document(
        title="The EU’s next-Budget: a “Café” for all", lead="This is the lead.", body="And this the body."
    )
    assert taken(document, words=words) is fits
    assert taken(document, not_words=words) is not fits


def test_word_of_another_language_counts_too() -> None:
    document = make_document(title="On fish", language="en")
    translated(document, "fr", title="De la pêche", lead="Sur les poissons.")
    assert taken(document, words=["pêche"])


def test_word_that_a_correction_took_out_counts_no_more() -> None:
    document = make_document(title="On fish")
    translated(document, "", title="On meat")
    assert not taken(document, words=["fish"])


@pytest.mark.parametrize(
    ("people", "fits"),
    [
        (["Kaja Kallas"], True),
        (["High Representative Kaja Kallas"], True),
        (["kallas"], True),
        (["Kaja"], False),
        (["Maria Kallas"], False),
        (["Roberta Metsola", "Kallas"], True),
    ],
)
def test_person_is_known_with_and_without_office_and_first_name(people: list[str], fits: bool) -> None:
    document = make_document(told={"speakers": ("Vice-President Kaja KALLAS",)})
    assert taken(document, people=people) is fits


@pytest.mark.parametrize(("topics", "fits"), [(["climate action"], True), (["Climate"], False), (["Trade"], True)])
def test_topic_is_as_the_institution_names_it(topics: list[str], fits: bool) -> None:
    assert taken(make_document(told={"topics": ("Climate Action", "Trade")}), topics=topics) is fits


@pytest.mark.parametrize(("languages", "fits"), [(["en"], True), (["fr"], True), (["de"], False), (["de", "fr"], True)])
def test_language_is_one_in_which_the_document_is_there(languages: list[str], fits: bool) -> None:
    subject = matching.Subject(make_document(), sources=frozenset(), languages=frozenset({"en", "fr"}))
    plans = matching.plans_of([make_rule(languages=languages)])
    assert bool(matching.match(subject, plans, [make_channel()], FRIDAY_NIGHT)) is fits


@pytest.mark.parametrize(
    ("hours", "at", "fits"),
    [
        ({"starts": "09:00", "ends": "18:00"}, datetime(2026, 11, 27, 8, 0, tzinfo=UTC), True),
        ({"starts": "09:00", "ends": "18:00"}, datetime(2026, 11, 27, 7, 59, tzinfo=UTC), False),
        ({"starts": "09:00", "ends": "18:00"}, datetime(2026, 11, 27, 17, 0, tzinfo=UTC), False),
        ({"starts": "22:00", "ends": "06:00"}, FRIDAY_NIGHT, True),
        ({"starts": "22:00", "ends": "06:00", "weekdays": [4]}, FRIDAY_NIGHT, True),
        ({"starts": "22:00", "ends": "06:00", "weekdays": [4]}, datetime(2026, 11, 28, 4, 0, tzinfo=UTC), True),
        ({"starts": "22:00", "ends": "06:00", "weekdays": [5]}, datetime(2026, 11, 28, 4, 0, tzinfo=UTC), False),
        ({"weekdays": [5]}, datetime(2026, 11, 27, 23, 30, tzinfo=UTC), True),
        ({"weekdays": [4]}, datetime(2026, 11, 27, 23, 30, tzinfo=UTC), False),
        ({"starts": "23:00"}, FRIDAY_NIGHT, True),
        ({"ends": "23:00"}, FRIDAY_NIGHT, False),
        # The night in which the clock goes forward has no 02:30; what comes at 01:30 UTC comes at 03:30.
        ({"starts": "03:00", "ends": "04:00"}, datetime(2027, 3, 28, 1, 30, tzinfo=UTC), True),
    ],
)
def test_hours_are_of_the_newsrooms_clock_and_a_night_belongs_to_its_first_day(
    hours: dict[str, Any], at: datetime, fits: bool
) -> None:
    made = make_rule(**hours)
    made.refresh_from_db()
    assert matching.is_open(made.weekdays, made.starts, made.ends, at) is fits


def test_all_that_is_asked_must_be_there() -> None:
    document = make_document(kind="speech", title="On the budget", told={"speakers": ("Kaja Kallas",)})
    assert taken(document, kinds=["speech"], words=["budget"], people=["Kallas"])
    assert not taken(document, kinds=["speech"], words=["budget"], people=["Metsola"])


def test_rule_that_ignores_stops_the_ones_after_it_for_its_channel_only() -> None:
    here, there = make_channel(), make_channel()
    first = make_rule(mode="ignore", position=1)
    first.channels.add(here)
    second = make_rule(position=2)
    (subject,) = matching.subjects([make_document()])
    assert matching.match(subject, matching.plans(), [here, there]) == [(here, first), (there, second)]
    assert matching.is_taken(subject, matching.plans(), [here], FRIDAY_NIGHT) is False


def test_as_many_queries_for_many_documents_as_for_one() -> None:
    source = make_source()
    documents = [make_document(source, told={"topics": ("Trade",)}) for _ in range(20)]
    with CaptureQueriesContext(connection) as one:
        matching.subjects(documents[:1])
    with CaptureQueriesContext(connection) as many:
        matching.subjects(documents)
    assert len(one) == len(many) == 3


@given(st.text(max_size=30), st.text(max_size=10), st.text(max_size=30))
def test_words_are_found_among_any_others(before: str, words: str, after: str) -> None:
    assert f" {matching.plain(words)} ".strip() in f" {matching.plain(f'{before} {words} {after}')} "
