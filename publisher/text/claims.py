"""Numbers, dates and names in a text: read by meaning, so that those which a source does not have can be told.

Rules (docs/quotations.md says them to the people who write):

- a number counts by its value and unit: 1.6 billion = 1,6 Mrd. = 1 600 million; 37% = 37 per cent; € = EUR = euro;
  a number without a unit matches one with any unit, not the other way round;
- "two" to "twelve" are numbers where they count something; "one" is not, for it is mostly a pronoun;
- a date counts by day and month, and by year where both give one;
- names are words with a capital that do not begin a sentence; of German, where every noun has one, only two in a row;
- addresses, @handles and #hashtags are left aside: they are no claims about the document.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

import regex

from publisher.text.figures import MONTHS, dates_in, numbers_in, same_day
from publisher.text.languages import word_set
from publisher.text.sentences import sentence_spans


class ClaimKind(StrEnum):
    NUMBER = "number"
    DATE = "date"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Claim:
    kind: ClaimKind
    text: str
    start: int
    end: int
    """Code points."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What a text says, in forms that can be compared."""

    numbers: frozenset[tuple[Decimal, str]]
    """Value and unit (% € $ £ or blank)."""
    dates: frozenset[tuple[int, int, int]]
    """Year (0 where none is given), month, day."""
    words: frozenset[str]
    initials: str
    """The first letters of the words with a capital, in order: what an abbreviation may be made of."""


_ASIDE = regex.compile(
    r"https?://\S+|(?<![\w/])[@#][\w.@-]+|(?<!\S)(?:www\.)?[\w-]+(?:\.[\w-]+)+/\S*|(?m:^\s*\d{1,2}/\d{1,2}\s*$)"
)
_NAME = regex.compile(r"\p{Lu}[\p{L}\p{M}\p{N}]*(?:[’'-]\p{L}[\p{L}\p{M}\p{N}]*)*")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_CALENDAR = word_set(
    "monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag "
    "sonntag i"
)
_EVERY_NOUN = ("de", "lb")
_STEM = 5
"""Letters of a name that must agree: Russia, Russia’s and Russian are one."""


def unsupported(text: str, sources: Iterable[str], *, language: str = "", dates: Iterable[tuple[int, int, int]] = (),
                aside: Iterable[tuple[int, int]] = ()) -> list[Claim]:  # fmt: skip
    """The numbers, dates and names of `text` that none of `sources` has, in order.

    `dates` (year, month, day) are known besides, from the document's own data. Nothing that begins in one of the
    spans `aside` is asked about: quotations are checked word for word elsewhere.
    """
    stated = [read_claims(source) for source in sources]
    numbers = set().union(*(one.numbers for one in stated))
    days = set(dates).union(*(one.dates for one in stated))
    words = set().union(*(one.words for one in stated))
    initials = " ".join(one.initials for one in stated)
    values = {value for value, _ in numbers} | {Decimal(part) for day in days for part in day}
    left_aside = [match.span() for match in _ASIDE.finditer(text)] + list(aside)

    def asked(start: int) -> bool:
        return not any(left <= start < right for left, right in left_aside)

    claims: list[Claim] = []
    taken: list[tuple[int, int]] = []
    for start, end, day in dates_in(text):
        taken.append((start, end))
        if asked(start) and not any(same_day(day, other) for other in days):
            claims.append(Claim(ClaimKind.DATE, text[start:end], start, end))
    for start, end, readings in numbers_in(text):
        if any(left <= start < right for left, right in taken) or not asked(start):
            continue
        taken.append((start, end))
        if not any((value in values) if not unit else (value, unit) in numbers for value, unit in readings):
            claims.append(Claim(ClaimKind.NUMBER, text[start:end], start, end))
    for start, end in _names(text, language):
        new = asked(start) and not any(left <= start < right for left, right in taken)
        if new and not _is_known(text[start:end], words, initials):
            claims.append(Claim(ClaimKind.NAME, text[start:end], start, end))
    return sorted(claims, key=lambda claim: claim.start)


@lru_cache(maxsize=512)
def read_claims(source: str) -> Stated:
    """All that `source` says of numbers, dates and words; every reading of a number that could be meant."""
    return Stated(
        numbers=frozenset(reading for _, _, readings in numbers_in(source) for reading in readings),
        dates=frozenset(day for _, _, day in dates_in(source)),
        words=frozenset(word.casefold()[:_STEM] for word in _WORD.findall(source)),
        initials="".join(match[0][0] for match in _NAME.finditer(source)),
    )


def _names(text: str, language: str) -> list[tuple[int, int]]:
    """Words with a capital, in a row joined, that do not begin a sentence, a line or a quotation."""
    nouns = language.lower().split("-")[0] in _EVERY_NOUN
    spans: list[tuple[int, int]] = []
    for left, right in sentence_spans(text):
        sentence = text[left:right]
        if sentence.isupper():  # a heading in capitals: not to be told from names
            continue
        first = _WORD.search(sentence)
        found = [
            match
            for match in _NAME.finditer(sentence)
            if (first is None or match.start() != first.start())
            and not regex.search(r"[:–—“„«\"‘(•]\s*$", sentence[: match.start()])
            and not (match.start() and (sentence[match.start() - 1].isalnum() or sentence[match.start() - 1] in "@#"))
        ]
        rows: list[list[int]] = []
        for match in found:
            if (
                rows
                and sentence[rows[-1][1] : match.start()].isspace()
                and "\n" not in sentence[rows[-1][1] : match.start()]
            ):
                rows[-1][1] = match.end()
                rows[-1][2] += 1
            else:
                rows.append([match.start(), match.end(), 1])
        spans += [(left + start, left + end) for start, end, count in rows if not nouns or count > 1]
    return spans


def _is_known(name: str, words: set[str], initials: str) -> bool:
    """Whether each word of a name stands in the source, in whatever form, or stands for words that do."""
    for word in _WORD.findall(name):
        lower = word.casefold()
        if lower in _CALENDAR or lower in MONTHS or len(word) == 1:
            continue
        if lower[:_STEM] in words:
            continue
        if len(word) > 1 and word.isupper() and word in initials:
            continue
        return False
    return True
