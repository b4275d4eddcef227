"""A newsroom that dies at every step of taking in, one step further each time. Run by `test_dying`, as a process.

For n = 1, 2 … a child takes in two entries and ends, without any clean-up, before its n-th statement to the database;
what it left is looked at. From each state that a death can leave, a second child takes the same in to the end, and
that is looked at too. Prints one line of JSON: how many steps and states there were, and what was found wrong.
"""

import json
import os
import shutil
import sqlite3
import sys
import traceback
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import django

FOLDER = Path(sys.argv[1])
DATABASE, CLEAN = FOLDER / "publisher.sqlite3", FOLDER / "clean.sqlite3"
TITLES = [f"Commission adopts measure number {number} on the market" for number in (1, 2)]


def _rows(table: str, name: str = "document_id", more: str = "TRUE") -> str:
    of = "(SELECT id FROM publisher_document WHERE title = ?)"
    return f"SELECT id FROM publisher_{table} WHERE {name} IN {of} AND {more}"  # noqa: S608  # our own names only


ROWS = {
    "document": _rows("document", "id"),
    "version": _rows("version"),
    "names": _rows("identity"),
    "sighting": _rows("sighting"),
    "post": _rows("post"),
    "approved": _rows("post", more="state = 'scheduled' AND approved_revision_id IS NOT NULL"),
    "arrival": _rows("event", "subject_id", "subject = 'document' AND verb = 'arrive'"),
}
ALL = {"document": 1, "version": 1, "names": 3, "sighting": 1, "post": 1, "approved": 1, "arrival": 1}


def main() -> None:
    django.setup()
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", verbosity=0)
    _prepare()
    connections.close_all()
    shutil.copy(DATABASE, CLEAN)
    _take_in(0)  # loads everything that is slow to load, once for all children
    connections.close_all()
    wrong: list[Any] = []
    gone_on_from: list[dict[str, int]] = []
    steps = 0
    while True:
        steps += 1
        for old in FOLDER.glob("publisher.sqlite3*"):
            old.unlink()
        shutil.copy(CLEAN, DATABASE)
        died = _in_child(steps)
        states = [_found(title) for title in TITLES]
        wrong += [[steps, "half", state] for state in states if state not in (ALL, dict.fromkeys(ALL, 0))]
        kept = [state == ALL for state in states]
        if kept != sorted(kept, reverse=True):
            wrong.append([steps, "not oldest first", kept])
        left = _counted()
        if left not in gone_on_from:  # else from these rows a child has gone on before
            gone_on_from.append(left)
            _in_child(0)
            wrong += [[steps, "not once", state] for state in map(_found, TITLES) if state != ALL]
        if not died:
            break
    sys.stdout.write(json.dumps({"steps": steps, "states": len(gone_on_from), "wrong": wrong[:5]}) + "\n")


def _prepare() -> None:
    from django.utils import timezone

    from publisher.models import Channel, Rule, Source

    Source.objects.create(
        name="Press", url="http://127.0.0.1:9/feed.xml", baseline_at=timezone.now(), language="en", read_pages=False
    )
    Channel.objects.create(network="sandbox", name="One", language="en", account={"id": "1"}, four_eyes=False)
    Rule.objects.create(name="All", mode="automatic")


def _found(title: str) -> dict[str, int]:
    with closing(sqlite3.connect(DATABASE)) as rows:
        return {name: len(rows.execute(query, [title]).fetchall()) for name, query in ROWS.items()}


def _counted() -> dict[str, int]:
    """How many rows each table has."""
    with closing(sqlite3.connect(DATABASE)) as rows:
        tables = rows.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        return {name: rows.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for (name,) in tables}  # noqa: S608  ours


def _in_child(last: int) -> bool:
    """Take in; die before statement number `last` (0: never). Whether it died."""
    child = os.fork()
    if child == 0:
        try:
            _take_in(last)
        except BaseException:  # noqa: BLE001  # a child must not go on as its parent
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code not in {0, 9}:
        sys.exit(f"a child ended with {code}")
    return code == 9


def _take_in(last: int) -> None:
    from asgiref.sync import async_to_sync
    from django.db import connection
    from django.utils import timezone

    from publisher.enums import SourceStatus
    from publisher.models import Source
    from publisher.newsroom.documents import taking
    from publisher.newsroom.feeds import outside, visits
    from publisher.types import Entry
    from publisher.watch.fetch import Fetched
    from publisher.watch.reading import Reading

    said = Counter[str]()

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # Django's
        said["all"] += 1
        if said["all"] == last:
            os._exit(9)
        return execute(sql, params, many, context)

    entries = [
        Entry(url=f"https://press.example.org/{n}", guid=str(n), title=title, lead=f"{title}, which is now the law.")
        for n, title in enumerate(TITLES, 1)
    ]
    source = Source.objects.get()
    answer = Fetched(status=SourceStatus.OK, url=source.url, body=b"the feed", fetched_at=timezone.now())
    reading = Reading(entries=tuple(reversed(entries)), items=("1", "2"))

    async def visit() -> None:
        async with outside.web() as web:
            await taking.bring(web, source, reading, answer)

    with connection.execute_wrapper(count):
        async_to_sync(visit)()
        visits.went_well(source, answer, reading)


if __name__ == "__main__":
    main()
