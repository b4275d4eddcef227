"""What changed between two texts, for the eye: paragraphs are laid side by side, and within them words are compared.

Nothing is lost: the blocks without what was added are the old text, without what was removed the new one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from unicodedata import normalize

from publisher.types import Entry

ALIKE = 0.4
"""Two paragraphs that share this part of their words (difflib's ratio) are one that was changed."""
MOST_PAIRS = 900
"""Pairs of paragraphs that are compared at one place; beyond that they count as replaced."""
MOST_WORDS = 3000
"""Words and signs of one paragraph up to which its words are compared: the cost grows with their square."""
CONTEXT = 1
"""Paragraphs shown before and after a change."""
GENERAL = "general"
_PARAGRAPH = "\n\n"
_TOKEN = re.compile(r"\d[\d.,]*\d|\w+|\s+|[^\w\s]")
_SHAPES = {ord(sign): '"' for sign in "“”„‟«»‹›‚‘’‛'`´"} | {ord(sign): "-" for sign in "‐‑‒–—―−"}
_SHAPES |= {ord(sign): "" for sign in "\u00ad\u200b\u200c\u200d\u2060\ufeff\ufe0f"}
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»“)\]]*$")


class Change(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    """Of a block: some of its words were added or removed."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words that stayed, came or went."""

    text: str
    change: Change


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph."""

    change: Change
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What changed in one field of a document: title, lead, body, embargo, video or image."""

    field: str
    blocks: tuple[Block, ...]


def diff(before: str, after: str) -> tuple[Block, ...]:
    """The two texts as paragraphs (a blank line ends one), each marked with what became of it."""
    old, new = before.split(_PARAGRAPH), after.split(_PARAGRAPH)
    blocks: list[Block] = []
    for _, old_from, old_to, new_from, new_to in SequenceMatcher(a=old, b=new).get_opcodes():
        blocks += _paired(old[old_from:old_to], new[new_from:new_to])
    return tuple(blocks)


def compare(before: Entry, after: Entry) -> tuple[FieldChange, ...]:
    """The fields of a document that read differently, in the order a reader meets them."""
    return tuple(
        FieldChange(name, diff(old, new))
        for name, (old, new) in _fields(before, after).items()
        if fold(old) != fold(new)
    )


def is_change(before: Entry, after: Entry) -> bool:
    """Whether a reader would notice.

    Not a change is: spaces, soft hyphens, the shape of quotation marks and dashes; another address of the picture or
    the page. On a page read without a recipe for its site, neither are lines of the body that end no sentence: there
    menus, counters and teasers get in.
    """
    if before.withdrawn != after.withdrawn:
        return True
    general = GENERAL in {before.recipe, after.recipe}
    for name, (old, new) in _fields(before, after).items():
        pair = [_sentences_only(text) if name == "body" and general else text for text in (old, new)]
        if name != "image" and fold(pair[0]) != fold(pair[1]):
            return True
    return False


def fold(text: str) -> str:
    """The text with spaces, quotation marks and dashes in one form each, and without signs that nobody sees."""
    return " ".join(normalize("NFC", text).translate(_SHAPES).split())


def condense(blocks: Sequence[Block], context: int = CONTEXT) -> list[Block | None]:
    """The blocks that changed, with `context` others around them; None stands for what is left out."""
    near = {
        index + step
        for index, block in enumerate(blocks)
        if block.change is not Change.SAME
        for step in range(-context, context + 1)
    }
    shown: list[Block | None] = []
    for index, block in enumerate(blocks):
        if index in near:
            shown.append(block)
        elif not shown or shown[-1] is not None:
            shown.append(None)
    return shown


def as_text(blocks: Sequence[Block]) -> str:
    """For a terminal: paragraphs that came begin with +, that went with -; within one, [-old-] and {+new+}."""
    lines = []
    for block in condense(blocks):
        if block is None:
            lines.append("  …")
            continue
        sign = {Change.ADDED: "+", Change.REMOVED: "-", Change.CHANGED: "~"}.get(block.change, " ")
        whole = block.change is not Change.CHANGED
        text = "".join(run.text if whole else _marked(run) for run in block.runs)
        if text.strip():
            lines.append(f"{sign} {text}")
    return "\n".join(lines)


def _marked(run: Run) -> str:
    forms = {Change.ADDED: "{+%s+}", Change.REMOVED: "[-%s-]"}
    return forms.get(run.change, "%s") % run.text


def _fields(before: Entry, after: Entry) -> dict[str, tuple[str, str]]:
    def told(entry: Entry) -> dict[str, str]:
        return {
            "title": entry.title,
            "lead": entry.lead,
            "body": entry.body,
            "embargo": entry.embargo_until.isoformat() if entry.embargo_until else "",
            "video": entry.video,
            "image": entry.image.url if entry.image else "",
        }

    new = told(after)
    return {name: (old, new[name]) for name, old in told(before).items()}


def _sentences_only(body: str) -> str:
    return _PARAGRAPH.join(line for line in body.split(_PARAGRAPH) if _SENTENCE_END.search(line.strip()))


def _paired(old: Sequence[str], new: Sequence[str]) -> list[Block]:
    """Paragraphs at one place: the two most alike are one that changed, then those before them, then those after."""
    if old == new:
        return [Block(Change.SAME, (Run(text, Change.SAME),)) for text in old]
    best = _most_alike(old, new)
    if best is None:
        gone = [Block(Change.REMOVED, (Run(text, Change.REMOVED),)) for text in old]
        return gone + [Block(Change.ADDED, (Run(text, Change.ADDED),)) for text in new]
    left, right = best
    pair = Block(Change.CHANGED, _words(old[left], new[right]))
    if old[left] == new[right]:
        pair = Block(Change.SAME, (Run(old[left], Change.SAME),))
    return [*_paired(old[:left], new[:right]), pair, *_paired(old[left + 1 :], new[right + 1 :])]


def _most_alike(old: Sequence[str], new: Sequence[str]) -> tuple[int, int] | None:
    if len(old) * len(new) > MOST_PAIRS:
        return None
    best, found = ALIKE, None
    for right, text in enumerate(new):
        target = _words_of(text)
        matcher = SequenceMatcher(b=target, autojunk=False)
        for left, other in enumerate(old):
            words = _words_of(other)
            if max(len(words), len(target)) > MOST_WORDS:
                continue
            matcher.set_seq1(words)
            if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best and matcher.ratio() > best:
                best, found = matcher.ratio(), (left, right)
    return found


def _words_of(text: str) -> list[str]:
    return [token for token in _TOKEN.findall(text) if not token.isspace()]


def _words(old: str, new: str) -> tuple[Run, ...]:
    """The words of one paragraph. A blank alone between two changes belongs to both: that reads better."""
    left, right = _TOKEN.findall(old), _TOKEN.findall(new)
    runs: list[list[str]] = []  # [same, removed, added] in turn
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(a=left, b=right, autojunk=False).get_opcodes():
        gone, come = "".join(left[old_from:old_to]), "".join(right[new_from:new_to])
        if tag == "equal" and (gone.strip() or not runs):
            runs.append([gone, "", ""])
        elif tag == "equal":
            runs[-1][1] += gone
            runs[-1][2] += gone
        else:
            if not runs:
                runs.append(["", "", ""])
            runs[-1][1] += gone
            runs[-1][2] += come
    made = []
    for same, gone, come in runs:
        made += [Run(same, Change.SAME), Run(gone, Change.REMOVED), Run(come, Change.ADDED)]
    return tuple(run for run in made if run.text)
