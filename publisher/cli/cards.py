"""`card`: a quotation or a title as a picture."""

from pathlib import Path
from typing import Annotated

import typer

from publisher.cli.app import AsJson, one_of, show
from publisher.cli.reading import outside


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel="Try out")(card)


def card(
    target: Annotated[str, typer.Argument(metavar="FILE_OR_URL")],
    size: Annotated[str, typer.Option(help="1200x630, 1080x1080, 1080x1350 or 1080x1920.")] = "1200x630",
    quote: Annotated[int, typer.Option(help="Which of the quotable lines, 1 is the strongest.")] = 1,
    words: Annotated[str, typer.Option(help="Words of the document instead of a line of ours.")] = "",
    title: Annotated[bool, typer.Option("--title", help="A title card, without a quotation.")] = False,
    output: Annotated[Path, typer.Option("-o", "--output", help="Where to write the picture (PNG).")] = Path(
        "card.png"
    ),
    as_json: AsJson = False,
) -> None:
    """A card of a document's strongest quotation, word for word, as a picture with its description."""
    import hashlib

    from publisher import config
    from publisher.compose.cards import SIZES, quote_card, style_of, title_card
    from publisher.compose.drawing import draw
    from publisher.errors import InvalidInput
    from publisher.watch.read import read_entries

    one_of(size, SIZES, "--size")
    entries = read_entries(target, None, **outside(target))
    if not entries:
        raise InvalidInput("compose.nothing", path=target)
    made = title_card(entries[0]) if title else quote_card(entries[0], number=quote, words=words)
    settings = config.get()
    picture = draw(made, style_of(settings), SIZES[size], folder=settings.templates_dir)
    try:
        output.write_bytes(picture)
    except OSError as error:
        raise InvalidInput("card.unwritten", type(error).__name__, path=str(output)) from error
    data = {
        "file": str(output),
        "kind": made.kind,
        "size": size,
        "words": made.words,
        "speaker": made.speaker,
        "alt": made.alt,
        "bytes": len(picture),
        "sha256": hashlib.sha256(picture).hexdigest(),
    }
    show(data, f"{output} ({size})\n{made.alt}", as_json=as_json)
