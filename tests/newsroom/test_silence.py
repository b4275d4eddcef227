"""Alarms about silence: raised once in words, settled by themselves, and not for what is merely failing or paused."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from publisher.enums import AlarmKind, SourceKind
from publisher.models import Alarm, Document, Sighting, Source
from publisher.newsroom.alerts import alarms
from publisher.newsroom.feeds import silence
from tests.factories import make_source
from tests.newsroom.test_rhythm import office

TUESDAY = "2026-11-17"
"""Of the newest document."""
TWO_DAYS_LATER = datetime(2026, 11, 19, 17, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nothing_learned() -> None:
    silence._learned.clear()


def usual(source: Source, last: str = TUESDAY, *, baseline: bool = False, **rhythm: Any) -> None:
    """Bring three documents on every working day for eight weeks, up to and with `last`."""
    times = [moment.at for moment in office(last, **rhythm)]
    documents = Document.objects.bulk_create(
        Document(
            title="News",
            url=f"https://press.example.org/{number}",
            first_seen_at=times[-1] if baseline else at,
            published_at=at,
            baseline=baseline,
            source=source,
        )
        for number, at in enumerate(times)
    )
    Sighting.objects.bulk_create(
        Sighting(document=document, source=source, hash="", first_seen_at=document.first_seen_at)
        for document in documents
    )


def make_quiet_source(**fields: Any) -> Source:
    return make_source(**{"last_success_at": TWO_DAYS_LATER, **fields})


def sentences() -> list[str]:
    return [alarm.sentence for alarm in Alarm.objects.filter(closed_at=None).order_by("pk")]


def test_silence_is_told_in_words(db: None) -> None:
    usual(make_quiet_source())
    silence.look(TWO_DAYS_LATER)
    (told,) = sentences()
    assert told == (
        "This source usually brings three a day; nothing has come for 50 hours. Look at its site: if there is something"
        " new, the source no longer shows it and needs another address."
    )


def test_silence_is_told_once_and_kept_up_to_date(db: None) -> None:
    source = make_quiet_source()
    usual(source)
    silence.look(TWO_DAYS_LATER)
    Source.objects.update(last_success_at=TWO_DAYS_LATER + timedelta(hours=1))
    silence.look(TWO_DAYS_LATER + timedelta(hours=1))
    assert Alarm.objects.count() == 1
    assert "nothing has come for 51 hours" in sentences()[0]


def test_source_that_brings_what_it_usually_does_has_no_alarm(db: None) -> None:
    usual(make_quiet_source(), "2026-11-19")
    silence.look(TWO_DAYS_LATER)
    assert sentences() == []


def test_what_stood_there_at_first_sight_tells_the_rhythm_too(db: None) -> None:
    usual(make_quiet_source(), baseline=True)
    silence.look(TWO_DAYS_LATER)
    assert len(sentences()) == 1


def test_translations_of_a_document_count_once(db: None) -> None:
    usual(make_quiet_source())
    translated = [
        Sighting(document=each.document, source=each.source, language="fr", hash="", first_seen_at=each.first_seen_at)
        for each in Sighting.objects.select_related("document", "source")
    ]
    Sighting.objects.bulk_create(translated)
    silence.look(TWO_DAYS_LATER)
    assert sentences()[0].startswith("This source usually brings three a day;")


def test_alarm_settles_itself_when_something_comes(db: None) -> None:
    source = make_quiet_source()
    usual(source)
    silence.look(TWO_DAYS_LATER)
    later = TWO_DAYS_LATER + timedelta(hours=1)
    document = Document.objects.create(title="News", url="https://press.example.org/n", first_seen_at=later)
    Sighting.objects.create(document=document, source=source, hash="", first_seen_at=later)
    Source.objects.update(last_success_at=later)
    silence.look(later)
    closed = Alarm.objects.get()
    assert (closed.closed_by, closed.outcome) == ("publisher", "The source brings what it usually does again.")


def test_silence_lasts_only_as_long_as_we_looked(db: None) -> None:
    usual(make_quiet_source(last_success_at=TWO_DAYS_LATER - timedelta(hours=24)))
    silence.look(TWO_DAYS_LATER)
    assert sentences() == []


def test_what_a_person_has_closed_is_not_raised_again_until_something_came(db: None, administrator: Any) -> None:
    source = make_quiet_source()
    usual(source)
    silence.look(TWO_DAYS_LATER)
    alarms.close(Alarm.objects.get().pk, administrator.email, "They are on a retreat.")
    silence.look(TWO_DAYS_LATER + timedelta(hours=1))
    assert (sentences(), Alarm.objects.count()) == ([], 1)


def test_source_that_fails_for_a_day_is_failing_and_not_silent(db: None) -> None:
    source = make_quiet_source(
        failures=9, problem="The site is out of order at the moment.", last_success_at=TWO_DAYS_LATER
    )
    usual(source)
    silence.look(TWO_DAYS_LATER + timedelta(hours=23))
    assert sentences() == []
    silence.look(TWO_DAYS_LATER + timedelta(hours=26))
    (told,) = sentences()
    assert told == (
        "This source could not be read for 26 hours, so nothing from it reaches the desk. It is tried on and nothing is"
        " lost once it answers again. What it says: The site is out of order at the moment."
    )


def test_alarm_of_a_failing_source_settles_when_it_answers_again(db: None) -> None:
    make_quiet_source(failures=9, problem="Out of order.")
    silence.look(TWO_DAYS_LATER + timedelta(hours=26))
    Source.objects.update(failures=0, last_success_at=TWO_DAYS_LATER + timedelta(hours=27))
    silence.look(TWO_DAYS_LATER + timedelta(hours=27))
    assert sentences() == []


@pytest.mark.parametrize("fields", [{"active": False}, {"sample": True}, {"kind": SourceKind.CALENDAR}])
def test_paused_sample_and_calendar_sources_are_never_silent(db: None, fields: dict[str, Any]) -> None:
    usual(make_quiet_source(**fields))
    silence.look(TWO_DAYS_LATER)
    assert sentences() == []


def test_alarm_of_a_source_that_was_paused_settles(db: None) -> None:
    usual(make_quiet_source())
    silence.look(TWO_DAYS_LATER)
    Source.objects.update(active=False)
    silence.look(TWO_DAYS_LATER)
    assert Alarm.objects.get().outcome == "The source is no longer watched."


@pytest.mark.parametrize(
    ("per_week", "words"),
    [
        (70, "about 10 a day"),
        (15.2, "about fifteen a week"),
        (1, "about one a week"),
        (0.23, "about one a month"),
        (0.02, "about one a year"),
    ],
)
def test_rhythm_is_told_in_words(per_week: float, words: str) -> None:
    assert silence._how_often(per_week) == words


def test_number_of_queries_does_not_grow_with_the_sources(db: None) -> None:
    noon = datetime(2026, 11, 18, 12, tzinfo=UTC)

    def queries() -> int:
        silence._learned.clear()
        with CaptureQueriesContext(connection) as captured:
            silence.look(noon)
        return len(captured)

    usual(make_quiet_source(last_success_at=noon), weeks=3)
    few = queries()
    for _ in range(20):
        usual(make_quiet_source(last_success_at=noon), weeks=3)
    assert queries() == few


def test_alarm_is_of_the_kind_for_silence(db: None) -> None:
    usual(make_quiet_source())
    silence.look(TWO_DAYS_LATER)
    assert Alarm.objects.get().kind == AlarmKind.SILENCE
