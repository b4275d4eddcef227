"""The history: whatever is changed, taken out, put in or moved in the rows is found and named."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publisher.models import Actor, Event, User, guards
from publisher.newsroom.record import audit, chain

pytestmark = pytest.mark.django_db


def write(count: int) -> None:
    for number in range(1, count + 1):
        actor = ("alice@example.org", "bob@example.org", "rule: All", audit.SERVICE)[number % 4]
        audit.record(actor, "post", number, "edit", reason=f"Reason {number}", data={"revision": number})


def told() -> list[tuple[str, int]]:
    return [(each.kind, each.number) for each in chain.verify().findings]


def tamper(statement: str, *values: object) -> None:
    """Behind the back of our code, by somebody who may drop the triggers."""
    guards.lower_all(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    guards.raise_all(connection)


def test_events_are_numbered_without_gaps_and_hang_together() -> None:
    write(5)
    seen = chain.verify()
    assert (seen.count, seen.number, seen.findings) == (5, 5, [])
    assert list(Event.objects.values_list("id", flat=True)) == [1, 2, 3, 4, 5]


def test_chain_holds_nobodys_address(editor: User) -> None:
    audit.record(editor.email, "team", 1, "invite", reason=f"For {editor.email}.", data={"person": editor.email})
    event = Event.objects.get()
    number = f"[person {event.by_id}]"
    assert (event.actor, event.reason, event.data) == (editor.email, f"For {number}.", {"person": number})
    assert event.by.reference == f"person {event.by_id}, {event.by.mark}"
    assert audit.named([event])[0].reason == f"For {editor.email}."


def test_address_of_somebody_who_is_not_of_the_team_stays_as_it_was_written() -> None:
    audit.record(audit.SERVICE, "post", 1, "reject", reason="Ask press@example.com.")
    assert Event.objects.get().reason == "Ask press@example.com."


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("reason", "Another reason"),
        ("verb", "approve"),
        ("subject_id", 99),
        ("data", '{"revision": 9}'),
        ("previous_hash", "0" * 64),
        ("hash", "0" * 64),
    ],
)
def test_changed_event_is_named(column: str, value: object) -> None:
    write(4)
    tamper(f"UPDATE publisher_event SET {column} = %s WHERE id = 2", value)  # noqa: S608  # our own columns
    # By the hash, the next event tells too: it names the one that was there.
    assert told() == [("changed", 2), ("rewritten", 2)] if column == "hash" else told() == [("changed", 2)]


def test_event_taken_out_is_named() -> None:
    write(5)
    tamper("DELETE FROM publisher_event WHERE id IN (2, 3)")
    found = chain.verify().findings
    assert [each.sentence for each in found] == ["Events 2 to 3 are missing."]


def test_event_whose_hash_was_made_anew_is_told_by_the_next() -> None:
    write(4)
    event = Event.objects.get(pk=2)
    content = {name: getattr(event, name) for name in chain.FIELDS} | {"reason": "Never said"}
    forged = chain.event_hash(2, event.by.reference, content, event.previous_hash)
    tamper("UPDATE publisher_event SET reason = 'Never said', hash = %s WHERE id = 2", forged)
    assert told() == [("rewritten", 2)]


def test_two_events_that_changed_places_are_named() -> None:
    write(5)
    tamper("UPDATE publisher_event SET id = 99 WHERE id = 2")
    tamper("UPDATE publisher_event SET id = 2 WHERE id = 3")
    tamper("UPDATE publisher_event SET id = 3 WHERE id = 99")
    assert told()[:2] == [("changed", 2), ("changed", 3)]


def test_beginning_taken_away_is_named() -> None:
    write(3)
    tamper("DELETE FROM publisher_event WHERE id = 1")
    assert told() == [("missing", 1)]


def test_person_given_another_address_is_named() -> None:
    write(4)
    alice = Actor.objects.get(name="alice@example.org")
    tamper("UPDATE publisher_actor SET name = 'mallory@example.org' WHERE id = %s", alice.pk)
    assert told() == [("name", alice.pk)]


def test_person_given_another_address_and_mark_spoils_all_their_events() -> None:
    write(8)
    alice = Actor.objects.get(name="alice@example.org")
    forged = chain.mark(alice.salt, "mallory@example.org")
    tamper("UPDATE publisher_actor SET name = 'mallory@example.org', mark = %s WHERE id = %s", forged, alice.pk)
    hers = Event.objects.filter(by=alice).values_list("id", flat=True)
    assert told() == [("changed", number) for number in hers]


def test_address_taken_away_without_an_event_is_named() -> None:
    write(4)
    bob = Actor.objects.get(name="bob@example.org")
    Actor.objects.filter(pk=bob.pk).update(name="", salt="")  # which the triggers allow: it forgets a person
    assert told() == [("erased", bob.pk)]


TEXTS = ("reason", "verb", "before", "after", "subject")
PUT_IN = (
    "INSERT INTO publisher_event (id, at, by_id, subject, subject_id, verb, before, after, reason, data, previous_hash,"
    " hash) SELECT %s, at, by_id, subject, subject_id, verb, before, after, reason, data, hash, %s"
    " FROM publisher_event WHERE id = %s"
)
TAMPERINGS: dict[str, Callable[[random.Random, int], tuple[str, list[Any]]]] = {
    "change": lambda chance, last: (
        f"UPDATE publisher_event SET {chance.choice(TEXTS)} = %s WHERE id = %s",  # noqa: S608  # our own columns
        [f"x{chance.random()}"[:24], chance.randint(1, last)],
    ),
    "change the time": lambda chance, last: (
        "UPDATE publisher_event SET at = %s WHERE id = %s",
        [timezone.now() - timedelta(seconds=chance.randint(10, 10**6)), chance.randint(1, last)],
    ),
    "take out": lambda chance, last: ("DELETE FROM publisher_event WHERE id = %s", [chance.randint(1, last - 1)]),
    "move": lambda chance, last: (
        "UPDATE publisher_event SET id = %s WHERE id = %s",
        [last + chance.randint(1, 9), chance.randint(1, last)],
    ),
    "put in": lambda chance, last: (
        PUT_IN,
        [last + 1, f"{chance.getrandbits(256):064x}", last],
    ),
    "give to another": lambda chance, last: (
        "UPDATE publisher_event SET by_id = (SELECT MIN(id) FROM publisher_actor WHERE id <> by_id) WHERE id = %s",
        [chance.randint(1, last)],
    ),
}


@pytest.mark.parametrize("how", TAMPERINGS)
@given(seed=st.integers(0, 2**32), last=st.integers(2, 12))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_done_to_a_row_is_found(how: str, seed: int, last: int) -> None:
    with transaction.atomic():
        write(last)
        assert told() == []
        statement, values = TAMPERINGS[how](random.Random(seed), last)  # noqa: S311  # chance, no secret
        tamper(statement, *values)
        assert told() != []
        transaction.set_rollback(True)


def refused(statement: str, *values: object) -> str:
    with pytest.raises(DatabaseError) as raised, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    return str(raised.value).splitlines()[0]


def test_database_refuses_to_change_take_away_or_put_in_an_event() -> None:
    write(3)
    assert refused("UPDATE publisher_event SET reason = 'x' WHERE id = 2") == "events never change"
    assert refused("DELETE FROM publisher_event WHERE id = 3") == "events are never taken away"
    inserted = PUT_IN
    assert refused(inserted, 9, "0" * 64, 3) == "events are only added at the end of the chain"
    assert refused(inserted, 4, "0" * 64, 2) == "events are only added at the end of the chain"
    assert told() == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own way to take a row away unasked")
def test_database_refuses_to_replace_an_event() -> None:
    write(3)
    replaced = PUT_IN.replace("INSERT", "INSERT OR REPLACE")
    assert refused(replaced, 2, "0" * 64, 1) == "events are only added at the end of the chain"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
def test_database_refuses_to_empty_the_history() -> None:
    assert refused("TRUNCATE publisher_event") == "the record is never emptied"


def test_database_refuses_to_change_who_acted() -> None:
    write(2)
    alice = Actor.objects.exclude(mark="").first()
    assert alice is not None
    never = "who acted never changes; a person can only be forgotten"
    assert refused("UPDATE publisher_actor SET name = 'x@example.org' WHERE id = %s", alice.pk) == never
    assert refused("UPDATE publisher_actor SET mark = '' WHERE id = %s", alice.pk) == never
    assert refused("DELETE FROM publisher_actor WHERE id = %s", alice.pk) == "who acted is never taken away"


def test_guards_that_fell_are_told() -> None:
    assert guards.missing(connection) == []
    with connection.cursor() as cursor:
        on = " ON publisher_event" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER keep_event_update{on}")
    assert guards.missing(connection) == ["keep_event_update"]
    guards.raise_all(connection)
    assert guards.missing(connection) == []


def test_walk_can_pause_and_go_on() -> None:
    write(7)
    tamper("UPDATE publisher_event SET reason = 'x' WHERE id = 6")
    seen = chain.walk(limit=3)
    assert (seen.number, seen.count, seen.intact) == (3, 3, True)
    again = chain.walk(chain.Walk(seen.number, seen.hash, seen.count))
    assert (again.number, again.count, [each.number for each in again.findings]) == (7, 7, [6])
