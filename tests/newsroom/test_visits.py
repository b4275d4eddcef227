"""What a visit leaves in the rows: holds, moves, the pace, and the one request that is never asked twice."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from publisher.config import Config
from publisher.enums import AlarmKind, SourceStatus
from publisher.errors import FetchError
from publisher.models import Alarm, Event, Host, Source, User
from publisher.newsroom import setup
from publisher.newsroom.feeds import outside, sources, visits, watching
from publisher.watch.fetch import Fetched, Validators
from tests.newsroom.test_watching import Feed, due_again, feed  # noqa: F401  # a fixture

URL = "http://press.example.org/feed.xml"
NEW = "https://www.example.org/new.xml"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    yield
    outside.forget()


@pytest.fixture
def press(db: None) -> Source:
    return Source.objects.create(name="Press", url=URL, baseline_at=timezone.now())


def answer(**fields: Any) -> Fetched:
    given: dict[str, Any] = {
        "status": SourceStatus.OK,
        "url": URL,
        "body": b"<rss></rss>",
        "validators": Validators('"1"'),
        "fetched_at": timezone.now(),
    }
    return Fetched(**{**given, **fields})


def wait(source: Source) -> timedelta:
    source.refresh_from_db()
    assert source.last_checked_at
    return source.next_check_at - source.last_checked_at


# --- once -------------------------------------------------------------------------------------------------------------


def test_a_source_that_is_tried_out_and_added_is_asked_once(feed: Feed, administrator: User) -> None:  # noqa: F811
    feed.items = [(1, "News")]
    sources.try_out(feed.url)
    sources.try_out(feed.url)
    source = sources.add(administrator, url=feed.url)
    watching.poll_due()
    assert len(feed.requests) == 1
    source.refresh_from_db()
    assert (source.status, source.baseline_at is None, source.etag) == (
        SourceStatus.OK,
        False,
        f'"{hash(((1, "News"),))}"',
    )


def test_an_answer_is_not_kept_longer_than_a_quarter_of_an_hour(feed: Feed, db: None) -> None:  # noqa: F811
    feed.items = [(1, "News")]
    kept = outside.look(feed.url)
    assert outside.look(feed.url) is kept
    outside.keep(feed.url, answer(fetched_at=timezone.now() - timedelta(minutes=16)))
    assert outside.look(feed.url).body == kept.body
    assert len(feed.requests) == 2


# --- hosts ------------------------------------------------------------------------------------------------------------


def test_a_host_that_asks_to_wait_is_held_for_all_its_sources(feed: Feed, administrator: User) -> None:  # noqa: F811
    first = sources.add(administrator, url=feed.url)
    second = Source.objects.create(name="Sister", url=feed.url.replace("feed.xml", "sister.xml"))
    elsewhere = Source.objects.create(name="Elsewhere", url=feed.url.replace("127.0.0.1", "localhost"), interval=60)
    feed.status, feed.headers = 429, {"Retry-After": "7200"}
    due_again(first)
    watching.poll_due(first)
    asked = len(feed.requests)
    until = Host.objects.get(name="127.0.0.1").held_until
    assert abs(until - timezone.now() - 2 * HOUR) < timedelta(minutes=1)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.next_check_at >= until
    assert until <= second.next_check_at <= until + outside.AFTER_HOLD
    due_again(second)
    (brought,) = watching.poll([second])
    assert (brought["status"], len(feed.requests)) == (SourceStatus.RATE_LIMITED, asked)
    second.refresh_from_db()
    assert (second.failures, second.problem, second.next_check_at >= until) == (0, "", True)
    feed.status = 200
    (brought,) = watching.poll([elsewhere])
    assert brought["status"] == SourceStatus.OK


def test_a_held_host_is_not_asked_for_pages_and_pictures(feed: Feed, db: None) -> None:  # noqa: F811
    outside.hold("127.0.0.1", timezone.now() + HOUR)
    for ask in (outside.look, outside.fetch, outside.fetch_image):
        with pytest.raises(FetchError) as caught:
            ask(feed.url)
        assert caught.value.key == "source.held"
    assert feed.requests == []


def test_a_hold_ends(feed: Feed, db: None) -> None:  # noqa: F811
    Host.objects.create(name="127.0.0.1", held_until=timezone.now() - timedelta(seconds=1))
    assert outside.fetch(feed.url).status == SourceStatus.OK


# --- moves ------------------------------------------------------------------------------------------------------------


def test_a_permanent_redirect_is_learned_once_it_has_held_for_seven_days(press: Source) -> None:
    visits.went_well(press, answer(url=NEW, moved_to=NEW))
    press.refresh_from_db()
    assert (press.url, press.moves_to, press.answered_from) == (URL, NEW, NEW)
    Source.objects.update(moving_since=timezone.now() - timedelta(days=6, hours=23))
    press.refresh_from_db()
    visits.went_well(press, answer(url=NEW, moved_to=NEW))
    press.refresh_from_db()
    assert press.url == URL
    Source.objects.update(moving_since=timezone.now() - timedelta(days=7))
    press.refresh_from_db()
    visits.went_well(press, answer(url=NEW, moved_to=NEW))
    press.refresh_from_db()
    assert (press.url, press.host, press.moves_to, press.answered_from) == (NEW, "www.example.org", "", "")
    assert visits.request(press).validators == Validators('"1"')
    assert Event.objects.get(subject="source", verb="move").data == {"from": URL, "to": NEW}
    assert Alarm.objects.get(kind=AlarmKind.MOVED).params == {"old": URL, "new": NEW}


def test_a_redirect_that_ends_or_leads_elsewhere_begins_anew(press: Source) -> None:
    visits.went_well(press, answer(url=NEW, moved_to=NEW))
    Source.objects.update(moving_since=timezone.now() - timedelta(days=8))
    press.refresh_from_db()
    visits.went_well(press, answer(url=NEW + "?2", moved_to=NEW + "?2"))
    press.refresh_from_db()
    assert (press.url, press.moves_to) == (URL, NEW + "?2")
    visits.went_well(press, answer())
    press.refresh_from_db()
    assert (press.url, press.moves_to, press.moving_since) == (URL, "", None)


def test_a_temporary_redirect_is_never_learned(press: Source) -> None:
    visits.went_well(press, answer(url=NEW))
    press.refresh_from_db()
    assert (press.url, press.moves_to, press.answered_from) == (URL, "", NEW)


def test_the_same_address_under_https_is_learned_at_once(press: Source) -> None:
    safer = URL.replace("http:", "https:")
    visits.went_well(press, answer(url=safer, moved_to=safer))
    press.refresh_from_db()
    assert press.url == safer
    assert Alarm.objects.count() == 0


@pytest.mark.parametrize("key", ["source.not_found", "source.gone"])
def test_a_move_is_learned_at_once_when_the_old_address_has_ended(press: Source, key: str) -> None:
    visits.went_well(press, answer(url=NEW, moved_to=NEW))
    press.refresh_from_db()
    ended = FetchError(key, status=SourceStatus.GONE)
    ended.at = URL
    visits.went_wrong(press, ended)
    press.refresh_from_db()
    assert (press.url, press.active, press.failures) == (NEW, True, 0)


def test_a_move_is_not_learned_when_it_is_the_new_address_that_has_ended(press: Source) -> None:
    visits.went_well(press, answer(url=NEW, moved_to=NEW))
    press.refresh_from_db()
    ended = FetchError("source.not_found", status=SourceStatus.ERROR)
    ended.at = NEW
    visits.went_wrong(press, ended)
    press.refresh_from_db()
    assert (press.url, press.failures) == (URL, 1)


def test_a_move_to_an_address_that_is_watched_already_is_not_learned(press: Source) -> None:
    Source.objects.create(name="There already", url=NEW)
    visits.went_well(press, answer(url=NEW, moved_to=NEW))
    Source.objects.filter(pk=press.pk).update(moving_since=timezone.now() - timedelta(days=8))
    press.refresh_from_db()
    visits.went_well(press, answer(url=NEW, moved_to=NEW))
    press.refresh_from_db()
    assert press.url == URL


def test_the_settings_old_address_of_a_source_that_has_moved_is_not_added_again(
    feed: Feed,  # noqa: F811
    administrator: User,
) -> None:
    feed.items = [(1, "News")]
    source = sources.add(administrator, url=feed.url)
    safer = feed.url.replace("http:", "https:")
    visits.went_well(source, answer(url=safer, moved_to=safer))
    assert setup.from_settings(Config(sources=feed.url)) == []
    assert Source.objects.count() == 1


def test_a_feed_of_the_settings_that_fails_is_tried_again_later_each_time(
    feed: Feed,  # noqa: F811
    administrator: User,
) -> None:
    feed.status = 500
    waits = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(4):
            before = len(feed.requests)
            waited = timedelta()
            while len(feed.requests) == before:
                setup.from_settings(Config(sources=feed.url))
                if len(feed.requests) == before:
                    clock.shift(timedelta(minutes=1))
                    waited += timedelta(minutes=1)
            waits.append(waited)
    at_once, *later = waits
    assert at_once == timedelta()
    for number, waited in enumerate(later):  # a tenth more at most, by the address, and the clock moves by minutes
        assert setup.AGAIN * 2**number <= waited <= setup.AGAIN * 1.1 * 2**number + timedelta(minutes=1)


def test_a_source_that_has_ended_is_stopped_and_a_person_is_called(press: Source) -> None:
    visits.went_wrong(press, FetchError("source.ended", status=SourceStatus.GONE))
    press.refresh_from_db()
    assert press.active is False
    alarm = Alarm.objects.get(kind=AlarmKind.MOVED, source=press)
    assert alarm.sentence.startswith("This source is watched no more. What it says: The source says that it has ended")


# --- the pace ---------------------------------------------------------------------------------------------------------


def test_max_age_of_the_last_full_answer_holds_where_a_304_says_nothing(press: Source) -> None:
    now = timezone.now()
    visits.went_well(press, answer(not_before=now + 12 * HOUR, fetched_at=now))
    assert wait(press) >= 12 * HOUR
    visits.went_well(press, answer(status=SourceStatus.NOT_MODIFIED, body=b""))
    assert wait(press) >= 12 * HOUR
    visits.went_well(press, answer())
    assert wait(press) < 12 * HOUR


def test_a_person_s_interval_wins_over_rhythm_and_ttl_but_not_over_the_server(press: Source) -> None:
    press.interval = 600
    press.save()
    visits.went_well(press, answer(body=b"<rss><channel><ttl>600</ttl></channel></rss>"))
    assert timedelta(minutes=10) <= wait(press) <= timedelta(minutes=11)
    now = timezone.now()
    visits.went_well(press, answer(fetched_at=now, not_before=now + 3 * HOUR))
    assert wait(press) == 3 * HOUR


def test_the_feed_s_own_ttl_is_a_shortest_time_for_its_rhythm(press: Source) -> None:
    visits.went_well(press, answer(body=b"<rss><channel><ttl>600</ttl></channel></rss>"))
    assert 10 * HOUR <= wait(press) <= 11 * HOUR


def test_a_gap_halves_the_interval(press: Source) -> None:
    visits.went_well(press, answer())
    before = wait(press)
    Alarm.objects.create(kind=AlarmKind.GAP, source=press, key="alarm.gap", raised_at=timezone.now())
    visits.went_well(press, answer())
    assert wait(press) < before


def test_failures_wait_longer_and_keep_the_validators(press: Source) -> None:
    visits.went_well(press, answer())
    for _ in range(3):
        press.refresh_from_db()
        visits.went_wrong(press, FetchError("source.slow", status=SourceStatus.UNREACHABLE))
    assert wait(press) >= 8 * HOUR
    assert (press.etag, press.failures) == ('"1"', 3)
