"""`publisher user …`"""

from typing import Annotated

import typer

from publisher.cli.app import As, AsJson, one_of, open_newsroom, show, show_rows

group = typer.Typer(help="The team.", no_args_is_help=True)
Email = Annotated[str, typer.Argument(metavar="EMAIL")]


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="user", rich_help_panel="Service")


@group.command()
def add(
    email: Email,
    role: Annotated[str, typer.Option(help="administrator, approver, editor or viewer.")] = "editor",
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Make a one-time link with which a colleague joins."""
    from publisher.enums import Role

    one_of(role, list(Role), "--role")
    open_newsroom()
    from publisher.newsroom import access

    link = access.link(access.invite(email, role, access.operator(as_)))
    show(
        {"email": email, "role": role, "link": link},
        f"Give {email} this link, good once for a week: {link}",
        as_json=as_json,
    )


@group.command("role")
def set_role(
    email: Email,
    role: Annotated[str, typer.Argument(help="administrator, approver, editor or viewer; none takes a grant away.")],
    channel: Annotated[int | None, typer.Option(help="Only on this channel; on all of them if absent.")] = None,
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Say what somebody may do: on every channel, or more than that on one."""
    from publisher.enums import Role

    one_of(role, [*Role, *(["none"] if channel is not None else [])], "ROLE")
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access, grants

    row, operator = access.person(email), access.operator(as_)
    if channel is None:
        row = access.set_role(row.pk, role, operator)
    elif role == "none":
        grants.take(row.pk, channel, operator)
    else:
        grants.give(row.pk, channel, role, operator)
    where = "everywhere" if channel is None else f"on channel {channel}"
    show(shapes.user(row), f"{row.email} {where}: {role}.", as_json=as_json)


@group.command("list")
def list_(as_json: AsJson = False) -> None:
    """Who is here."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import queries

    rows = [shapes.user(row) for row in queries.users()]
    columns = ("id", "email", "name", "role", "is_active", "second_factor", "last_login")
    show_rows(rows, columns, as_json=as_json, empty="Nobody yet: start the service and open the link that it prints.")


@group.command()
def passwd(email: Email, as_json: AsJson = False) -> None:
    """Make a one-time link with which somebody chooses a new password."""
    open_newsroom()
    from publisher.newsroom import access

    link = access.password_link(access.person(email), "command line")
    show({"email": email, "link": link}, f"Give {email} this link, good once for a week: {link}", as_json=as_json)


@group.command("sign-out")
def sign_out(email: Email, as_: As = "", as_json: AsJson = False) -> None:
    """End somebody's sessions on every device; they can sign in again."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access

    row = access.end_sessions(access.person(email).pk, access.operator(as_))
    show(shapes.user(row), f"{row.email} is signed out on every device.", as_json=as_json)


@group.command()
def detach(email: Email, as_: As = "", as_json: AsJson = False) -> None:
    """Forget which account of the institution is theirs; the next one with their address is joined."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access
    from publisher.newsroom.signin import openid

    row = openid.detach(access.anybody(email).pk, access.operator(as_))
    show(shapes.user(row), f"{row.email} is joined to no account now.", as_json=as_json)


@group.command("reset-factor")
def reset_factor(email: Email, as_: As = "", as_json: AsJson = False) -> None:
    """Take all second factors from somebody who has lost them; they are told."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access
    from publisher.newsroom.signin import factors

    row = factors.reset(access.anybody(email).pk, access.operator(as_))
    show(shapes.user(row), f"{row.email} signs in with the password alone now, and is told so.", as_json=as_json)


@group.command()
def lock(email: Email, as_: As = "", as_json: AsJson = False) -> None:
    """Shut somebody out, at once."""
    _set_active(email, as_, active=False, as_json=as_json)


@group.command()
def unlock(email: Email, as_: As = "", as_json: AsJson = False) -> None:
    """Let somebody in again who was shut out."""
    _set_active(email, as_, active=True, as_json=as_json)


def _set_active(email: str, as_: str, *, active: bool, as_json: bool) -> None:
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access

    row = access.set_active(access.anybody(email).pk, access.operator(as_), active=active)
    show(shapes.user(row), f"{row.email} {'may sign in again' if active else 'is shut out'}.", as_json=as_json)


@group.command()
def forget(email: Email, as_: As = "", as_json: AsJson = False) -> None:
    """Take a person's name and address out of everything, for good; the history keeps what they did, under a number."""
    open_newsroom()
    from publisher.newsroom import access
    from publisher.newsroom.record import forgetting

    number = forgetting.forget(access.anybody(email).pk, access.operator(as_))
    told = f"Forgotten. The history calls them {number!r} from now on, and still verifies. What they typed stays."
    show({"person": number}, told, as_json=as_json)
