"""A history that an older version wrote is taken over whole, and what was broken in it stays told."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from publisher.models import Event, guards
from publisher.newsroom.record import chain
from publisher.types import digest, to_json

BEFORE = [("publisher", "0007_notify_people")]


@pytest.fixture
def old_events(transactional_db: None) -> Any:
    """The table of events as the version before had it; the newest one again after the test."""
    guards.lower_all(connection)
    executor = migrate(BEFORE)
    yield executor.loader.project_state(BEFORE).apps.get_model("publisher", "Event")
    if connection.introspection.table_names().count("publisher_actor") == 0:
        migrate()
    guards.raise_all(connection)


class OneByOne(MigrationLoader):
    """The migrations that bring an older version up to date, without the one that replaces them for a new newsroom."""

    def load_disk(self) -> None:
        super().load_disk()
        self.disk_migrations = {name: each for name, each in self.disk_migrations.items() if not each.replaces}


def migrate(targets: Sequence[tuple[str, str]] = ()) -> MigrationExecutor:
    """To these, or to the newest."""
    executor = MigrationExecutor(connection)
    executor.loader = OneByOne(connection)
    executor.migrate(targets or executor.loader.graph.leaf_nodes("publisher"))
    return executor


def write_as_before(model: Any, number: int, previous: str) -> str:
    names = ("at", "actor", "subject", "subject_id", "verb", "before", "after", "reason", "data")
    values = (
        timezone.now(),
        "alice@example.org",
        "channel",
        number,
        "edit",
        "review",
        "review",
        "",
        {"revision": number},
    )
    content = dict(zip(names, values, strict=True))
    hash_ = digest([previous, {name: to_json(value) for name, value in content.items()}])
    model.objects.create(id=number * 3, previous_hash=previous, hash=hash_, **content)  # PostgreSQL leaves gaps
    return hash_


def test_old_history_is_taken_over(old_events: Any) -> None:
    head = ""
    for number in (1, 2, 3):
        head = write_as_before(old_events, number, head)
    old_events.objects.filter(pk=6).update(reason="Never said")
    migrate()
    guards.raise_all(connection)
    seen = chain.verify()
    assert (seen.count, seen.findings) == (4, [])
    told = [(1, "edit", 1), (2, "edit", 2), (3, "edit", 3), (4, "restate", None)]
    assert list(Event.objects.values_list("id", "verb", "channel_id")) == told
    assert {event.actor for event in Event.objects.filter(verb="edit")} == {"alice@example.org"}
    assert Event.objects.get(pk=4).data == {"events": 3, "head": head, "broken_at": 6}
