"""Trouble with the machine is told in a sentence; a bug keeps its traceback."""

import errno
import io
import logging
import sqlite3

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, OperationalError

from publisher.errors import InvalidInput
from publisher.newsroom.trouble import OneSentence, explain

MEND = "Check that it is there and may be written, and the free disk space."
AFTER = "Nothing is lost; it goes on by itself after that."


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            OSError(errno.ENOSPC, "No space left on device", "var/queue"),
            "var/queue cannot be used: No space left on device. Check its owner and the free disk space.",
        ),
        (
            PermissionError(errno.EACCES, "Permission denied"),
            "The data folder cannot be used: Permission denied. Check its owner and the free disk space.",
        ),
        *(
            (
                kind('connection to "db" failed: refused.\n\tIs the server running?'),
                'The database cannot be used: connection to "db" failed: refused. ' + MEND,
            )
            for kind in (OperationalError, DatabaseError, sqlite3.OperationalError, psycopg.OperationalError)
        ),
    ],
)
def test_trouble_is_told_in_a_sentence(error: Exception, sentence: str) -> None:
    known = explain(error)
    assert known is not None
    assert known.sentence == sentence


@pytest.mark.parametrize(
    "error",
    [
        IntegrityError("UNIQUE"),
        sqlite3.IntegrityError("UNIQUE"),
        KeyError("a bug"),
        ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"),
        InvalidInput("check.empty"),
    ],
)
def test_bug_and_refusal_are_not_taken_for_trouble(error: Exception) -> None:
    assert explain(error) is None


def test_log_tells_trouble_once_a_minute_and_bugs_in_full() -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(OneSentence())
    log = logging.getLogger("tests.trouble")
    log.addHandler(handler)
    log.propagate = False
    for error in (OperationalError("database or disk is full"), OSError(errno.EIO, "Broken"), KeyError("a bug")):
        try:
            raise error
        except Exception:
            log.exception("task %s failed", 7)
    log.error("something else")
    first, second, *traceback, last = written.getvalue().splitlines()
    assert first == f"The database cannot be used: database or disk is full. {MEND} {AFTER}"
    assert (second, traceback[0], traceback[-1]) == (
        "task 7 failed",
        "Traceback (most recent call last):",
        "KeyError: 'a bug'",
    )
    assert last == "something else"
