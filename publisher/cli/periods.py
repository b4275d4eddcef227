"""`publisher period …`: sensitive periods."""

from typing import Annotated

import typer

from publisher.cli.app import As, AsJson, Number, open_newsroom, show, show_rows, time_of

group = typer.Typer(help="Times in which a person looks at everything.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="period", rich_help_panel="Newsroom")


@group.command()
def add(
    name: Annotated[str, typer.Argument(help="What reviewers read as the reason: State mourning.")],
    until: Annotated[str, typer.Option(help="When it ends, in the newsroom's time zone: 2026-11-24T09:00.")],
    since: Annotated[str, typer.Option("--from", help="When it begins; now if absent.")] = "",
    channel: Annotated[list[int] | None, typer.Option(help="Only on this channel (again for others).")] = None,
    kind: Annotated[list[str] | None, typer.Option(help="Only this kind of document (again for others).")] = None,
    word: Annotated[list[str] | None, typer.Option(help="Only about this word (again for others).")] = None,
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """From then on nothing in its scope goes out by a rule alone."""
    ends, starts = time_of(until, "--until"), time_of(since, "--from") if since else None
    open_newsroom()
    from django.utils import timezone

    from publisher.cli import shapes
    from publisher.newsroom import access
    from publisher.newsroom.drafts import periods

    made = periods.add(
        access.operator(as_),
        name=name,
        starts_at=starts or timezone.now(),
        ends_at=ends,
        channel_ids=channel or (),
        kinds=kind or (),
        words=word or (),
    )
    show(shapes.period(made), f"Set (period {made.pk}). End it with: publisher period end {made.pk}", as_json=as_json)


@group.command()
def end(number: Number, as_: As = "", as_json: AsJson = False) -> None:
    """It is over now; what waits in review still waits for a person."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access
    from publisher.newsroom.drafts import periods

    show(shapes.period(periods.end(number, access.operator(as_))), "Ended.", as_json=as_json)


@group.command("list")
def list_(as_json: AsJson = False) -> None:
    """Those that stand, and those to come."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom.drafts import periods

    rows = [shapes.period(row) for row in periods.coming()]
    columns = ("id", "name", "starts_at", "ends_at", "channels", "kinds", "words", "set_by")
    show_rows(rows, columns, as_json=as_json, empty="There is none.")
