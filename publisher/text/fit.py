"""Making a text fit, by rule: drop what may be dropped, shorten what may be shortened, cut nothing else.

The order is fixed. Optional parts go first, lowest number first; one that may be shortened loses sentences
before it goes. Then what may be shortened loses sentences from its end, last text first. Then words, with an
ellipsis. A link, a mention, a hashtag, a quotation, a bracket and a number with the word after it stay whole.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import regex

from publisher.text.links import find_links
from publisher.text.quotations import find_quotations
from publisher.text.sentences import sentence_spans

ELLIPSIS = "…"

Fits = Callable[[str], bool]

_NUMBER = regex.compile(
    r"(?:[€$£¥]\s?|\b(?:EUR|USD|GBP|CHF)\s)?[+−-]?\d+(?:[.,:/\s-]{1,2}\d+)*(?:\s?[%‰°€$£])?(?:[\s-]+\p{L}+)?"
)
_BRACKET = regex.compile(r"\([^()\n]*\)|\[[^\[\]\n]*\]")
_BLANKS = regex.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text between two marks of a template."""

    text: str
    shorten: bool = False
    """May lose sentences, then words."""
    drop: int = 0
    """0 = stays; else when it is dropped: 1 goes first."""
    instead: bool = False
    """Stands only once the pieces with the same `drop` are gone."""


@dataclass(frozen=True, slots=True)
class Fitted:
    text: str
    fits: bool
    cut: bool = False
    """A text had to be cut at a word."""


def fit(pieces: Sequence[Piece], fits: Fits) -> Fitted:
    """The best version of `pieces` that fits; if none does, the shortest, with `fits` false."""
    last = ""
    for version in _versions(list(pieces)):
        last = join(version)
        if fits(last):
            return Fitted(last, True)
    return _cut_words(list(pieces), fits) or Fitted(last, False)


def join(pieces: Sequence[Piece]) -> str:
    """The text that `pieces` make: at most one blank line in a row, no blanks at the ends of lines."""
    text = "".join(piece.text for piece in pieces if not piece.instead)
    lines = [regex.sub(r"[ \t]+", " ", line).strip() for line in text.split("\n")]
    return regex.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def shorten(text: str, fits: Fits) -> str:
    """`text`, or as many of its first sentences as fit, or as many words and an ellipsis; blank if none do."""
    if fits(text):
        return text
    for shorter in _fewer_sentences(text):
        if fits(shorter):
            return shorter
    return cut(text, fits)


def cut(text: str, fits: Fits) -> str:
    """The longest run of whole words that fits with an ellipsis after it; blank if there is none."""
    guarded = protected(text)
    places = [
        match.start()
        for match in _BLANKS.finditer(text)
        if match.start() and not _inside(match.start(), guarded) and text[match.start() - 1] not in ".!?…"
    ]
    low, high = 0, len(places)
    while low < high:
        middle = (low + high + 1) // 2
        if fits(_with_ellipsis(text, places[middle - 1])):
            low = middle
        else:
            high = middle - 1
    return _with_ellipsis(text, places[low - 1]) if low else ""


def protected(text: str) -> list[tuple[int, int]]:
    """Start and end of everything in `text` that must stay whole."""
    spans = [(span.start, span.end) for span in find_links(text)]
    spans += find_quotations(text, unclosed=True)
    spans += [match.span() for match in _BRACKET.finditer(text)]
    spans += [match.span() for match in _NUMBER.finditer(text)]
    return spans


def _versions(pieces: list[Piece]) -> Iterator[list[Piece]]:
    """From the fullest to the barest, all with whole sentences only."""
    yield pieces
    for order in _orders(pieces):
        yield from _with_fewer_sentences(pieces, order)
        pieces = _without(pieces, order)
        yield pieces
    for version in _with_fewer_sentences(pieces, 0):
        pieces = version
        yield pieces


def _orders(pieces: Sequence[Piece]) -> list[int]:
    return sorted({piece.drop for piece in pieces if piece.drop})


def _with_fewer_sentences(pieces: list[Piece], order: int) -> Iterator[list[Piece]]:
    """Each piece of this `drop` that may be shortened loses its sentences one by one, the last piece first."""
    for index in reversed(range(len(pieces))):
        piece = pieces[index]
        if piece.shorten and piece.drop == order and not piece.instead:
            for text in _fewer_sentences(piece.text):
                pieces = _with_text(pieces, index, text)
                yield pieces


def _fewer_sentences(text: str) -> Iterator[str]:
    guarded = protected(text)
    for _, end in reversed(sentence_spans(text)[:-1]):
        if not _inside(end, guarded):
            yield text[:end]


def _without(pieces: Sequence[Piece], order: int) -> list[Piece]:
    return [
        replace(piece, drop=0, instead=False) if piece.drop == order else piece
        for piece in pieces
        if piece.drop != order or piece.instead
    ]


def _cut_words(pieces: list[Piece], fits: Fits) -> Fitted | None:
    for order in _orders(pieces):
        pieces = _without(pieces, order)
    for index in reversed(range(len(pieces))):
        piece = pieces[index]
        if not piece.shorten:
            continue

        with_text = partial(_with_text, pieces, index)
        if shorter := shorten(piece.text, lambda text, whole=with_text: fits(join(whole(text)))):  # type: ignore[misc]  # bound at once
            return Fitted(join(with_text(shorter)), True, cut=True)
        pieces = with_text("")
        if fits(join(pieces)):
            return Fitted(join(pieces), True, cut=True)
    return None


def _with_text(pieces: Sequence[Piece], index: int, text: str) -> list[Piece]:
    return [*pieces[:index], replace(pieces[index], text=text), *pieces[index + 1 :]]


def _inside(position: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start < position < end for start, end in spans)


def _with_ellipsis(text: str, end: int) -> str:
    return text[:end].rstrip(" ,;:–—-") + ELLIPSIS
