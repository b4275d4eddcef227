"""What the groups of the command share: the root they hang on, starting Django, printing.

Nothing slow is imported at the top of any file here: `publisher --help` must answer at once.
"""

import json
import os
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from publisher import __version__
from publisher.errors import ConfigError, InvalidInput

if TYPE_CHECKING:
    from publisher.newsroom.pages import Page

Item = TypeVar("Item")

Translated = Annotated[bool, typer.Option("--machine-translated", help="You have checked what a machine translated.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on standard output.")]
As = Annotated[str, typer.Option("--as", help="Act as this person (e-mail address).", metavar="EMAIL")]
Number = Annotated[int, typer.Argument(metavar="ID")]
PageNumber = Annotated[int, typer.Option("--page", min=1, help="Which page of the list.")]

app = typer.Typer(
    name="publisher",
    help="From an institution's sources to its followers, with a person in between.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def main(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        typer.echo(__version__)
        raise typer.Exit


def start_django() -> None:
    """Read the settings and open the database. Raises ConfigError."""
    from publisher import config

    settings = config.get()
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError("config.data_dir", type(error).__name__, path=str(settings.data_dir)) from error
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "publisher.settings")
    import django

    django.setup()


def open_newsroom() -> None:
    """Django, and a database that is up to date: what every command on the newsroom's data starts with."""
    start_django()
    from publisher.newsroom import database

    database.prepare()


def one_of(value: str, known: Collection[str], option: str) -> None:
    """Refuse an option's value that is not among those known: exit status 2."""
    if value not in known:
        raise typer.BadParameter(f"{value!r} is none of {', '.join(known)}", param_hint=option)


def show(data: Any, text: str, *, as_json: bool) -> None:
    """One JSON document, or the same for people."""
    if as_json:
        from publisher.types import to_json

        typer.echo(json.dumps(to_json(data), ensure_ascii=False))
    elif text:
        typer.echo(text)


def describe(data: Mapping[str, Any]) -> str:
    """A row for people: a line for each field that has a value."""
    said = {name.replace("_", " "): value for name, value in data.items() if value not in ("", None, [], {})}
    width = max(map(len, said), default=0)
    return "\n".join(f"{name.ljust(width)}  {_text(value)}" for name, value in said.items())


def show_page(
    page: "Page[Item]", shape: Callable[[Item], Mapping[str, Any]], columns: Sequence[str], *, as_json: bool, empty: str
) -> None:
    """One page of a list, and where it goes on."""
    show_rows(map(shape, page.items), columns, as_json=as_json, empty=empty)
    if page.has_next:
        typer.echo(f"There are more: --page {page.number + 1}", err=True)


def show_rows(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], *, as_json: bool, empty: str) -> None:
    """A list: a JSON array, or a table of the named columns."""
    listed = list(rows)
    if as_json:
        show(listed, "", as_json=True)
        return
    if not listed:
        typer.echo(empty, err=True)
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column.replace("_", " "), no_wrap=True, overflow="ellipsis")
    for row in listed:
        table.add_row(*(Text(" ".join(_text(row[column]).split())) for column in columns))
    # What is piped on is not cut to the width of a screen that is not there.
    Console(width=None if sys.stdout.isatty() else 10_000).print(table)


def follow(items: Sequence[Item], label: str) -> Iterable[Item]:
    """The items, with a progress bar where somebody watches a terminal."""
    if len(items) < 2 or not sys.stderr.isatty() or sys.stdout.isatty():
        return items  # results that appear on the terminal are progress enough
    from rich.console import Console
    from rich.progress import track

    return track(items, description=label, console=Console(stderr=True), transient=True)


def read_text(path: Path) -> str:
    """A file's text, or standard input for "-". Raises InvalidInput."""
    from_input = str(path) == "-"
    try:
        text = (sys.stdin.buffer.read() if from_input else path.read_bytes()).decode()
        if "\0" in text:
            raise ValueError("it holds a NUL")
    except (OSError, ValueError) as error:
        name = "Standard input" if from_input else str(path)
        raise InvalidInput("file.unreadable", type(error).__name__, path=name) from error
    return text


def time_of(text: str, option: str = "--at") -> datetime:
    """A time as the newsroom writes it, in its zone unless it names another. An hour that the clock skips or repeats
    is asked for again."""
    from publisher import config

    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("write it like 2026-11-24T09:00", param_hint=option) from None
    if when.tzinfo:
        return when
    here = when.replace(tzinfo=config.get().zone)
    if here.utcoffset() != here.replace(fold=1).utcoffset():
        told = "the clock skips or repeats this hour; say which, like 2026-10-25T02:30+02:00"
        raise typer.BadParameter(told, param_hint=option)
    return here


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(_text(item) for item in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_text(item)}" for name, item in value.items())
    return str(value)
