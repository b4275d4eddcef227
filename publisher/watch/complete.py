"""From what a feed shows of a document to the document itself: the page or the API answer that holds it. Pure.

What wins where both say something, field by field:

| Field | Rule |
| --- | --- |
| url, guid, reference, source | the entry's, always: they are what the document is known by |
| kind, speakers, language, published_at | an API's; a page's only where the entry has none, or a day for an instant |
| title | an API's or a recipe's (feeds cut and prefix titles); without a recipe the entry's |
| body | an API's or a recipe's, unless it is a fragment of the feed's; else the longer text, or the page's newer one |
| embargo, machine translation, withdrawal | an API's, also when it says no; a page can only add them |
| everything else | the page's where it says something, else the entry's |
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any

from publisher.enums import DocumentKind, Precision, Severity, SourceStatus
from publisher.errors import FetchError
from publisher.types import Entry, Image, Issue
from publisher.watch import govuk, presscorner
from publisher.watch.page import GENERAL, parse_page
from publisher.watch.urls import canonical, host_of, is_front, is_web

APIS = frozenset({presscorner.RECIPE, govuk.RECIPE})
"""Recipes that read an institution's own data; the others read pages."""
_NO_PAGE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|zip|mp[34]|jpe?g|png|ics|csv)$", re.IGNORECASE)
_VIDEO_HOSTS = frozenset(
    {"youtube.com", "www.youtube.com", "youtu.be", "audiovisual.ec.europa.eu", "x.com", "twitter.com"}
)
"""Pages that are nothing without scripts."""
_FRAGMENT = 0.5
"""A text shorter than this part of what the feed had is a fragment of it: a shell, a notice, a teaser."""
_ALIKE = 0.5
"""Two titles this much alike (difflib's ratio) are the same document's."""
_TELLING = 15
"""Characters of a title from which on it says something within another: "News" does not."""
_ADDED = (
    "lead", "video", "place", "zone", "alternates", "topics", "reading_minutes", "starts_at", "ends_at", "updated_at",
)  # fmt: skip


def address_of(entry: Entry) -> str:
    """Where the whole of this document can be read, or blank when the entry is all there is."""
    if not is_web(entry.url) or entry.kind is DocumentKind.EVENT:
        return ""
    if api := presscorner.api_url(entry.url) or govuk.api_url(entry.url):
        return api
    path = entry.url.split("?")[0].split("#")[0]
    return "" if _NO_PAGE.search(path) or host_of(entry.url) in _VIDEO_HOSTS else entry.url


def complete(entry: Entry, body: bytes, *, content_type: str = "", url: str = "") -> Entry:
    """`entry` with all that its own page (or API answer) `body`, found at `url`, adds.

    Raises FetchError: BLOCKED for an error page, a challenge or another document's page, MALFORMED for a broken answer.
    """
    url = url or address_of(entry)
    api = presscorner.api_url(entry.url)
    if api and not body:
        # Ten references answer with nothing, for ever: there is no more to be had than what the feed showed.
        return replace(entry, recipe=presscorner.RECIPE)
    if api:
        (found,) = presscorner.parse_document(body, url).entries
    elif govuk.is_answer(body):
        (found,) = govuk.parse(body, url).entries
    else:
        found = parse_page(body, url, content_type)
    if not _is_same(entry, found, url):
        diagnostic = f"titled {found.title[:80]!r} at {found.url}"
        raise FetchError("source.other_page", diagnostic, status=SourceStatus.BLOCKED)
    return merge(entry, found)


def merge(entry: Entry, found: Entry) -> Entry:
    """Both of them in one, by the rules above."""
    from_api, general = found.recipe in APIS, found.recipe == GENERAL
    fields: dict[str, Any] = {name: getattr(found, name) or getattr(entry, name) for name in _ADDED}
    fields["title"] = entry.title if general and entry.title else found.title
    for name in ("kind", "speakers", "language"):
        own, other = (getattr(found, name), getattr(entry, name)) if from_api else (
            getattr(entry, name), getattr(found, name)
        )  # fmt: skip
        fields[name] = other if not own or own is DocumentKind.OTHER else own
    nearer = entry.precision is Precision.DAY and found.precision is Precision.INSTANT
    if found.published_at and (from_api or nearer or not entry.published_at):
        fields |= {name: getattr(found, name) for name in ("published_at", "precision", "floating")}
    better = _is_better(found, entry, general=general)
    if better:
        fields.update(body=found.body, exchanges=found.exchanges, quotes=found.quotes or entry.quotes)
    fields["embargo_until"] = found.embargo_until if from_api else found.embargo_until or entry.embargo_until
    for name in ("machine_translated", "withdrawn"):
        fields[name] = getattr(found, name) or (not from_api and getattr(entry, name))
    fields["image"] = _image(entry.image, found.image)
    if fields["lead"] == fields["title"]:
        fields["lead"] = entry.lead
    # A text that is still the feed's was not read without a recipe.
    return replace(entry, **fields, recipe=found.recipe if better or not general else entry.recipe)


def look_at(entry: Entry) -> Iterator[Issue]:
    """What a person should look at before quoting a completed entry."""
    if entry.recipe == GENERAL:
        yield _issue("body", "entry.no_recipe", entry)
    if entry.machine_translated:
        yield _issue("body", "entry.machine_translation", entry)
    if not entry.body:
        yield _issue("body", "entry.no_body", entry)


def _issue(field: str, key: str, entry: Entry) -> Issue:
    return Issue(field=field, key=key, params={"title": entry.title}, severity=Severity.WARNING)


def _is_better(found: Entry, entry: Entry, *, general: bool) -> bool:
    """Whether the page's text should stand instead of the feed's. An empty shell never should."""
    feeds = entry.recipe != GENERAL  # else it is from this page, as it stood before
    least = len(entry.body) if general and feeds else len(entry.body) * _FRAGMENT
    return bool(found.body) and len(found.body) >= least


def _is_same(entry: Entry, found: Entry, url: str) -> bool:
    """Whether a page is the entry's. Sites redirect to their front page or to another article instead of saying 404."""
    if entry.reference and found.reference:
        return entry.reference == found.reference
    place = canonical(url)
    if entry.url == place:
        return True
    if is_front(place) or (found.recipe not in APIS and _is_translation(entry, found)):
        return False
    if entry.url == found.url:
        return True
    one, other = sorted((" ".join(each.title.casefold().split()) for each in (entry, found)), key=len)
    return (len(one) >= _TELLING and one in other) or SequenceMatcher(a=one, b=other).ratio() >= _ALIKE


def _is_translation(entry: Entry, found: Entry) -> bool:
    """Whether both name a language, and not the same: some sites lead visitors on to what they think these speak."""
    one, other = (each.language.lower().partition("-")[0] for each in (entry, found))
    return bool(one and other) and one != other


def _image(shown: Image | None, found: Image | None) -> Image | None:
    """The page's picture; what the feed says of the same one is added."""
    if not found or not shown:
        return found or shown
    if found.url != shown.url:
        return found if found.alt or not shown.alt else shown
    return replace(
        found, alt=found.alt or shown.alt, type=found.type or shown.type, credit=found.credit or shown.credit
    )
