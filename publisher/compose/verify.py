"""A text held against its document: are quoted words the speaker's, are numbers, dates and names the document's?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import regex

from publisher.enums import DocumentKind, Severity
from publisher.text.claims import Claim, unsupported
from publisher.text.credits import all_credited, credited
from publisher.text.quotations import find_quotations, find_quoted
from publisher.text.verbatim import Match, find_verbatim
from publisher.text.voice import Role, Turn, find_turns, is_own_words, surname
from publisher.types import Entry, Exchange, Issue

# Documents whose body is the speaker's own words.
SPOKEN = (DocumentKind.SPEECH, DocumentKind.REMARKS, DocumentKind.STATEMENT)

STATEMENT = 5
"""Words of a quotation from which on it matters who says them; shorter ones are terms and titles."""

_NEAR = 80
"""Code points in front of a quotation in which its speaker is named."""
MOST_PLACES = 20
"""Places of the same words that are asked who says them there."""

ASKED = "a question"
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A quotation in a draft, and where its words come from."""

    part: int
    start: int
    end: int
    """Code points of the part's text, marks included."""
    words: str
    source: str = ""
    """body, title, lead or data; blank where the words stand nowhere."""
    spans: tuple[tuple[int, int], ...] = ()
    """Where they stand in the body, in code points; several with ellipses. Empty unless `source` is body."""
    asked: bool = False
    """They are words of somebody who asks a question."""
    told: bool = False
    """A report says them itself, and the draft puts them into a person's mouth."""
    said_by: str = ""
    """Who says them, when that is not whom the draft names."""


def check_words(entry: Entry, texts: Sequence[str], *, language: str = "", known: Iterable[str] = ()) -> list[Issue]:
    """What stands against the words of a post's parts: quotations (errors), numbers, dates and names (warnings).

    `known` are words besides the document's that need no proof: names of the source and of the account.
    Each issue's params say where it is: `start` and `end` in code points of its part.
    """
    quotations = find_sources(entry, texts)
    issues = [issue for quotation in quotations if (issue := _issue(quotation, texts))]
    for number, text in enumerate(texts):
        aside = [(one.start, one.end) for one in quotations if one.part == number]
        claims = find_claims(entry, text, language=language, known=known, aside=aside)
        issues += [_doubt(claim, _field(number, texts)) for claim in claims]
    return issues


def find_sources(entry: Entry, texts: Sequence[str]) -> list[Quoted]:
    """Each quotation in the parts of a post, with the place in the document where its words stand."""
    found = []
    said_outside = _outside(texts)
    for part, start, end in find_quoted(texts):
        words = texts[part][start:end]
        if _WORD.search(words):
            quotation = Quoted(part=part, start=start, end=end, words=words)
            found.append(_trace(entry, quotation, said_outside, before=texts[part][:start]))
    return found


def find_claims(entry: Entry, text: str, *, language: str = "", known: Iterable[str] = (),
                aside: Iterable[tuple[int, int]] = ()) -> list[Claim]:  # fmt: skip
    """Numbers, dates and names of `text` that neither the document nor what is known about it has."""
    data = [*entry.speakers, *entry.topics, entry.place, entry.reference, *known]
    data += [said for quote in entry.quotes for said in (quote.text, quote.speaker)]
    days = [
        (moment.year, moment.month, moment.day)
        for moment in (entry.published_at, entry.starts_at, entry.ends_at, entry.embargo_until)
        if moment
    ]
    sources = [entry.body, entry.title, entry.lead, "\n".join(data)]
    return unsupported(text, sources, language=language or entry.language, dates=days, aside=aside)


def turns_of(entry: Entry) -> list[Turn]:
    """Who says each paragraph of the document; empty when it is not somebody speaking."""
    return list(_turns(entry.body, entry.kind, entry.language, entry.speakers, entry.exchanges))


@lru_cache(maxsize=256)
def _turns(
    body: str, kind: DocumentKind, language: str, speakers: tuple[str, ...], exchanges: tuple[Exchange, ...]
) -> tuple[Turn, ...]:
    if not exchanges and (kind not in SPOKEN or not is_own_words(body, language)):
        return ()
    return tuple(find_turns(body, speaker=speakers[0] if speakers else "", exchanges=exchanges))


def _trace(entry: Entry, quotation: Quoted, outside: str, *, before: str) -> Quoted:
    matches = find_verbatim(quotation.words, entry.body)
    if not matches:
        return replace(quotation, source=_elsewhere(entry, quotation.words))
    best = matches[0]
    if len(_WORD.findall(quotation.words)) >= STATEMENT:
        judged = [(match, _misgiven(entry, match, outside)) for match in matches[:MOST_PLACES]]
        best, wrong = next(((match, wrong) for match, wrong in judged if not wrong), judged[0])
        if wrong:
            return replace(quotation, source="body", spans=best.spans, asked=wrong == ASKED, said_by=wrong)
        if all(_is_told(entry, match, before) for match, _ in judged):
            return replace(quotation, source="body", spans=best.spans, told=True)
        own = [turn for turn in turns_of(entry) if turn.role is Role.SPEAKER]
        best = next((m for m, bad in judged if not bad and any(t.start <= m.start < t.end for t in own)), best)
    return replace(quotation, source="body", spans=best.spans)


def _misgiven(entry: Entry, match: Match, outside: str) -> str:
    """Whose words they are, when the draft says that they are somebody else's; ASKED for a question; else blank."""
    named = [name for name in _people(entry) if _is_in(name, outside)]
    turn = next((turn for turn in turns_of(entry) if turn.start <= match.start < turn.end), None)
    if turn is not None and turn.role is Role.QUESTION:
        return ASKED
    if turn is not None and turn.role is Role.OTHER and named and not _is_in(turn.who, outside):
        return turn.who
    if turn is None and named:
        said_by = credited(entry.body, match.start, match.end)
        if said_by and not any(_is_in(name, outside) for name in said_by):
            return said_by[0]
    return ""


def _is_in(name: str, text: str) -> bool:
    """Whether `text` names the person."""
    last = surname(name)
    return bool(last) and regex.search(rf"\b{regex.escape(last)}\b", text) is not None


def _is_told(entry: Entry, match: Match, before: str) -> bool:
    """Whether the draft puts into a person's mouth ("Name: “…”", `before` is what stands in front) what a report says
    itself, outside any quotation of its own."""
    if turns_of(entry) or not before.rstrip().endswith(":"):
        return False
    if not any(_is_in(name, before[-_NEAR:]) for name in _people(entry)):
        return False
    spans = find_quotations(entry.body, unclosed=True)
    inside = any(left <= match.start and match.end <= right for left, right in spans)
    return not inside and not credited(entry.body, match.start, match.end)


def _people(entry: Entry) -> list[str]:
    return list(
        dict.fromkeys(
            [*entry.speakers, *(quote.speaker for quote in entry.quotes if quote.speaker), *all_credited(entry.body)]
        )
    )


def _elsewhere(entry: Entry, words: str) -> str:
    """Which other part of the document has the words."""
    if find_verbatim(words, entry.title):
        return "title"
    if find_verbatim(words, entry.lead):
        return "lead"
    data = [*entry.speakers, *entry.topics, entry.place, *(quote.text for quote in entry.quotes)]
    return "data" if any(find_verbatim(words, text) for text in data if text) else ""


def _outside(texts: Sequence[str]) -> str:
    """The words of a post that do not stand in quotation marks: who it says is speaking."""
    kept = list(texts)
    for part, start, end in reversed(find_quoted(texts)):
        kept[part] = f"{kept[part][:start]} {kept[part][end:]}"
    return "\n".join(kept)


def _issue(quotation: Quoted, texts: Sequence[str]) -> Issue | None:
    params: dict[str, object] = {"words": quotation.words, "start": quotation.start, "end": quotation.end}
    field = _field(quotation.part, texts)
    if not quotation.source:
        return Issue(field=field, key="quote.not_in_source", params=params)
    if quotation.asked:
        return Issue(field=field, key="quote.question", params=params)
    if quotation.told:
        return Issue(field=field, key="quote.not_speech", params=params, severity=Severity.WARNING)
    if quotation.said_by:
        return Issue(field=field, key="quote.other_speaker", params={**params, "who": quotation.said_by})
    return None


def _doubt(claim: Claim, field: str) -> Issue:
    params = {"words": claim.text, "start": claim.start, "end": claim.end}
    return Issue(field=field, key=f"claim.{claim.kind}", params=params, severity=Severity.WARNING)


def _field(part: int, texts: Sequence[str]) -> str:
    return f"parts.{part}.text" if len(texts) > 1 else "text"
