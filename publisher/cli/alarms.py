"""`publisher alarm …`: what a person must look at."""

from typing import TYPE_CHECKING, Annotated

import typer

from publisher.cli.app import As, AsJson, Number, PageNumber, open_newsroom, show, show_page

if TYPE_CHECKING:
    from publisher.models import Alarm

group = typer.Typer(help="What a person must look at.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="alarm", rich_help_panel="Newsroom")


@group.command("list")
def list_(
    closed: Annotated[bool, typer.Option("--closed", help="Those that are closed, instead of the open ones.")] = False,
    page: PageNumber = 1,
    as_json: AsJson = False,
) -> None:
    """Alarms that stand open, newest first; a hundred a page."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom.alerts import alarms

    found = alarms.page(page, 100, closed=closed)
    show_page(found, shapes.alarm, ("id", "kind", "subject", "sentence"), as_json=as_json, empty="Nothing needs you.")


@group.command("show")
def show_(number: Number, as_json: AsJson = False) -> None:
    """One alarm; of a correction also what changed, and what can be done about each post that is out."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.enums import AlarmKind
    from publisher.newsroom.alerts import alarms
    from publisher.newsroom.documents import corrections
    from publisher.text.diff import as_text

    row = alarms.get(number)
    lines = [f"{row.kind} · {shapes.alarm(row)['subject']}", row.sentence]
    posts = []
    if row.kind == AlarmKind.CORRECTION:
        lines += [f"{field.field}:\n{as_text(field.blocks)}" for field in corrections.changes(row)]
    if row.kind in {AlarmKind.CORRECTION, AlarmKind.VANISHED}:
        for choice in corrections.choices(row):
            acts = [str(act) for act in choice.acts]
            told = {"depends": choice.depends, "acts": acts, "done": choice.done}
            posts.append({"post": choice.post.pk, "url": choice.post.url, **told})
            able = choice.done or ", ".join(acts) or "publisher queue withdraw"
            lines.append(f"Post {choice.post.pk} {choice.post.url} ({able})")
    if row.outcome:
        lines.append(f"Closed by {row.closed_by}: {row.outcome}")
    show(shapes.alarm(row) | {"posts": posts}, "\n\n".join(lines), as_json=as_json)


@group.command()
def close(
    number: Number,
    outcome: Annotated[str, typer.Option(help="What was done.")] = "",
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Say that it was seen to."""
    open_newsroom()
    from publisher.newsroom import access
    from publisher.newsroom.alerts import alarms

    _done(alarms.settle(access.operator(as_), number, outcome), as_json=as_json)


@group.command()
def queue(number: Number, as_: As = "", as_json: AsJson = False) -> None:
    """Draft for review the documents that wait behind a mass change."""
    open_newsroom()
    from publisher.newsroom import access
    from publisher.newsroom.alerts import alarms
    from publisher.newsroom.documents import screening

    screening.queue_remembered(number, access.operator(as_))
    _done(alarms.get(number), as_json=as_json)


@group.command()
def decide(
    number: Number,
    post: Annotated[int, typer.Argument(metavar="POST", help="The post that is out.")],
    act: Annotated[str, typer.Argument(metavar="ACT", help="edit, reply, repost or leave.")],
    reason: Annotated[str, typer.Option(help="Why it may stay as it is.")] = "",
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Do something about a post that is out; what comes of it waits for review. repost deletes it at once."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access, queries
    from publisher.newsroom.documents import corrections

    made = corrections.decide(number, post, act, access.operator(as_), reason=reason)
    row = queries.post(made.pk)
    show(shapes.post(row), f"Post {row.pk}: {row.state}.", as_json=as_json)


def _done(row: "Alarm", *, as_json: bool) -> None:
    from publisher.cli import shapes

    show(shapes.alarm(row), f"Alarm {row.pk} is closed.", as_json=as_json)
