"""`publisher post …`: what became of posts that are out."""

from typing import Annotated

import typer

from publisher.cli.app import As, AsJson, Number, PageNumber, describe, open_newsroom, show, show_page

group = typer.Typer(help="Posts that are out.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="post", rich_help_panel="Newsroom")


@group.command()
def figures(
    number: Annotated[int | None, typer.Argument(metavar="[ID]", help="One post; the newest if absent.")] = None,
    page: PageNumber = 1,
    as_json: AsJson = False,
) -> None:
    """How often posts were shown, liked, answered and passed on, when their networks were last asked;
    fifty a page."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import queries

    if number is not None:
        row = shapes.figures(queries.post(number))
        show(row, describe({name: value for name, value in row.items() if name != "past"}), as_json=as_json)
        return
    found = queries.published_page(page, state="published")
    columns = ("id", "network", "channel", "impressions", "likes", "replies", "reposts", "read_at")
    show_page(found, shapes.figures, columns, as_json=as_json, empty="Nothing is out yet.")


@group.command("read-figures")
def read_figures(number: Number, as_: As = "", as_json: AsJson = False) -> None:
    """Ask the network now, besides the times at which it is asked anyway."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access, queries
    from publisher.newsroom.sending import figures as reading

    reading.read_now(number, access.operator(as_))
    row = shapes.figures(queries.post(number))
    show(row, describe({name: value for name, value in row.items() if name != "past"}), as_json=as_json)
