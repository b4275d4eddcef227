"""Answers of the European Commission's audiovisual portal: videos and photos, one or a search. Pure.

Two shapes: the older one (`response.docs`, as recorded 2018 to 2024; facts on sources 1.4) and that of the API behind
the present site (`latest.data`, known by its description only). The number of a video may end in a letter; it is kept.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from publisher.enums import DocumentKind, Precision, SourceStatus
from publisher.errors import FetchError
from publisher.types import Alternate, Entry, Image
from publisher.watch.answers import first, mapping, mappings, text
from publisher.watch.dates import Moment, parse_date, settle
from publisher.watch.entries import Feed
from publisher.watch.languages import language_tag
from publisher.watch.prose import is_picture, read_html
from publisher.watch.urls import absolute

RECIPE = "av_portal"
SITE = "https://audiovisual.ec.europa.eu"
PHOTOS = "https://ec.europa.eu/avservices/avs/files/video6/repository/prod/photo/store/"
"""Where the paths of photos lead; the portal's own Drupal module says so."""
_ZONE = "Europe/Brussels"
_LONGEST_ALT = 200
"""Characters; what photos are summed up in is who is on them, but not always."""
_PREFERRED = ("en", "fr", "de")


def is_answer(body: str) -> bool:
    """Whether `body` looks like an answer of the portal."""
    start = body.lstrip()
    old = '"responseHeader"' in start[:200] and '"docs"' in start
    return start.startswith("{") and (old or ('"latest"' in start[:2000] and '"titles"' in start))


def parse(body: bytes, source: str = "") -> Feed:
    """The videos and photos in `body`, in its order; without any where a search found nothing.

    Raises FetchError: ERROR with `source.not_found` where one was asked for by its number and is not there, MALFORMED.
    """
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _malformed(f"begins {body[:80]!r}") from error
    if not isinstance(data, dict) or not (mapping(data, "response") or mapping(mapping(data, "latest"), "data")):
        raise _malformed("neither response nor latest")
    if latest := mapping(mapping(data, "latest"), "data"):
        items = [_from_new(latest)]
    else:
        items = mappings(mapping(data, "response"), "docs")
        asked = text(mapping(mapping(data, "responseHeader"), "params"), "ref")
        # A search for words names its reference too, a placeholder, and asks for words.
        if not items and asked and "kwgg" not in mapping(mapping(data, "responseHeader"), "params"):
            raise FetchError("source.not_found", f"no {asked[:40]}", status=SourceStatus.ERROR)
    entries = tuple(entry for item in items if (entry := _entry(item, source)) is not None)
    return Feed("", entries[0].language if entries else "", entries)


def _from_new(data: dict[str, Any]) -> dict[str, Any]:
    """The newer shape in the words of the older one."""
    thumb = next((text(each, "thumb") for each in mappings(data, "files")), "")
    return {
        "ref": text(data, "reference"),
        "titles_json": data.get("titles"),
        "summary_json": data.get("summaries"),
        "shootstartdate": text(data, "productionDatetime"),
        "duration": str(data.get("duration") or ""),
        "media_json": {"": {"": {"THUMB": thumb}}},
    }


def _entry(item: dict[str, Any], source: str) -> Entry | None:
    reference = text(item, "ref")
    if not re.fullmatch(r"[IP]-\d+(?:/\d+-\d+)?[A-Za-z]?", reference):
        return None
    titles, summaries = _by_language(item, "titles_json"), _by_language(item, "summary_json")
    legends = _by_language(item, "legend_json")
    known = titles or summaries
    language = next((each for each in _PREFERRED if each in known), next(iter(known), ""))
    title, summary = titles.get(language, ""), summaries.get(language, "")
    if not title:
        title, summary = " ".join(summary.split()), ""
    if not title:
        return None
    moment = _moment(item)
    return Entry(
        url=_page(reference, language),
        title=" ".join(title.split()),
        reference=reference,
        kind=DocumentKind.OTHER,
        language=language,
        published_at=moment.utc if moment else None,
        precision=moment.precision if moment else Precision.INSTANT,
        image=_image(item, summary if reference.startswith("P") and len(summary) <= _LONGEST_ALT else title),
        video=_page(reference, language) if reference.startswith("I") else "",
        body="\n\n".join(filter(None, dict.fromkeys([summary, legends.get(language, "")]))),
        source=source,
        place=_place(item),
        zone=_ZONE,
        alternates=tuple(Alternate(language=each, url=_page(reference, each)) for each in known if each != language),
        topics=tuple(filter(None, (_in_english(mapping(each, "value")) for each in mappings(item, "thesgen_json")))),
        video_seconds=_seconds(text(item, "duration")),
        recipe=RECIPE,
    )


def _by_language(item: dict[str, Any], name: str) -> dict[str, str]:
    """The texts of a field by language, as plain text; the blank ones (" ") left out."""
    texts = {language_tag(code): read_html(text(mapping(item, name), code)).text for code in mapping(item, name)}
    return {language: found for language, found in texts.items() if language and found}


def _in_english(titles: dict[str, Any]) -> str:
    return first(titles, "EN", "FR", "DE")


def _page(reference: str, language: str) -> str:
    kind = "video" if reference.startswith("I") else "photo"
    return f"{SITE}/{language[:2] or 'en'}/{kind}/{reference.replace('/', '~2F')}"


def _moment(item: dict[str, Any]) -> Moment | None:
    """When it was filmed. Some name only a month or a year; the day of production then stands in for it."""
    shot = settle(parse_date(text(item, "shootstartdate"), _ZONE), _ZONE, only_placeholders=False)
    produced = text(item, "productiondate") or text(item, "time")
    return shot or parse_date(produced[:8], _ZONE)


def _place(item: dict[str, Any]) -> str:
    places = [_in_english(mapping(each, "value")) for each in mappings(item, "location_json")]
    return next(filter(None, [*places, _in_english(mapping(mapping(item, "prod_loc_json"), "titles"))]), "")


def _image(item: dict[str, Any], alt: str) -> Image | None:
    holders = mapping(mapping(item, "copyright_json"), "holders").get("EN")
    year = text(mapping(item, "copyright_json"), "year")
    named = [each for each in holders if isinstance(each, str)] if isinstance(holders, list) else []
    credit = f"© {', '.join(named)}{f', {year}' if year else ''}" if named else ""
    for url in _pictures(mapping(item, "media_json")):
        if is_picture(url):
            return Image(url=url, alt=" ".join(alt.split()), credit=credit)
    return None


def _pictures(media: dict[str, Any]) -> Iterator[str]:
    """Photos have sizes with paths, videos by shape and language a still."""
    for size in ("HIGH", "MED", "LOW"):
        if path := text(mapping(media, size), "PATH"):
            yield absolute(path, PHOTOS)
    for shape in media:
        for language in mapping(media, shape):
            yield absolute(first(mapping(mapping(media, shape), language), "IMAGE", "THUMB"))


def _seconds(duration: str) -> int:
    return round(float(duration)) if re.fullmatch(r"\d{1,6}(?:\.\d{1,6})?", duration) else 0


def _malformed(diagnostic: str) -> FetchError:
    return FetchError("source.malformed", diagnostic, status=SourceStatus.MALFORMED)
