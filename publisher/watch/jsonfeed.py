"""JSON Feed 1 and 1.1 (jsonfeed.org)."""

import json
import re
from typing import Any

from publisher.enums import SourceStatus
from publisher.errors import FetchError
from publisher.types import Image
from publisher.watch.dates import parse_date, zone_of
from publisher.watch.entries import Shown
from publisher.watch.prose import Prose, is_picture, read_html, tidy_text
from publisher.watch.urls import absolute


def read(text: str, url: str) -> tuple[str, str, list[Shown]]:
    """Title, language and items of the JSON Feed in `text`. Raises FetchError when it is none."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FetchError("source.malformed", f"{error}; begins {text[:80]!r}", status=SourceStatus.MALFORMED) from error
    if not isinstance(data, dict) or "jsonfeed.org" not in _text(data, "version"):
        raise FetchError("source.no_feed", f"begins {text[:80]!r}", status=SourceStatus.BLOCKED)
    language = _text(data, "language")
    base = url or _text(data, "home_page_url")
    items = [_shown(item, language, base) for item in _list(data, "items") if isinstance(item, dict)]
    return _text(data, "title"), language, items


def _shown(item: dict[str, Any], language: str, base: str) -> Shown:
    # `url` is the item's own page; `external_url`, what a link blog points at, counts only where there is no page.
    link = _text(item, "url") or _text(item, "external_url")
    here = link or base
    zone = zone_of(here)
    markup, plain = _text(item, "content_html"), _text(item, "content_text")
    attachments = [each for each in _list(item, "attachments") if isinstance(each, dict)]
    pictures = [Image(url=absolute(_text(item, name), here)) for name in ("image", "banner_image")]
    pictures += [
        Image(url=absolute(_text(each, "url"), here), alt=_text(each, "title"), type=_text(each, "mime_type"))
        for each in attachments
        if re.match("image/", _text(each, "mime_type"))
    ]
    authors = [each for each in [*_list(item, "authors"), item.get("author")] if isinstance(each, dict)]
    videos = [_text(each, "url") for each in attachments if _text(each, "mime_type").startswith("video/")]
    return Shown(
        title=_text(item, "title"),
        link=link,
        guid=_text(item, "id"),
        summary=Prose(tidy_text(_text(item, "summary"))),
        content=read_html(markup, here) if markup else Prose(tidy_text(plain)),
        published=parse_date(_text(item, "date_published"), zone),
        updated=parse_date(_text(item, "date_modified"), zone),
        languages=[_text(item, "language"), language],
        categories=[tag for tag in _list(item, "tags") if isinstance(tag, str)],
        byline=_text(authors[0], "name") if len(authors) == 1 else "",
        pictures=[picture for picture in pictures if is_picture(picture.url)],
        video=videos[0] if videos else "",
    )


def _text(data: dict[str, Any], name: str) -> str:
    """A string field; numbers as strings (ids often are), anything else blank."""
    value = data.get(name)
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _list(data: dict[str, Any], name: str) -> list[Any]:
    value = data.get(name)
    return value if isinstance(value, list) else []
