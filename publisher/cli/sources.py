"""`publisher source …`"""

from typing import Annotated

import typer

from publisher.cli.app import As, AsJson, Number, describe, open_newsroom, show, show_rows

group = typer.Typer(help="What is watched.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="source", rich_help_panel="Newsroom")


@group.command()
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="The address of a feed.")],
    name: Annotated[str, typer.Option(help="What to call it; the feed's own title if absent.")] = "",
    queue_newest: Annotated[int, typer.Option(help="Queue this many of the newest entries for review.", min=0)] = 0,
    language: Annotated[str, typer.Option(help="For entries that do not say theirs.")] = "",
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Watch a feed from now on. What stands in it already is remembered, not posted."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access, sources

    made = sources.add(access.operator(as_), url=url, name=name, queue_newest=queue_newest, language=language)
    show(shapes.source(made), f"Watching {made.name} (source {made.pk}).", as_json=as_json)


@group.command("list")
def list_(page: Annotated[int, typer.Option(min=1)] = 1, as_json: AsJson = False) -> None:
    """All sources, with their health, a thousand a page."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import queries

    rows = [shapes.source(row) for row in queries.sources_page(page, 1000).items]
    columns = ("id", "name", "status", "active", "last_checked_at", "problem", "url")
    show_rows(rows, columns, as_json=as_json, empty="Nothing is watched yet: publisher source add URL")


@group.command("show")
def show_(number: Number, as_json: AsJson = False) -> None:
    """Everything about one source."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import sources

    row = shapes.source(sources.get(number))
    show(row, describe(row), as_json=as_json)


@group.command()
def check(number: Number, as_: As = "", as_json: AsJson = False) -> None:
    """Look at it now."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access, sources

    row = sources.check(number, access.operator(as_))
    show(shapes.source(row), "" if row.problem else f"{row.name}: {row.status}", as_json=as_json)
    if row.problem:
        typer.echo(f"{row.name}: {row.problem}", err=True)
        raise typer.Exit(1)


@group.command()
def pause(number: Number, as_: As = "", as_json: AsJson = False) -> None:
    """Stop looking for a while."""
    _switch("pause", number, as_, as_json=as_json)


@group.command()
def resume(number: Number, as_: As = "", as_json: AsJson = False) -> None:
    """Look again."""
    _switch("resume", number, as_, as_json=as_json)


@group.command()
def remove(number: Number, as_: As = "", as_json: AsJson = False) -> None:
    """Stop watching. Its documents stay."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access, sources

    row = shapes.source(sources.get(number))
    sources.remove(number, access.operator(as_))
    show(row, f"{row['name']} is no longer watched.", as_json=as_json)


def _switch(verb: str, number: int, as_: str, *, as_json: bool) -> None:
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access, sources

    row = (sources.pause if verb == "pause" else sources.resume)(number, access.operator(as_))
    show(shapes.source(row), f"{row.name}: {'watched' if row.active else 'paused'}.", as_json=as_json)
