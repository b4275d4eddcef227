"""What a post template may speak of: the facts of a document, cleaned for use in a sentence."""

from dataclasses import dataclass, replace
from functools import lru_cache

import regex

from publisher.compose.leads import find_lead
from publisher.compose.titles import Title, join_names, read_title
from publisher.compose.verify import SPOKEN
from publisher.text.quotable import Line, quotable_lines
from publisher.text.quotations import is_said
from publisher.text.sentences import split_sentences
from publisher.text.verbatim import find_verbatim
from publisher.text.voice import is_own_words
from publisher.types import Entry, Quote

_TOP_LINES = 6
_TOP_QUOTE = regex.compile(
    r"^(?P<who>[\p{Lu}][^:“„«\"\n]{2,80}):\s*(?:[“„«\"]\s*)(?P<words>[^”“»\"\n]{20,400}?)\s*(?:[”“»\"]|'')\s*$"
)
# Marks, controls and non-characters never come from a document into a template.
_UNSAFE = regex.compile(r"[\p{Cc}\p{Cn}\p{Co}\p{Cs}\ufeff\u202a-\u202e\u2066-\u2069--[\n\t]]", regex.VERSION1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The facts of one document, all plain text; blank where unknown."""

    title: str
    speaker: str
    byline: str
    lead: str
    body: str
    link: str
    video: str
    quotes: tuple[Quote, ...]
    """Lines that may be put in quotation marks, strongest first; each with who said it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is found out about a document before anything is quoted."""

    title: Title
    body: str
    rest: str
    """The body with the quotation lines on top blanked out: what stands where stays the same."""
    speaker: str
    alone: str
    """The one speaker; blank where several speak."""
    headlines: tuple[Quote, ...]
    """What the institution itself quotes, where the words stand in the rest of the text."""


@lru_cache(maxsize=64)
def gather(entry: Entry, language: str = "") -> Facts:
    """The facts of `entry` as templates use them. `language` is the one the text is in.

    Kept for the last documents: each is drafted for several channels in a row.
    """
    found = _look_at(entry, language)
    title, lead, rest = found.title, plain(entry.lead), found.rest
    lines = [Quote(text=line.text, speaker=line.speaker) for line in _lines(entry, found, language)]
    # Words in the first person need their marks, and a lone sentence is a caption rather than a text.
    first_person, short = is_own_words(rest, language), len(split_sentences(rest)) < 2
    return Facts(
        title=title.text,
        speaker=found.speaker,
        byline="" if title.several or (found.speaker and not found.alone) else title.byline,
        lead=find_lead(title.text, lead, "" if first_person or short else rest, language),
        body=found.body,
        link=entry.url,
        video=entry.video,
        quotes=tuple(_placed(quote, entry.body, rest) for quote in _distinct([*found.headlines, *lines])),
    )


def find_lines(entry: Entry, language: str = "") -> list[Line]:
    """The quotable lines of a document, best first, with their places in its body; none unless it is a speech."""
    return _lines(entry, _look_at(entry, language), language)


def _look_at(entry: Entry, language: str) -> _Known:
    title = read_title(plain(entry.title), language)
    body = plain(entry.body)
    top, rest = _top_quotes(body)
    names = tuple(plain(name) for name in entry.speakers)
    several = title.several or (len(names) > 1 and not title.speaker)
    speaker = title.speaker if title.speaker and len(names) != 1 else join_names(names, language)
    if not speaker and entry.kind in SPOKEN and top and is_said(top[0].text, rest):
        speaker = top[0].speaker
    alone = "" if several else speaker
    given = [Quote(text=plain(quote.text), speaker=plain(quote.speaker) or alone) for quote in entry.quotes]
    headlines = [quote for quote in given if not rest.strip() or is_said(quote.text, rest)]
    headlines += [quote for quote in top if is_said(quote.text, rest)]
    return _Known(title=title, body=body, rest=rest, speaker=speaker, alone=alone, headlines=tuple(headlines))


def _lines(entry: Entry, found: _Known, language: str) -> list[Line]:
    if entry.kind not in SPOKEN or not found.alone or found.body != entry.body:
        return []
    return quotable_lines(
        found.rest,
        speaker=found.alone,
        language=language or entry.language,
        topic=f"{found.title.text} {plain(entry.lead)}",
        headlines=[quote.text for quote in found.headlines],
        exchanges=entry.exchanges,
    )


def _placed(quote: Quote, body: str, rest: str) -> Quote:
    """The quote with its place in `body`: rather where it was said than on top, where it is quoted."""
    places = find_verbatim(quote.text, rest) if len(rest) == len(body) else []
    places = places or find_verbatim(quote.text, body)
    return replace(quote, start=places[0].start, end=places[0].end) if places else quote


def plain(text: str) -> str:
    """`text` without control characters, direction overrides and non-characters; lines are kept."""
    return _UNSAFE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _top_quotes(body: str) -> tuple[list[Quote], str]:
    """The lines `Name: “…”` that some bodies open with, and the body with blanks in their place."""
    quotes: list[Quote] = []
    kept: list[str] = []
    for number, line in enumerate(body.split("\n")):
        match = _TOP_QUOTE.match(line.strip()) if number < _TOP_LINES else None
        if match:
            quotes.append(Quote(text=match["words"], speaker=match["who"].strip()))
        kept.append(" " * len(line) if match else line)
    return quotes, "\n".join(kept)


def _distinct(quotes: list[Quote]) -> tuple[Quote, ...]:
    """Each line once, on one line, without marks around it; none without a speaker."""
    found: dict[str, Quote] = {}
    for quote in quotes:
        words = " ".join(quote.text.split()).strip('“”„«»" \u00a0')
        if words and quote.speaker:
            found.setdefault(words.rstrip(".").casefold(), Quote(text=words, speaker=quote.speaker))
    return tuple(found.values())
