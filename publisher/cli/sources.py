"""`publisher source …`"""

import tomllib
from pathlib import Path
from typing import Annotated, Any

import typer

from publisher.cli.app import (
    As,
    AsJson,
    Number,
    PageNumber,
    describe,
    open_newsroom,
    read_text,
    show,
    show_page,
    show_rows,
)
from publisher.errors import InvalidInput

group = typer.Typer(help="What is watched.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="source", rich_help_panel="Newsroom")


@group.command()
def discover(
    url: Annotated[str, typer.Argument(metavar="URL", help="Any page of an institution, or a feed itself.")],
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """What can be watched there: its feeds and calendars, tried, with their newest entries. Nothing is stored."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access
    from publisher.newsroom.feeds import sources

    found = sources.find(access.operator(as_), url)
    offers = [shapes.offer(offer) for offer in found.offers]
    if as_json:
        show_rows(offers, (), as_json=True, empty="")
        return
    if not offers:
        raise InvalidInput("source.nothing_found", url=url)
    for offer in offers:
        typer.echo(f"{offer['title'] or offer['url']}\n  {offer['kind']}: {offer['url']}")
        for entry in offer["newest"]:
            typer.echo(f"  • {(entry['date'] or '')[:10]:<10} {entry['title']}")


@group.command()
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="The address of a feed, a calendar or a page with a list.")],
    name: Annotated[str, typer.Option(help="What to call it; the source's own title if absent.")] = "",
    queue_newest: Annotated[int, typer.Option(help="Queue this many of the newest entries for review.", min=0)] = 0,
    language: Annotated[str, typer.Option(help="For entries that do not say theirs.")] = "",
    kind: Annotated[
        str, typer.Option(help="feed, press_corner, listing, sitemap or calendar; what it seems if absent.")
    ] = "",
    selectors: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The recipe of a listing, in TOML; see docs/watching.md.")
    ] = None,
    interval: Annotated[
        int | None, typer.Option(metavar="SECONDS", help="Between two looks; its own rhythm decides if absent.")
    ] = None,
    no_pages: Annotated[bool, typer.Option("--no-pages", help="Do not read the pages of new documents.")] = False,
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Watch a source from now on. What stands in it already is remembered, not posted."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access
    from publisher.newsroom.feeds import sources

    made = sources.add(
        access.operator(as_),
        url=url,
        name=name,
        queue_newest=queue_newest,
        language=language,
        kind=kind,
        data=_recipe(selectors),
        interval=interval,
        read_pages=not no_pages,
    )
    show(shapes.source(made), f"Watching {made.name} (source {made.pk}).", as_json=as_json)


@group.command()
def change(
    number: Number,
    name: Annotated[str | None, typer.Option(help="What to call it.")] = None,
    language: Annotated[str | None, typer.Option(help="For entries that do not say theirs.")] = None,
    selectors: Annotated[Path | None, typer.Option(metavar="FILE", help="The recipe of a listing, in TOML.")] = None,
    interval: Annotated[
        int | None, typer.Option(metavar="SECONDS", help="Between two looks; 0: its own rhythm decides.")
    ] = None,
    pages: Annotated[bool | None, typer.Option("--pages/--no-pages", help="Read the pages of new documents.")] = None,
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Change what it is called, how often it is looked at, or how its page is read."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access
    from publisher.newsroom.feeds import sources

    row = sources.change(
        number,
        access.operator(as_),
        name=name,
        language=language,
        interval=interval,
        read_pages=pages,
        data=_recipe(selectors),
    )
    show(shapes.source(row), f"{row.name}: changed.", as_json=as_json)


@group.command("list")
def list_(page: PageNumber = 1, as_json: AsJson = False) -> None:
    """All sources, with their health, a thousand a page."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import queries

    found = queries.sources_page(page, 1000)
    columns = ("id", "name", "kind", "status", "active", "last_checked_at", "problem", "url")
    show_page(found, shapes.source, columns, as_json=as_json, empty="Nothing is watched yet: publisher source add URL")


@group.command("show")
def show_(number: Number, as_json: AsJson = False) -> None:
    """Everything about one source."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom.feeds import sources

    row = shapes.source(sources.get(number)) | shapes.health(sources.get(number))
    show(row, describe(row), as_json=as_json)


@group.command()
def check(number: Number, as_: As = "", as_json: AsJson = False) -> None:
    """Look at it now."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access
    from publisher.newsroom.feeds import sources

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
    from publisher.newsroom import access
    from publisher.newsroom.feeds import sources

    row = shapes.source(sources.get(number))
    sources.remove(number, access.operator(as_))
    show(row, f"{row['name']} is no longer watched.", as_json=as_json)


def _recipe(path: Path | None) -> dict[str, Any] | None:
    """The recipe in a TOML file. Raises InvalidInput."""
    if path is None:
        return None
    try:
        return tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput("source.recipe_file", str(error), path=str(path), why=str(error)) from error


def _switch(verb: str, number: int, as_: str, *, as_json: bool) -> None:
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access
    from publisher.newsroom.feeds import sources

    row = (sources.pause if verb == "pause" else sources.resume)(number, access.operator(as_))
    show(shapes.source(row), f"{row.name}: {'watched' if row.active else 'paused'}.", as_json=as_json)
