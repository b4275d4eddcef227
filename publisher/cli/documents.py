"""`publisher document …`: what was read, its versions and what changed between them."""

from typing import Annotated

import typer

from publisher.cli.app import As, AsJson, Number, open_newsroom, show, show_rows

group = typer.Typer(help="What was read.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="document", rich_help_panel="Newsroom")


@group.command("list")
def list_(
    source: Annotated[int | None, typer.Option(help="Only of this source.")] = None,
    page: Annotated[int, typer.Option(min=1)] = 1,
    as_json: AsJson = False,
) -> None:
    """Documents, newest first; a hundred a page."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import queries

    found = queries.documents_page(page, 100, source)
    rows = [shapes.document(row) for row in found.items]
    show_rows(rows, ("id", "kind", "language", "title"), as_json=as_json, empty="There is none.")
    if found.has_next:
        typer.echo(f"There are more: --page {found.number + 1}", err=True)


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
    show(shapes.document(detail.document) | {"versions": versions, "ignored": detail.ignored}, text, as_json=as_json)


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
