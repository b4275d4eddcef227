"""Feeds: RSS 0.9x to 2.0, RDF and Atom through feedparser, JSON Feed and the plainest RSS by ourselves.

feedparser gets clean bytes only: decoded, mended and searched for entity bombs here, because it guesses encodings
from labels, corrupts a bare ampersand (`AT&T rocks` becomes `AT&T; rocks`) and does not guard against bombs.
"""

import hashlib
import io
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

from publisher.enums import Severity, SourceStatus
from publisher.errors import FetchError
from publisher.types import Entry, Image, Issue
from publisher.watch import jsonfeed, plainrss
from publisher.watch.blocked import TINY, is_challenge, is_page
from publisher.watch.dates import parse_date, settle, zone_of
from publisher.watch.decode import decode
from publisher.watch.entries import Feed, Shown, tell_apart, to_entry
from publisher.watch.languages import language_of_url, language_tag
from publisher.watch.mend import dangerous, mend
from publisher.watch.prose import NOTHING, is_picture, read_html, title_of
from publisher.watch.split import MARK, split
from publisher.watch.urls import absolute

__all__ = ["Feed", "parse", "parse_new"]

_CLOCK, _DAY = "t", "d"
"""In a fingerprint: whether the item shows a time of the day."""
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_END = re.compile(r"</(?:\w+:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
_BARE_ENTITY = re.compile(r"&\w{1,32};")


def parse(body: bytes, content_type: str = "", url: str = "") -> Feed:
    """The feed in `body`; `content_type` is the server's header, `url` where it was read.

    Raises FetchError: BLOCKED for an answer that is no feed, MALFORMED for a broken or dangerous one, GONE for a feed
    that says it has ended. A sound feed without entries is a Feed without entries.
    """
    return _parse(body, content_type, url, None)[0]


def parse_new(
    body: bytes, content_type: str = "", url: str = "", known: Collection[str] = ()
) -> tuple[Feed, tuple[str, ...]]:
    """The feed with those entries only whose items are not `known`, and the fingerprints of all its items.

    A fingerprint is what this function gave for an item before. The entries are those that `parse` gives, without the
    known ones. Where items cannot be told apart with certainty all entries are given; fingerprints are blank where
    there is nothing to tell them apart by. Raises FetchError as `parse` does.
    """
    return _parse(body, content_type, url, known)


def _parse(body: bytes, content_type: str, url: str, known: Collection[str] | None) -> tuple[Feed, tuple[str, ...]]:
    """With None for `known` no item is told from another."""
    text = _CONTROLS.sub("", decode(body, content_type)).lstrip("\ufeff \t\r\n")
    if not text:
        raise FetchError("source.empty", status=SourceStatus.BLOCKED)
    try:
        if text.startswith(("{", "[")):
            return _finish(*jsonfeed.read(text, url), url), ()
        clean = mend(text)
        found = None if known is None else _read_items(clean, text, url, known)
        return found or (_finish(*_read_xml(clean, text, url), url), ())
    except (FetchError, MemoryError):
        raise
    except Exception as error:  # our own fault: this source says so, and the others go on
        raise FetchError("source.failed", _diagnostic(text, error), status=SourceStatus.ERROR) from error


def _finish(title: str, language: str, shown: Sequence[Shown], url: str) -> Feed:
    return _feed(title, language, _settled(shown, url, clock=any(map(_shows_clock, shown))))


def _feed(title: str, language: str, settled: Sequence[Entry]) -> Feed:
    issues: list[Issue] = []
    entries = []
    for entry in settled:
        if _is_empty(entry):
            issues.append(Issue(field="title", key="entry.empty", severity=Severity.WARNING))
            continue
        issues.extend(look_at(entry))
        entries.append(entry)
    return Feed(title_of(title), language_tag(language), tell_apart(entries), tuple(issues))


def look_at(entry: Entry) -> Iterator[Issue]:
    """What a person should look at in an entry as its source shows it."""
    named = language_of_url(entry.url)
    if named and entry.language and named != entry.language.split("-")[0]:
        params = {"title": entry.title, "said": entry.language, "seen": named}
        yield Issue(field="language", key="entry.language_differs", params=params, severity=Severity.WARNING)
    if not entry.url:
        yield Issue(field="url", key="entry.no_address", params={"title": entry.title}, severity=Severity.WARNING)


def _settled(shown: Sequence[Shown], url: str, *, clock: bool) -> list[Entry]:
    """Each item as an entry. `clock`: the feed shows times of the day somewhere, so noon means noon."""
    entries = []
    for item in shown:
        zone = zone_of(item.link or url)
        settled = replace(
            item,
            published=settle(item.published, zone, only_placeholders=not clock),
            updated=settle(item.updated, zone, only_placeholders=not clock),
        )
        entry = to_entry(settled, url)
        if entry.guid.endswith("/feed-ended"):
            raise FetchError("source.ended", status=SourceStatus.GONE)
        if _BARE_ENTITY.fullmatch(entry.title):
            raise dangerous(f"title {entry.title}")
        entries.append(entry)
    return entries


def _shows_clock(item: Shown) -> bool:
    moment = item.published or item.updated
    return moment is not None and not moment.is_placeholder


def _is_empty(entry: Entry) -> bool:
    return not (entry.title or entry.lead or entry.body)


# --- items ------------------------------------------------------------------------------------------------------------


def _read_items(clean: str, text: str, url: str, known: Collection[str]) -> tuple[Feed, tuple[str, ...]] | None:
    """What `parse_new` gives, reading new items only; None where only the whole feed can be trusted."""
    pieces = split(clean, url)
    if pieces is None:
        return None
    prints = {each[:MARK]: each for each in known}
    seen = [prints[mark] for mark in pieces.marks if mark in prints]
    fresh = [mark for mark in pieces.marks if mark not in prints]
    plain = plainrss.read(pieces, fresh) if url else None
    if plain is not None:
        title, language, found = plain
        shown = [_shown(item, language, url) for item in found]
    else:
        title, language, shown = _read_xml(pieces.only(fresh) if seen else clean, text, url)
    if len(shown) != len(fresh):
        return None
    clock = any(map(_shows_clock, shown)) or any(each[MARK] == _CLOCK for each in seen)
    entries = _settled(shown, url, clock=clock)
    for mark, item, entry in zip(fresh, shown, entries, strict=True):
        prints[mark] = mark + (_CLOCK if _shows_clock(item) else _DAY) + _short_name(entry)
    items = tuple(prints[mark] for mark in pieces.marks)
    names = [name for each in items if (name := each[MARK + 1 :])]
    if len(set(names)) == len(names):
        return _feed(title, language, entries), items
    # Two bear one name, and whose it is shows in the whole feed only.
    return _finish(*_read_xml(clean, text, url), url), items


def _short_name(entry: Entry) -> str:
    """The name by which `tell_apart` knows the entry, shortened; blank for what it never sees."""
    if _is_empty(entry):
        return ""
    name = entry.guid or entry.url or f"{entry.title}\n{entry.lead}\n{entry.body}"
    return hashlib.sha256(name.encode()).hexdigest()[:8]


# --- XML --------------------------------------------------------------------------------------------------------------


def _read_xml(clean: str, text: str, url: str) -> tuple[str, str, list[Shown]]:
    """Title, language and items of the feed `clean`; `text` is what it was before it was mended."""
    import feedparser  # slow import

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


def _no_feed(text: str) -> FetchError:
    if is_challenge(text):
        return FetchError("source.blocked", _diagnostic(text), status=SourceStatus.BLOCKED)
    if is_page(text) or text.startswith("<") or len(text) < TINY:
        return FetchError("source.no_feed", _diagnostic(text), status=SourceStatus.BLOCKED)
    return FetchError("source.malformed", _diagnostic(text), status=SourceStatus.MALFORMED)


def _diagnostic(text: str, error: object = "") -> str:
    return f"{type(error).__name__}: {error}; begins {text[:80]!r}" if error else f"begins {text[:80]!r}"


def _shown(item: Any, feed_language: str, base: str) -> Shown:
    """An entry of feedparser's, or what `plainrss` calls so, as Shown."""
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
