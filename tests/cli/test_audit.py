"""`publisher audit …`"""

import pytest
from django.db import connection

from publisher.models import Hold, guards
from publisher.newsroom.record import audit
from tests.cli.conftest import Publisher
from tests.factories import make_channel

pytestmark = pytest.mark.django_db

EVENT = [
    *("id", "at", "actor", "reference", "subject", "subject_id", "verb", "before", "after", "reason", "data"),
    *("previous_hash", "hash"),
]


def test_history_in_order_is_verified(publisher: Publisher) -> None:
    publisher("hold", "set")
    publisher("hold", "lift", Hold.objects.get().pk)
    told = publisher("audit", "verify", "--json").json
    assert told == {"events": 2, "intact": True, "head": told["head"], "findings": []}
    assert publisher("audit", "verify").out == "2 events, all in order.\n"


def test_changed_history_is_found(publisher: Publisher) -> None:
    for _ in range(3):
        audit.record("somebody", "hold", 1, "set")
    guards.lower_all(connection)
    with connection.cursor() as cursor:  # behind our code's back
        cursor.execute("UPDATE publisher_event SET reason = 'x' WHERE id = 2")
    done = publisher("audit", "verify", "--json")
    sentence = "Event 2 is not as it was written."
    assert (done.status, done.json["intact"]) == (1, False)
    assert done.json["findings"] == [{"kind": "changed", "number": 2, "sentence": sentence}]
    assert done.err == sentence + "\n"
    assert publisher("audit", "verify").refusal == sentence


def test_history_is_exported_one_event_a_line_oldest_first(publisher: Publisher) -> None:
    publisher("hold", "set", "--reason", "Übung")
    publisher("hold", "lift", Hold.objects.get().pk)
    done = publisher("audit", "export", "--json")
    assert [list(event) for event in done.lines] == [EVENT, EVENT]
    first, second = done.lines
    assert [first["verb"], second["verb"]] == ["set", "lift"]
    assert (first["reason"], first["previous_hash"], second["previous_hash"]) == ("Übung", "", first["hash"])
    assert publisher("audit", "export").out == done.out


def test_history_is_listed_by_person_channel_and_time(publisher: Publisher) -> None:
    channel = make_channel()
    audit.record("bob@example.org", "channel", channel.pk, "connect")
    audit.record("bob@example.org", "hold", 1, "set")
    audit.record("alice@example.org", "hold", 1, "lift")

    def verbs(*asked: object) -> list[str]:
        return [row["verb"] for row in publisher("audit", "list", *asked, "--json").json]

    assert verbs("--person", "bob@example.org") == ["set", "connect"]
    assert verbs("--person", "bob@example.org", "--channel", channel.pk) == ["connect"]
    assert verbs("--until", "2001-01-01") == []
    assert verbs("--subject", "hold") == ["lift", "set"]
    assert publisher("audit", "list", "--person", "x@example.org").refusal == (
        "The history knows nobody called x@example.org. Write an e-mail address, or a number like: person 12."
    )
