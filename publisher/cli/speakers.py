"""`publisher speaker …`: who speaks in documents, and their handles."""

from typing import Annotated

import typer

from publisher.cli.app import As, AsJson, Number, PageNumber, open_newsroom, show, show_page
from publisher.errors import InvalidInput

group = typer.Typer(help="People and institutions that documents name.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="speaker", rich_help_panel="Newsroom")


@group.command("list")
def list_(
    search: Annotated[str, typer.Option(help="A part of the name.")] = "",
    page: PageNumber = 1,
    as_json: AsJson = False,
) -> None:
    """Who speaks, with their handles; fifty a page."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom.documents import speakers

    found = speakers.page(page, search)
    show_page(found, shapes.speaker, ("id", "name", "handles"), as_json=as_json, empty="Nobody yet.")


@group.command()
def add(
    name: Annotated[str, typer.Argument(help="As documents write it.")], as_: As = "", as_json: AsJson = False
) -> None:
    """A person or an institution that no document has named yet."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access
    from publisher.newsroom.documents import speakers

    person = speakers.add(access.operator(as_), name)
    show(shapes.speaker(person), f"Added (speaker {person.pk}).", as_json=as_json)


@group.command()
def handles(
    number: Number,
    given: Annotated[list[str], typer.Option("--set", metavar="NETWORK=HANDLE", help="Blank takes it away.")],
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Write handles down; new drafts name the speaker by them."""
    pairs = [item.partition("=") for item in given]
    if wrong := [item[0] for item in pairs if not item[1]]:
        raise InvalidInput("speaker.handle", handle=wrong[0])
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access
    from publisher.newsroom.documents import speakers

    person = speakers.set_handles(number, access.operator(as_), {network: handle for network, _, handle in pairs})
    show(shapes.speaker(person), "Saved.", as_json=as_json)
