"""What one look at a source showed, by the kind of source. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from publisher.enums import SourceKind
from publisher.types import Entry, Issue
from publisher.watch import calendar, feed, listing, presscorner, sitemap
from publisher.watch.decode import decode


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a source showed: the entries that were read anew, and the fingerprints of all its items."""

    title: str = ""
    language: str = ""
    entries: tuple[Entry, ...] = ()
    """In the order of the source; without those whose items were known already."""
    items: tuple[str, ...] = ()
    """A fingerprint for each item that was shown, known or not; empty where items cannot be told apart."""
    issues: tuple[Issue, ...] = ()


def read_source(
    kind: SourceKind,
    body: bytes,
    *,
    content_type: str = "",
    url: str = "",
    recipe: Mapping[str, Any] | None = None,
    known: Collection[str] = (),
) -> Reading:
    """Read the answer of a source. Items with a fingerprint in `known` are counted and not read again.

    Raises FetchError.
    """
    others = {
        SourceKind.LISTING: listing.parse,
        SourceKind.SITEMAP: sitemap.parse,
        SourceKind.CALENDAR: calendar.parse,
    }
    items: tuple[str, ...] = ()
    if kind in others:
        found = others[kind](body, content_type, url, recipe)
    elif kind is SourceKind.PRESS_CORNER and presscorner.is_answer(decode(body, content_type)):
        found = presscorner.parse(body, url)  # its search; its feed is a feed
    else:
        found, items = feed.parse_new(body, content_type, url, known)
    return Reading(title=found.title, language=found.language, entries=found.entries, items=items, issues=found.issues)
