"""From what a source shows to an Entry: the one place where kind, identity, language and speakers are settled. Pure."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from publisher.enums import DocumentKind, Precision
from publisher.types import Alternate, Entry, Image, Issue
from publisher.watch.dates import UNKNOWN, Moment, zone_of
from publisher.watch.exchanges import exchanges_of
from publisher.watch.headline import take_opening
from publisher.watch.kinds import kind_of, reference_of, topics_of
from publisher.watch.languages import language_of_url, language_tag
from publisher.watch.prose import NOTHING, Prose, clean, title_of
from publisher.watch.speakers import speaker_of_byline, speakers_of
from publisher.watch.urls import absolute, canonical, is_web

_SPOKEN = frozenset({DocumentKind.SPEECH, DocumentKind.REMARKS, DocumentKind.STATEMENT})


@dataclass(frozen=True, slots=True)
class Feed:
    """What one feed, or one answer of an institution's API, holds: entries in document order."""

    title: str
    language: str
    entries: tuple[Entry, ...]
    issues: tuple[Issue, ...] = ()
    """What a person should look at; `field` is the field of an entry that it concerns, or feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One document as a feed shows it, before any of it is interpreted."""

    title: str = ""
    link: str = ""
    guid: str = ""
    summary: Prose = NOTHING
    content: Prose = NOTHING
    published: Moment | None = None
    updated: Moment | None = None
    languages: Sequence[str] = ()
    """What its item, then its feed says; the first that is a language tag counts."""
    categories: Sequence[str] = ()
    byline: str = ""
    pictures: Sequence[Image] = ()
    """Enclosures and the like, best first."""
    video: str = ""
    speakers: Sequence[str] = ()
    """People whom the source names as those who speak; by the title where it names nobody."""
    place: str = ""
    alternates: Sequence[Alternate] = ()
    topics: Sequence[str] = ()
    """Where they are not among the categories."""
    reading_minutes: int = 0
    withdrawn: bool = False
    recipe: str = ""


def to_entry(shown: Shown, feed_url: str) -> Entry:
    """The document as an Entry. `feed_url` is where it was read; relative links resolve against it."""
    guid = " ".join(shown.guid.split())
    url = _address(shown.link, guid, feed_url)
    raw_title = title_of(shown.title)
    title = clean("title", raw_title, url or feed_url)
    lead = clean("lead", shown.summary.text, url or feed_url)
    body = clean("body", shown.content.text, url or feed_url)
    body = body.removeprefix(f"{title}\n\n")
    if lead in {body, title}:
        lead = ""
    kind = kind_of(url, raw_title, shown.categories)
    speakers = tuple(shown.speakers) or _speakers(title, kind, shown.byline, lead + body)
    zone = zone_of(url or feed_url)
    opening = take_opening(title, body, zone)
    speakers = speakers or opening.speakers
    lead = lead or opening.lead
    if kind is DocumentKind.OTHER and opening.lead and opening.quote:
        kind = DocumentKind.REMARKS
    when = shown.published or shown.updated or opening.moment
    language = next(filter(None, map(language_tag, shown.languages)), "") or language_of_url(url)
    return Entry(
        url=url,
        title=title or _first_line(lead or body),
        guid=guid,
        reference=reference_of(url, guid),
        kind=kind,
        lead=lead,
        language=language,
        published_at=when.utc if when else None,
        precision=when.precision if when else Precision.INSTANT,
        floating=when.floating if when else False,
        updated_at=shown.updated.utc if shown.updated else None,
        speakers=speakers,
        quotes=(opening.quote,) if opening.quote else (),
        image=_image(shown, url or feed_url),
        video=shown.video or shown.content.video or shown.summary.video,
        body=opening.body,
        source=feed_url,
        exchanges=exchanges_of(
            opening.body,
            speakers,
            shown.content.strong,
            asked_by_itself=kind is DocumentKind.QUESTIONS_AND_ANSWERS,
        ),
        place=shown.place or opening.place,
        zone="" if zone == UNKNOWN else zone,
        alternates=tuple(each for each in shown.alternates if each.language != language and each.url != url),
        topics=tuple(dict.fromkeys(filter(None, map(title_of, shown.topics or topics_of(shown.categories))))),
        reading_minutes=shown.reading_minutes,
        withdrawn=shown.withdrawn,
        recipe=shown.recipe,
    )


def _address(link: str, guid: str, feed_url: str) -> str:
    """The document's own address: its link, else a guid that is one."""
    return canonical(link, feed_url) or (canonical(guid) if is_web(guid) else "")


def _speakers(title: str, kind: DocumentKind, byline: str, text: str) -> tuple[str, ...]:
    named = speakers_of(title)
    if named or kind not in _SPOKEN or not byline:
        return named
    writer = speaker_of_byline(byline, f"{title}\n{text}")
    return (writer,) if writer else ()


def _image(shown: Shown, base: str) -> Image | None:
    """The first picture; an enclosure takes its description from the same picture in the text."""
    inside = [*shown.content.images, *shown.summary.images]
    described = {image.url: image.alt for image in inside if image.alt}
    for image in [*shown.pictures, *inside]:
        url = absolute(image.url, base)
        if url:
            return Image(url=url, alt=image.alt or described.get(url, ""), type=image.type, credit=image.credit)
    return None


def _first_line(text: str) -> str:
    """A title for what has none: its first sentence."""
    line = text.partition("\n")[0]
    return re.split(r"(?<=[.!?…])\s", line)[0][:200]


def tell_apart(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Entries with identities of their own.

    What is shown twice over is kept once. A guid used twice stays with the first; the others add their address to it.
    What has neither guid nor address is known by its text.
    """
    kept: list[Entry] = []
    guids: set[str] = set()
    seen: set[tuple[str, str, str]] = set()
    for entry in entries:
        if not entry.id:
            text = f"{entry.title}\n{entry.lead}\n{entry.body}"
            entry = replace(entry, guid=f"sha256:{hashlib.sha256(text.encode()).hexdigest()}")  # noqa: PLW2901 (the same entry, named)
        key = (entry.guid, entry.url, "" if entry.guid or entry.url else entry.title)
        if key in seen:
            continue
        seen.add(key)
        if entry.guid and entry.guid in guids:
            entry = replace(entry, guid=f"{entry.guid} {entry.url}")  # noqa: PLW2901 (the same entry, named)
        guids.add(entry.guid)
        kept.append(entry)
    return tuple(kept)
