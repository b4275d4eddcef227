"""Text as people copy it off a page, without markup: a transcript, or the teasers of an institution's page. Pure.

In a copied page the elements run together: `Readiness 2030` and `9 min read` become `Readiness 20309 min read`, a
calendar's leaf becomes `07May2025`. What can be told apart is told apart by stated rules; the rest is left.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from publisher.enums import DocumentKind, Precision, SourceStatus
from publisher.errors import FetchError
from publisher.text.languages import LANGUAGES
from publisher.types import Entry, digest
from publisher.watch.data import table
from publisher.watch.dates import Moment, parse_date
from publisher.watch.decode import decode
from publisher.watch.entries import Feed, Shown, tell_apart, to_entry
from publisher.watch.prose import Prose, find_video, tidy_text

_DAY = r"\d{1,2} [^\W\d_]{3,12} \d{4}"
_TEASER = (
    rf"(?P<kind>KINDS)\s?(?P<day>{_DAY})\s?(?P<title>(?:(?!(?:KINDS)\s?{_DAY}).){{8,400}}?)"
    r"(?P<digits>\d{1,7})\s?min(?:utes?)? read"
)
"""A document in a list: its kind, its day, its title and how long it takes to read."""
_LEAF = re.compile(r"(?<!\d)(?P<day>\d\d)(?P<month>[A-Z][a-zé]{2,8})(?P<year>20\d\d)(?=[^\W\d_])")
"""The leaf of a calendar, with the title of an event behind it."""
_PLACE = re.compile(r"\s(?P<place>(?:(?:{first}) )?[A-ZÀ-Ž][\w’'-]+, [A-ZÀ-Ž][\w’'-]+(?: [A-ZÀ-Ž][\w’'-]+)*)$".format(
    first="New|San|Santa|Los|Saint|St|The|Tel|Addis|Buenos|Rio de|Cape|Kuala|Phnom|Abu|Hong|Den|Ho Chi"
))  # fmt: skip
"""The place at the end of an event's line: a town of one word (or one that begins like New York) and a country."""
_ENDS = re.compile(r"\s(?:See all|More events|View all|Show more)\b")
_ZONE = "Europe/Brussels"
"""Of the pages whose teasers look like this."""
_FEWEST = 2
"""Teasers and leaves that make a page of a text; a single one may be a sentence."""


def parse(body: bytes, content_type: str = "", source: str = "") -> Feed:
    """The documents in a text: those that its teasers name, or the text itself. Raises FetchError (MALFORMED)."""
    text = decode(body, content_type)
    if not text.strip():
        raise FetchError("source.empty", status=SourceStatus.BLOCKED)
    language = language_of_text(text)
    listed = [*_teasers(text, language, source), *_events(text, language, source)]
    if len(listed) >= _FEWEST:
        return Feed("", language, tell_apart(_named(listed)))
    lines = [" ".join(line.split()) for line in tidy_text(text).split("\n") if line.strip()]
    if len(lines) < 2:
        raise FetchError("source.no_document", f"begins {text[:80]!r}", status=SourceStatus.MALFORMED)
    words = "\n\n".join(lines[1:])
    shown = Shown(title=lines[0], content=Prose(words, (), find_video(words)), languages=[language])
    entry = to_entry(shown, source)
    return Feed(entry.title, language, tell_apart([entry]))


def language_of_text(text: str) -> str:
    """The language whose common words the text has most of, among those we have a list for; blank for few words."""
    words = re.findall(r"[^\W\d_]+", text[:20_000].casefold())
    counts = {name: sum(word in language.common for word in words) for name, language in LANGUAGES.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] * 10 >= len(words) > 20 else ""


def _teasers(text: str, language: str, source: str) -> Iterator[Entry]:
    kinds = "|".join(re.escape(kind) for kind in table("headline")["teasers"])
    for found in re.finditer(_TEASER.replace("KINDS", kinds), text):
        title, minutes = _untangled(found["title"], found["digits"])
        shown = Shown(
            title=title,
            published=parse_date(found["day"], _ZONE),
            languages=[language],
            categories=[found["kind"]],
            reading_minutes=minutes,
        )
        yield to_entry(shown, source)


def _untangled(title: str, digits: str) -> tuple[str, int]:
    """Title and minutes, where the digits of both run together.

    A year that can stand at the end of the title stays whole there (20309 is 2030 and 9). After a letter all digits
    are minutes (Gaza12 is 12), after a blank the last one only (version 112 is 11 and 2).
    """
    for length in (2, 1):
        if re.fullmatch(r"(?:19|20)\d\d", digits[:-length]) and digits[-length] != "0":
            return f"{title}{digits[:-length]}", int(digits[-length:])
    if len(digits) <= 2 and not title[-1:].isspace():
        return title, int(digits)
    return f"{title}{digits[:-1]}".rstrip(), int(digits[-1])


def _events(text: str, language: str, source: str) -> Iterator[Entry]:
    leaves = list(_LEAF.finditer(text))
    ends = [*(leaf.start() for leaf in leaves[1:]), len(text)]
    for leaf, end in zip(leaves, ends, strict=False):
        line = text[leaf.end() : end].partition("\n")[0][:500]
        line = " ".join(_ENDS.split(line)[0].split())
        moment = parse_date(f"{leaf['day']} {leaf['month']} {leaf['year']}", _ZONE)
        if not line or moment is None:
            continue
        place = _PLACE.search(line)
        yield _event(
            line[: place.start()] if place else line, place["place"] if place else "", moment, language, source
        )


def _event(title: str, place: str, moment: Moment, language: str, source: str) -> Entry:
    """As calendars have it: a day begins at midnight where the institution is."""
    return Entry(
        url="",
        title=title,
        kind=DocumentKind.EVENT,
        language=language,
        precision=Precision.DAY,
        place=place,
        zone=_ZONE,
        starts_at=datetime.combine(moment.at.date(), time(), ZoneInfo(_ZONE)).astimezone(UTC),
        source=source,
    )


def _named(entries: list[Entry]) -> list[Entry]:
    """With a guid of title and day: the page may hold its list twice over, and the same meeting every week."""
    return [
        replace(entry, guid=f"sha256:{digest([entry.title, str(entry.published_at or entry.starts_at)])}")
        for entry in entries
    ]
