"""Cutting a text into the parts of a thread."""

from collections.abc import Iterator

import regex

from publisher.text.fit import Fits, protected
from publisher.text.sentences import sentence_spans

_BLANKS = regex.compile(r"\s+")
_PARAGRAPH = regex.compile(r"\n[ \t]*\n\s*")


def split_thread(text: str, fits: Fits, *, numbered: bool = False) -> list[str]:
    """The parts of a thread, in order: as few as there can be, each ends where a sentence ends.

    With `numbered`, each part of several ends with a line like 1/3. A sentence too long for one part is divided
    between words, but never inside a link, a quotation, a mention or a number. What cannot be divided stays
    whole, even where it does not fit: `fits` of the part then tells. No word is lost or added.
    """
    text = text.strip()
    if not text or fits(text):
        return [text] if text else []
    if not numbered:
        return _pack(text, fits)
    digits = 1
    while True:
        tail = "\n\n" + "9" * digits + "/" + "9" * digits
        parts = _pack(text, lambda part, tail=tail: fits(part + tail))  # type: ignore[misc]  # bound at once
        if len(parts) == 1:
            return parts
        if len(str(len(parts))) <= digits:
            return [f"{part}\n\n{number}/{len(parts)}" for number, part in enumerate(parts, 1)]
        digits += 1


def _pack(text: str, fits: Fits) -> list[str]:
    """Fill each part with as many units as fit; a paragraph that fits whole starts a new part rather than break."""
    parts: list[str] = []
    current = ""
    for paragraph in _PARAGRAPH.split(text):
        gap = "\n\n"
        whole = current + gap + paragraph if current else paragraph
        if fits(whole):
            current = whole
            continue
        if current and fits(paragraph):
            parts.append(current)
            current = paragraph
            continue
        for blank, unit in _units(paragraph, fits):
            joined = current + (gap or blank) + unit if current else unit
            if current and not fits(joined):
                parts.append(current)
                current = unit
            else:
                current = joined
            gap = ""
    return [*parts, current]


def _units(paragraph: str, fits: Fits) -> Iterator[tuple[str, str]]:
    """Sentences with the blank before each; one that does not fit into a part comes in pieces."""
    position = 0
    for start, end in sentence_spans(paragraph):
        blank = paragraph[position:start]
        position = end
        sentence = paragraph[start:end]
        if fits(sentence):
            yield blank, sentence
        else:
            for piece in _pieces(sentence, fits):
                yield blank, piece
                blank = " "


def _pieces(sentence: str, fits: Fits) -> Iterator[str]:
    guarded = protected(sentence)
    start = end = 0
    for match in [*_BLANKS.finditer(sentence), None]:
        place = match.start() if match else len(sentence)
        if match and any(left < place < right for left, right in guarded):
            continue
        if end > start and not fits(sentence[start:place]):
            yield sentence[start:end].strip()
            start = end
        end = place
    yield sentence[start:].strip()
