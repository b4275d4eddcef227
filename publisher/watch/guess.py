"""What bytes most likely are, and reading them as that: behind `publisher read`. Pure."""

import re
from dataclasses import replace

from publisher.watch import (
    avportal,
    calendar,
    complete,
    feed,
    govuk,
    listing,
    page,
    plaintext,
    presscorner,
    sitemap,
)
from publisher.watch.blocked import is_page
from publisher.watch.data import table
from publisher.watch.decode import decode
from publisher.watch.entries import Feed, tell_apart
from publisher.watch.nesting import is_too_deep
from publisher.watch.recipe import recipe_of, shipped
from publisher.watch.urls import is_web

FORMS = ("feed", "page", "listing", "sitemap", "calendar", "presscorner", "govuk", "avportal", "text")
"""What a target can be read as."""
_NOWHERE = "https://page.invalid/"
"""Stands in for the address of a page that came as a file, while its relative links are read."""
_MOSTLY = 0.5
"""The part of a page's text that lies in the items of a list, from which on the page is a listing."""


def understand(body: bytes, content_type: str = "", url: str = "", as_: str = "") -> Feed:
    """The documents in `body`, read as one of FORMS or as what it seems. Raises FetchError."""
    as_ = as_ or guess(body, content_type, url)
    others = {"presscorner": presscorner.parse, "govuk": govuk.parse, "avportal": avportal.parse}
    if as_ in others:
        return others[as_](body, url)
    if as_ == "listing":
        return _listing(body, content_type, url)
    if as_ == "page":
        entry = page.parse_page(body, url, content_type)
        return Feed(entry.title, entry.language, tell_apart([entry]), tuple(complete.look_at(entry)))
    if as_ == "sitemap":
        return sitemap.parse(body, content_type, url)
    if as_ == "calendar":
        return calendar.parse(body, content_type, url)
    if as_ == "text":
        return plaintext.parse(body, content_type, url)
    return feed.parse(body, content_type, url)


def guess(body: bytes, content_type: str = "", url: str = "") -> str:
    """What `body` most likely is."""
    text = decode(body, content_type)
    start = text[:2000].lstrip("\ufeff \t\r\n")
    if presscorner.is_answer(text) or re.search(r"/presscorner/api/(?:documents|search|latestnews)\b", url):
        return "presscorner"
    if govuk.is_answer(body):
        return "govuk"
    if avportal.is_answer(text):
        return "avportal"
    if start.startswith("BEGIN:VCALENDAR"):
        return "calendar"
    if re.match(r"(?:<\?xml[^>]*>|<!--.*?-->|\s)*<(?:\w+:)?(?:urlset|sitemapindex)\b", start, re.DOTALL):
        return "sitemap"
    if is_page(text):
        return "listing" if _recipe(text, url) else "page"
    return "text" if start and not start.startswith(("<", "{", "[")) else "feed"


def _recipe(text: str, url: str) -> dict[str, object]:
    """The shipped recipe by which this page is a list of documents, by what most of its text is; empty for none."""
    from selectolax.lexbor import LexborHTMLParser  # slow import

    if is_too_deep(text):
        return {}
    tree = LexborHTMLParser(text)
    whole = tree.css_first("main") or tree.body
    length = len(whole.text(strip=True)) if whole is not None else 0
    for recipe in [shipped(url)] if is_web(url) else table("listings")["recipe"]:
        rules = recipe_of(recipe)
        items = listing.find_items(tree, rules) if rules.item else []
        if len(items) > 1 and sum(len(item.text(strip=True)) for item in items) >= length * _MOSTLY:
            return dict(recipe)
    return {}


def _listing(body: bytes, content_type: str, url: str) -> Feed:
    """A listing; of one that came as a file, documents with relative addresses have none, and that is said."""
    if is_web(url):
        return listing.parse(body, content_type, url)
    found = listing.parse(body, content_type, _NOWHERE, _recipe(decode(body, content_type), ""))
    entries = [
        replace(entry, source=url, url="" if entry.url.startswith(_NOWHERE) else entry.url) for entry in found.entries
    ]
    lost = [issue for entry in entries if not entry.url for issue in feed.look_at(entry)]
    return replace(found, entries=tell_apart(entries), issues=(*found.issues, *lost))
