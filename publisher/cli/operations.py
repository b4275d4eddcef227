"""`watch`, `deliver`, `doctor`, `backup`, `restore`, `manage`."""

import time
from pathlib import Path
from typing import Annotated

import typer

from publisher.cli.app import AsJson, open_newsroom, show, show_rows, start_django


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel="Newsroom")(watch)
    app.command(rich_help_panel="Newsroom")(deliver)
    app.command(rich_help_panel="Service")(doctor)
    app.command(rich_help_panel="Service")(backup)
    app.command(rich_help_panel="Service")(restore)
    app.command(
        rich_help_panel="Service",
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
    )(manage)


def watch(
    once: Annotated[bool, typer.Option("--once", help="Poll now and stop.")] = False,
    source: Annotated[int, typer.Option(help="Only this source.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Poll the sources that are due, and draft what is new."""
    open_newsroom()
    from publisher.newsroom import sources, watching

    while True:
        if source or once:
            rows = [sources.get(source)] if source else watching.active()
            found = watching.poll(rows)
        else:
            found = watching.poll_due()
        for row in found:
            show(row, f"{row['name']}: {row['problem'] or row['status']}, {row['new']} new", as_json=as_json)
        if once:
            if any(row["problem"] for row in found):
                raise typer.Exit(1)
            return
        time.sleep(5)


def deliver(
    once: Annotated[bool, typer.Option("--once", help="Send what is due now and stop.")] = False,
    as_json: AsJson = False,
) -> None:
    """Send what is due; look up what is uncertain."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.enums import PostState
    from publisher.newsroom import delivery, queries

    while True:
        delivery.lose_dead_claims()
        done = [delivery.settle(pk) for pk in delivery.waiting(PostState.UNCERTAIN)]
        done += [delivery.resume(pk) for pk in delivery.waiting(PostState.PROCESSING)]
        done += [delivery.deliver(pk) for pk in delivery.due()]
        for row in done:
            if row is not None:
                told = shapes.post(queries.post(row.pk))
                show(told, f"Post {row.pk} is {told['state']}. {told['reason']}".strip(), as_json=as_json)
        if once:
            return
        time.sleep(2)


def doctor(as_json: AsJson = False) -> None:
    """Look the whole installation over and say what to mend."""
    open_newsroom()
    from publisher.newsroom import operations

    findings = [{"check": name, "ok": ok, "finding": text} for name, ok, text in operations.examine()]
    show_rows(findings, ("check", "ok", "finding"), as_json=as_json, empty="")
    if not all(finding["ok"] for finding in findings):
        raise typer.Exit(1)


def backup(file: Path, as_json: AsJson = False) -> None:
    """The database, keys and pictures in one file; the service may keep running. Keep it as safe as a password."""
    open_newsroom()
    from publisher.newsroom import operations

    size = operations.backup(file)
    show({"file": str(file), "bytes": size}, f"Wrote {file} ({size:,} bytes).", as_json=as_json)


def restore(file: Path, as_json: AsJson = False) -> None:
    """Put a backup in the place of the data folder, which must be empty. Stop the service first."""
    start_django()
    from publisher.newsroom import operations

    operations.restore(file)
    show({"file": str(file)}, "Restored. Start the service again.", as_json=as_json)


def manage(context: typer.Context) -> None:
    """Django's own commands."""
    start_django()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["publisher manage", *context.args])
