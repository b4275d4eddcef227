"""`read`, `measure`, `compose`: what the pure rooms make of an input. No database, no Django, no network's library."""

import json
import sys
from typing import Annotated

import typer

from publisher.cli.app import AsJson, show

Inputs = Annotated[list[str], typer.Argument(metavar="FILE_OR_URL…", help="Files or web addresses.")]
Network = Annotated[str, typer.Option("--network", help="bluesky, mastodon, sandbox or x.")]


def register(app: typer.Typer) -> None:
    for command in (read, measure, compose):
        app.command(rich_help_panel="Try out")(command)


def read(
    inputs: Inputs,
    as_: Annotated[str, typer.Option("--as", help="feed, page or presscorner; guessed if absent.")] = "",
    as_json: AsJson = False,
) -> None:
    """What the watcher sees in feeds, pages or API answers: one JSON object a line."""
    from publisher.watch.read import FORMS
    from publisher.watch.read import read as read_input

    if as_ and as_ not in FORMS:
        raise typer.BadParameter(f"it must be one of {', '.join(FORMS)}", param_hint="--as")
    failed = False
    for target in inputs:
        seen = read_input(target, as_ or None)
        failed = failed or seen["status"] != "ok"
        show(seen, "" if as_json else json.dumps(seen, ensure_ascii=False), as_json=as_json)
        if seen["status"] != "ok":
            for issue in seen["issues"]:
                typer.echo(f"{target}: {issue['message']}", err=True)
    if failed:
        raise typer.Exit(1)


def measure(
    network: Network,
    text: Annotated[list[str] | None, typer.Argument(help="The text; from standard input if absent.")] = None,
    as_json: AsJson = False,
) -> None:
    """The length of a text as that network counts it."""
    from publisher.networks.limits import LIMITS
    from publisher.text.measure import measure as measure_text

    if network not in LIMITS:
        raise typer.BadParameter(f"it must be one of {', '.join(LIMITS)}", param_hint="--network")
    limits = LIMITS[network]
    for item in text or [sys.stdin.read().removesuffix("\n")]:
        found = measure_text(item, limits.unit, limits.text, limits.url_length)
        valid = found.valid and not (limits.text_bytes and len(item.encode()) > limits.text_bytes)
        data = {
            "network": network,
            "length": found.length,
            "limit": found.limit,
            "unit": found.unit,
            "valid": valid,
        }
        verdict = "fits" if valid else "too long" if item.strip() else "empty"
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

    from publisher.compose.draft import compose as compose_draft
    from publisher.compose.draft import draft_to_json
    from publisher.enums import DocumentKind
    from publisher.networks.limits import LIMITS
    from publisher.watch.read import read_entries

    if network not in LIMITS:
        raise typer.BadParameter(f"it must be one of {', '.join(LIMITS)}", param_hint="--network")
    if kind and kind not in set(DocumentKind):
        raise typer.BadParameter(f"it must be one of {', '.join(DocumentKind)}", param_hint="--kind")
    entries = read_entries(target, None)
    drafts = []
    for entry in entries if every else entries[:1]:
        shaped = replace(entry, kind=DocumentKind(kind) if kind else entry.kind, language=language or entry.language)
        drafts.append(draft_to_json(compose_draft(shaped, network), LIMITS[network]))
    for draft in drafts:
        if as_json:
            show(draft, "", as_json=True)
            continue
        for part in draft["parts"]:
            typer.echo(f"{part['text']}\n[{part['length']} of {part['limit']}]\n")
        for issue in draft["issues"]:
            typer.echo(f"{issue['field']}: {issue['message']}", err=True)
