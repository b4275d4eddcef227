"""What can be quoted of a document and what posts do quote: the desk's way to the rules in `compose` and `text`."""

from collections.abc import Sequence

from publisher.compose.facts import find_lines
from publisher.compose.verify import Quoted, find_sources, turns_of
from publisher.text.quotable import Line
from publisher.text.quotations import capitalised, quoted
from publisher.text.voice import Role, Turn
from publisher.text.voice import paragraphs as _paragraphs
from publisher.types import Entry, Part

__all__ = ["Line", "Quoted", "Role", "Turn", "as_quotation", "lines", "paragraphs", "quotations", "turns"]


def lines(entry: Entry) -> list[Line]:
    """The quotable lines of a document, best first."""
    return find_lines(entry, entry.language)


def turns(entry: Entry) -> list[Turn]:
    """Who says each paragraph; empty for a text that is not somebody speaking."""
    return turns_of(entry)


def paragraphs(body: str) -> list[tuple[int, int]]:
    """Start and end (code points) of each paragraph."""
    return _paragraphs(body)


def quotations(entry: Entry, parts: Sequence[Part]) -> list[Quoted]:
    """Each quotation in the parts of a post and where its words stand in the document."""
    return find_sources(entry, [part.text for part in parts])


def as_quotation(line: str, language: str) -> str:
    """A line as it goes into a post: with a capital, in the quotation marks of its language."""
    return quoted(capitalised(line), language)
