"""`publisher audit …`: the chain of events."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from publisher.cli.app import AsJson, PageNumber, one_of, open_newsroom, show, show_page

DAYS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M"]
Since = Annotated[datetime | None, typer.Option(formats=DAYS, help="From this day on, in the newsroom's time zone.")]
Until = Annotated[datetime | None, typer.Option(formats=DAYS, help="Up to this day, which is not in it.")]
group = typer.Typer(help="The chain of events.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="audit", rich_help_panel="Service")


@group.command()
def verify(
    anchors: Annotated[Path | None, typer.Option(help="A file or folder of anchors that was kept elsewhere.")] = None,
    anchor: Annotated[
        list[str] | None, typer.Option(help="A fingerprint from a digest, NUMBER:HASH; may be given more than once.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check that no event was changed, taken out, put in or moved, and none cut off, and no version, revision, approval
    or attempt changed, taken out or (an approval) put in; say which if one was.

    The anchors of the data folder are always looked at."""
    open_newsroom()
    from publisher.newsroom.record import anchors as fixed

    others = [*(fixed.read(anchors) if anchors else ()), *map(fixed.parse, anchor or ())]
    seen = fixed.verify(others)
    found: list[dict[str, Any]] = [
        {"kind": each.kind, "number": each.number, "sentence": each.sentence} for each in seen.findings
    ]
    data = {"events": seen.count, "intact": seen.intact, "head": seen.hash, "findings": found}
    show(data, f"{seen.count} events, all in order." if seen.intact else "", as_json=as_json)
    for each in found:
        typer.echo(each["sentence"], err=True)
    if not seen.intact:
        raise typer.Exit(1)


@group.command("list")
def list_(
    person: Annotated[str, typer.Option(help="Only what they did: an e-mail address, or 'person 12'.")] = "",
    channel: Annotated[int | None, typer.Option(help="Only what is about this channel and its posts.")] = None,
    subject: Annotated[str, typer.Option(help="Only what is about posts, say: post, document, source, team.")] = "",
    since: Since = None,
    until: Until = None,
    page: PageNumber = 1,
    as_json: AsJson = False,
) -> None:
    """What happened, newest first; a hundred a page."""
    open_newsroom()
    from publisher import config
    from publisher.cli import shapes
    from publisher.errors import InvalidInput
    from publisher.newsroom import queries
    from publisher.newsroom.record import audit

    by = audit.whom(person) if person else None
    if person and by is None:
        raise InvalidInput("audit.nobody", person=person)
    zone = config.get().zone
    first, last = (each.replace(tzinfo=zone) if each else None for each in (since, until))
    found = queries.events_page(page, 100, subject, by=by, channel_id=channel, since=first, until=last)
    audit.named(found.items)
    columns = ("id", "at", "actor", "subject", "subject_id", "verb", "after", "reason")
    show_page(found, shapes.event, columns, as_json=as_json, empty="Nothing of that is in the history.")


@group.command("anchor")
def anchor_now(as_json: AsJson = False) -> None:
    """Write down the history's fingerprint as it is now, and print it: NUMBER:HASH."""
    open_newsroom()
    from publisher.newsroom.record import anchors

    anchors.write()
    head = anchors.head()
    show({"anchor": head.text if head else ""}, head.text if head else "Nothing has happened yet.", as_json=as_json)


@group.command()
def export(
    what: Annotated[str, typer.Option(help="events, sources (each version), posts (with provenance).")] = "events",
    form: Annotated[str, typer.Option("--format", help="jsonl or csv.")] = "jsonl",
    since: Since = None,
    until: Until = None,
    as_json: AsJson = True,  # noqa: ARG001  # JSON Lines unless CSV is asked for
) -> None:
    """The record of a time, oldest first: a line for each event, version or post."""
    open_newsroom()
    from publisher import config
    from publisher.newsroom.record import exports

    one_of(what, list(exports.KINDS), "--what")
    one_of(form, exports.FORMATS, "--format")
    zone = config.get().zone
    first, last = (each.replace(tzinfo=zone) if each else None for each in (since, until))
    for line in exports.lines(what, form, first, last):
        typer.echo(line, nl=False)
