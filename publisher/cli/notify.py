"""`publisher notify …`: messages to people."""

from typing import Annotated

import typer

from publisher.cli.app import As, AsJson, Number, PageNumber, open_newsroom, show, show_page, show_rows

group = typer.Typer(help="Messages to people.", no_args_is_help=True)
Kinds = Annotated[list[str] | None, typer.Option("--kind", help="Only this kind; may be repeated. Absent: all.")]


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="notify", rich_help_panel="Service")


@group.command("list")
def list_(page: PageNumber = 1, as_json: AsJson = False) -> None:
    """What people were told, newest first; a hundred a page."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom.alerts import outbox

    found = outbox.page(page, 100)
    columns = ("id", "raised_at", "title", "told", "waiting")
    show_page(found, shapes.notice, columns, as_json=as_json, empty="Nothing was told yet.")


@group.command("places")
def list_places(as_json: AsJson = False) -> None:
    """Where the whole newsroom is told; the addresses themselves are sealed."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom.alerts import places

    rows = [shapes.place(row) for row in places.listed()]
    show_rows(rows, ("id", "name", "service", "kinds"), as_json=as_json, empty="None yet: publisher notify add")


@group.command()
def add(
    name: Annotated[str, typer.Argument(help="What the team calls it.")],
    address: Annotated[
        str, typer.Option(help="An e-mail or Apprise address; absent: asked for; @FILE: read from a file.")
    ] = "",
    kind: Kinds = None,
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Tell the whole newsroom at an e-mail address or in a chat (slack://…, msteams://…, matrix://…)."""
    from pathlib import Path

    from publisher.cli.app import read_text

    if address.startswith("@"):
        address = read_text(Path(address[1:])).strip()
    address = address or typer.prompt("Address", hide_input=True, err=True)
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access
    from publisher.newsroom.alerts import places

    row = places.add(access.operator(as_), name=name, address=address, kinds=kind or ())
    show(shapes.place(row), f"{row.name} is added. Try it: publisher notify test {row.pk}", as_json=as_json)


@group.command()
def remove(number: Number, as_: As = "", as_json: AsJson = False) -> None:
    """Tell nothing there any more."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access
    from publisher.newsroom.alerts import places

    row = shapes.place(places.get(number))
    places.remove(number, access.operator(as_))
    show(row, f"{row['name']} is removed.", as_json=as_json)


@group.command("test")
def try_out(
    number: Annotated[int | None, typer.Argument(metavar="[ID]", help="A place; absent: the person of --as.")] = None,
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Send a test now, to a place or to a person."""
    if number is None and not as_:
        raise typer.BadParameter("name a place by its number, or a person with --as", param_hint="ID")
    open_newsroom()
    from publisher.newsroom import access
    from publisher.newsroom.alerts import outbox

    to = outbox.try_out(access.operator(as_), number)
    show({"to": to}, f"A test was sent to {to}.", as_json=as_json)


@group.command()
def send(as_json: AsJson = False) -> None:
    """Send what waits now, without the service."""
    open_newsroom()
    from publisher.newsroom.alerts import outbox

    outbox.run()
    problem, waiting = outbox.trouble(), outbox.waiting_count()
    show({"waiting": waiting, "problem": problem}, "" if problem else "Everybody was told.", as_json=as_json)
    if problem:
        typer.echo(f"{waiting} wait. {problem}", err=True)
        raise typer.Exit(1)
