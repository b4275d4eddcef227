"""`watch`, `deliver`, `doctor`, `backup`, `restore`, `manage`."""

import time
from pathlib import Path
from typing import Annotated, Any

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
    once: Annotated[bool, typer.Option("--once", help="Poll now, due or not, and stop.")] = False,
    source: Annotated[int | None, typer.Option(help="Only this source.")] = None,
    as_json: AsJson = False,
) -> None:
    """Poll the sources that are due, and draft what is new."""
    open_newsroom()
    from publisher.newsroom.feeds import sources, watching

    only = None if source is None else sources.get(source)
    if once:
        found = watching.poll(watching.active() if only is None else [only])
        if not _tell_polled(found, as_json=as_json):
            raise typer.Exit(1)
        return
    while True:
        _tell_polled(watching.poll_due(only), as_json=as_json)
        time.sleep(5)


def _tell_polled(found: list[dict[str, Any]], *, as_json: bool) -> bool:
    """Whether all went well."""
    for row in found:
        text = "" if row["problem"] else f"{row['name']}: {row['status']}, {row['new']} new, {row['changed']} changed"
        show(row, text, as_json=as_json)
        if row["problem"]:
            typer.echo(f"{row['name']}: {row['problem']}", err=True)
    return not any(row["problem"] for row in found)


def deliver(
    once: Annotated[bool, typer.Option("--once", help="Send what is due now and stop.")] = False,
    as_json: AsJson = False,
) -> None:
    """Send what is due; look up what is uncertain."""
    open_newsroom()
    while True:
        well = _deliver_due(as_json=as_json)
        if once:
            raise typer.Exit(0 if well else 1)
        time.sleep(2)


def _deliver_due(*, as_json: bool) -> bool:
    """One round. Whether nothing failed or was left uncertain."""
    from publisher.cli import shapes
    from publisher.enums import PostState
    from publisher.newsroom import queries
    from publisher.newsroom.sending import claiming, delivery, lookups

    lookups.lose_dead_claims()
    rounds = [
        (lookups.settle, lookups.waiting(PostState.UNCERTAIN)),
        (lookups.resume, lookups.waiting(PostState.PROCESSING)),
        (delivery.deliver, claiming.due()),
    ]
    well = True
    for act, waiting in rounds:
        for number in waiting:
            if act(number) is None:
                continue
            row = shapes.post(queries.post(number))
            show(row, f"Post {number}: {row['state']}.", as_json=as_json)
            if row["reason"]:
                typer.echo(f"Post {number}: {row['reason']}", err=True)
            well = well and row["state"] not in {PostState.FAILED, PostState.UNCERTAIN}
    return well


def doctor(as_json: AsJson = False) -> None:
    """Look the whole installation over and say what to mend."""
    open_newsroom()
    from publisher.newsroom import operations

    findings = [{"check": name, "ok": ok, "finding": text} for name, ok, text in operations.examine()]
    show_rows(findings, ("check", "ok", "finding"), as_json=as_json, empty="")
    wrong = [str(finding["check"]) for finding in findings if not finding["ok"]]
    if wrong:
        typer.echo(f"Look at: {', '.join(wrong)}.", err=True)
        raise typer.Exit(1)


def backup(
    file: Path,
    without_keys: Annotated[
        bool, typer.Option("--without-keys", help="Leave the folder keys out; keep it elsewhere.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """The database, keys and pictures in one file; the service may keep running. Keep it as safe as a password."""
    open_newsroom()
    from publisher.newsroom import operations

    size = operations.backup(file, keys=not without_keys)
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
