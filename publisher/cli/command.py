"""The whole command: all groups on one root, run with honest exit statuses."""

import io
import sys

import typer

from publisher.cli import (
    alarms,
    audit,
    cards,
    channels,
    comments,
    documents,
    hashtags,
    holds,
    media,
    notify,
    operations,
    periods,
    posts,
    queue,
    reading,
    rules,
    second,
    sources,
    speakers,
    users,
)
from publisher.cli.app import app
from publisher.errors import PublisherError

for module in (
    reading,
    cards,
    sources,
    speakers,
    media,
    documents,
    alarms,
    channels,
    rules,
    queue,
    comments,
    second,
    periods,
    posts,
    hashtags,
    holds,
    users,
    audit,
    notify,
    operations,
):
    module.register(app)


def run() -> None:
    """Run the command. Exit status: 0 done, 1 failed or refused (reason on standard error), 2 wrong command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # JSON is UTF-8 whatever the terminal speaks; a file name that is no text must not stop us.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        app()
    except PublisherError as error:
        fail(error)
    except Exception as error:
        from publisher.newsroom import trouble

        known = trouble.explain(error)
        if known is None:
            raise
        fail(known)


def fail(error: PublisherError) -> None:
    """One sentence on standard error, exit status 1."""
    typer.echo(error.sentence, err=True)
    raise SystemExit(1)
