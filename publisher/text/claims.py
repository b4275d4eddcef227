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
_SCALES = {
    Decimal(10) ** 2: "hundred hundert",
    Decimal(10) ** 3: "thousand tausend mille mil mila tsd k",
    Decimal(10) ** 6: "million millions mio mn m millionen millones millón millón milione milioni miljoen",
    Decimal(10) ** 9: "billion billions bn mrd milliarde milliarden milliard milliards miliardo miliardi miljard",
    Decimal(10) ** 12: "trillion trillions tn billionen billón billones bilione bilioni",
}
_SCALE_OF = {word: scale for scale, words in _SCALES.items() for word in words.split()}
_UNITS = {
    "%": "% percent prozent procent pct",
    "€": "€ eur euro euros",
    "$": "$ usd dollar dollars",
    "£": "£ gbp pound pounds sterling",
}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_PER_HUNDRED = r"per\s+cent\b|pour\s+cent\b|por\s+ciento\b|per\s+cento\b"
_SCALE = "|".join(sorted(map(regex.escape, _SCALE_OF), key=len, reverse=True))
_UNIT_WORD = "|".join(sorted((regex.escape(word) for word in _UNIT_OF if word.isalpha()), key=len, reverse=True))
_NUMBER = regex.compile(
    rf"(?P<sign>[€$£]|(?:(?<!\w)(?:EUR|USD|GBP)))?[\]\s]*(?<![\w.,]\B)(?<!\p{{L}})"
    rf"(?P<digits>\d+(?:[.,'’ \u00a0\u202f]\d{{3}}(?!\d))*(?:[.,]\d+)?)"
    rf"(?:(?:st|nd|rd|th|er|ère|e|º|ª)\b)?"
    rf"(?:[\s\u00a0\u202f-]*(?P<scale>(?i:{_SCALE}))(?!\p{{L}}))?"
    rf"(?:\.?[\s\u00a0\u202f]*(?:of|de|d’|d')?[\s\u00a0\u202f]*(?P<unit>[%€$£]|(?i:{_PER_HUNDRED}|(?:{_UNIT_WORD})(?!\p{{L}}))))?"
)
_SCALE_AFTER = regex.compile(rf"[\s-]+({_SCALE})(?!\p{{L}})", regex.IGNORECASE)
_COUNTED = regex.compile(r"[ \u00a0-]\p{L}")
_SPELLED = {
    word: number
    for words in (
        "two three four five six seven eight nine ten eleven twelve",
        "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
        "deux trois quatre cinq six sept huit neuf dix onze douze",
        "dos tres cuatro cinco seis siete ocho nueve diez once doce",
        "due tre quattro cinque sei sette otto nove dieci undici dodici",
    )
    for number, word in enumerate(words.split(), 2)
}
_MONTHS = {
    word: number
    for words in (
        "january february march april may june july august september october november december",
        "januar februar märz april mai juni juli august september oktober november dezember",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "jan feb mar apr may jun jul aug sep oct nov dec",
    )
    for number, word in enumerate(words.split(), 1)
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>[0-3]?\d)"
_DATES = [
    regex.compile(rf"(?<!\d){_DAY}(?:st|nd|rd|th|er|º|\.)?\s+(?:of\s+|de\s+)?(?P<name>{_MONTH})\b\.?(?:,?\s+(?:de\s+|del\s+)?{_YEAR}\b)?",
                  regex.IGNORECASE),
    regex.compile(rf"\b(?P<name>{_MONTH})\b\.?\s+{_DAY}(?:st|nd|rd|th)?(?!\d|%|\s*(?:per cent|million|billion))"
                  rf"(?:,?\s+{_YEAR}\b)?", regex.IGNORECASE),
    regex.compile(rf"(?<!\d){_YEAR}-(?P<month>[01]\d)-{_DAY}(?!\d)"),
    regex.compile(rf"(?<![\d.,]){_DAY}[./](?P<month>[01]?\d)[./]{_YEAR}?(?!\d)"),
]  # fmt: skip
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
    for start, end, day in _dates(text):
        taken.append((start, end))
        if asked(start) and not any(_same_day(day, other) for other in days):
            claims.append(Claim(ClaimKind.DATE, text[start:end], start, end))
    for start, end, readings in _numbers(text):
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
        numbers=frozenset(reading for _, _, readings in _numbers(source) for reading in readings),
        dates=frozenset(day for _, _, day in _dates(source)),
        words=frozenset(word.casefold()[:_STEM] for word in _WORD.findall(source)),
        initials="".join(match[0][0] for match in _NAME.finditer(source)),
    )


def _numbers(text: str) -> list[tuple[int, int, set[tuple[Decimal, str]]]]:
    found: list[tuple[int, int, set[tuple[Decimal, str]]]] = []
    for match in _NUMBER.finditer(text):
        scale = _SCALE_OF.get((match["scale"] or "").lower(), Decimal(1))
        unit = _unit(match["sign"]) or _unit(match["unit"])
        start = match.start("sign") if match["sign"] else match.start("digits")
        values = _values(match["digits"])
        found.append((start, match.end(), {((value * scale).normalize(), unit) for value in values}))
    for word in regex.finditer(r"\p{L}+", text):
        number = _SPELLED.get(word[0].casefold())
        if number and _COUNTED.match(text, word.end()):
            after = _SCALE_AFTER.match(text, word.end())
            times = _SCALE_OF[after[1].lower()] if after else Decimal(1)
            found.append((word.start(), after.end() if after else word.end(), {((number * times).normalize(), "")}))
    return found


def _unit(sign: str | None) -> str:
    sign = (sign or "").lower()
    return "%" if regex.fullmatch(_PER_HUNDRED, sign) else _UNIT_OF.get(sign, "")


def _values(digits: str) -> set[Decimal]:
    """What a row of digits may mean: 1.600 is sixteen hundred to some and one point six to others."""
    plain = regex.sub(r"['’ \u00a0\u202f]", "", digits)
    marks = [sign for sign in plain if sign in ".,"]
    if not marks:
        return {Decimal(plain)}
    last = plain.rfind(marks[-1])
    whole, part = regex.sub(r"[.,]", "", plain[:last]), plain[last + 1 :]
    grouped = Decimal(whole + part)
    decimal = Decimal(f"{whole}.{part}")
    if len(marks) > 1:
        return {grouped} if marks[0] == marks[-1] else {decimal}
    return {grouped, decimal} if len(part) == 3 else {decimal}


def _dates(text: str) -> list[tuple[int, int, tuple[int, int, int]]]:
    found: list[tuple[int, int, tuple[int, int, int]]] = []
    for pattern in _DATES:
        for match in pattern.finditer(text):
            groups = match.groupdict()
            month = _MONTHS[groups["name"].lower()] if groups.get("name") else int(groups["month"])
            day = int(match["day"])
            overlaps = any(start < match.end() and match.start() < end for start, end, _ in found)
            if 1 <= day <= 31 and 1 <= month <= 12 and not overlaps:
                found.append((*match.span(), (int(match["year"] or 0), month, day)))
    return sorted(found)


def _same_day(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    return one[1:] == other[1:] and (not one[0] or not other[0] or one[0] == other[0])


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
        if lower in _CALENDAR or lower in _MONTHS or len(word) == 1:
            continue
        if lower[:_STEM] in words:
            continue
        if len(word) > 1 and word.isupper() and word in initials:
            continue
        return False
    return True
