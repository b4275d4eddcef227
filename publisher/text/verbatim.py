"""Whether words really stand in a text, and where: equal but for rules of typography that are stated here.

What may differ (docs/quotations.md says it to the people who write):

- which quotation marks, apostrophes and dashes are used, and spaces and line breaks around words and marks;
- the first letter of the quotation, capital or small;
- a full stop, comma, colon or semicolon at its very end;
- the square brackets of a transcript's edits and the sign of a hashtag: the words in and after them count;
- an ellipsis (…, [...], (…)) for words left out between two pieces that follow one another, each of three words
  or more.

Nothing else: no word dropped, added, changed or swapped, no capital inside, no question made a statement, and
no ellipsis that swallows a "not" of the same sentence.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import normalize

import regex

from publisher.text.languages import word_set

SHORTEST_PIECE = 3
"""Words of a piece beside an ellipsis: from single words anything could be put together."""
LONGEST_GAP = 1_500
"""Code points that an ellipsis may stand for: beyond, the pieces belong to different thoughts."""
_WHOLE_THOUGHT = 5
"""From this many words on a quotation is a statement rather than a term, and its question mark belongs to it."""

_MARKS = frozenset("\"“”„‟«»‹›‚‘’‛'")
_DASHES = frozenset("‐‑‒–—―−")
_NOTHING = frozenset("[]#\u00ad\u200b\u200c\u200d\u2060\ufeff\ufe0f")
_CLUSTERS = regex.compile(r"[A-Za-z0-9]{2,}(?!\p{M})|\X")
_ELLIPSIS = regex.compile(r"[\[(]\s*(?:…|\.\s?\.\s?\.)\s*[\])]|…|\.{3}|\. \. \.")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_END = regex.compile(r"[\s.,:;\"…-]+$")
_START = regex.compile(r"^[\s\"…,;:.-]+")
_NEGATIONS = word_set(
    "not no never none nobody nothing neither nor cannot can't don't doesn't didn't won't isn't aren't wasn't without "
    "nicht kein keine keinen keiner keinem keines nie niemals niemand nichts ohne pas jamais rien aucun aucune "
    "personne sans ne n'est nunca jamás nada nadie ningún ninguna sin non mai nessuno nessuna niente senza"
)


@dataclass(frozen=True, slots=True)
class Plain:
    """A text with its typography evened out; `places[i]` is where its i-th character came from."""

    text: str
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """Where a quotation stands: a span (code points) for each piece between ellipses, in order."""

    spans: tuple[tuple[int, int], ...]

    @property
    def start(self) -> int:
        return self.spans[0][0]

    @property
    def end(self) -> int:
        return self.spans[-1][1]


def find_verbatim(words: str, text: str, within: Iterable[tuple[int, int]] = ()) -> list[Match]:
    """Each place of `text` where `words` stand, first to last; empty when they do not stand there.

    With `within`, only places that lie wholly in one of these spans of `text`. Quotation marks around `words` are
    left aside.
    """
    plain = even_out(text)
    question = _bare_end(words).endswith("?") or len(_WORD.findall(words)) < _WHOLE_THOUGHT
    allowed = list(within)
    for pieces in _readings(words):
        found = []
        for start in _places(pieces[0], plain, first=True):
            spans = _follow(pieces, plain, start)
            if not spans or not (question or not _asks(plain, spans[-1][1])):
                continue
            match = Match(tuple(_whole(text, plain.places[left], plain.places[right - 1] + 1) for left, right in spans))
            if not allowed or any(left <= match.start and match.end <= right for left, right in allowed):
                found.append(match)
        if found:
            return found
    return []


def _readings(words: str) -> list[list[str]]:
    """The pieces to look for: with an ellipsis as the text may itself have one, then as one that leaves words out."""
    whole = _bare(words)
    pieces = [piece for piece in map(_bare, _ELLIPSIS.split(words)) if piece]
    readings = [[whole]] if whole else []
    if len(pieces) > 1 and all(len(_WORD.findall(piece)) >= SHORTEST_PIECE for piece in pieces):
        readings.append(pieces)
    return readings


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    """A span with the square bracket that belongs to it at either end, and with the accents of its last letter."""
    while end < len(text) and regex.match(r"\p{M}", text[end]):
        end += 1
    opened = text.count("[", start, end) - text.count("]", start, end)
    if opened < 0 and text[start - 1 : start] == "[":
        return start - 1, end
    return (start, end + 1) if opened > 0 and text[end : end + 1] == "]" else (start, end)


@lru_cache(maxsize=256)
def even_out(text: str) -> Plain:
    """`text` in one typography: see the module's rules. Kept for the last few texts, as each is asked about often."""
    ellipses = {match.start(): match.end() for match in _ELLIPSIS.finditer(text)}
    out: list[str] = []
    places: list[int] = []
    done = 0
    for cluster in _CLUSTERS.finditer(text):
        place = cluster.start()
        if place < done:
            continue
        if len(cluster[0]) > 1 and cluster[0].isascii() and cluster[0].isalnum():
            out.extend(cluster[0])
            places.extend(range(place, cluster.end()))
            continue
        if place in ellipses:
            done, shape = ellipses[place], "…"
        else:
            shape, done = _shape(text, place, cluster[0])
        for sign in shape:
            if sign == " " and (not out or out[-1] in ' "'):
                continue
            # French spaces before marks, blanks around quotations.
            if sign in '";:!?)…' and out and out[-1] == " ":
                out.pop()
                places.pop()
            out.append(sign)
            places.append(place)
    return Plain("".join(out), tuple(places))


def _shape(text: str, place: int, sign: str) -> tuple[str, int]:
    """What stands for the sign at `place`, and up to where that has been read."""
    end = place + len(sign)
    if sign in _MARKS:
        mark = _mark(text, place)
        return ('"', place + 2) if mark == "''" else (mark, end)
    if sign in _DASHES:
        return _dash(text, place), end
    if sign.isspace():
        return " ", end
    if sign.isascii() and len(sign) == 1:
        return ("" if sign in _NOTHING else sign), end
    return "".join(one for one in normalize("NFKC", sign) if one not in _NOTHING), end


def _mark(text: str, place: int) -> str:
    """A quotation mark as " and an apostrophe as ', also where both are written alike."""
    sign = text[place]
    before = text[place - 1] if place else " "
    after = text[place + 1] if place + 1 < len(text) else " "
    if sign in "'’‘‛" and before.isalnum() and after.isalnum():
        return "'"
    return "''" if sign == "'" == after else '"'


def _dash(text: str, place: int) -> str:
    """A hyphen, or a dash between blanks however it was set."""
    before = text[place - 1] if place else " "
    after = text[place + 1] if place + 1 < len(text) else " "
    if text[place] == "—" and not before.isspace():
        return " - " if not after.isspace() else " -"
    return "- " if text[place] == "—" and not after.isspace() else "-"


def _bare(piece: str) -> str:
    """A piece in one typography, without the marks around it that may differ."""
    return _END.sub("", _START.sub("", even_out(piece).text))


def _bare_end(words: str) -> str:
    return even_out(words).text.rstrip('" .')


def _places(piece: str, plain: Plain, *, first: bool, since: int = 0, until: int | None = None) -> Iterable[int]:
    """Where `piece` stands as whole words; its first letter counts as capital or small if it is the `first`."""
    shapes = {piece}
    if first and piece[0].isalpha():
        shapes |= {piece[0].upper() + piece[1:], piece[0].lower() + piece[1:]}
    places = set()
    limit = len(plain.text) if until is None else until
    for shape in shapes:
        start = plain.text.find(shape, since, limit)
        while start >= 0:
            end = start + len(shape)
            if not (_joins(plain.text, start) or _joins(plain.text, end)):
                places.add(start)
            start = plain.text.find(shape, start + 1, limit)
    return sorted(places)


def _joins(text: str, place: int) -> bool:
    """Whether a word goes on across `place`: also across a hyphen, an apostrophe or the point of a number."""
    if not 0 < place < len(text):
        return False
    before, after = text[place - 1], text[place]
    if before.isalnum() and after.isalnum():
        return True
    beyond = text[place + 1] if place + 1 < len(text) else " "
    further = text[place - 2] if place > 1 else " "
    if before.isalnum() and beyond.isalnum() and (after in "-'" or (after in ".," and before.isdigit())):
        return before.isdigit() == beyond.isdigit() or after in "-'"
    return (after.isalnum() and further.isalnum() and (before in "-'" or (before in ".," and after.isdigit()))) and (
        further.isdigit() or before in "-'"
    )


def _follow(pieces: list[str], plain: Plain, start: int) -> list[tuple[int, int]]:
    """The spans of all pieces from `start` on, each after the one before; empty when one is missing."""
    spans = [(start, start + len(pieces[0]))]
    for piece in pieces[1:]:
        since = spans[-1][1]
        left_out = None
        for place in _places(piece, plain, first=False, since=since, until=since + LONGEST_GAP):
            left_out = plain.text[since:place]
            if not _turns_round(left_out):
                spans.append((place, place + len(piece)))
                break
        else:
            return []
    return spans


def _turns_round(left_out: str) -> bool:
    """Whether what an ellipsis leaves out holds a "not" that belongs to one of the sentences shown."""
    sentences = regex.split(r"[.!?]\s", left_out)
    touching = sentences if len(sentences) == 1 else [sentences[0], sentences[-1]]
    return any(_NEGATIONS & {word.casefold() for word in regex.findall(r"[\p{L}']+", part)} for part in touching)


def _asks(plain: Plain, end: int) -> bool:
    """Whether a question mark closes the words that end at `end`."""
    return plain.text[end : end + 2].lstrip('"').startswith("?")
