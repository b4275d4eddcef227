"""`publisher channel connect` and `publisher channel app`: connecting accounts by signing in at their network."""

import sys
from typing import Annotated, Any

import typer

from publisher.cli.app import As, AsJson, describe, one_of, open_newsroom, show
from publisher.cli.credentials import Fields, Language, Name, Network, given
from publisher.networks.limits import LIMITS


def register(group: typer.Typer) -> None:
    """Two more commands of `publisher channel`."""
    group.command()(connect)
    group.command()(app)


def connect(
    network: Network,
    server: Annotated[str, typer.Option(help="Where the account lives, on a network of many servers.")] = "",
    channel: Annotated[int | None, typer.Option(help="Connect this channel again.")] = None,
    answer: Annotated[
        str, typer.Option(help="The address that the browser ended at; - asks for it.", metavar="ADDRESS")
    ] = "",
    choose: Annotated[str, typer.Option(help="Which of the accounts: its id.", metavar="ID")] = "",
    sign_in: Annotated[int | None, typer.Option("--sign-in", help="Which sign-in, with --choose.")] = None,
    name: Name = "",
    language: Language = "",
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Connect an account by signing in at its network: an address to open, its answer, the account to choose."""
    one_of(network, LIMITS, "NETWORK")
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access
    from publisher.newsroom.connect import handshakes

    user = access.operator(as_)
    if sign_in is None:
        if not answer:
            begun = handshakes.begin(user, network, server=server, channel_id=channel)
            if as_json or not sys.stdin.isatty():
                row = {"address": begun.address, "redirect": begun.redirect, "ends_at": begun.ends_at.isoformat()}
                show(row, _how(network, begun.address), as_json=as_json)
                return
            typer.echo(_how(network, begun.address), err=True)
            answer = "-"
        if answer == "-":
            answer = typer.prompt("The address that the browser ended at", err=True, hide_input=True)
        kind, told = handshakes.read_address(answer)
        sign_in = handshakes.finish(kind, told, user=user).pk
    found = handshakes.choices(handshakes.waiting(sign_in, user=user))
    if not choose and len(found) == 1:
        choose = found[0].id
    if not choose:
        listed = [{"id": each.id, "label": each.label} for each in found]
        lines = "\n".join(f"{each.id}  {each.label}" for each in found)
        how = f"publisher channel connect {network} --sign-in {sign_in} --choose ID"
        show({"sign_in": sign_in, "accounts": listed}, f"{lines}\nChoose one: {how}", as_json=as_json)
        return
    made = handshakes.connect(sign_in, choose, user=user, name=name, language=language)
    show(shapes.channel(made), f"Connected {made.handle} as {made.name} (channel {made.pk}).", as_json=as_json)


def app(network: Network, fields: Fields = None, as_: As = "", as_json: AsJson = False) -> None:
    """What a network must know of us before people sign in there; with --set, the keys of our app."""
    one_of(network, LIMITS, "NETWORK")
    values = given(fields)
    open_newsroom()
    from publisher.newsroom import access
    from publisher.newsroom.connect import apps

    if values:
        apps.save(access.operator(as_), network, values)
    apps.need(network)
    way = apps.way(network)
    assert way is not None
    row: dict[str, Any] = {
        "network": network,
        "redirect": way.redirect,
        "redirect_box": way.redirect_box,
        "besides": list(way.besides),
        "where": way.where,
        "scopes": list(way.scopes),
        "names": list(way.names),
        "client_id": way.client_id,
        "config_id": way.config_id,
        "ready": way.ready,
        "needs_https": way.needs_https,
    }
    show(row, describe(row), as_json=as_json)


def _how(network: str, address: str) -> str:
    return (
        f"Open this in a browser, sign in and agree:\n{address}\n"
        "The browser ends at a page of Publisher. Copy its whole address within a minute, and give it to\n"
        f"publisher channel connect {network} --answer -"
    )
