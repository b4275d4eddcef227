"""`publisher media …`: the media library; and the pictures and videos of a post."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from publisher.cli.app import As, AsJson, Number, PageNumber, describe, open_newsroom, show, show_page, show_rows
from publisher.cli.queue import group as queue

if TYPE_CHECKING:
    from publisher.models import Asset, User
    from publisher.newsroom.drafts.library import Said

group = typer.Typer(help="The media library.", no_args_is_help=True)

Language = Annotated[str, typer.Option(help="Of the description: en, fr, de …")]
Alt = Annotated[str | None, typer.Option(help="What is to be seen, for people who cannot see it.")]
Credit = Annotated[str | None, typer.Option(help="Who is to be named, or the licence.")]
Focus = Annotated[
    str | None, typer.Option(help="What stays in sight where it is cropped: 0.25,-0.5, from -1 to 1 to right and top.")
]


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="media", rich_help_panel="Newsroom")


@group.command()
def add(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...")],
    alt: Alt = None,
    credit: Credit = None,
    language: Language = "",
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Take pictures, videos or documents (PDF) in. What a camera notes in them (place, time, make) is not kept."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access
    from publisher.newsroom.drafts import library

    user, said = access.operator(as_), library.Said(alt=alt, credit=credit, language=language)
    rows = [shapes.asset(_taken(path, user, said)) for path in files]
    show_rows(rows, ("id", "type", "width", "height", "size", "name"), as_json=as_json, empty="")


@group.command("list")
def list_(
    search: Annotated[str, typer.Option(help="Words of the description, the credit or the file name.")] = "",
    page: PageNumber = 1,
    as_json: AsJson = False,
) -> None:
    """What is there, newest first, thirty a page."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom.drafts import library

    found = library.page(page, search)
    columns = ("id", "type", "width", "height", "size", "uses", "name", "credit", "alts")
    show_page(found, lambda item: shapes.asset(item.asset, item.uses), columns, as_json=as_json, empty="There is none.")


@group.command("show")
def show_(number: Number, as_json: AsJson = False) -> None:
    """One file, and the posts that hold it or have held it."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom.drafts import library

    row = library.get(number)
    data = shapes.asset(row) | {"posts": [post.pk for post in library.posts_with(row)]}
    show(data, describe(data), as_json=as_json)


@group.command("describe")
def describe_(
    number: Number,
    alt: Alt = None,
    credit: Credit = None,
    focus: Focus = None,
    language: Language = "",
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Say what is to be seen, who is to be named, what must stay in sight. Posts that hold it keep their own words."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access
    from publisher.newsroom.drafts import library

    said = library.Said(alt=alt, credit=credit, focus=focus, language=language)
    row = library.describe(number, access.operator(as_), said)
    show(shapes.asset(row), f"{row}: saved.", as_json=as_json)


@group.command()
def captions(
    number: Number,
    language: Annotated[str, typer.Argument(help="en, fr, de …")],
    file: Annotated[Path | None, typer.Argument(help="A WebVTT file; without one they are taken away.")] = None,
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Give a video subtitles in a language."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access
    from publisher.newsroom.drafts import library

    row = library.caption(number, access.operator(as_), _bytes(file) if file else b"", language)
    show(shapes.asset(row), f"{row}: saved.", as_json=as_json)


@group.command()
def remove(number: Number, as_: As = "", as_json: AsJson = False) -> None:
    """Delete a file that no post holds. It cannot be brought back."""
    open_newsroom()
    from publisher.newsroom import access
    from publisher.newsroom.drafts import library

    library.remove(number, access.operator(as_))
    show({"id": number, "removed": True}, f"{number}: removed.", as_json=as_json)


@queue.command("media")
def of_post(
    number: Number,
    add: Annotated[list[str] | None, typer.Option(help="A file, or its number in the library.")] = None,
    of_document: Annotated[bool, typer.Option("--of-document", help="Add the picture that it shows.")] = False,
    drop: Annotated[list[int] | None, typer.Option(help="Which one is left out, by its place from 1.")] = None,
    order: Annotated[str, typer.Option(help="The places in the order that is wanted: 2,1,3.")] = "",
    alt: Annotated[list[str] | None, typer.Option(help="Descriptions, in order, of what is there then.")] = None,
    focus: Annotated[
        list[str] | None, typer.Option(help="What stays in sight of each, in order; blank: by itself.")
    ] = None,
    part: Annotated[int, typer.Option(min=1, help="Which part of a thread.")] = 1,
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """The pictures and videos of a post: shown, added, left out, put in order, described. An approval falls with it."""
    open_newsroom()
    from publisher.newsroom import access, queries
    from publisher.newsroom.drafts import attaching, library
    from publisher.types import to_json

    user, row = access.operator(as_), queries.post(number)
    files = {item: None if item.isdecimal() else Path(item) for item in add or ()}
    assets = [
        library.get(int(item)) if path is None else _taken(path, user, library.Said()) for item, path in files.items()
    ]
    assets += [attaching.picture_of_document(row, user)] if of_document else []
    change = attaching.Change(
        added=tuple(assets), dropped=tuple(drop or ()), order=order, alts=tuple(alt or ()), focuses=tuple(focus or ())
    )
    _row, held = attaching.rearrange(row, user, change, part=part)
    rows = [{"place": place} | to_json(item) for place, item in enumerate(held, start=1)]
    show_rows(rows, ("place", "type", "width", "height", "alt"), as_json=as_json, empty="No picture and no video.")


def _taken(path: Path, user: "User", said: "Said") -> "Asset":
    from publisher import messages
    from publisher.errors import InvalidInput
    from publisher.newsroom.drafts import library

    if not path.is_file():
        raise InvalidInput("file.unreadable", path=str(path))
    asset = library.add(user, path, name=path.name, said=said)
    if asset.animated:
        typer.echo(f"{path.name}: {messages.sentence('media.first_picture')}", err=True)
    return asset


def _bytes(path: Path) -> bytes:
    from publisher.errors import InvalidInput

    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidInput("file.unreadable", type(error).__name__, path=str(path)) from error
