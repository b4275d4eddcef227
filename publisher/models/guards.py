"""What the database itself refuses: to change or take away what the history and its proof consist of.

Triggers, the same on SQLite and PostgreSQL. They stand from the end of each `migrate` to the beginning of the next one:
SQLite loses a table's triggers, and cannot rename a table that another's trigger names, whenever Django rebuilds it.
Who may drop a trigger can still change a row; what finds that is the chain (`newsroom.record.chain`), not this.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate, pre_migrate

PREFIX = "keep_"
ALWAYS = "TRUE"
_SENT = """EXISTS (
    SELECT 1 FROM publisher_post p
    JOIN publisher_channel c ON c.id = p.channel_id JOIN publisher_document d ON d.id = p.document_id
    WHERE p.id = {post} AND NOT c.sample AND NOT d.sample
    AND EXISTS (SELECT 1 FROM publisher_attempt a WHERE a.post_id = p.id)
)"""
"""What was tried on a network stays, and so does its post. The rest goes with its channel, and all of the sample
newsroom with it."""


@dataclass(frozen=True, slots=True)
class Guard:
    """One trigger: raised before `event` on a row of `table` for which `condition` holds."""

    table: str
    event: str
    condition: str
    says: str

    @property
    def name(self) -> str:
        return f"{PREFIX}{self.table.removeprefix('publisher_')}_{self.event.lower()}"


def _changed(*columns: str) -> str:
    return " OR ".join(f"OLD.{name} <> NEW.{name}" for name in columns)


GUARDS = (
    Guard("publisher_event", "UPDATE", ALWAYS, "events never change"),
    Guard("publisher_event", "DELETE", ALWAYS, "events are never taken away"),
    Guard(
        "publisher_event",
        "INSERT",  # also what SQLite's REPLACE would do without asking the trigger for DELETE
        "NEW.id <> (SELECT COALESCE(MAX(id), 0) + 1 FROM publisher_event) OR NEW.previous_hash <> "
        "COALESCE((SELECT hash FROM publisher_event ORDER BY id DESC LIMIT 1), '')",
        "events are only added at the end of the chain",
    ),
    Guard(
        "publisher_actor",
        "UPDATE",
        "NOT (NEW.id = OLD.id AND NEW.mark = OLD.mark AND OLD.mark <> '' AND NEW.name = '' AND NEW.salt = '')",
        "who acted never changes; a person can only be forgotten",
    ),
    Guard("publisher_actor", "DELETE", ALWAYS, "who acted is never taken away"),
    Guard(
        "publisher_actor",
        "INSERT",
        "EXISTS (SELECT 1 FROM publisher_actor WHERE id = NEW.id OR (name = NEW.name AND NEW.name <> ''))",
        "who acted never changes",
    ),
    Guard(
        "publisher_version",
        "UPDATE",
        _changed("id", "document_id", "number", "language", "entry", "hash", "fetched_at", "fetched_from"),
        "versions never change",
    ),
    Guard(
        "publisher_version",
        "DELETE",
        "EXISTS (SELECT 1 FROM publisher_document d WHERE d.id = OLD.document_id AND NOT d.sample)",
        "versions are never taken away",
    ),
    Guard(
        "publisher_revision",
        "UPDATE",
        _changed("id", "post_id", "number", "parts", "language", "template", "template_hash", "hash", "created_at"),
        "revisions never change",
    ),
    Guard(
        "publisher_revision",
        "DELETE",
        _SENT.format(post="OLD.post_id"),
        "revisions of what was sent are never taken away",
    ),
    Guard("publisher_approval", "UPDATE", _changed("id", "revision_id", "hash", "at"), "approvals never change"),
    Guard(
        "publisher_approval",
        "DELETE",
        _SENT.format(post="(SELECT r.post_id FROM publisher_revision r WHERE r.id = OLD.revision_id)"),
        "approvals of what was sent are never taken away",
    ),
    Guard(
        "publisher_attempt",
        "UPDATE",
        _changed("id", "post_id", "revision_id", "part", "key", "stamp", "worker", "started_at")
        + " OR (OLD.outcome NOT IN ('', 'pending', 'uncertain', 'absent')"
        + f" AND ({_changed('outcome', 'receipt', 'reason', 'diagnostic')}))",
        "how an attempt ended never changes",
    ),
    Guard(
        "publisher_attempt",
        "DELETE",
        _SENT.format(post="OLD.post_id"),
        "attempts are never taken away",
    ),
    Guard(
        "publisher_comment",
        "UPDATE",
        _changed("id", "post_id", "revision_id", "asks", "text", "at")
        + " OR OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NULL",
        "what was said never changes; it can only be withdrawn",
    ),
    Guard(
        "publisher_comment",
        "DELETE",
        _SENT.format(post="OLD.post_id"),
        "comments on what was sent are never taken away",
    ),
    Guard("publisher_post", "DELETE", _SENT.format(post="OLD.id"), "posts that were sent are never taken away"),
    Guard("publisher_document", "DELETE", "NOT OLD.sample", "documents are never taken away"),
    Guard("publisher_channel", "UPDATE", _changed("sample"), "a channel stays of the sample newsroom, or not"),
    Guard("publisher_document", "UPDATE", _changed("sample"), "a document stays of the sample newsroom, or not"),
)


def raise_all(connection: BaseDatabaseWrapper) -> None:
    """Let all guards stand, on tables that are as this version of Publisher makes them."""
    with connection.cursor() as cursor:
        if "publisher_actor" not in connection.introspection.table_names(cursor):
            return  # on the way back to an older version
        for guard in GUARDS:
            for statement in _made(guard, connection.vendor):
                cursor.execute(statement)


def lower_all(connection: BaseDatabaseWrapper) -> None:
    """Take all guards away: for `migrate`, which raises them again."""
    with connection.cursor() as cursor:
        for name, table in _standing(connection, cursor):
            on = f" ON {connection.ops.quote_name(table)}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {connection.ops.quote_name(name)}{on}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of the guards that do not stand."""
    with connection.cursor() as cursor:
        standing = {name for name, _ in _standing(connection, cursor)}
    return [guard.name for guard in GUARDS if guard.name not in standing]


def _standing(connection: BaseDatabaseWrapper, cursor: Any) -> list[tuple[str, str]]:
    if connection.vendor == "postgresql":
        cursor.execute(
            "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND pg_table_is_visible(c.oid)"
        )
    else:
        cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
    return [(name, table) for name, table in cursor.fetchall() if name.startswith(PREFIX)]


def _made(guard: Guard, vendor: str) -> Iterator[str]:
    if vendor != "postgresql":
        yield f"DROP TRIGGER IF EXISTS {guard.name}"
        yield (
            f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} FOR EACH ROW "
            f"WHEN {guard.condition} BEGIN SELECT RAISE(ABORT, '{guard.says}'); END"
        )
        return
    yield (
        f"CREATE OR REPLACE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {guard.condition} THEN RAISE EXCEPTION '{guard.says}' USING ERRCODE = 'integrity_constraint_violation'; "
        f"END IF; RETURN {'OLD' if guard.event == 'DELETE' else 'NEW'}; END $$"
    )
    yield f"DROP TRIGGER IF EXISTS {guard.name} ON {guard.table}"
    yield (
        f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} "
        f"FOR EACH ROW EXECUTE FUNCTION {guard.name}()"
    )
    if guard.event == "DELETE":
        yield (
            f"CREATE OR REPLACE FUNCTION {PREFIX}whole() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'the record is never emptied' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        name = f"{guard.name}_all"
        yield f"DROP TRIGGER IF EXISTS {name} ON {guard.table}"
        yield (
            f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {guard.table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {PREFIX}whole()"
        )


def _before(sender: AppConfig, using: str, **_told: object) -> None:
    if sender.name == "publisher":
        lower_all(connections[using])


def _after(sender: AppConfig, using: str, **_told: object) -> None:
    if sender.name == "publisher":
        raise_all(connections[using])


pre_migrate.connect(_before, dispatch_uid="guards fall")
post_migrate.connect(_after, dispatch_uid="guards stand")
