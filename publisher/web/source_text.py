"""The text of a document, ready for the templates: who speaks, what can be quoted, what drafts do quote."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from publisher.newsroom.documents import quoting
from publisher.newsroom.documents.quoting import Line, Quoted, Role
from publisher.types import Entry, PreviewPart
from publisher.web.words import CRITERIA

BEST = 5
"""How many quotable lines are shown at once and underlined in the text: with all of them, half a speech would be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a paragraph. `anchor` names it for links; `quoted_by` are the posts whose drafts quote it."""

    text: str
    anchor: str = ""
    quoted_by: tuple[int, ...] = ()
    quotable: bool = False
    """Part of one of the best lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    pieces: tuple[Piece, ...]
    is_question: bool = False
    who: str = ""
    """Who begins to speak here; blank where the speaker goes on or is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLine:
    """A quotable line, with the points it got in words."""

    text: str
    anchor: str
    score: float
    points: tuple[tuple[str, float], ...]
    speaker: str
    quoted: str
    """As it goes into a post: with a capital, in the marks of its language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceText:
    paragraphs: list[Paragraph] = field(default_factory=list)
    lines: list[ShownLine] = field(default_factory=list)

    @property
    def best(self) -> list[ShownLine]:
        return self.lines[:BEST]

    @property
    def others(self) -> list[ShownLine]:
        return self.lines[BEST:]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPiece:
    """A stretch of a draft: a link of the network, a quotation with the place of its words, a doubtful claim, or
    the title."""

    text: str
    href: str = ""
    anchor: str = ""
    doubt: str = ""
    """error or warning where something stands against it."""
    title: bool = False
    """Whether the network shows it as the title."""
    folded: bool = False
    """Whether followers see it only when they ask for more."""


def anchor_of(start: int) -> str:
    """The name of the place `start` (code points) of a body, for links to it."""
    return f"at-{start}"


def show_source(entry: Entry, quotations: Iterable[tuple[int, Quoted]] = ()) -> SourceText:
    """The body of `entry` in paragraphs, marked with what posts quote (post id and quotation) and could quote."""
    lines = quoting.lines(entry)
    quoted = [(start, end, post) for post, one in quotations for start, end in one.spans]
    bounds = sorted({place for start, end, _ in quoted for place in (start, end)} | {
        place for line in lines for place in (line.start, line.end)
    })  # fmt: skip
    turns = quoting.turns(entry)
    shown: list[Paragraph] = []
    speaking = ""
    for start, end in quoting.paragraphs(entry.body):
        turn = next((turn for turn in turns if start <= turn.start < end), None)
        begin = turn.start if turn else start
        inside = [place for place in bounds if begin < place < end]
        pieces = [
            _piece(entry.body, left, right, quoted, lines)
            for left, right in zip([begin, *inside], [*inside, end], strict=True)
        ]
        is_question = turn is not None and turn.role is Role.QUESTION
        who = turn.who if turn else ""
        new = who if who != speaking else ""
        speaking = who
        shown.append(Paragraph(pieces=tuple(pieces), is_question=is_question, who=new))
    return SourceText(paragraphs=shown, lines=[_shown_line(line, entry.language) for line in lines])


def show_draft(
    part: PreviewPart, quotations: Sequence[Quoted], doubts: Sequence[tuple[str, str]], fold: int | None = None
) -> list[DraftPiece]:
    """A part as followers see it, cut where a quotation or a doubtful word (its text, its severity) begins or ends,
    and at its `fold` (code points), behind which followers see it only when they ask for more."""
    text = "".join(run.text for run in part.runs)
    marks = [*_title_and_fold(text, part.title, fold), *_quoted_and_doubtful(text, quotations, doubts)]
    pieces: list[DraftPiece] = []
    place = 0
    for run in part.runs:
        end = place + len(run.text)
        inside = sorted({edge for left, right, _ in marks for edge in (left, right) if place < edge < end})
        for left, right in zip([place, *inside], [*inside, end], strict=True):
            piece = DraftPiece(text=text[left:right], href=run.href)
            for start, stop, mark in marks:
                if start <= left and right <= stop:
                    piece = replace(piece, anchor=piece.anchor or mark.anchor, doubt=piece.doubt or mark.doubt)
                    piece = replace(piece, title=piece.title or mark.title, folded=piece.folded or mark.folded)
            pieces.append(piece)
        place = end
    return pieces


Mark = tuple[int, int, DraftPiece]
"""From where to where (code points) what holds."""


def _title_and_fold(text: str, title: str, fold: int | None) -> Iterator[Mark]:
    if title and text.lstrip().startswith(title):
        above = len(text) - len(text.lstrip())
        yield above, above + len(title), DraftPiece(text="", title=True)
    if fold is not None:
        yield fold, len(text), DraftPiece(text="", folded=True)


def _quoted_and_doubtful(text: str, quotations: Sequence[Quoted], doubts: Sequence[tuple[str, str]]) -> Iterator[Mark]:
    cursor = 0
    for one in quotations:
        start = text.find(one.words, cursor)
        if start >= 0:
            cursor = start + len(one.words)
            yield start, cursor, DraftPiece(text="", anchor=anchor_of(one.spans[0][0]) if one.spans else "")
    for words, severity in doubts:
        start = text.find(words)
        if start >= 0:
            yield start, start + len(words), DraftPiece(text="", doubt=severity)


def _piece(body: str, start: int, end: int, quoted: Sequence[tuple[int, int, int]], lines: Sequence[Line]) -> Piece:
    posts = tuple(dict.fromkeys(post for left, right, post in quoted if left <= start and end <= right))
    rank = next((rank for rank, line in enumerate(lines) if line.start <= start and end <= line.end), None)
    return Piece(
        text=body[start:end],
        anchor=anchor_of(start) if posts or rank is not None else "",
        quoted_by=posts,
        quotable=rank is not None and rank < BEST,
    )


def _shown_line(line: Line, language: str) -> ShownLine:
    points = tuple((str(CRITERIA.get(name, name)), value) for name, value in line.points.items())
    return ShownLine(
        text=line.text,
        anchor=anchor_of(line.start),
        score=line.score,
        points=points,
        speaker=line.speaker,
        quoted=quoting.as_quotation(line.text, language),
    )
