"""A week of watching under a fake clock, scored by the web servers that were asked."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine

from publisher import __version__, config
from publisher.enums import SourceStatus
from publisher.models import Document, Event, Host, Source, User
from publisher.newsroom.feeds import outside, sources, watching
from tests.watch.scoring import SHOWN, Asked, Feed, Scorer, Told, http_date

pytestmark = pytest.mark.any_database  # what is looked at is what the web servers were asked

START = datetime(2026, 10, 5, 6, 30, tzinfo=UTC)
"""A Monday, half past eight in Brussels."""
RESTARTS = [
    (START + timedelta(days=3), START + timedelta(days=3, minutes=7)),
    (START + timedelta(days=5), START + timedelta(days=5, hours=8)),
]
"""From when to when the service stands still; the second time so long that everything is due at once."""
END = START + timedelta(days=8, hours=12)
MAINTENANCE = Told(200, b"<html><title>Maintenance</title></html>", {"Content-Type": "text/html"})


def during(day: int, hours: float, told: Told) -> object:
    """`told` from ten in the morning of that day on (0 is the first), for so many hours."""
    start = START + timedelta(days=day, hours=3)
    return lambda now: told if start <= now < start + timedelta(hours=hours) else None


def busy(now: datetime) -> Told | None:
    if START + timedelta(days=1, hours=3) <= now < START + timedelta(days=1, hours=7):
        return Told(429, b"", {"Retry-After": "14400", "Date": http_date(now)})
    if START + timedelta(days=2, hours=3) <= now < START + timedelta(days=2, hours=5):
        return Told(503, b"", {"Retry-After": http_date(now + timedelta(hours=6)), "Date": http_date(now)})
    return None


def _feeds() -> list[Feed]:
    return [
        Feed("127.0.0.2", "/plain.xml"),
        Feed("127.0.0.2", "/gzip.xml?organisations[]=a&b=%7Ec", gzip=True),
        Feed("127.0.0.3", "/same-body.xml", every=timedelta(days=30), stamp=timedelta(hours=5)),
        Feed("127.0.0.4", "/max-age.xml", headers=lambda now: {"Cache-Control": "public, max-age=43200"}),
        Feed("127.0.0.4", "/expires.xml", headers=lambda now: {"Expires": http_date(now + timedelta(hours=7))}),
        Feed(
            "127.0.0.4",
            "/short-304.xml",
            every=timedelta(hours=48),
            headers=lambda now: {"Cache-Control": "max-age=18000"},
            short_304=True,
        ),
        Feed("127.0.0.5", "/ttl.xml", head="<ttl>180</ttl>"),
        Feed("127.0.0.6", "/busy.xml", trouble=busy, slow=0.005),
        Feed("127.0.0.6", "/sister.xml", slow=0.005),
        Feed("127.0.0.6", "/brother.xml", slow=0.005),
        Feed("127.0.0.7", "/old.xml", trouble=lambda now: Told(301, b"", {"Location": "/new.xml"})),
        Feed("127.0.0.7", "/new.xml"),
        Feed("127.0.0.8", "/moved.xml", trouble=during(3, 6, Told(302, b"", {"Location": "/maintenance"}))),  # type: ignore[arg-type]
        Feed("127.0.0.8", "/maintenance", trouble=lambda now: MAINTENANCE),
        Feed("127.0.0.11", "/away.xml", trouble=lambda now: Told(302, b"", {"Location": "/here.xml"})),
        Feed("127.0.0.11", "/here.xml"),
        Feed("127.0.0.9", "/gone.xml", trouble=during(2, 999, Told(410))),  # type: ignore[arg-type]
        Feed("127.0.0.10", "/lively.xml", every=timedelta(minutes=50)),
    ]


NOT_ADDED = {"/new.xml", "/maintenance", "/here.xml"}


@dataclass
class Week:
    """What the week left: in the servers' log, and in our rows."""

    scorer: Scorer
    marks: dict[str, list[str]]
    sources: dict[str, Source]
    documents: dict[str, int]
    moves: list[dict[str, str]]
    held: list[Host]

    def times(self, path: str) -> list[datetime]:
        return [asked.at for asked in self.scorer.asked(path)]

    def asked(self, path: str) -> list[Asked]:
        return self.scorer.asked(path)


_lived: list[Week] = []


@pytest.fixture
def week(db: None, monkeypatch: pytest.MonkeyPatch) -> Week:
    """The week is lived once; each test looks at what it left."""
    if not _lived:
        monkeypatch.setattr(config.get(), "contact", "https://press.example.org/contact")
        with Scorer(_feeds()).running() as scorer:
            live_a_week(scorer)
        found = {source.name: source for source in Source.objects.all()}
        _lived.append(
            Week(
                scorer,
                scorer.marks(f"Publisher/{__version__} (+https://press.example.org/contact)"),
                found,
                {name: Document.objects.filter(source=source).count() for name, source in found.items()},
                list(Event.objects.filter(subject="source", verb="move").values_list("data", flat=True)),
                list(Host.objects.all()),
            )
        )
    return _lived[0]


def live_a_week(scorer: Scorer) -> None:
    person = User.objects.create_user("erin@example.org", "correct horse battery", name="Erin", role="administrator")
    with time_machine.travel(START, tick=False) as clock:
        for host, path in scorer.feeds:
            if path not in NOT_ADDED:
                url = scorer.url(host, path)
                sources.try_out(url)
                sources.add(person, url=url)
                clock.shift(timedelta(minutes=3))
        restarts = list(RESTARTS)
        while (due := watching.next_due_at()) and due < END:
            if restarts and due > restarts[0][0]:
                clock.move_to(restarts.pop(0)[1])
                restart()
                continue
            clock.move_to(max(due, datetime.now(UTC)) + timedelta(milliseconds=1))
            watching.poll_due()


def restart() -> None:
    """What a new process knows: the rows. It begins with a round over what is due, as the service does."""
    outside.forget()
    watching.poll_due()


LINES = [
    "one unconditional request per feed",
    "validators as given, both together",
    "at most one request an hour",
    "Cache-Control and Expires",
    "429 and 503 hold the host",
    "a steady pace",
    "no cookie, no referer",
    "one honest name",
    "gzip",
    "the address exactly",
    "one connection to a host",
    "nothing after 410",
]


@pytest.mark.parametrize("line", LINES)
def test_full_marks_for(week: Week, line: str) -> None:
    assert week.marks[line] == []


def test_every_line_is_looked_at(week: Week) -> None:
    assert list(week.marks) == LINES


def test_a_week_is_many_requests_and_most_find_nothing_new(week: Week) -> None:
    statuses = [asked.status for asked in week.asked("/plain.xml")]
    assert len(statuses) > 60
    assert statuses.count(304) > len(statuses) / 2


def test_the_same_body_with_new_validators_is_read_once(week: Week) -> None:
    assert len({asked.validators for asked in week.asked("/same-body.xml")}) > 10
    assert week.documents["/same-body.xml"] == SHOWN


def test_a_compressed_feed_is_understood(week: Week) -> None:
    assert week.documents["/gzip.xml?organisations[]=a&b=%7Ec"] > 5


def test_the_feed_s_own_ttl_is_kept(week: Week) -> None:
    times = week.times("/ttl.xml")
    assert min(b - a for a, b in pairwise(times)) >= timedelta(hours=3)


def test_a_permanent_redirect_is_learned_after_seven_days_and_stays_in_the_history(week: Week) -> None:
    last = week.times("/old.xml")[-1]
    assert timedelta(days=7) <= last - START < timedelta(days=7, hours=8)
    assert week.times("/new.xml")[-1] > last
    old, new = (week.scorer.url("127.0.0.7", path) for path in ("/old.xml", "/new.xml"))
    assert week.moves == [{"from": old, "to": new}]
    assert week.sources["/new.xml"].url == new


def test_a_maintenance_page_is_followed_and_never_learned(week: Week) -> None:
    assert len(week.times("/maintenance")) >= 1
    source = week.sources["/moved.xml"]
    assert (source.url, source.problem) == (week.scorer.url("127.0.0.8", "/moved.xml"), "")


def test_a_temporary_redirect_that_lasts_is_never_learned(week: Week) -> None:
    assert len(week.times("/here.xml")) > 60
    assert week.sources["/here.xml"].url == week.scorer.url("127.0.0.11", "/away.xml")


def test_a_feed_that_is_gone_is_stopped_with_a_sentence(week: Week) -> None:
    source = week.sources["/gone.xml"]
    assert (source.active, source.status) == (False, SourceStatus.GONE)
    assert source.problem.startswith("The source has been taken down for good.")


def test_a_host_that_asked_to_wait_is_asked_again_after_that(week: Week) -> None:
    assert [asked.status for asked in week.asked("/busy.xml") if asked.status > 400] == [429, 503]
    for path in ("/busy.xml", "/sister.xml", "/brother.xml"):
        assert week.times(path)[-1] > START + timedelta(days=7)
    assert [host.name for host in week.held if host.held_until > END] == []


def test_a_lively_feed_is_looked_at_more_often_by_day_than_by_night(week: Week) -> None:
    times = [at for at in week.times("/lively.xml") if START.date() < at.date() < END.date() and at.weekday() < 5]
    by_day = [at for at in times if 6 <= at.hour < 18]
    assert len(by_day) > 2 * (len(times) - len(by_day))
