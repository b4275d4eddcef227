"""`publisher comment …`, `publisher queue ask` and `assign`: working together on a post."""

from typing import Annotated

import typer

from publisher.cli import queue
from publisher.cli.app import As, AsJson, Number, open_newsroom, show, show_rows

group = typer.Typer(help="What colleagues say about a post.", no_args_is_help=True)
PostNumber = Annotated[int, typer.Argument(metavar="POST")]


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="comment", rich_help_panel="Newsroom")


@group.command("list")
def list_(
    post: PostNumber,
    page: Annotated[int, typer.Option(min=0, help="A page of fifty, from 1; the last one if 0.")] = 0,
    as_json: AsJson = False,
) -> None:
    """What was said about a post, in the order of time."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import queries
    from publisher.newsroom.approval import comments

    found = comments.thread(queries.post(post).pk, page)
    rows = [shapes.comment(row) for row in found.items]
    show_rows(rows, ("id", "at", "by", "asks", "text", "withdrawn_by"), as_json=as_json, empty="Nothing was said yet.")
    if found.has_previous:
        typer.echo(f"There are earlier ones: --page {found.number - 1}", err=True)
    if found.has_next:
        typer.echo(f"There are later ones: --page {found.number + 1}", err=True)


@group.command()
def add(post: PostNumber, text: str, as_: As = "", as_json: AsJson = False) -> None:
    """Comment on a post; @ and a colleague's name or address has them told."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access
    from publisher.newsroom.approval import comments

    made = shapes.comment(comments.say(post, access.operator(as_), text))
    show(made, f"Said (comment {made['id']}).{_told(made['told'])}", as_json=as_json)


@group.command()
def withdraw(number: Number, as_: As = "", as_json: AsJson = False) -> None:
    """Take back a comment, or a request for changes. That it was withdrawn stays."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access
    from publisher.newsroom.approval import comments

    show(shapes.comment(comments.withdraw(number, access.operator(as_))), "Withdrawn.", as_json=as_json)


@queue.group.command()
def ask(
    post: PostNumber,
    text: Annotated[str, typer.Argument(help="What is to change.")],
    revision: Annotated[int | None, typer.Option(help="The one that you read; if absent, the current one.")] = None,
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Ask for changes: the post goes back to whoever writes it, and cannot be approved as it is."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access, queries
    from publisher.newsroom.approval import comments

    seen = revision or queries.post(post).revision_id or 0
    made = shapes.comment(comments.ask(post, access.operator(as_), revision_id=seen, text=text))
    show(made, f"Asked (comment {made['id']}).{_told(made['told'])}", as_json=as_json)


@queue.group.command()
def assign(
    post: PostNumber,
    email: Annotated[str, typer.Argument(metavar="[EMAIL]", help="Whose it is from now on; nobody's if absent.")] = "",
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Give a post to a colleague, who is told."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access, queries
    from publisher.newsroom.approval import assignment

    assignment.assign(post, access.operator(as_), access.person(email) if email else None)
    row = queries.post(post)
    has_it = row.assigned_to.email if row.assigned_to else "nobody"
    show(shapes.post(row), f"Post {row.pk}: {has_it} sees to it.", as_json=as_json)


def _told(people: list[int]) -> str:
    from publisher.models import User

    emails = User.objects.filter(pk__in=people).order_by("email").values_list("email", flat=True)
    return f" Told: {', '.join(emails)}." if emails else ""
