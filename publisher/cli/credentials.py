"""What the commands that connect an account share: what it is called, and its credentials."""

from pathlib import Path
from typing import Annotated

import typer

from publisher.cli.app import read_text
from publisher.networks.limits import LIMITS

Network = Annotated[str, typer.Argument(metavar="NETWORK", help=f"{', '.join(sorted(LIMITS))}.")]
Name = Annotated[str, typer.Option(help="What to call it; the account's own name if absent.")]
Language = Annotated[str, typer.Option(help="Only documents in this language go here.")]
Fields = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="FIELD=VALUE", help="A credential; FIELD=@FILE reads it from a file, FIELD=- asks."),
]


def given(fields: list[str] | None) -> dict[str, str]:
    """What --set says: names to values."""
    found = {}
    for item in fields or []:
        name, equals, value = item.partition("=")
        if not equals:
            raise typer.BadParameter(f"{item} is not FIELD=VALUE", param_hint="--set")
        if value == "-":
            value = typer.prompt(name, hide_input=True, err=True)
        elif value.startswith("@"):
            value = read_text(Path(value[1:])).strip()
        found[name.replace("-", "_")] = value
    return found
