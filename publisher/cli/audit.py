"""`publisher audit …`: the chain of events."""

from typing import Any

import typer

from publisher.cli.app import AsJson, open_newsroom, show

group = typer.Typer(help="The chain of events.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="audit", rich_help_panel="Service")


@group.command()
def verify(as_json: AsJson = False) -> None:
    """Check that no event was changed, taken out, put in or moved; say which if one was."""
    open_newsroom()
    from publisher.newsroom import chain

    seen = chain.verify()
    found: list[dict[str, Any]] = [
        {"kind": each.kind, "number": each.number, "sentence": each.sentence} for each in seen.findings
    ]
    data = {"events": seen.count, "intact": seen.intact, "head": seen.hash, "findings": found}
    show(data, f"{seen.count} events, all in order." if seen.intact else "", as_json=as_json)
    for each in found:
        typer.echo(each["sentence"], err=True)
    if not seen.intact:
        raise typer.Exit(1)


@group.command()
def export(
    as_json: AsJson = True,  # noqa: ARG001  # it is JSON either way
) -> None:
    """Every event, oldest first, one JSON object a line."""
    open_newsroom()
    from publisher.newsroom import exports

    for event in exports.events():
        show(event, "", as_json=True)
