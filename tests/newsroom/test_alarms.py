import pytest

from publisher.enums import AlarmKind
from publisher.errors import InvalidInput, NotAllowed, StaleState
from publisher.models import Alarm, Event, Source, User
from publisher.newsroom.alerts import alarms
from publisher.newsroom.record import audit
from tests.factories import make_document

KEY = "source.layout"


def test_alarm_is_open_once_per_kind_and_source_and_brought_up_to_date(source: Source) -> None:
    first = alarms.raise_alarm(AlarmKind.LAYOUT, KEY, source=source, data={"pages": 1})
    again = alarms.raise_alarm(AlarmKind.LAYOUT, KEY, source=source, data={"pages": 2})
    assert (first.pk, again.data, Alarm.objects.count()) == (again.pk, {"pages": 2}, 1)


def test_alarm_about_a_document_stands_beside_one_of_the_same_kind_about_its_source(source: Source) -> None:
    about_source = alarms.raise_alarm(AlarmKind.WAITING, KEY, source=source)
    about_document = alarms.raise_alarm(AlarmKind.WAITING, KEY, source=source, document=make_document(source))
    assert about_source.pk != about_document.pk
    assert alarms.standing(AlarmKind.WAITING, source=source) == about_source


def test_raising_and_closing_leave_one_event_each(source: Source) -> None:
    alarm = alarms.raise_alarm(AlarmKind.GAP, KEY, source=source)
    alarms.raise_alarm(AlarmKind.GAP, KEY, source=source)
    alarms.close(alarm.pk, audit.SERVICE, "It was filled.")
    told = Event.objects.filter(subject="alarm", subject_id=alarm.pk).order_by("id").values_list("verb", "reason")
    assert list(told) == [("raise", alarm.sentence), ("close", "It was filled.")]


def test_closed_alarm_is_closed_once_and_the_next_call_opens_another(source: Source) -> None:
    alarm = alarms.raise_alarm(AlarmKind.GAP, KEY, source=source)
    closed = alarms.close(alarm.pk, "bob@example.org", "Seen.")
    assert (closed.closed_by, closed.outcome, closed.closed_at is not None) == ("bob@example.org", "Seen.", True)
    with pytest.raises(StaleState):
        alarms.close(alarm.pk, "bob@example.org")
    assert alarms.raise_alarm(AlarmKind.GAP, KEY, source=source).pk != alarm.pk


def test_unknown_alarm_is_refused_in_words(db: None) -> None:
    with pytest.raises(InvalidInput) as refused:
        alarms.close(99, audit.SERVICE)
    assert refused.value.sentence == "There is no alarm number 99."


def test_viewer_closes_no_alarm(source: Source, viewer: User) -> None:
    alarm = alarms.raise_alarm(AlarmKind.GAP, KEY, source=source)
    with pytest.raises(NotAllowed):
        alarms.settle(viewer, alarm.pk)


def test_pages_hold_open_and_closed_alarms_apart_newest_first(source: Source) -> None:
    first = alarms.raise_alarm(AlarmKind.GAP, KEY, source=source)
    second = alarms.raise_alarm(AlarmKind.LAYOUT, KEY, source=source)
    third = alarms.raise_alarm(AlarmKind.SILENCE, KEY, source=source)
    alarms.close(second.pk, audit.SERVICE)
    assert [alarm.pk for alarm in alarms.page().items] == [third.pk, first.pk]
    assert [alarm.pk for alarm in alarms.page(closed=True).items] == [second.pk]
    assert (alarms.page(size=1).has_next, alarms.count()) == (True, 2)
