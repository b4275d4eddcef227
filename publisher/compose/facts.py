"""What a post template may speak of: the facts of a document, cleaned for use in a sentence."""

from dataclasses import dataclass

import regex

from publisher.compose.leads import find_lead
from publisher.compose.titles import join_names, read_title
from publisher.enums import DocumentKind
from publisher.text.quotations import is_said
from publisher.text.sentences import split_sentences
from publisher.text.strongest import is_own_words, strongest_lines, surname
from publisher.types import Entry, Quote

# Documents whose body is the speaker's own words.
_SPOKEN = (DocumentKind.SPEECH, DocumentKind.REMARKS, DocumentKind.STATEMENT)

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
    quotes: tuple[Quote, ...]
    """Lines that may be put in quotation marks, strongest first; each with who said it."""


def gather(entry: Entry, language: str = "") -> Facts:
    """The facts of `entry` as templates use them. `language` is the one the text is in."""
    title = read_title(plain(entry.title), language)
    lead, body = plain(entry.lead), plain(entry.body)
    spoken = entry.kind in _SPOKEN
    top, rest = _top_quotes(body)
    names = tuple(plain(name) for name in entry.speakers)
    several = title.several or (len(names) > 1 and not title.speaker)
    speaker = title.speaker if title.speaker and len(names) != 1 else join_names(names, language)
    if not speaker and spoken and top and is_said(top[0].text, rest):
        speaker = top[0].speaker
    alone = "" if several else speaker
    given = [Quote(text=plain(quote.text), speaker=plain(quote.speaker) or alone) for quote in entry.quotes]
    quotes = [quote for quote in given if not rest or is_said(quote.text, rest)]
    quotes += [quote for quote in top if is_said(quote.text, rest)]
    if spoken and alone:
        topic = f"{title.text} {lead}"
        lines = strongest_lines(rest, speaker=alone, language=language, topic=topic)
        quotes += [Quote(text=line, speaker=alone) for line in lines]
    # Words in the first person need their marks, and a lone sentence is a caption rather than a text.
    first_person, short = is_own_words(rest, language), len(split_sentences(rest)) < 2
    return Facts(
        title=title.text,
        speaker=speaker,
        byline="" if several else title.byline,
        lead=find_lead(title.text, lead, "" if first_person or short else rest, language),
        body=body,
        link=entry.url,
        quotes=_distinct(quotes),
    )


def same_person(one: str, other: str) -> bool:
    """Whether two ways to name somebody mean one person: "Kaja Kallas", "High Representative Kaja Kallas"."""
    return one == other or (bool(surname(one)) and surname(one) == surname(other))


def plain(text: str) -> str:
    """`text` without control characters, direction overrides and non-characters; lines are kept."""
    return _UNSAFE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _top_quotes(body: str) -> tuple[list[Quote], str]:
    """The lines `Name: “…”` that some bodies open with, and the body without them."""
    quotes: list[Quote] = []
    kept: list[str] = []
    for number, line in enumerate(body.split("\n")):
        match = _TOP_QUOTE.match(line.strip()) if number < _TOP_LINES else None
        if match:
            quotes.append(Quote(text=match["words"], speaker=match["who"].strip()))
        else:
            kept.append(line)
    return quotes, "\n".join(kept).strip()


def _distinct(quotes: list[Quote]) -> tuple[Quote, ...]:
    """Each line once, on one line and without marks around it; none without a speaker."""
    found: dict[str, Quote] = {}
    for quote in quotes:
        words = " ".join(quote.text.split()).strip('“”„«»" \u00a0')
        if words and quote.speaker:
            found.setdefault(words, Quote(text=words, speaker=quote.speaker))
    return tuple(found.values())
