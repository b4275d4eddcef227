"""`read`, `quotes`, `measure`, `compose`: what the pure rooms make of an input.

No database, no Django, no network's library.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from publisher.cli.app import AsJson, follow, one_of, read_text, show
from publisher.networks.limits import LIMITS

Inputs = Annotated[list[str], typer.Argument(metavar="FILE_OR_URL…", help="Files or web addresses.")]
Network = Annotated[str, typer.Option("--network", help=f"{', '.join(sorted(LIMITS))}.")]


def register(app: typer.Typer) -> None:
    for command in (read, quotes, measure, compose):
        app.command(rich_help_panel="Try out")(command)


def read(
    inputs: Inputs,
    as_: Annotated[
        str,
        typer.Option(
            "--as",
            help="feed, page, listing, sitemap, calendar, text, presscorner, govuk or avportal; guessed if absent.",
        ),
    ] = "",
    url: Annotated[str, typer.Option(help="Where a file comes from, so that its links lead somewhere.")] = "",
    as_json: AsJson = False,
) -> None:
    """What the watcher sees in feeds, pages or API answers: one JSON object a line."""
    from publisher.watch.read import FORMS
    from publisher.watch.read import read as read_input

    if as_:
        one_of(as_, FORMS, "--as")
    failed = False
    for target in follow(inputs, "Reading"):
        seen = read_input(target, as_ or None, url=url, **outside(target))
        failed = failed or seen["status"] != "ok"
        show(seen, "" if as_json else json.dumps(seen, ensure_ascii=False), as_json=as_json)
        if seen["status"] != "ok":
            for issue in seen["issues"]:
                typer.echo(f"{target}: {issue['message']}", err=True)
    if failed:
        raise typer.Exit(1)


def quotes(
    target: Annotated[str, typer.Argument(metavar="FILE_OR_URL")],
    every: Annotated[bool, typer.Option("--all", help="Every document in it, not only the newest.")] = False,
    as_json: AsJson = False,
) -> None:
    """The quotable lines of a document: best first, with their points and their place; --json one object a document."""
    from publisher.compose.facts import find_lines
    from publisher.errors import InvalidInput
    from publisher.types import to_json
    from publisher.watch.read import read_entries

    entries = read_entries(target, None, **outside(target))
    if not entries:
        raise InvalidInput("compose.nothing", path=target)
    for entry in entries if every else entries[:1]:
        lines = find_lines(entry, entry.language)
        data = {"id": entry.id, "title": entry.title, "lines": to_json(lines)}
        told = [f"{line.score:5.1f}  {line.text}\n       {_points(line.points)}" for line in lines]
        show(data, "\n".join([entry.title, *told]), as_json=as_json)


def _points(points: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:+g}" for name, value in points.items())


def measure(
    network: Network,
    text: Annotated[list[str] | None, typer.Argument(help="The text; from standard input if absent.")] = None,
    as_json: AsJson = False,
) -> None:
    """The length of a text as that network counts it."""
    from publisher.errors import InvalidInput
    from publisher.networks.limits import LIMITS
    from publisher.text.measure import measure as measure_text

    one_of(network, LIMITS, "--network")
    limits = LIMITS[network]
    for item in text or [read_text(Path("-")).removesuffix("\n")]:
        if any("\ud800" <= letter <= "\udfff" for letter in item):
            raise InvalidInput("file.unreadable", "lone surrogates", path="The text")
        found = measure_text(item, limits.unit, limits.text, limits.url_length)
        valid = found.valid and not (limits.text_bytes and len(item.encode()) > limits.text_bytes)
        data = {
            "network": network,
            "length": found.length,
            "limit": found.limit,
            "unit": found.unit,
            "valid": valid,
        }
        verdict = "fits" if valid else "too long"
        show(data, f"{found.length} of {found.limit} ({found.unit}): {verdict}", as_json=as_json)


def compose(
    target: Annotated[str, typer.Argument(metavar="FILE_OR_URL")],
    network: Network,
    every: Annotated[bool, typer.Option("--all", help="Every document in it, not only the newest.")] = False,
    kind: Annotated[str, typer.Option(help="Take the documents for this kind.")] = "",
    language: Annotated[str, typer.Option(help="Take the documents for this language.")] = "",
    as_json: AsJson = False,
) -> None:
    """The drafts that the templates make of a feed, page or API answer; with --json one object a line."""
    from dataclasses import replace

    from publisher import config
    from publisher.compose.draft import compose as compose_draft
    from publisher.compose.draft import draft_to_json
    from publisher.enums import DocumentKind
    from publisher.errors import InvalidInput
    from publisher.networks.limits import LIMITS
    from publisher.watch.read import read_entries

    one_of(network, LIMITS, "--network")
    if kind:
        one_of(kind, list(DocumentKind), "--kind")
    folder = config.get().templates_dir
    entries = read_entries(target, None, **outside(target))
    if not entries:
        raise InvalidInput("compose.nothing", path=target)
    for entry in follow(entries if every else entries[:1], "Composing"):
        shaped = replace(entry, kind=DocumentKind(kind) if kind else entry.kind, language=language or entry.language)
        draft = draft_to_json(compose_draft(shaped, network, folder=folder), LIMITS[network])
        if as_json:
            show(draft, "", as_json=True)
            continue
        for part in draft["parts"]:
            typer.echo(f"{part['text']}\n[{part['length']} of {part['limit']}]\n")
        for issue in draft["issues"]:
            typer.echo(f"{issue['field']}: {issue['message']}", err=True)


def outside(target: str) -> dict[str, Any]:
    """Our name and the guard, as the settings have them; a file needs neither, and no settings."""
    if "://" not in target:
        return {}
    from publisher import config
    from publisher.watch.fetch import user_agent
    from publisher.watch.guard import Guard

    settings = config.get()
    return {"agent": user_agent(settings.contact), "guard": Guard.admitting(settings.private_hosts)}
