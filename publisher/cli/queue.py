"""`publisher queue …`: the review queue."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from publisher.cli.app import (
    As,
    AsJson,
    Number,
    PageNumber,
    Translated,
    one_of,
    open_newsroom,
    read_text,
    show,
    show_page,
    show_rows,
    time_of,
)

if TYPE_CHECKING:
    from publisher.models import Post

group = typer.Typer(help="What waits, goes out or went wrong.", no_args_is_help=True)
BestHour = Annotated[bool, typer.Option("--best-hour", help="In the channel's next free best hour.")]
At = Annotated[str, typer.Option("--at", help="When, in the newsroom's time zone: 2026-11-24T09:00.")]


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="queue", rich_help_panel="Newsroom")


@group.command("list")
def list_(
    state: Annotated[str, typer.Option(help="Only posts in this state; all if blank.")] = "review",
    of: Annotated[str, typer.Option("--of", help="Only posts that this person sees to.", metavar="EMAIL")] = "",
    page: PageNumber = 1,
    as_json: AsJson = False,
) -> None:
    """Posts, newest first, a hundred a page: what waits for review and what a rule sends soon by itself (hold it with
    unschedule), unless another state is asked for."""
    from publisher.enums import PostState

    if state:
        one_of(state, list(PostState), "--state")
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access, queries

    found = queries.posts_page(page, 100, state, assigned_to=access.person(of) if of else None)
    columns = ("id", "state", "due_at", "network", "channel", "kind", "title", "reason")
    empty = "Nothing waits." if state == "review" else "There is none."
    show_page(found, shapes.post, columns, as_json=as_json, empty=empty)


@group.command("show")
def show_(
    number: Number,
    provenance: Annotated[
        bool,
        typer.Option("--provenance", help="Where it comes from: source, rule, template, people, answers."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """One post: its text as it would go out, and what stands against it."""
    open_newsroom()
    if provenance:
        from publisher.newsroom.record import provenance as origins

        found = origins.of(number)
        show(found, "\n".join(origins.told(found)), as_json=as_json)
        return
    from publisher.cli import shapes
    from publisher.newsroom import queries
    from publisher.newsroom.drafts import previews

    row = queries.post(number)
    issues = [
        {"field": issue.field, "key": issue.key, "message": issue.message, "severity": issue.severity}
        for issue in previews.check(row)
    ]
    preview = previews.preview(row)
    counts = [{"length": part.length, "limit": part.limit} for part in preview.parts]
    texts = [
        f"{part['text']}\n[{count['length']} of {count['limit']}]"
        for part, count in zip(shapes.post(row)["parts"], counts, strict=True)
    ]
    lines = [f"{row.state} · {row.channel.network} · {row.channel.name}", "", "\n\n".join(texts)]
    lines += [told] if (told := previews.proof(row.channel.network)) else []
    lines += [f"{issue['field']}: {issue['message']}" for issue in issues] + ([row.reason] if row.reason else [])
    show(shapes.post(row) | {"counts": counts, "issues": issues}, "\n".join(lines), as_json=as_json)


@group.command()
def draft(document: Annotated[int, typer.Argument(metavar="DOCUMENT")], as_: As = "", as_json: AsJson = False) -> None:
    """Draft posts for review of a document that has none yet, by the rules as they are now."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access
    from publisher.newsroom.drafts import drafting

    rows = [shapes.post(row) for row in drafting.draft_by_hand(document, access.operator(as_))]
    show_rows(rows, ("id", "state", "network", "channel", "title"), as_json=as_json, empty="Nothing to draft.")


@group.command()
def approve(
    number: Number,
    at: At = "",
    now: Annotated[
        bool, typer.Option("--now", help="Also where it has a time of its own, or that has passed.")
    ] = False,
    best_hour: BestHour = False,
    revision: Annotated[int | None, typer.Option(help="The one that you read; if absent, the current one.")] = None,
    translated: Translated = False,
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Say yes: it goes out now, or at its own time, or at the time given."""
    when = time_of(at) if at else None
    open_newsroom()
    from publisher.newsroom import access, queries
    from publisher.newsroom.approval import review

    row = queries.post(number)
    user, read = access.operator(as_), revision or _current(row)
    given: dict[str, Any] = {"at": when, "now": now, "slot": best_hour, "translated": translated}
    _done(review.approve(number, user, revision_id=read, **given), as_json=as_json)


@group.command()
def reject(
    number: Number,
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Say no."""
    open_newsroom()
    from publisher.newsroom import access, queries
    from publisher.newsroom.approval import review

    row = queries.post(number)
    _done(review.reject(number, access.operator(as_), revision_id=_current(row), reason=reason), as_json=as_json)


@group.command()
def edit(
    number: Number,
    text: Annotated[
        list[str] | None, typer.Option("--text", help="The text; once per part of a thread. - reads standard input.")
    ] = None,
    file: Annotated[Path | None, typer.Option("--file", help="The text from a file.")] = None,
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Change the text; cards and pictures of each part stay. An approval falls with it."""
    if bool(text) == bool(file):
        raise typer.BadParameter("say the new text with --text, or with --file", param_hint="--text")
    texts = [read_text(file)] if file else [read_text(Path("-")) if item == "-" else item for item in text or []]
    open_newsroom()
    from dataclasses import replace

    from publisher.newsroom import access, queries
    from publisher.newsroom.approval import review
    from publisher.types import Part

    row = queries.post(number)
    before = list(row.revision.content) if row.revision else []
    parts = [
        replace(before[index], text=item.rstrip("\n")) if index < len(before) else Part(text=item.rstrip("\n"))
        for index, item in enumerate(texts)
    ]
    _done(review.edit(number, access.operator(as_), revision_id=_current(row), parts=parts), as_json=as_json)


@group.command()
def schedule(
    number: Number,
    at: At = "",
    best_hour: BestHour = False,
    translated: Translated = False,
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Approve for a time, or move an approved post to another."""
    if bool(at) == best_hour:
        raise typer.BadParameter("say when with --at, or --best-hour", param_hint="--at")
    when = time_of(at) if at else None
    open_newsroom()
    from publisher.enums import PostState
    from publisher.newsroom import access, queries
    from publisher.newsroom.approval import review

    row = queries.post(number)
    user = access.operator(as_)
    if row.state == PostState.SCHEDULED:
        _done(review.reschedule(number, user, at=when), as_json=as_json)
    else:
        given: dict[str, Any] = {"at": when, "slot": best_hour, "translated": translated}
        _done(review.approve(number, user, revision_id=_current(row), **given), as_json=as_json)


@group.command("send-anyway")
def send_anyway(
    number: Number,
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Send a post that waits for its channel's pace at once. Stops and embargoes stand."""
    open_newsroom()
    from publisher.newsroom import access
    from publisher.newsroom.sending import pacing

    _done(pacing.send_anyway(number, access.operator(as_), reason=reason), as_json=as_json)


@group.command()
def unschedule(number: Number, as_: As = "", as_json: AsJson = False) -> None:
    """Take an approved post back before it goes out."""
    open_newsroom()
    from publisher.newsroom import access
    from publisher.newsroom.approval import review

    _done(review.unschedule(number, access.operator(as_)), as_json=as_json)


@group.command()
def reopen(number: Number, as_: As = "", as_json: AsJson = False) -> None:
    """Look again at a post that was rejected or whose time had passed."""
    open_newsroom()
    from publisher.newsroom import access
    from publisher.newsroom.approval import review

    _done(review.reopen(number, access.operator(as_)), as_json=as_json)


@group.command()
def retry(number: Number, as_: As = "", as_json: AsJson = False) -> None:
    """Send a failed post again, as it was approved."""
    open_newsroom()
    from publisher.newsroom import access
    from publisher.newsroom.approval import review

    _done(review.retry(number, access.operator(as_)), as_json=as_json)


@group.command()
def leave(number: Number, as_: As = "", as_json: AsJson = False) -> None:
    """Take a thread whose rest was refused for published as far as it is."""
    open_newsroom()
    from publisher.newsroom import access
    from publisher.newsroom.approval import review

    _done(review.leave(number, access.operator(as_)), as_json=as_json)


@group.command()
def decide(
    number: Number,
    out: Annotated[bool, typer.Option("--out/--not-out", help="Is it on the network?")],
    url: Annotated[str, typer.Option(help="Its address there.")] = "",
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Settle an uncertain post after looking on the network."""
    open_newsroom()
    from publisher.newsroom import access
    from publisher.newsroom.approval import review

    _done(review.decide(number, access.operator(as_), out=out, url=url), as_json=as_json)


@group.command()
def done(
    number: Number,
    url: Annotated[str, typer.Option(help="Its address there, if the place gives one.")] = "",
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Say that a post which waits to be posted by hand is out."""
    open_newsroom()
    from publisher.newsroom import access
    from publisher.newsroom.sending import by_hand

    _done(by_hand.done(number, access.operator(as_), url=url), as_json=as_json)


@group.command("not-done")
def not_done(
    number: Number,
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Say that a post which waits to be posted by hand is not out; it can be changed, or sent again."""
    open_newsroom()
    from publisher.newsroom import access
    from publisher.newsroom.sending import by_hand

    _done(by_hand.not_done(number, access.operator(as_), reason=reason), as_json=as_json)


@group.command()
def withdraw(number: Number, as_: As = "", as_json: AsJson = False) -> None:
    """Delete a published post on its network. It cannot be brought back."""
    open_newsroom()
    from publisher.newsroom import access
    from publisher.newsroom.sending import follow_up

    _done(follow_up.withdraw(number, access.operator(as_)), as_json=as_json)


def _done(row: "Post", *, as_json: bool) -> None:
    from publisher.cli import shapes

    show(shapes.post(row), f"Post {row.pk}: {row.state}.", as_json=as_json)


def _current(row: "Post") -> int:
    assert row.revision_id is not None  # only a draft in the making has none
    return row.revision_id
