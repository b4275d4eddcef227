"""The command itself, and what its groups share: starting Django, printing, telling errors.

Nothing slow is imported at the top of any file here: `publisher --help` must answer at once.
"""

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from publisher import __version__
from publisher.errors import PublisherError

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on standard output.")]
As = Annotated[str, typer.Option("--as", help="Act as this person (e-mail address).", metavar="EMAIL")]

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


def run_app() -> None:
    """Run the command. Exit status: 0 done, 1 failed or refused (reason on standard error), 2 wrong command line."""
    from publisher.cli import channels, groups, operations, queue, reading, rules, sources

    for module in (reading, sources, channels, rules, queue, groups, operations):
        module.register(app)
    try:
        app()
    except PublisherError as error:
        fail(error)
    except BrokenPipeError:
        # The reader of our output has gone (publisher … | head): nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def fail(error: PublisherError) -> None:
    """One sentence on standard error, exit status 1."""
    typer.echo(error.sentence, err=True)
    raise SystemExit(1)


def start_django() -> None:
    """Read the settings and open the database. Raises ConfigError."""
    from publisher import config

    settings = config.get()
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        from publisher.errors import ConfigError

        raise ConfigError("config.data_dir", type(error).__name__, path=str(settings.data_dir)) from error
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "publisher.settings")
    import django

    django.setup()


def open_newsroom() -> None:
    """Django, and a database that is up to date: what every command on the newsroom's data starts with."""
    start_django()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def show(data: Any, text: str, *, as_json: bool) -> None:
    """One JSON document, or the same for people."""
    if as_json:
        from publisher.types import to_json

        typer.echo(json.dumps(to_json(data), ensure_ascii=False))
    elif text:
        typer.echo(text)


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

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column.replace("_", " "), no_wrap=True, overflow="ellipsis")
    for row in listed:
        table.add_row(*(cell(row[column]) for column in columns))
    # What is piped on is not cut to the width of a screen that is not there.
    Console(width=None if sys.stdout.isatty() else 10_000).print(table)


def cell(value: Any) -> str:
    from rich.markup import escape

    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(str(item) for item in value)
    return escape(str(value))


def read_text(path: Path) -> str:
    """A file's text, or standard input for "-". Raises InvalidInput."""
    from publisher.errors import InvalidInput

    if str(path) == "-":
        return sys.stdin.read()
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput("file.unreadable", type(error).__name__, path=str(path)) from error
