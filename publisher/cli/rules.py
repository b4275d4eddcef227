"""`publisher rule …`"""

from typing import Annotated

import typer

from publisher.cli.app import As, AsJson, Number, describe, one_of, open_newsroom, show, show_rows

group = typer.Typer(help="Which documents go where, and whether a person looks first.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="rule", rich_help_panel="Newsroom")


@group.command()
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call it.")],
    kind: Annotated[list[str] | None, typer.Option(help="Only this kind of document; may be repeated.")] = None,
    source: Annotated[list[int] | None, typer.Option(help="Only from this source; may be repeated.")] = None,
    channel: Annotated[list[int] | None, typer.Option(help="Only to this channel; may be repeated.")] = None,
    automatic: Annotated[bool, typer.Option("--automatic", help="Without a person in between.")] = False,
    template: Annotated[str, typer.Option(help="A template file instead of the one for the kind.")] = "",
    position: Annotated[int, typer.Option(help="Rules with a lower number come first.")] = 100,
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Add a rule. For each channel, the first that fits a document counts."""
    from publisher.enums import DocumentKind, RuleMode

    for item in kind or []:
        one_of(item, list(DocumentKind), "--kind")
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access
    from publisher.newsroom.drafts import rules

    made = rules.add(
        access.operator(as_),
        name=name,
        mode=RuleMode.AUTOMATIC if automatic else RuleMode.REVIEW,
        kinds=kind or [],
        source_ids=source or [],
        channel_ids=channel or [],
        template=template,
        position=position,
    )
    show(shapes.rule(made), f"Rule {made.pk}: {made.name}.", as_json=as_json)


@group.command("list")
def list_(as_json: AsJson = False) -> None:
    """All rules, in the order in which they are tried."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import queries

    rows = [shapes.rule(row) for row in queries.rules()]
    columns = ("id", "position", "name", "mode", "kinds", "sources", "channels", "active")
    show_rows(rows, columns, as_json=as_json, empty="There is no rule, so nothing is drafted: publisher rule add NAME")


@group.command("show")
def show_(number: Number, as_json: AsJson = False) -> None:
    """One rule."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom.drafts import rules

    row = shapes.rule(rules.get(number))
    show(row, describe(row), as_json=as_json)


@group.command()
def test(
    number: Number,
    days: Annotated[int, typer.Option(help="How far back.", min=1)] = 30,
    as_json: AsJson = False,
) -> None:
    """What this rule would have done with the documents of the last days. Nothing is drafted."""
    open_newsroom()
    from publisher.newsroom.drafts import rules

    rows = [
        {"document": document.pk, "kind": document.kind, "title": document.title, "channels": [c.name for c in taken]}
        for document, taken in rules.test(number, days)
    ]
    show_rows(rows, ("document", "kind", "title", "channels"), as_json=as_json, empty="It would have taken nothing.")


@group.command()
def remove(number: Number, as_: As = "", as_json: AsJson = False) -> None:
    """Take a rule away. Posts that it made stay."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access
    from publisher.newsroom.drafts import rules

    row = shapes.rule(rules.get(number))
    rules.remove(number, access.operator(as_))
    show(row, f"Rule {number} is taken away.", as_json=as_json)
