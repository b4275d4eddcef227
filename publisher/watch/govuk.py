"""Documents of the GOV.UK Content API (`/api/content/<path>`; schemas: alphagov/publishing-api).

The answer holds what the page shows, and more: the day a speech was given, who gave it, the history of changes.
"""

import json
import re
from typing import Any

from publisher.enums import DocumentKind, Severity, SourceStatus
from publisher.errors import FetchError
from publisher.types import Alternate, Entry, Image, Issue
from publisher.watch.answers import mapping, mappings, text
from publisher.watch.dates import parse_date
from publisher.watch.entries import Feed, Shown, to_entry
from publisher.watch.prose import Prose, is_picture, read_html, title_of
from publisher.watch.urls import absolute, canonical, is_host

RECIPE = "govuk"
SITE = "https://www.gov.uk"
_PLACEHOLDERS = ("placeholder", "/default_news_organisation_image")
"""A picture of the building, shown where the document has none of its own."""
_STYLE = re.compile(
    r"^(?:The )?(?:Rt Hon|Right Honourable|Hon)\.?\s+|,?\s+(?:[A-Z]{1,3}BE|[A-Z]{1,3}CB|CH|MP|MSP|MS|PC|KC|QC)\b"
)
"""What stands around the name of a member of parliament."""


def api_url(url: str) -> str:
    """Where the content of a page of the government's publishing can be read, or blank for other addresses."""
    found = re.match(
        r"https?://www\.gov\.uk(/government/(?:news|speeches|publications|statistics|consultations)/[^?#]+)", url
    )
    return f"{SITE}/api/content{found[1].rstrip('/')}" if found and is_host(url, "www.gov.uk") else ""


def is_answer(body: bytes) -> bool:
    """Whether `body` looks like an answer of this API."""
    return body.lstrip()[:1] == b"{" and b'"base_path"' in body and b'"details"' in body


def parse(body: bytes, source: str = "") -> Feed:
    """The one document in `body`. Raises FetchError (MALFORMED)."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _no_answer(f"begins {body[:80]!r}") from error
    if not isinstance(data, dict) or not text(data, "title") or not text(data, "base_path").startswith("/"):
        raise _no_answer("no title or no base_path")
    details, links = mapping(data, "details"), mapping(data, "links")
    url = canonical(SITE + text(data, "base_path"))
    zone = "Europe/London"
    published = parse_date(text(data, "first_published_at") or text(details, "first_public_at"), zone)
    entry = to_entry(
        Shown(
            title=text(data, "title"),
            link=url,
            summary=Prose(" ".join(text(data, "description").split())),
            content=_prose(details, url),
            published=published,
            updated=parse_date(text(data, "public_updated_at"), zone),
            languages=[text(data, "locale")],
            categories=[text(data, "document_type").replace("_", " ")],
            pictures=_pictures(details),
            speakers=_people(links) or (),
            place=text(details, "location"),
            alternates=_translations(links),
            topics=[text(each, "title") for name in _TOPICS for each in mappings(links, name)],
            withdrawn=bool(mapping(data, "withdrawn_notice")),
            recipe=RECIPE,
        ),
        source,
    )
    return Feed(entry.title, entry.language, (entry,), tuple(_look_at(entry, details)))


_TOPICS = ("taxons", "policy_areas", "topics", "organisations")


def _prose(details: dict[str, Any], url: str) -> Prose:
    value = details.get("body")
    if isinstance(value, list):  # in several formats
        value = next((each.get("content") for each in value if isinstance(each, dict)), "")
    return read_html(value, url) if isinstance(value, str) else Prose()


def _people(links: dict[str, Any]) -> list[str]:
    """Who speaks. `people` are those it concerns; they speak only where the document says so, as in a speech."""
    return [name for each in mappings(links, "speaker") if (name := _STYLE.sub("", text(each, "title")).strip())]


def _pictures(details: dict[str, Any]) -> list[Image]:
    image = mapping(details, "image")
    url = absolute(text(image, "url"), SITE)
    if not is_picture(url) or any(mark in url or mark == text(image, "alt_text") for mark in _PLACEHOLDERS):
        return []
    return [Image(url=url, alt=title_of(text(image, "alt_text")), credit=title_of(text(image, "credit")))]


def _translations(links: dict[str, Any]) -> list[Alternate]:
    return [
        Alternate(language=text(each, "locale"), url=canonical(SITE + text(each, "base_path")))
        for each in mappings(links, "available_translations")
        if text(each, "locale") and text(each, "base_path").startswith("/")
    ]


def _look_at(entry: Entry, details: dict[str, Any]) -> list[Issue]:
    params = {"title": entry.title}
    found = []
    spoken = entry.kind in {DocumentKind.SPEECH, DocumentKind.REMARKS}
    if spoken and re.search(r"may differ|draft", text(details, "speech_type_explanation"), re.IGNORECASE):
        found.append(Issue(field="quotes", key="entry.check_delivery", params=params, severity=Severity.WARNING))
    if entry.withdrawn:
        found.append(Issue(field="withdrawn", key="entry.withdrawn", params=params, severity=Severity.WARNING))
    if not entry.body:
        found.append(Issue(field="body", key="entry.no_body", params=params, severity=Severity.WARNING))
    return found


def _no_answer(diagnostic: str) -> FetchError:
    return FetchError("source.no_document", diagnostic, status=SourceStatus.MALFORMED)
