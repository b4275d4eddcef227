"""Direct quotations: where they stand in a text, which marks a language uses, whether words were really said."""

import unicodedata
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


def quoted(words: str, language: str = "") -> str:
    """`words` in the quotation marks of `language` (BCP 47)."""
    opening, closing = _MARKS.get(language.lower().split("-")[0], _DEFAULT_MARKS)
    return f"{opening}{words}{closing}"


def is_said(words: str, text: str) -> bool:
    """Whether `text` has exactly these words in a row; case, punctuation and brackets do not count."""
    wanted = _normalised(words)
    return bool(wanted) and f" {wanted} " in f" {_normalised(text)} "


@lru_cache(maxsize=64)
def _normalised(text: str) -> str:
    plain = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", text).casefold())
    return _NOT_WORDS.sub(" ", plain).strip()
