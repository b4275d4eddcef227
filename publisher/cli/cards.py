"""`card`: a quotation or a title as a picture."""

from pathlib import Path
from typing import Annotated

import typer

from publisher.cli.app import As, AsJson, Number, one_of, open_newsroom, show
from publisher.cli.queue import group
from publisher.cli.reading import outside

Size = Annotated[str, typer.Option(help="1200x630, 1080x1080, 1080x1350 or 1080x1920.")]
Quote = Annotated[int, typer.Option(help="Which of the quotable lines, 1 is the strongest.")]
Words = Annotated[str, typer.Option(help="Words of the document instead of a line of ours.")]
Title = Annotated[bool, typer.Option("--title", help="A title card, without a quotation.")]


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel="Try out")(card)


def card(
    target: Annotated[str, typer.Argument(metavar="FILE_OR_URL")],
    size: Size = "1200x630",
    quote: Quote = 1,
    words: Words = "",
    title: Title = False,
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


@group.command("card")
def put(
    number: Number,
    size: Size = "",
    quote: Quote = 1,
    words: Words = "",
    title: Title = False,
    beside: Annotated[bool, typer.Option("--beside", help="Keep the pictures that the post has, after it.")] = False,
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Make a card the post's picture; if absent, the size suits the network. An approval falls with it."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access, queries
    from publisher.newsroom.drafts import cards

    row = queries.post(number)
    size = size or cards.usual_size(row)
    one_of(size, cards.SIZES, "--size")
    choice = cards.Choice(number=quote, words=words, title=title, size=size)
    seen = row.revision_id or 0
    changed = cards.put(number, access.operator(as_), choice, revision_id=seen, beside=beside)
    show(shapes.post(changed), f"Post {number}: {changed.state}.", as_json=as_json)
