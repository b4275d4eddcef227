"""`publisher hold …`: stops."""

from typing import Annotated

import typer

from publisher.cli.app import As, AsJson, Number, open_newsroom, show, show_rows, time_of

hold = typer.Typer(help="Stops.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(hold, name="hold", rich_help_panel="Newsroom")


@hold.command("set")
def set_hold(
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    channel: Annotated[
        list[int] | None, typer.Option(help="Only this channel (again for others of a topic or time).")
    ] = None,
    document: Annotated[int | None, typer.Option(help="Only posts about this document.")] = None,
    topic: Annotated[list[str] | None, typer.Option(help="Only posts about this word (again for others).")] = None,
    since: Annotated[str, typer.Option("--from", help="When it begins: 2026-11-24T09:00; now if absent.")] = "",
    until: Annotated[str, typer.Option(help="When it ends by itself; when somebody lifts it if absent.")] = "",
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Stop sending: everything, or only a channel, a document, a topic, a time. Read immediately before each call."""
    from publisher.enums import HoldScope

    starts, ends = time_of(since, "--from") if since else None, time_of(until, "--until") if until else None
    some = channel or []
    timed = bool(starts or ends)
    if document is not None and (some or topic or timed):
        raise typer.BadParameter(
            "a document is stopped on all channels, until somebody lifts it", param_hint="--document"
        )
    if len(some) > 1 and not (topic or ends):
        raise typer.BadParameter("stop one channel at a time, or say --until or --topic", param_hint="--channel")
    if starts and not (topic or ends):
        raise typer.BadParameter("say when it ends, or a topic", param_hint="--until")
    scope = HoldScope.EVERYTHING
    if document is not None:
        scope = HoldScope.DOCUMENT
    elif topic:
        scope = HoldScope.TOPIC
    elif ends:
        scope = HoldScope.PERIOD
    elif some:
        scope = HoldScope.CHANNEL
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access
    from publisher.newsroom.sending import holds

    made = holds.set(
        access.operator(as_),
        scope=scope,
        reason=reason,
        channel_id=some[0] if scope == HoldScope.CHANNEL else None,
        document_id=document,
        words=topic or (),
        channel_ids=some,
        starts_at=starts,
        ends_at=ends,
    )
    show(shapes.hold(made), f"Stopped (hold {made.pk}). Lift it with: publisher hold lift {made.pk}", as_json=as_json)


@hold.command()
def lift(number: Number, as_: As = "", as_json: AsJson = False) -> None:
    """End a stop."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access
    from publisher.newsroom.sending import holds

    row = holds.lift(number, access.operator(as_))
    still = f"It still stands: a second person must lift it too (publisher hold lift {number} --as EMAIL)."
    show(shapes.hold(row), "Lifted." if row.lifted_at else still, as_json=as_json)


@hold.command("list")
def list_holds(as_json: AsJson = False) -> None:
    """The stops that stand, and those to come."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.models import Hold
    from publisher.newsroom import queries
    from publisher.newsroom.sending import holds

    rows = [shapes.hold(row) for row in [*queries.holds(), *Hold.objects.coming()]]
    if (why := holds.file()) is not None:
        typer.echo(f"Everything is stopped by the file HOLD in the data folder: {why}", err=True)
    columns = (
        "id",
        "scope",
        "channel_id",
        "reason",
        "set_by",
        "document_id",
        "words",
        "channel_ids",
        "starts_at",
        "ends_at",
    )
    show_rows(rows, columns, as_json=as_json, empty="Nothing is stopped.")
