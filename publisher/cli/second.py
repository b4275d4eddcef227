"""`publisher confirm …`, `publisher emergency …`: what needs two people, and what one did alone."""

from typing import Annotated

import typer

from publisher.cli.app import As, AsJson, Number, Translated, open_newsroom, show, show_rows

confirm = typer.Typer(help="Acts that need two people.", no_args_is_help=True)
emergency = typer.Typer(help="Publishing alone, and looking at it afterwards.", no_args_is_help=True)
Note = Annotated[str, typer.Option("--note", help="What you say about it.")]


def register(app: typer.Typer) -> None:
    app.add_typer(confirm, name="confirm", rich_help_panel="Newsroom")
    app.add_typer(emergency, name="emergency", rich_help_panel="Newsroom")


@confirm.command("list")
def list_proposals(as_json: AsJson = False) -> None:
    """What somebody has proposed and a second person can confirm."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom.approval import proposals

    rows = [shapes.proposal(row) for row in proposals.waiting()]
    columns = ("id", "act", "subject", "subject_id", "by", "reason", "ends_at")
    show_rows(rows, columns, as_json=as_json, empty="Nothing waits for a second person.")


@confirm.command("yes")
def say_yes(number: Number, as_: As = "", as_json: AsJson = False) -> None:
    """Be the second person: it is done at once."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access
    from publisher.newsroom.approval import pairs

    row = pairs.confirm(number, access.operator(as_))
    show(shapes.proposal(row), f"Done: {row.act}.", as_json=as_json)


@confirm.command("no")
def say_no(number: Number, as_: As = "", as_json: AsJson = False) -> None:
    """Drop it: nothing is done."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access
    from publisher.newsroom.approval import pairs

    row = pairs.drop(number, access.operator(as_))
    show(shapes.proposal(row), f"Dropped: {row.act}.", as_json=as_json)


@emergency.command("publish")
def publish_alone(
    post: Annotated[int, typer.Argument(metavar="POST")],
    reason: Annotated[str, typer.Option(help="Why it cannot wait for a second person.")],
    translated: Translated = False,
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Approve alone, whoever wrote it. Stops and embargoes stand; a second person must look afterwards."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access, queries
    from publisher.newsroom.approval import emergencies

    row = queries.post(post)
    assert row.revision_id is not None  # only a draft in the making has none
    user = access.operator(as_)
    row = emergencies.publish(post, user, revision_id=row.revision_id, reason=reason, translated=translated)
    show(shapes.post(row), f"Post {row.pk}: {row.state}.", as_json=as_json)


@emergency.command("list")
def list_emergencies(as_json: AsJson = False) -> None:
    """What went out alone and nobody else has looked at yet."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom.approval import emergencies

    rows = [shapes.emergency(row) for row in emergencies.waiting()]
    columns = ("id", "post_id", "channel", "title", "by", "at", "reason")
    show_rows(rows, columns, as_json=as_json, empty="Nothing waits for a second look.")


@emergency.command("look")
def look(number: Number, note: Note = "", as_: As = "", as_json: AsJson = False) -> None:
    """Take it off the list: you have looked at it."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access
    from publisher.newsroom.approval import emergencies

    row = emergencies.look(number, access.operator(as_), note)
    show(shapes.emergency(row), f"Looked at by {row.reviewed_by}.", as_json=as_json)
