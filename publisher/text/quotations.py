"""Direct quotations: where they stand in a text, which marks a language uses, whether words were really said."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import regex

_DEFAULT_MARKS = ("“", "”")
_MARKS: dict[str, tuple[str, str]] = {
    "bg": ("„", "“"),
    "cs": ("„", "“"),
    "da": ("”", "”"),
    "de": ("„", "“"),
    "el": ("«", "»"),
    "es": ("«", "»"),
    "et": ("„", "“"),
    "fi": ("”", "”"),
    "fr": ("«\u00a0", "\u00a0»"),
    "hr": ("„", "”"),
    "hu": ("„", "”"),
    "it": ("«", "»"),
    "lt": ("„", "“"),
    "lv": ("“", "”"),
    "nl": ("“", "”"),
    "pl": ("„", "”"),
    "pt": ("«", "»"),
    "ro": ("„", "”"),
    "ru": ("«", "»"),
    "sk": ("„", "“"),
    "sl": ("„", "“"),
    "sv": ("”", "”"),
    "uk": ("«", "»"),
}

# Two apostrophes for a closing mark: seen in the Commission's own press releases.
_QUOTATION = regex.compile(
    r"„[^“”„\n]*[“”]|“[^”“\n]*?(?:”|''|\"(?!\w))|«[^»\n]*»|»[^«\n]*«|”[^”\n]*”|(?<!\w)\"[^\"\n]+\"(?!\w)"
    r"|(?<!\w)‚[^‘’\n]*[‘’]|(?<!\w)‘(?:[^‘’\n]|’(?=\w))*’(?!\w)"
)
_UNCLOSED = regex.compile(r"[“„«][^”“»\n]*$", regex.MULTILINE)
_STRAIGHT = regex.compile(r"(?<![\w\"])\"(?=\w)")
_CLOSING = regex.compile(r"^[^“„«\n]*?(?:[”»]|(?<=[\w.,!?…])[“\"](?!\w))")
_PART_NUMBER = regex.compile(r"\(?\d{1,2}/\d{1,2}\)?")
_NOT_WORDS = regex.compile(r"[^\p{L}\p{M}\p{N}]+")
_APOSTROPHES = regex.compile(r"(?<=\w)['’](?=\w)")


def find_quotations(text: str, *, unclosed: bool = False) -> list[tuple[int, int]]:
    """Start and end (code points, marks included) of each quotation, first to last, within one line each.

    With `unclosed`, a mark that opens and is never closed counts up to the end of its line.
    """
    spans = [match.span() for match in _QUOTATION.finditer(text)]
    if unclosed:
        for match in _UNCLOSED.finditer(text):
            if not any(start <= match.start() < end for start, end in spans):
                spans.append(match.span())
    return sorted(spans)


def find_quoted(texts: Sequence[str]) -> list[tuple[int, int, int]]:
    """Each piece of quoted words in the parts of a thread: which part, start and end there, marks included.

    A quotation that goes on in the next paragraph or part, with or without a mark at its beginning, gives a piece
    for each line that it touches; one that is never closed ends with its line. A part's number (2/5) is no word.
    """
    found: list[tuple[int, int, int]] = []
    inside: list[tuple[int, int, int]] | None = None  # lines that would belong to an open quotation if it is closed
    for number, text in enumerate(texts):
        for line in regex.finditer(r"[^\n]+", text):
            if _PART_NUMBER.fullmatch(line[0].strip()):
                continue
            begin = line.start()
            closing = _CLOSING.match(line[0]) if inside is not None else None
            if inside is not None and closing:
                found += [*inside, (number, begin, begin + closing.end())]
                begin, inside = begin + closing.end(), None
            rest = text[begin : line.end()]
            spans = find_quotations(rest, unclosed=True)
            spans = sorted([*spans, *_open_straight(rest, spans)])
            if inside is not None and not spans:
                inside.append((number, *line.span()))
            found += [(number, begin + start, begin + end) for start, end in spans]
            if spans:
                inside = None if _closed(rest[spans[-1][0] : spans[-1][1]]) else []
    return sorted(found)


def _closed(words: str) -> bool:
    return len(words) > 1 and (words[-1] in '”“»«"’‘' or words.endswith("''"))


def _open_straight(line: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """A straight mark that opens before a word and is not closed in its line."""
    for match in _STRAIGHT.finditer(line):
        if not any(start <= match.start() < end for start, end in spans):
            return [(match.start(), len(line))]
    return []


def quoted(words: str, language: str = "") -> str:
    """`words` in the quotation marks of `language` (BCP 47)."""
    opening, closing = _MARKS.get(language.lower().split("-")[0], _DEFAULT_MARKS)
    return f"{opening}{words}{closing}"


def capitalised(words: str) -> str:
    """`words` with a capital in front, as a quotation that stands alone has it."""
    return words[:1].upper() + words[1:]


def is_said(words: str, text: str) -> bool:
    """Whether `text` has exactly these words in a row; case, punctuation and brackets do not count."""
    wanted = _normalised(words)
    return bool(wanted) and f" {wanted} " in f" {_normalised(text)} "


@lru_cache(maxsize=64)
def _normalised(text: str) -> str:
    plain = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", text).casefold())
    return _NOT_WORDS.sub(" ", plain).strip()
