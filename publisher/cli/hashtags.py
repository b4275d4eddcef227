"""`publisher hashtag …`: the hashtags of topics."""

from typing import Annotated

import typer

from publisher.cli.app import As, AsJson, Number, PageNumber, open_newsroom, show, show_page

group = typer.Typer(help="The hashtags of topics.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="hashtag", rich_help_panel="Newsroom")


@group.command("list")
def list_(
    search: Annotated[str, typer.Option(help="A part of the topic or of the hashtag.")] = "",
    page: PageNumber = 1,
    as_json: AsJson = False,
) -> None:
    """By topic and language; fifty a page."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom.drafts import hashtags

    found = hashtags.page(page, search)
    show_page(found, shapes.hashtag, ("id", "topic", "language", "tag"), as_json=as_json, empty="None yet.")


@group.command("set")
def set_(
    topic: Annotated[str, typer.Argument(help="As the institution names it.")],
    tag: Annotated[str, typer.Argument(help='The hashtag, such as "GreenDeal", or its words.')],
    language: Annotated[str, typer.Option(help="The language that the topic is named in; all if absent.")] = "",
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Say which hashtag drafts about a topic have."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access
    from publisher.newsroom.drafts import hashtags

    row = hashtags.set(access.operator(as_), topic, tag, language)
    show(shapes.hashtag(row), f"{row.topic}: #{row.tag} (hashtag {row.pk}).", as_json=as_json)


@group.command()
def remove(number: Number, as_: As = "", as_json: AsJson = False) -> None:
    """Drafts no longer have it."""
    open_newsroom()
    from publisher.newsroom import access
    from publisher.newsroom.drafts import hashtags

    hashtags.remove(number, access.operator(as_))
    show({"id": number}, "Taken away.", as_json=as_json)
