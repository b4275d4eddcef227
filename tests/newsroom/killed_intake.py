"""Kills a process that takes in news, at each step in turn; run by `test_killed_intake`, in a process of its own.

    python -m tests.newsroom.killed_intake FOLDER FEED EVERY

The office's data folder FOLDER is made new. A child polls the feed at FEED and is killed (`os._exit`, as by a power
cut) before its n-th SQL statement, or before the n-th step of its event loop, for each EVERY-th n until one comes
through. After each death the rows must hold all or nothing of each document; after the next poll, all of each once.
"""

import asyncio
import os
import shutil
import sqlite3
import sys
import traceback
from asyncio.events import Handle
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

KILLED = 9
DOCUMENTS = 2
"""News that the feed brings."""
EACH = """SELECT
  (SELECT count(*) FROM publisher_version v WHERE v.document_id = d.id),
  (SELECT count(*) FROM publisher_sighting s WHERE s.document_id = d.id),
  (SELECT count(*) FROM publisher_identity i WHERE i.document_id = d.id) > 0,
  (SELECT count(*) FROM publisher_post p WHERE p.document_id = d.id),
  (SELECT count(*) FROM publisher_post p JOIN publisher_revision r ON r.id = p.revision_id
     JOIN publisher_approval a ON a.revision_id = r.id WHERE p.document_id = d.id AND p.state = 'scheduled'),
  (SELECT count(*) FROM publisher_event e WHERE e.subject = 'document' AND e.subject_id = d.id AND e.verb = 'arrive'),
  d.drafted_at IS NOT NULL
FROM publisher_document d ORDER BY d.id"""
WHOLE = (1, 1, 1, 2, 2, 1, 1)
"""Of a document: one version, one sighting, names, a post for each channel, both approved, one arrival, drafted."""


def main(folder: Path, feed: str, every: int) -> None:
    os.environ.update(PUBLISHER_DATA_DIR=str(folder), PUBLISHER_PRIVATE_HOSTS="127.0.0.0/8")
    os.environ["DJANGO_SETTINGS_MODULE"] = "publisher.settings"
    import django

    django.setup()
    from publisher.newsroom.feeds import watching  # noqa: F401  loaded once for all children

    database, clean = folder / "publisher.sqlite3", folder / "clean.sqlite3"
    _run(_prepare, feed)
    shutil.copy(database, clean)
    for kind in (_before_statement, _before_step):
        step = 1
        while True:
            for file in folder.glob("publisher.sqlite3*"):
                file.unlink()
            shutil.copy(clean, database)
            died = _run(_poll, kind, step) == KILLED
            found = _documents(database)
            _require(set(found) <= {WHOLE}, f"{kind.__name__} {step}: half a document after death: {found}")
            if not died:
                break
            _require(_run(_poll) == 0, f"{kind.__name__} {step}: the next poll failed")
            found = _documents(database)
            _require(found == [WHOLE] * DOCUMENTS, f"{kind.__name__} {step}: after the next poll: {found}")
            step += every
        print(kind.__name__, step, flush=True)


def _documents(database: Path) -> list[tuple[int, ...]]:
    with closing(sqlite3.connect(database)) as rows:
        return rows.execute(EACH).fetchall()


def _require(holds: bool, sentence: str) -> None:  # as in assert
    if not holds:
        sys.exit(sentence)


def _run(function: Callable[..., None], *args: Any) -> int:
    """Run it in a child; its exit status."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    status = 1
    try:
        function(*args)
        status = 0
    except BaseException:  # noqa: BLE001 (it ends here, and its parent sees the status)
        traceback.print_exc()
    finally:
        os._exit(status)


def _prepare(feed: str) -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from publisher.enums import RuleMode
    from publisher.models import Rule, Source
    from tests.factories import make_channel

    call_command("migrate", verbosity=0)
    Source.objects.create(name="Press", url=feed, language="en", baseline_at=timezone.now())
    Rule.objects.create(name="At once", mode=RuleMode.AUTOMATIC)
    make_channel(language="en")
    make_channel(language="en")
    connection.close()  # writes all into the one file that is copied


def _poll(kind: Callable[[int], None] | None = None, step: int = 0) -> None:
    from django.utils import timezone

    from publisher.models import Source
    from publisher.newsroom.feeds import watching
    from publisher.watch import workbench

    Source.objects.update(next_check_at=timezone.now())
    if kind is not None:
        kind(step)
    found = watching.poll_due()
    workbench.close()
    assert found[0]["problem"] == "", found


def _before_statement(step: int) -> None:
    from django.db import connection

    left = step

    def count(execute: Callable[..., Any], *args: Any) -> Any:
        nonlocal left
        left -= 1
        if not left:
            os._exit(KILLED)
        return execute(*args)

    connection.execute_wrappers.append(count)


def _before_step(step: int) -> None:
    left = step
    run = Handle._run

    def count(self: Handle) -> None:
        nonlocal left
        left -= 1
        if not left:
            os._exit(KILLED)
        run(self)

    asyncio.events.Handle._run = count  # type: ignore[method-assign]


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
