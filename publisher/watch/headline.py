"""What stands before a transcript: a quotation as its headline, and the line of occasion, place and day. Pure."""

import re
from dataclasses import dataclass, replace
from functools import cache

from publisher.types import Quote
from publisher.watch.data import table
from publisher.watch.dates import Moment, parse_date
from publisher.watch.speakers import speakers_of

_PULLED = re.compile(r"^(?P<who>[^:“\"«„]{3,80}?)\s?:\s*[“\"«„](?P<words>[^“\"«„”»]+)[”\"»“]\s*[.!?]?$")
_DAY = r"(?P<day>\d{1,2}(?:\.|st|nd|rd|th)? [^\W\d_]+ \d{4}|\d{1,2}[./]\d{1,2}[./]\d{4})"
_WORD = r"[A-ZÀ-Ž][\w’']+"  # without the hyphen, which stands between words: each place is read in one way only
_NAME = rf"(?P<place>{_WORD}(?:[ -](?:{_WORD}|am|de|la|of|the))*(?:, {_WORD}(?: {_WORD})*)?)"
_DATELINE = re.compile(rf"^{_NAME},\s+(?:le |den |on )?{_DAY}$")


_BARE_DAY = re.compile(rf"^{_DAY}$")
_LONGEST_LINE = 600
"""Characters; longer, and it is part of the text."""
_FIRST_LINES = 5
"""How far down the lines above the text may stand."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when something was said."""

    place: str = ""
    moment: Moment | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """What stands before the words that were said, taken off the body."""

    body: str
    quote: Quote | None = None
    lead: str = ""
    """The line that says who said the words below, where and when."""
    place: str = ""
    moment: Moment | None = None
    speakers: tuple[str, ...] = ()


def take_opening(title: str, body: str, zone: str = "UTC") -> Opening:
    """The quotation in headline or first lines, the dek and the dateline, and the body without them."""
    rest = body.split("\n\n")
    headline, lead, setting = title, "", Setting()
    for text in rest[:_FIRST_LINES]:
        if is_dek(text) and not lead:
            lead, setting = text, setting_of(text, zone)
        elif is_dateline(text) and not setting.moment:
            setting = setting_of(text, zone)
        elif pulled_quote(text, "\n\n".join(each for each in rest if each != text)):
            headline = text
        elif not _BARE_DAY.match(text):
            continue
        rest.remove(text)
    words = "\n\n".join(rest)
    quote = pulled_quote(headline, words)
    speakers = ((quote.speaker,) if quote and quote.speaker else ()) or _introduced(words.partition("\n\n")[0])
    return Opening(words, quote, lead, setting.place, setting.moment, speakers)


def _introduced(line: str) -> tuple[str, ...]:
    """Who speaks, by `Following is UN Secretary-General António Guterres’ message on …`."""
    found = re.match(table("headline")["introduced"], line)
    return speakers_of(f"Message by {found['who']}") if found else ()


def pulled_quote(headline: str, body: str) -> Quote | None:
    """The quotation in a headline like `Kaja Kallas: “…”`, as it stands in `body`; None where it does not.

    Headlines change the first letter and leave words out in front ("So, the only way" becomes "The only way"), so it is
    found by its words alone.
    """
    found = _PULLED.match(headline)
    quote = placed(found["words"].strip(), body) if found else None
    if quote is None or quote.start < 0:
        return None
    named = speakers_of(headline)
    return replace(quote, speaker=named[0] if len(named) == 1 else "")


def placed(words: str, body: str, speaker: str = "") -> Quote:
    """`words` as a Quote: in the body's own spelling and with their place there; as given where they are not there."""
    pattern = r"\W+".join(re.escape(word) for word in re.findall(r"\w+", words))
    found = re.search(rf"(?<!\w){pattern}(?!\w)", body, re.IGNORECASE) if pattern else None
    if found is None:
        return Quote(text=words, speaker=speaker)
    end = found.end() + (1 if words[-1:] in ".!?…" and body[found.end() : found.end() + 1] == words[-1:] else 0)
    return Quote(text=body[found.start() : end], speaker=speaker, start=found.start(), end=end)


def setting_of(text: str, zone: str = "UTC") -> Setting:
    """What a line tells of place and day: `Luxembourg, 20/10/2025`, `… in Luxembourg on 14 April 2025.`"""
    if len(text) > _LONGEST_LINE:
        return Setting()
    found = _DATELINE.match(text.strip())
    for pattern in _deks():
        found = found or pattern.search(text)
    moment = parse_date(found["day"], zone) if found else None
    return Setting(found["place"], moment) if found and moment else Setting()


def is_dateline(text: str) -> bool:
    return len(text) < _LONGEST_LINE and _DATELINE.match(text.strip()) is not None


def is_dek(text: str) -> bool:
    """Whether a paragraph says of the words below who said them, and on which occasion."""
    return len(text) < _LONGEST_LINE and re.search(table("headline")["dek"], text, re.IGNORECASE) is not None


@cache
def _deks() -> tuple[re.Pattern[str], ...]:
    """`in`, the place, `on`, the day, in the languages we read."""
    return tuple(
        re.compile(rf"\b(?:{before})\s+{_NAME},?\s+(?:{on}){_DAY}") for before, on in table("headline")["in_on"]
    )
