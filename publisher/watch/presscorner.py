"""Answers of the European Commission's Press Corner API (no published contract; facts/sources 1.1).

`api/documents` gives one document with its text and speakers, `api/search` and `api/latestnews` a list of headlines.
"""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from publisher.enums import DocumentKind, Precision, Severity, SourceStatus
from publisher.errors import FetchError
from publisher.types import Alternate, Entry, Image, Issue, Quote
from publisher.watch.answers import first, mapping, mappings, number
from publisher.watch.answers import text as text_of
from publisher.watch.dates import parse_date, settle
from publisher.watch.entries import Feed
from publisher.watch.exchanges import exchanges_of
from publisher.watch.headline import placed, take_opening
from publisher.watch.kinds import kind_of, reference_of
from publisher.watch.languages import language_tag
from publisher.watch.prose import NOTHING, Prose, clean, is_picture, read_html, title_of
from publisher.watch.speakers import speakers_of
from publisher.watch.urls import absolute, is_host

RECIPE = "press_corner"
SITE = "https://ec.europa.eu/commission/presscorner"
PAGE_SIZE = 100
"""Documents on a page of the archive; the API gives no more."""
UNTIL_LIFTED = datetime(9999, 1, 1, tzinfo=UTC)
"""The API says that there is an embargo, not until when: it holds until the API says otherwise."""
_ZONE = "Europe/Brussels"


def is_answer(text: str) -> bool:
    """Whether `text` looks like an answer of this API."""
    named = '"docuLanguageResource"' in text or '"docuLanguageListResources"' in text
    return named and text.lstrip().startswith("{")


def api_url(url: str) -> str:
    """Where the text behind a detail page (an empty shell for scripts) can be read, or blank for other addresses."""
    found = re.search(r"/presscorner/detail/([a-z]{2})/", url)
    reference = reference_of(url)
    if not found or not reference or not is_host(url, "ec.europa.eu"):
        return ""
    return f"{SITE}/api/documents?reference={reference}&language={found[1]}"


def archive_of(source_url: str) -> str:
    """The language in which to ask the archive behind a source (its feed or API), or blank where it has none.

    `search_url` and `parse_page` then bring what its short feed has lost.
    """
    if not is_host(source_url, "ec.europa.eu") or "/presscorner/api/" not in source_url:
        return ""
    query = dict(parse_qsl(urlsplit(source_url).query))
    return language_tag(query.get("language", "en")) or "en"


def search_url(language: str, since: date, page: int = 1) -> str:
    """What came out on `since` or later, newest first; pages are counted from 1.

    The names are lower case: any other spelling is ignored and answered with the first page of everything.
    """
    query = {
        "language": language,
        "pagesize": PAGE_SIZE,
        "pagenumber": page,
        "datefrom": f"{since:%d%m%Y}",
    }
    return f"{SITE}/api/search?{urlencode(query)}"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the archive. `last`: nothing that was asked for comes behind it."""

    feed: Feed
    last: bool


def parse_page(body: bytes, source: str = "", *, page: int, since: date, seen: Collection[str] = ()) -> Page:
    """The page number `page` of what `search_url` asked for; `seen` are the references on the pages before.

    The answer itself is asked, never its total, which counts documents that are not there. A page that failed is an
    error and not the end. Raises FetchError (MALFORMED) for another page than was asked for.
    """
    data = _load(body)
    if not isinstance(data.get("docuLanguageListResources"), list):
        raise _no_answer("no docuLanguageListResources")
    feed = _search(data, source)
    # Asked for pages from 1, it counts its answers from 0 (recorded), or from 1 as one would think.
    if "pageNumber" in data and data["pageNumber"] not in {page - 1, page}:
        raise _no_answer(f"page {data['pageNumber']!r} instead of {page}")
    references = [entry.reference for entry in feed.entries]
    if seen and references and set(references) <= set(seen):
        raise _no_answer(f"page {page} repeats the pages before it")
    days = [entry.published_at.date() for entry in feed.entries if entry.published_at]
    size = number(data, "pageSize") or PAGE_SIZE
    return Page(feed, last=len(data["docuLanguageListResources"]) < size or any(day < since for day in days))


def parse(body: bytes, source: str = "") -> Feed:
    """Whichever of the two answers `body` is. Raises FetchError (MALFORMED)."""
    data = _load(body)
    return _search(data, source) if isinstance(data.get("docuLanguageListResources"), list) else _document(data, source)


def parse_document(body: bytes, source: str = "") -> Feed:
    """An answer of `api/documents`: a feed of one entry. Raises FetchError (MALFORMED)."""
    return _document(_load(body), source)


def _load(body: bytes) -> dict[str, Any]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        # Ten documents answer with nothing at all, for ever.
        raise _no_answer(f"{len(body)} bytes, begins {body[:80]!r}") from error
    if not isinstance(data, dict):
        raise _no_answer(f"a JSON {type(data).__name__}")
    return data


def _no_answer(diagnostic: str) -> FetchError:
    return FetchError("source.no_answer_of_press_corner", diagnostic, status=SourceStatus.MALFORMED)


def _document(data: dict[str, Any], source: str) -> Feed:
    text = mapping(data, "docuLanguageResource")
    reference, title = text_of(data, "refCd"), title_of(text_of(text, "title"))
    if not reference or not title:
        raise _no_answer("no refCd or no title")
    language = language_tag(text_of(text, "language") or text_of(data, "originalLanguage"))
    url = _page(reference, language)
    prose = read_html(text_of(text, "htmlContent"), url)
    subtitle = title_of(text_of(text, "subtitle"))
    published = settle(parse_date(text_of(data, "publishDate"), _ZONE), _ZONE, only_placeholders=False)
    published = published or parse_date(text_of(data, "eventDate"), _ZONE)
    kind = _kind(reference, title, mapping(data, "docutypeResource"))
    speakers = _speakers(data) or speakers_of(title)
    opening = take_opening(title, clean("body", prose.text, url), _ZONE)
    asked = kind is DocumentKind.QUESTIONS_AND_ANSWERS
    quotes = [placed(quote.text, opening.body, quote.speaker) for quote in _quotes(text, speakers)]
    entry = Entry(
        url=url,
        title=title,
        reference=reference,
        kind=kind,
        lead=subtitle if subtitle != title else opening.lead,
        language=language,
        published_at=published.utc if published else None,
        precision=published.precision if published else Precision.INSTANT,
        embargo_until=UNTIL_LIFTED if data.get("isEmbargo") is True else None,
        speakers=speakers,
        quotes=tuple(quotes) or ((opening.quote,) if opening.quote else ()),
        image=_image(data, title, url, prose),
        video=prose.video or _video(text),
        body=opening.body,
        source=source,
        exchanges=exchanges_of(opening.body, speakers, prose.strong, asked_by_itself=asked),
        place=_label(data.get("placeResource")) or opening.place,
        zone=_ZONE,
        alternates=tuple(_alternates(data, reference, language)),
        topics=tuple(dict.fromkeys(filter(None, map(_label, mappings(data, "policiesResource"))))),
        reading_minutes=number(data, "estimatedTimeReading"),
        machine_translated=text.get("etranslated") is True,
        recipe=RECIPE,
    )
    return Feed(title, language, (entry,), tuple(_look_at(data, text, entry)))


def _search(data: dict[str, Any], source: str) -> Feed:
    entries = []
    issues = []
    for item in data["docuLanguageListResources"]:
        reference = text_of(item, "refCode") if isinstance(item, dict) else ""
        title = title_of(text_of(item, "title")) if reference else ""
        if not title:
            issues.append(Issue(field="title", key="entry.empty", severity=Severity.WARNING))
            continue
        language = language_tag(text_of(item, "languageCode"))
        url = _page(reference, language)
        day = parse_date(text_of(item, "eventDate"), _ZONE)
        entry = Entry(
            url=url,
            title=title,
            reference=reference,
            kind=_kind(reference, title, mapping(item, "docutype")),
            lead=clean("lead", read_html(text_of(item, "leadText"), url).text, url),
            language=language,
            published_at=day.utc if day else None,
            precision=day.precision if day else Precision.INSTANT,
            speakers=speakers_of(title),
            image=_image({"globalImg": item.get("mainPicture")}, title, url, NOTHING),
            source=source,
            zone=_ZONE,
            reading_minutes=number(item, "estimatedTimeReading"),
            machine_translated=item.get("isETranslated") is True,
        )
        entries.append(entry)
        if item.get("isETranslated") is True:
            issues.append(_issue("body", "entry.machine_translation", entry))
    return Feed("", entries[0].language if entries else "", tuple(entries), tuple(issues))


def _page(reference: str, language: str) -> str:
    """IP/26/1900 in English is …/detail/en/ip_26_1900."""
    return f"{SITE}/detail/{language[:2] or 'en'}/{reference.lower().replace('/', '_')}"


def _kind(reference: str, title: str, doctype: dict[str, Any]) -> DocumentKind:
    """By the document type's code, which the reference repeats; its label and the title only for unknown codes."""
    known = kind_of(_page(reference, "en"), "")
    return known if known is not DocumentKind.OTHER else kind_of("", title, [text_of(doctype, "description")])


def _speakers(data: dict[str, Any]) -> tuple[str, ...]:
    """The commissioners. `contactsResource` are spokespersons to ring up: they say nothing here."""
    return tuple(
        name for item in mappings(data, "commissionerResource") if (name := title_of(text_of(item, "shortDescription")))
    )


def _label(item: object) -> str:
    """How the API words one item of its lists (places, policy areas): its description, else its code."""
    known = item if isinstance(item, dict) else {}
    return title_of(first(known, "description", "shortDescription", "label", "name", "code"))


def _alternates(data: dict[str, Any], reference: str, own: str) -> Iterator[Alternate]:
    """`languages` lists codes, or objects with one."""
    listed = data.get("languages")
    for each in listed if isinstance(listed, list) else []:
        code = first(each, "code", "language", "languageCode") if isinstance(each, dict) else each
        language = language_tag(code) if isinstance(code, str) else ""
        if language and language != own:
            yield Alternate(language=language, url=_page(reference, language))


def _quotes(text: dict[str, Any], speakers: tuple[str, ...]) -> Iterator[Quote]:
    """Quotations that the API lists by themselves. No sample of a filled list is known, so field names are guessed
    with care: words without a speaker of their own are credited only where one person speaks at all.
    """
    for item in mappings(text, "dolaQuoteResources"):
        words = first(item, "quote", "text", "content", "htmlContent")
        speaker = first(item, "author", "speaker", "name", "authorName")
        if words:
            said = read_html(words).text.strip('"“”«»„ \n')
            yield Quote(text=said, speaker=title_of(speaker) or (speakers[0] if len(speakers) == 1 else ""))


def _image(data: dict[str, Any], title: str, url: str, prose: Prose) -> Image | None:
    value = data.get("globalImg")
    address = value if isinstance(value, str) else text_of(value, "url") if isinstance(value, dict) else ""
    found = absolute(address, url) if address else ""
    return Image(url=found, alt=title) if is_picture(found) else next(iter(prose.images), None)


def _video(text: dict[str, Any]) -> str:
    """The first AV Portal page among the videos and links listed beside the text."""
    listed = json.dumps([text.get(name) for name in ("dolaAvResources", "linkResources", "dolaRLinkResources")])
    return read_html(listed).video


def _look_at(data: dict[str, Any], text: dict[str, Any], entry: Entry) -> Iterator[Issue]:
    if entry.embargo_until:
        yield _issue("embargo_until", "entry.embargo", entry)
    if text.get("etranslated") is True:
        yield _issue("body", "entry.machine_translation", entry)
    if data.get("isSpeechWarning") is True:
        yield _issue("quotes", "entry.check_delivery", entry)
    if not entry.body:
        yield _issue("body", "entry.no_body", entry)


def _issue(field: str, key: str, entry: Entry) -> Issue:
    return Issue(field=field, key=key, params={"title": entry.title}, severity=Severity.WARNING)
