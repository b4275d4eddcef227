"""Feeds: RSS 0.9x to 2.0, RDF and Atom through feedparser, JSON Feed by ourselves.

feedparser gets clean bytes only: decoded, mended and searched for entity bombs here, because it guesses encodings
from labels, corrupts a bare ampersand (`AT&T rocks` becomes `AT&T; rocks`) and does not guard against bombs.
"""

import html
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html.entities import html5
from typing import Any

from publisher.enums import Severity, SourceStatus
from publisher.errors import FetchError
from publisher.types import Entry, Image, Issue
from publisher.watch import jsonfeed
from publisher.watch.blocked import TINY, is_challenge, is_page
from publisher.watch.dates import parse_date, settle, zone_of
from publisher.watch.decode import decode
from publisher.watch.entries import Feed, Shown, tell_apart, to_entry
from publisher.watch.languages import language_of_url, language_tag
from publisher.watch.nesting import is_too_deep
from publisher.watch.prose import NOTHING, is_picture, read_html, title_of
from publisher.watch.urls import absolute

__all__ = ["Feed", "parse"]

MOST_ENTITIES = 20
"""Entity declarations in a DOCTYPE; no honest feed has more."""
LONGEST_ENTITY = 100
"""Characters in the value of one."""
MOST_REFERENCES = 10_000
"""References to them; with the two limits above no document can grow by more than a megabyte."""
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_ENTITY_VALUE = re.compile(r"""<!ENTITY\s+(\w+)\s+("[^"]*"|'[^']*')\s*>""", re.IGNORECASE)
_NESTED_ENTITY = re.compile(r"<!ENTITY[^>]*?[&%](?!(?:amp|lt|gt|quot|apos|#\w+);)\w+;", re.IGNORECASE)
_REPAIR = re.compile(
    r"<!\[CDATA\[(?:.*?\]\]>|.*\Z)|<!--(?:.*?-->|.*\Z)"
    r"|&(?:#(?P<number>\d{1,7}|[xX][0-9a-fA-F]{1,6});|(?P<name>[A-Za-z_][A-Za-z0-9_]{0,31});)?",
    re.DOTALL,
)
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_END = re.compile(r"</(?:\w+:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
_BARE_ENTITY = re.compile(r"&\w{1,32};")


def parse(body: bytes, content_type: str = "", url: str = "") -> Feed:
    """The feed in `body`; `content_type` is the server's header, `url` where it was read.

    Raises FetchError: BLOCKED for an answer that is no feed, MALFORMED for a broken or dangerous one, GONE for a feed
    that says it has ended. A sound feed without entries is a Feed without entries.
    """
    text = _CONTROLS.sub("", decode(body, content_type)).lstrip("\ufeff \t\r\n")
    if not text:
        raise FetchError("source.empty", status=SourceStatus.BLOCKED)
    try:
        if text.startswith(("{", "[")):
            title, language, shown = jsonfeed.read(text, url)
        else:
            title, language, shown = _read_xml(text, url)
        return _finish(title, language, shown, url)
    except (FetchError, MemoryError):
        raise
    except Exception as error:  # our own fault: this source says so, and the others go on
        raise FetchError("source.failed", _diagnostic(text, error), status=SourceStatus.ERROR) from error


def _finish(title: str, language: str, shown: Sequence[Shown], url: str) -> Feed:
    moments = [moment for item in shown if (moment := item.published or item.updated)]
    only_placeholders = all(moment.is_placeholder for moment in moments)
    entries = []
    issues = []
    for item in shown:
        zone = zone_of(item.link or url)
        settled = replace(
            item,
            published=settle(item.published, zone, only_placeholders=only_placeholders),
            updated=settle(item.updated, zone, only_placeholders=only_placeholders),
        )
        entry = to_entry(settled, url)
        if entry.guid.endswith("/feed-ended"):
            raise FetchError("source.ended", status=SourceStatus.GONE)
        if _BARE_ENTITY.fullmatch(entry.title):
            raise _dangerous(f"title {entry.title}")
        if not (entry.title or entry.lead or entry.body):
            issues.append(Issue(field="title", key="entry.empty", severity=Severity.WARNING))
            continue
        issues.extend(_look_at(entry))
        entries.append(entry)
    return Feed(title_of(title), language_tag(language), tell_apart(entries), tuple(issues))


def _look_at(entry: Entry) -> Iterator[Issue]:
    named = language_of_url(entry.url)
    if named and entry.language and named != entry.language.split("-")[0]:
        params = {"title": entry.title, "said": entry.language, "seen": named}
        yield Issue(field="language", key="entry.language_differs", params=params, severity=Severity.WARNING)
    if not entry.url:
        yield Issue(field="url", key="entry.no_address", params={"title": entry.title}, severity=Severity.WARNING)


# --- XML --------------------------------------------------------------------------------------------------------------


def _read_xml(text: str, url: str) -> tuple[str, str, list[Shown]]:
    import feedparser  # slow import

    clean = mend(text)
    try:
        parsed = feedparser.parse(
            io.BytesIO(clean.encode()),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except MemoryError:
        raise
    except Exception as error:  # feedparser fails in many ways on hostile bytes
        raise FetchError("source.malformed", _diagnostic(text, error), status=SourceStatus.MALFORMED) from error
    if not parsed.entries and not parsed.get("version"):
        raise _no_feed(text)
    if parsed.bozo and not _END.search(clean, max(0, len(clean) - 5000)):
        # The document breaks off: its last entry may be half of one.
        raise FetchError("source.malformed", _diagnostic(text, parsed.bozo_exception), status=SourceStatus.MALFORMED)
    language = parsed.feed.get("language", "")
    base = url or parsed.feed.get("link", "")
    return parsed.feed.get("title", ""), language, [_shown(item, language, base) for item in parsed.entries]


def mend(text: str) -> str:
    """The XML with its ampersands in order, without declaration and DOCTYPE. Raises FetchError for an entity bomb
    or elements nested without end.

    A bare `&` becomes `&amp;`, HTML's named entities and the document's own become what they stand for, references to
    forbidden characters go; CDATA sections and comments stay as they are.
    """
    own = _own_entities(text)
    references = 0

    def mended(found: re.Match[str]) -> str:
        nonlocal references
        if found["number"]:
            return found[0] if _is_allowed(found["number"]) else ""
        name = found["name"]
        if not name or name in _OF_XML:
            return found[0] if found[0] != "&" else "&amp;"
        if name in own:
            references += 1
            return own[name] if references <= MOST_REFERENCES else ""
        character = html5.get(f"{name};")
        return html.escape(character) if character else f"&amp;{name};"

    without_head = _DOCTYPE.sub("", _DECLARATION.sub("", text), count=1)
    clean = _REPAIR.sub(mended, without_head)
    if references > MOST_REFERENCES:
        raise _dangerous(f"{references} references to entities")
    if is_too_deep(clean):
        raise _dangerous("elements nested too deep")
    return clean


def _own_entities(text: str) -> dict[str, str]:
    """What the document's DOCTYPE declares. Raises FetchError where that is more than an honest feed has."""
    declared = len(_ENTITY.findall(text))
    if declared > MOST_ENTITIES or (declared and _NESTED_ENTITY.search(text)):
        raise _dangerous(f"{declared} entities declared")
    own = {found[1]: found[2][1:-1] for found in _ENTITY_VALUE.finditer(text)} if declared else {}
    if any(len(value) > LONGEST_ENTITY for value in own.values()):
        raise _dangerous("an entity with a long value")
    return own


def _is_allowed(number: str) -> bool:
    """Whether the character with this number (`38`, `x26`) may stand in XML 1.0."""
    code = int(number[1:], 16) if number[0] in "xX" else int(number)
    return code in {9, 10, 13} or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code <= 0x10FFFF


def _dangerous(diagnostic: str) -> FetchError:
    return FetchError("source.dangerous", diagnostic, status=SourceStatus.MALFORMED)


def _no_feed(text: str) -> FetchError:
    if is_challenge(text):
        return FetchError("source.blocked", _diagnostic(text), status=SourceStatus.BLOCKED)
    if is_page(text) or text.startswith("<") or len(text) < TINY:
        return FetchError("source.no_feed", _diagnostic(text), status=SourceStatus.BLOCKED)
    return FetchError("source.malformed", _diagnostic(text), status=SourceStatus.MALFORMED)


def _diagnostic(text: str, error: object = "") -> str:
    return f"{type(error).__name__}: {error}; begins {text[:80]!r}" if error else f"begins {text[:80]!r}"


def _shown(item: Any, feed_language: str, base: str) -> Shown:
    """A feedparser entry as Shown."""
    # Not item.link: feedparser also calls a guid that is no address so.
    pages = [each.get("href", "") for each in item.get("links", ()) if each.get("rel", "alternate") == "alternate"]
    link = pages[0] if pages else ""
    guid = item.get("id", "").strip()
    summary, content = _texts(item)
    here = link or guid or base
    zone = zone_of(here)
    videos = [each.get("href", "") for each in item.get("enclosures", ()) if each.get("type", "").startswith("video/")]
    return Shown(
        title=item.get("title", ""),
        link=link,
        guid=guid,
        summary=read_html(summary, here),
        content=read_html(content, here) if content else NOTHING,
        published=parse_date(item["published"], zone) if "published" in item else None,
        updated=parse_date(item["updated"], zone) if "updated" in item else None,
        languages=[item.get("language", ""), item.get("title_detail", {}).get("language") or "", feed_language],
        categories=[tag.get("term") or tag.get("label") or "" for tag in item.get("tags", ())],
        byline=item.get("author", ""),
        pictures=list(_pictures(item, here)),
        video=videos[0] if videos else "",
    )


def _texts(item: Any) -> tuple[str, str]:
    """Summary and content as HTML. feedparser copies a lone content to the summary, and calls a description that
    follows a content another content: so the longest content is the content, and what is left the summary.
    """
    summary = item.get("summary", "")
    contents = [each.get("value", "") for each in item.get("content", ())]
    if not contents:
        return summary, ""
    content = max(contents, key=len)
    others = [text for text in [*contents, summary] if text != content]
    return (others[0] if others else ""), content


def _pictures(item: Any, base: str) -> Iterator[Image]:
    """Pictures that the feed attaches, best first: enclosures, media:content, thumbnails."""
    attached = [
        *((each.get("href", ""), each.get("type", "")) for each in item.get("enclosures", ())),
        *(
            (each.get("url", ""), each.get("type", "") or ("image/*" if each.get("medium") == "image" else ""))
            for each in item.get("media_content", ())
        ),
        *((each.get("url", ""), "image/*") for each in item.get("media_thumbnail", ())),
    ]
    for address, kind in attached:
        url = absolute(address, base)
        named = re.search(r"\.(?:jpe?g|png|gif|webp)(?:\?|$)", url, re.IGNORECASE) is not None
        if (kind.startswith("image/") or (named and not kind)) and is_picture(url):
            yield Image(url=url, type="" if kind == "image/*" else kind)
