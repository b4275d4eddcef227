"""`publisher document …`: what was read, its versions and what changed between them."""

from typing import Annotated

import typer

from publisher.cli.app import As, AsJson, Number, PageNumber, open_newsroom, show, show_page

group = typer.Typer(help="What was read.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="document", rich_help_panel="Newsroom")


@group.command("list")
def list_(
    source: Annotated[int | None, typer.Option(help="Only of this source.")] = None,
    page: PageNumber = 1,
    as_json: AsJson = False,
) -> None:
    """Documents, newest first; a hundred a page."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import queries

    found = queries.documents_page(page, 100, source)
    show_page(found, shapes.document, ("id", "kind", "language", "title"), as_json=as_json, empty="There is none.")


@group.command("show")
def show_(
    number: Number,
    diff: Annotated[bool, typer.Option("--diff", help="What each version changed, instead of the whole text.")] = False,
    as_json: AsJson = False,
) -> None:
    """One document as it stands, or with --diff what its institution changed in it."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import queries
    from publisher.newsroom.documents import corrections
    from publisher.text.diff import as_text

    detail = queries.document_detail(number)
    history = corrections.history(detail.versions)
    versions = [shapes.version(version, changes) for version, changes in history]
    head = f"{detail.entry.title}\n{detail.document.url}"
    if diff:
        texts = [
            f"Version {version.number}, {field.field}:\n{as_text(field.blocks)}"
            for version, changes in history
            for field in changes
        ]
        text = "\n\n".join([head, *(texts or ["It has not changed since it was first read."])])
    else:
        text = "\n\n".join(part for part in (head, *detail.ignored, detail.entry.lead, detail.entry.body) if part)
    more = {
        "versions": versions,
        "ignored": detail.ignored,
        "waits": [shapes.language_wait(row) for row in detail.waits],
    }
    show(shapes.document(detail.document) | more, text, as_json=as_json)


@group.command()
def language(
    number: Number,
    channel: Annotated[int, typer.Option(help="The channel that waits for its language.")],
    use: Annotated[str, typer.Option(help="A language that the document has, such as en.")] = "",
    skip: Annotated[bool, typer.Option("--skip", help="Nothing is drafted for the channel.")] = False,
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Say what a channel does for which the document's language has not come."""
    if bool(use) == skip:
        raise typer.BadParameter("say --use LANGUAGE or --skip", param_hint="--use")
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access
    from publisher.newsroom.drafts import drafting, languages

    user = access.operator(as_)
    if skip:
        row = languages.skip(number, channel, user)
        show(shapes.language_wait(row), f"Nothing is drafted for {row.channel.name}.", as_json=as_json)
        return
    post = drafting.draft_in_language(number, channel, user, use)
    show(shapes.post(post), f"Post {post.pk} waits for review.", as_json=as_json)


@group.command("lift-embargo")
def lift_embargo(
    number: Number,
    reason: Annotated[str, typer.Option(help="Why it may be lifted before its time.")],
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Lift an embargo: the first person proposes it, a second one does it. Posts keep their times."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access
    from publisher.newsroom.approval import embargoes

    row = embargoes.lift(number, access.operator(as_), reason=reason)
    lifted = "Lifted. Posts keep the times they were approved for; publisher queue schedule moves one."
    said = lifted if row.embargo is None else "It still stands: a second person must lift it too."
    show(shapes.document(row), said, as_json=as_json)
