"""`publisher channel …`"""

import sys
from typing import Annotated

import typer

from publisher.cli import connect
from publisher.cli.app import As, AsJson, Number, describe, one_of, open_newsroom, show, show_rows
from publisher.cli.credentials import Fields, Language, Name, Network, given
from publisher.networks.limits import LIMITS

group = typer.Typer(help="The accounts we publish to.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    connect.register(group)
    app.add_typer(group, name="channel", rich_help_panel="Newsroom")


@group.command()
def add(
    network: Network,
    fields: Fields = None,
    name: Name = "",
    language: Language = "",
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Connect an account. What is not given with --set is asked for, secrets without echo."""
    one_of(network, LIMITS, "NETWORK")
    values = given(fields)
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access, channels

    made = channels.add(
        access.operator(as_), network=network, name=name, language=language, credentials=_ask(network, values)
    )
    show(shapes.channel(made), f"Connected {made.handle} as {made.name} (channel {made.pk}).", as_json=as_json)


@group.command("list")
def list_(as_json: AsJson = False) -> None:
    """All channels, with their health."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import queries

    rows = [shapes.channel(row) for row in queries.channels_page(1, 1000).items]
    columns = ("id", "network", "name", "handle", "health", "active", "days_left", "problem")
    show_rows(rows, columns, as_json=as_json, empty="No account is connected yet: publisher channel add NETWORK")


@group.command("show")
def show_(number: Number, as_json: AsJson = False) -> None:
    """Everything about one channel, save its credentials."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import channels

    row = shapes.channel_whole(channels.get(number))
    show(row, describe(row), as_json=as_json)


@group.command()
def check(number: Number, as_: As = "", as_json: AsJson = False) -> None:
    """Ask the network: who am I, which rights, until when?"""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access, channels

    row = channels.check(number, access.operator(as_))
    account = {name: row.account.get(name) for name in ("id", "handle", "name", "url", "limits", "expires_at")}
    account["warning"] = row.account.get("warning", "")
    told = shapes.channel(row)
    days = told["days_left"]
    ends = "" if days is None else f", access ends in {days} days" if days >= 0 else ", access has ended"
    text = "" if row.problem else f"{row.name}: {row.health}{ends}\n{describe(account)}"
    show(told | {"account": account}, text, as_json=as_json)
    if row.problem:
        typer.echo(f"{row.name}: {row.problem}", err=True)
        raise typer.Exit(1)


@group.command()
def reconnect(number: Number, fields: Fields = None, as_: As = "", as_json: AsJson = False) -> None:
    """New credentials for the same account; what is not given stays."""
    values = given(fields)
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access, channels

    row = channels.reconnect(number, access.operator(as_), values)
    show(shapes.channel(row), f"{row.name} is connected again.", as_json=as_json)


@group.command()
def pause(number: Number, as_: As = "", as_json: AsJson = False) -> None:
    """Nothing goes there for a while."""
    _switch("pause", number, as_, as_json=as_json)


@group.command()
def resume(number: Number, as_: As = "", as_json: AsJson = False) -> None:
    """Let posts go there again."""
    _switch("resume", number, as_, as_json=as_json)


@group.command()
def approval(
    number: Number,
    four_eyes: Annotated[
        bool | None, typer.Option("--four-eyes/--no-four-eyes", help="Nobody approves their own words.")
    ] = None,
    approvals: Annotated[int | None, typer.Option(help="How many people must approve: 1 or 2.")] = None,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", help="Another number for a kind: statement=2.", metavar="KIND=N")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Say who approves posts. Stricter counts at once; laxer waits for a second administrator."""
    by_kind = {}
    for item in kind or []:
        name, _, count = item.partition("=")
        if not count.isdecimal():
            raise typer.BadParameter(f"{item} is not KIND=N", param_hint="--kind")
        by_kind[name] = int(count)
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access, channels
    from publisher.newsroom.approval import policy

    row = channels.get(number)
    proposal = policy.set(
        number,
        access.operator(as_),
        four_eyes=row.four_eyes if four_eyes is None else four_eyes,
        approvals=row.approvals if approvals is None else approvals,
        by_kind={**row.approvals_by_kind, **by_kind},
        reason=reason,
    )
    said = f"{row.name}: saved."
    if proposal is not None:
        said = f"A second administrator must confirm it: publisher confirm yes {proposal.pk} --as EMAIL"
    show(shapes.channel(channels.get(number)), said, as_json=as_json)


@group.command()
def pace(
    number: Number,
    spacing: Annotated[int | None, typer.Option(help="Minutes between two posts; 0 for none.")] = None,
    daily: Annotated[int | None, typer.Option(help="Posts a day at most; 0 for as many as there are.")] = None,
    hours: Annotated[
        list[str] | None,
        typer.Option("--hours", help='Best hours, once for some days: "mon-fri 09:00, 14:30"; "none" for none.'),
    ] = None,
    spend: Annotated[str | None, typer.Option(help="US dollars a month at most; none for no limit.")] = None,
    language_hours: Annotated[
        int | None, typer.Option(help="Hours to wait for a text in its language, then ask; 0 to ask nobody.")
    ] = None,
    late: Annotated[str | None, typer.Option(help="What is too late: ask, expire or send.")] = None,
    late_kind: Annotated[
        list[str] | None,
        typer.Option("--late-kind", help="Otherwise for a kind: press_release=send; press_release= for as the rest."),
    ] = None,
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Say when it sends. What is not given stays; what waits is looked at anew."""
    kinds = [item.partition("=") for item in late_kind or []]
    if any(not equals for _, equals, _ in kinds):
        raise typer.BadParameter("say KIND=RULE", param_hint="--late-kind")
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access, channels
    from publisher.newsroom.sending import pacing

    given = {"spacing": spacing, "daily_cap": daily, "late": late, "language_hours": language_hours}
    wanted = pacing.changed(
        channels.get(number),
        hours=None if hours is None else [] if hours == ["none"] else hours,
        spend=spend,
        late_kinds={kind: policy for kind, _, policy in kinds},
        **{name: value for name, value in given.items() if value is not None},
    )
    row = pacing.set(number, access.operator(as_), wanted)
    show(shapes.channel_whole(row), f"{row.name}: saved.", as_json=as_json)


@group.command()
def links(
    number: Number,
    source: Annotated[str | None, typer.Option(help='utm_source, such as "{network}"; "" for none.')] = None,
    medium: Annotated[str | None, typer.Option(help='utm_medium, such as "social"; "" for none.')] = None,
    campaign: Annotated[
        str | None, typer.Option(help='utm_campaign, such as "{kind}-{year}-{month}"; "" for none.')
    ] = None,
    shorten: Annotated[bool | None, typer.Option("--shorten/--long", help="Whether links are made short.")] = None,
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Say how its links are written, in drafts from now on. What is not given stays."""
    open_newsroom()
    from dataclasses import replace

    from publisher.cli import shapes
    from publisher.newsroom import access, channels
    from publisher.newsroom.drafts import links as styles

    given = {"source": source, "medium": medium, "campaign": campaign, "shorten": shorten}
    now = styles.Style.of(channels.get(number))
    wanted = replace(now, **{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]  # each as its option has it
    row = styles.set(number, access.operator(as_), wanted)
    show(shapes.channel_whole(row), f"{row.name}: saved.\n{styles.example(row)}", as_json=as_json)


@group.command()
def remove(number: Number, as_: As = "", as_json: AsJson = False) -> None:
    """Take it away; one that has published can only be paused."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access, channels

    row = shapes.channel(channels.get(number))
    channels.remove(number, access.operator(as_))
    show(row, f"{row['name']} is taken away.", as_json=as_json)


@group.command("rotate-keys")
def rotate_keys(as_json: AsJson = False) -> None:
    """Seal everything that is sealed with the newest of PUBLISHER_SEALING_KEYS."""
    open_newsroom()
    from publisher.newsroom import rotation

    count = rotation.rotate_keys()["channels"]
    show({"channels": count}, f"{count} channel(s) sealed with the newest key.", as_json=as_json)


def _switch(verb: str, number: int, as_: str, *, as_json: bool) -> None:
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access, channels

    row = (channels.pause if verb == "pause" else channels.resume)(number, access.operator(as_))
    show(shapes.channel(row), f"{row.name}: {'open' if row.active else 'paused'}.", as_json=as_json)


def _ask(network: str, given: dict[str, str]) -> dict[str, str]:
    from publisher.newsroom import channels

    fields = channels.credential_fields(network)
    if given or not sys.stdin.isatty():
        return given
    for field in fields:
        if field.description:
            typer.echo(field.description, err=True)
        given[field.name] = typer.prompt(field.title, default=field.default, hide_input=field.secret, err=True)
    return given
